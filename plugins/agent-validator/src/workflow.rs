//! Columns that follow how care was organised rather than how the patient was (taxonomy L2.3).
//!
//! An order for palliative care or a transfer to intensive care reflects what clinicians already
//! expected. Such columns may be legitimate, but a model that rests on them copies a judgement
//! and fails where care is organised otherwise: a warning, not an objection.

use std::collections::BTreeSet;

use autods_sdk::agent::Briefing;

/// Words in a column's label that speak of workflow; matched as whole words.
const WORDS: [&str; 13] = [
    "icu",
    "intensive care",
    "hospice",
    "palliative",
    "comfort care",
    "do not resuscitate",
    "dnr",
    "code status",
    "ordered",
    "order",
    "orders",
    "referral",
    "disposition",
];

/// Those of the columns whose label speaks of workflow, sorted by name.
pub(crate) fn among<'a>(briefing: &Briefing, columns: &'a BTreeSet<String>) -> Vec<&'a str> {
    columns
        .iter()
        .filter(|column| {
            briefing
                .column(column)
                .is_some_and(|column| speaks_of_workflow(&column.label))
        })
        .map(String::as_str)
        .collect()
}

fn speaks_of_workflow(label: &str) -> bool {
    let spaced: String = label
        .to_lowercase()
        .chars()
        .map(|c| if c.is_alphanumeric() { c } else { ' ' })
        .collect();
    let words = format!(
        " {} ",
        spaced.split_whitespace().collect::<Vec<_>>().join(" ")
    );
    WORDS
        .iter()
        .any(|word| words.contains(&format!(" {word} ")))
}

#[cfg(test)]
mod tests {
    use super::speaks_of_workflow;

    #[test]
    fn words_of_workflow_are_matched_whole() {
        assert!(speaks_of_workflow("Do-not-resuscitate order"));
        assert!(speaks_of_workflow("Admitted to ICU"));
        assert!(!speaks_of_workflow("Bipolar disorder"));
        assert!(!speaks_of_workflow("Number of visits"));
    }
}
