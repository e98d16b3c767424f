//! What a check is about.

use crate::proposal::columns_of;
use crate::state::State;
use crate::vocabulary::{
    CheckKind, CheckResult, CheckTarget, EventId, OutcomeVerdict, ProposalBody,
};

/// Checks of a column that show a leak. Who is studied (impossible outcomes) is the protocol's
/// matter, and a column that never varies does no harm.
const LEAKS: [CheckKind; 4] = [
    CheckKind::TargetProxy,
    CheckKind::PostIndex,
    CheckKind::Identifier,
    CheckKind::MissingnessProxy,
];

/// Whether a check says something about a proposal or result.
///
/// A check of the event itself does; a check of a column does when the proposal reads it, and a
/// check of any column when the proposal is a protocol, which decides whose rows are read; a check
/// of the data as a whole does for a protocol and for a result. For a result, checks of its plan
/// and of other runs of its plan count too.
pub(crate) fn is_about(state: &State, check: &CheckResult, target: EventId) -> bool {
    let result = state.experiments.get(&target);
    let proposal = result.map_or(target, |experiment| experiment.plan);
    let Some(proposed) = state.proposals.get(&proposal) else {
        return false;
    };
    match &check.target {
        CheckTarget::Event(event) => {
            *event == target
                || (result.is_some() && *event == proposal)
                || result.is_some_and(|r| {
                    state
                        .experiments
                        .get(event)
                        .is_some_and(|other| other.plan == r.plan)
                })
        }
        CheckTarget::Column(column) => match &proposed.proposal.body {
            ProposalBody::Protocol(_) => true,
            body => state
                .features_of(body)
                .is_some_and(|features| columns_of(&features).contains(column.as_str())),
        },
        CheckTarget::Data => {
            result.is_some() || matches!(proposed.proposal.body, ProposalBody::Protocol(_))
        }
    }
}

/// Checks that block something a proposal uses, by number: the latest of each kind and target. An
/// impossible outcome blocks a protocol until its deciding population leaves out rows of that
/// column; a check of a column that shows a leak blocks the feature sets and plans that read it; a check of
/// the proposal itself blocks it.
pub fn unanswered_blocks(state: &State, proposal: EventId) -> Vec<EventId> {
    let Some(proposed) = state.proposals.get(&proposal) else {
        return Vec::new();
    };
    let body = &proposed.proposal.body;
    let features = state.features_of(body);
    let columns = features.as_ref().map(columns_of).unwrap_or_default();
    let latest = |id: EventId, check: &CheckResult| {
        !state
            .checks
            .range(id + 1..)
            .any(|(_, later)| later.kind == check.kind && later.target == check.target)
    };
    state
        .checks
        .iter()
        .filter(|(id, check)| check.verdict == OutcomeVerdict::Block && latest(**id, check))
        .filter(|(_, check)| match (&check.target, body) {
            (CheckTarget::Event(event), _) => *event == proposal,
            (CheckTarget::Column(column), ProposalBody::Protocol(protocol)) => {
                check.kind == CheckKind::ImpossibleOutcome
                    && !protocol.populations.first().is_some_and(|deciding| {
                        deciding
                            .exclude
                            .iter()
                            .any(|e| e.column == *column && !e.codes.is_empty())
                    })
            }
            (CheckTarget::Column(column), _) => {
                LEAKS.contains(&check.kind) && columns.contains(column.as_str())
            }
            (CheckTarget::Data, _) => false,
        })
        .map(|(id, _)| *id)
        .collect()
}
