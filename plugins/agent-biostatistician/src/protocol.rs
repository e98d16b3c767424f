//! The first protocol: what the task asks, word for word, on all rows.
//!
//! Nothing is left out at this point on purpose. Who should not be studied is for the critics to
//! show with a check, so that every exclusion has its evidence on the board.

use autods_sdk::agent::{
    Action, Briefing, CheckKind, CheckTarget, EventId, Population, Proposal, ProposalBody,
    Protocol, Stage,
};

/// The population of all rows; it is also reported beside every narrower one.
pub(crate) fn everybody() -> Population {
    Population {
        id: "all".to_owned(),
        title: "All rows".to_owned(),
        exclude: Vec::new(),
    }
}

/// Proposes the protocol, unless one is on the board.
pub(crate) fn propose(briefing: &Briefing) -> Vec<Action> {
    if latest(briefing).is_some() {
        return Vec::new();
    }
    let task = &briefing.task;
    vec![Action::Propose(Proposal {
        body: ProposalBody::Protocol(Protocol {
            populations: vec![everybody()],
            outcome: task.outcome.clone(),
            metric: task.primary_metric.clone(),
            folds: task.folds,
            lockbox: task.lockbox,
            thresholds: task.thresholds.clone(),
            subgroups: task.subgroups.clone(),
            seeds: task.seeds.clone(),
        }),
        supersedes: None,
    })]
}

/// Requests the checks that a protocol of one's own stands on, once it has a number.
pub(crate) fn checks(briefing: &Briefing) -> Vec<Action> {
    if briefing.stage != Stage::Design {
        return Vec::new();
    }
    let Some(protocol) = latest(briefing) else {
        return Vec::new();
    };
    let about = CheckTarget::Event(protocol);
    [CheckKind::Lint, CheckKind::SampleSize]
        .into_iter()
        .filter(|kind| briefing.check(*kind, &about).is_none())
        .map(|kind| Action::RequestCheck((kind, about.clone())))
        .collect()
}

/// The latest protocol on the board.
fn latest(briefing: &Briefing) -> Option<EventId> {
    briefing
        .proposals()
        .filter(|(_, proposal)| matches!(proposal.body, ProposalBody::Protocol(_)))
        .last()
        .map(|(event, _)| event.id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use autods_sdk::agent::{OutcomeVerdict, Role};
    use autods_sdk::testkit::BriefingBuilder;

    #[test]
    fn the_protocol_repeats_the_task_once() {
        let start = BriefingBuilder::new(Role::Biostatistician, "biostatistician");
        let actions = propose(&start.clone().build());
        let [Action::Propose(proposal)] = actions.as_slice() else {
            panic!("{actions:?}");
        };
        let ProposalBody::Protocol(protocol) = &proposal.body else {
            panic!("not a protocol");
        };
        assert_eq!(protocol.seeds, [1, 2, 3]);
        assert_eq!(protocol.populations, [everybody()]);
        let next = start.proposed("biostatistician", proposal.body.clone());
        assert!(propose(&next.clone().build()).is_empty());
        assert_eq!(checks(&next.clone().build()).len(), 2);
        let done = next
            .checked(CheckKind::Lint, CheckTarget::Event(1), OutcomeVerdict::Pass)
            .checked(
                CheckKind::SampleSize,
                CheckTarget::Event(1),
                OutcomeVerdict::Warn,
            );
        assert!(checks(&done.build()).is_empty());
    }
}
