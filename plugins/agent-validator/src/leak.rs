//! Columns that a check of the host blocks as leaks.

use std::collections::BTreeSet;

use autods_sdk::agent::{
    Briefing, CheckKind, CheckTarget, EventId, FeatureSet, OutcomeVerdict, Scalar,
};

/// The checks that make a column a leak, gravest first, with what they mean (taxonomy of Kapoor
/// and Narayanan 2022: L2.1, L2.2, L2.4, and missingness as a case of L2.1).
pub(crate) const LEAKS: [(CheckKind, &str); 4] = [
    (
        CheckKind::TargetProxy,
        "predicts the outcome too well by itself to be known beforehand",
    ),
    (CheckKind::PostIndex, "is known only after the index date"),
    (
        CheckKind::Identifier,
        "names rows instead of describing them",
    ),
    (
        CheckKind::MissingnessProxy,
        "tells the outcome by where its values are missing",
    ),
];

/// A column, the check that blocks it, and why.
#[derive(Debug, PartialEq)]
pub(crate) struct Leak {
    /// The column.
    pub(crate) column: String,
    /// The check's event.
    pub(crate) evidence: EventId,
    /// Why, to be read after the column's name.
    pub(crate) why: &'static str,
}

/// Columns that a feature set reads, by themselves or in a combining step, sorted by name.
///
/// A combining step gives its use a new name, so that names which are no column are left out.
pub(crate) fn columns_read(briefing: &Briefing, features: &FeatureSet) -> BTreeSet<String> {
    let named = features.columns.iter().map(|used| used.column.as_str());
    let combined = features
        .columns
        .iter()
        .flat_map(|used| &used.steps)
        .flat_map(|step| &step.params)
        .filter(|param| param.name.starts_with("column-"))
        .filter_map(|param| match &param.value {
            Scalar::Text(column) => Some(column.as_str()),
            _ => None,
        });
    named
        .chain(combined)
        .filter(|column| briefing.column(column).is_some())
        .map(str::to_owned)
        .collect()
}

/// Every leak among these columns; a column with several is named once, for the gravest.
pub(crate) fn among(briefing: &Briefing, columns: &BTreeSet<String>) -> Vec<Leak> {
    columns
        .iter()
        .filter_map(|column| {
            let about = CheckTarget::Column(column.clone());
            LEAKS.iter().find_map(|&(kind, why)| {
                let (evidence, check) = briefing.check(kind, &about)?;
                (check.verdict == OutcomeVerdict::Block).then(|| Leak {
                    column: column.clone(),
                    evidence,
                    why,
                })
            })
        })
        .collect()
}
