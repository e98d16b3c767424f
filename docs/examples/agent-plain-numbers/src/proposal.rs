//! What is proposed.

use autods_sdk::agent::{
    Action, Briefing, CheckKind, CheckTarget, ColumnRole, ColumnUse, EventId, FeatureSet,
    OutcomeVerdict, Proposal, ProposalBody, Step, ValueKind,
};
use autods_sdk::params::{self, param_number};

/// The method that carries the set out, as LAUNCH.md names it, too.
const METHOD: &str = "method-winsorise";

/// The set, where it is not on the board yet.
pub(crate) fn first(briefing: &Briefing) -> Option<Action> {
    let proposed = briefing
        .proposals()
        .any(|(_, proposal)| matches!(proposal.body, ProposalBody::Features(_)));
    let set = set(briefing, &[])?;
    (!proposed).then(|| propose(set, None))
}

/// The set without what objections to the proposal named, where that changes it.
pub(crate) fn successor(briefing: &Briefing, about: EventId) -> Option<Action> {
    let ProposalBody::Features(old) = &briefing.proposal(about)?.body else {
        return None;
    };
    let answered = briefing.proposals().any(|(_, later)| later.supersedes == Some(about));
    let dropped: Vec<&str> = briefing
        .objections_to(about)
        .flat_map(|(_, objection)| &objection.drop_columns)
        .map(String::as_str)
        .collect();
    let new = set(briefing, &dropped)?;
    (!answered && new.columns != old.columns).then(|| propose(new, Some(about)))
}

fn propose(set: FeatureSet, supersedes: Option<EventId>) -> Action {
    Action::Propose(Proposal { body: ProposalBody::Features(set), supersedes })
}

/// Every number that is a predictor and varies; `None` where there is none.
fn set(briefing: &Briefing, dropped: &[&str]) -> Option<FeatureSet> {
    let share = params::number(&briefing.card.params, "share", 0.01, 0.0, 0.25).ok()?;
    let columns: Vec<ColumnUse> = briefing
        .columns_of(ColumnRole::Predictor)
        .filter(|column| column.table == briefing.task.table)
        .filter(|column| matches!(column.kind, ValueKind::Integer | ValueKind::Number))
        .filter(|column| !dropped.contains(&column.name.as_str()))
        .filter(|column| {
            let about = CheckTarget::Column(column.name.clone());
            briefing
                .check(CheckKind::NearConstant, &about)
                .is_none_or(|(_, check)| check.verdict == OutcomeVerdict::Pass)
        })
        .map(|column| ColumnUse {
            column: column.name.clone(),
            steps: vec![Step {
                name: "winsorise".to_owned(),
                params: vec![param_number("share", share)],
            }],
        })
        .collect();
    (!columns.is_empty()).then(|| FeatureSet {
        name: "plain-numbers".to_owned(),
        columns,
        method: METHOD.to_owned(),
        rationale: "Numbers only, without their tails: few parameters for few events.".to_owned(),
    })
}
