//! What a proposal uses, and whether it does what an objection asks for.

use crate::vocabulary::{FeatureSet, Objection, Population, ProposalBody, Scalar, Step};
use std::collections::BTreeSet;

/// Columns of the main table that a feature set reads: those it uses as they are, and those that
/// a combining step takes together under a new name.
pub fn columns_of(features: &FeatureSet) -> BTreeSet<&str> {
    let mut columns = BTreeSet::new();
    for used in &features.columns {
        let combined: Vec<&str> = used.steps.iter().flat_map(sources).collect();
        if combined.is_empty() {
            columns.insert(used.column.as_str());
        }
        columns.extend(combined);
    }
    columns
}

/// The columns that a combining step takes together: its parameters `column-0`, `column-1`, …
pub(crate) fn sources(step: &Step) -> impl Iterator<Item = &str> {
    step.params.iter().filter_map(|param| match &param.value {
        Scalar::Text(column) if is_source(&param.name) => Some(column.as_str()),
        _ => None,
    })
}

/// Whether a parameter of that name names a column.
pub(crate) fn is_source(name: &str) -> bool {
    name.strip_prefix("column-")
        .is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_digit()))
}

/// Whether a proposal does what an objection asks for. `features` is the feature set that the
/// proposal uses, where it uses one. An objection that asks for nothing in particular is answered
/// by any successor.
pub(crate) fn answers(
    body: &ProposalBody,
    features: Option<&FeatureSet>,
    objection: &Objection,
) -> bool {
    let used: BTreeSet<&str> = match body {
        ProposalBody::Protocol(protocol) => protocol.subgroups.iter().map(String::as_str).collect(),
        ProposalBody::Features(set) => columns_of(set),
        ProposalBody::Analysis(_) => features.map(columns_of).unwrap_or_default(),
    };
    let dropped = objection
        .drop_columns
        .iter()
        .all(|column| !used.contains(column.as_str()));
    let excluded = match body {
        ProposalBody::Protocol(protocol) => objection.exclude.iter().all(|wanted| {
            let deciding = protocol.populations.first();
            wanted
                .codes
                .iter()
                .all(|code| deciding.is_some_and(|p| excludes(p, &wanted.column, code)))
        }),
        _ => objection.exclude.is_empty(),
    };
    dropped && excluded
}

/// Whether a population leaves out the rows with that code.
pub(crate) fn excludes(population: &Population, column: &str, code: &str) -> bool {
    population
        .exclude
        .iter()
        .any(|e| e.column == column && e.codes.iter().any(|c| c == code))
}
