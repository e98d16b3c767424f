//! Which columns the feature sets are made of.

use std::collections::BTreeSet;

use autods_sdk::agent::{
    Briefing, CheckKind, CheckTarget, Column, ColumnRole, EventBody, OutcomeVerdict, ProposalBody,
};

/// Every predictor of the main table, in the catalogue's order: suspicious ones too, because it
/// is the validator who has to say, with a check, what is left out. Exceptions: columns that a
/// check found (almost) constant, and those that an objection to a feature set named.
pub(crate) fn predictors(briefing: &Briefing) -> Vec<&Column> {
    let dropped = dropped(briefing);
    briefing
        .columns_of(ColumnRole::Predictor)
        .filter(|column| column.table == briefing.task.table)
        .filter(|column| !dropped.contains(column.name.as_str()))
        .filter(|column| varies(briefing, column))
        .collect()
}

/// Columns that objections to feature sets want dropped, from either set: what leaks in one leaks
/// in the other.
pub(crate) fn dropped(briefing: &Briefing) -> BTreeSet<&str> {
    briefing
        .events
        .iter()
        .filter_map(|event| match &event.body {
            EventBody::Objected(objection) => Some(objection),
            _ => None,
        })
        .filter(|objection| {
            briefing
                .proposal(objection.critique.target)
                .is_some_and(|proposal| matches!(proposal.body, ProposalBody::Features(_)))
        })
        .flat_map(|objection| &objection.drop_columns)
        .map(String::as_str)
        .collect()
}

fn varies(briefing: &Briefing, column: &Column) -> bool {
    let about = CheckTarget::Column(column.name.clone());
    briefing
        .check(CheckKind::NearConstant, &about)
        .is_none_or(|(_, check)| check.verdict == OutcomeVerdict::Pass)
}
