//! Levels whose label says that the patient died or went into hospice care.
//!
//! A dead patient cannot be readmitted; one in hospice care hardly ever is. Such rows are easy
//! negatives that flatter a model without helping anybody (in Diabetes-130 they are 2,423 of
//! 101,766 encounters and worth 0.006 of AUROC). The label only raises the suspicion: the check
//! `impossible-outcome` has to bear it out before anything is left out.

use autods_sdk::agent::{Briefing, Column, ColumnRole, ValueKind};

/// Words that mean the end of life. Whole words: `deadline` is none.
const WORDS: [&str; 8] = [
    "expired", "died", "death", "dead", "deceased", "hospice", "fatal", "moribund",
];

/// Words that turn the meaning of the others round.
const NEGATIONS: [&str; 6] = ["not", "no", "non", "without", "alive", "survived"];

/// A column with codes that mean the end of life.
#[derive(Debug, PartialEq)]
pub(super) struct EndOfLife {
    /// The column.
    pub(super) column: String,
    /// Its codes, in the catalogue's order.
    pub(super) codes: Vec<String>,
}

/// Every column of the main table in which such codes are seen, the outcome itself excepted. Codes
/// whose count is withheld are named along with those that are shown.
pub(super) fn columns(briefing: &Briefing) -> Vec<EndOfLife> {
    briefing
        .catalogue
        .iter()
        .flat_map(|catalogue| &catalogue.columns)
        .filter(|column| column.table == briefing.task.table && may_have_codes(column))
        .filter(|column| {
            // a level that nobody is seen to have cannot be borne out by any check
            column
                .levels
                .iter()
                .any(|level| level.n.is_some() && is_end_of_life(&level.label))
        })
        .map(|column| EndOfLife {
            column: column.name.clone(),
            codes: column
                .levels
                .iter()
                .filter(|level| is_end_of_life(&level.label))
                .map(|level| level.code.clone())
                .collect(),
        })
        .filter(|found| !found.codes.is_empty())
        .collect()
}

fn may_have_codes(column: &Column) -> bool {
    matches!(column.kind, ValueKind::Category | ValueKind::Ordinal)
        && !matches!(
            column.role,
            ColumnRole::Outcome | ColumnRole::Subject | ColumnRole::RecordId
        )
}

/// Whether a label says that life ended or was expected to.
fn is_end_of_life(label: &str) -> bool {
    let lower = label.to_lowercase();
    let words: Vec<&str> = lower
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    words.iter().any(|word| WORDS.contains(word))
        && !words.iter().any(|word| NEGATIONS.contains(word))
}

#[cfg(test)]
mod tests {
    use super::is_end_of_life;

    #[test]
    fn labels_of_death_and_hospice_are_recognised_and_lookalikes_are_not() {
        for label in [
            "Expired",
            "Hospice / home",
            "Expired at home. Medicaid only, hospice.",
            "Patient died",
        ] {
            assert!(is_end_of_life(label), "{label}");
        }
        for label in [
            "Discharged to home",
            "Before the deadline",
            "Alive, not expired",
            "No death recorded",
            "",
        ] {
            assert!(!is_end_of_life(label), "{label}");
        }
    }
}
