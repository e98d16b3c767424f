//! What the sentences are about, found on the board.

use std::collections::BTreeSet;

use autods_sdk::agent::{
    Briefing, Evaluation, EventBody, EventId, Experiment, Fidelity, Plan, Proposal, ProposalBody,
    Protocol, Sample,
};

/// The protocol in force and the number of its proposal: the locked one, or else the latest that
/// was accepted.
pub(crate) fn protocol(briefing: &Briefing) -> Option<(EventId, &Protocol)> {
    let of = |proposal: &'_ Proposal| matches!(proposal.body, ProposalBody::Protocol(_));
    let locked = briefing
        .protocol
        .filter(|id| briefing.proposal(*id).is_some_and(of));
    let id = locked.or_else(|| {
        briefing
            .proposals()
            .filter(|(event, proposal)| of(proposal) && briefing.is_accepted(event.id))
            .map(|(event, _)| event.id)
            .last()
    })?;
    match &briefing.proposal(id)?.body {
        ProposalBody::Protocol(protocol) => Some((id, protocol)),
        _ => None,
    }
}

/// The champion's result and its plan.
pub(crate) fn champion(briefing: &Briefing) -> Option<(EventId, &Experiment, &Plan)> {
    let id = briefing.champion?;
    let EventBody::Experiment(experiment) = &briefing.event(id)?.body else {
        return None;
    };
    Some((id, experiment, plan(briefing, experiment.plan)?))
}

/// The plan with that number.
pub(crate) fn plan(briefing: &Briefing, id: EventId) -> Option<&Plan> {
    match &briefing.proposal(id)?.body {
        ProposalBody::Analysis(plan) => Some(plan),
        _ => None,
    }
}

/// Who proposed plans, in the order of their names.
pub(crate) fn teams(briefing: &Briefing) -> BTreeSet<&str> {
    briefing
        .proposals()
        .filter(|(_, proposal)| matches!(proposal.body, ProposalBody::Analysis(_)))
        .map(|(event, _)| event.author.as_str())
        .collect()
}

/// The best result of a team over all seeds; the earlier one wins ties.
pub(crate) fn best_of<'a>(
    briefing: &'a Briefing,
    team: &str,
) -> Option<(EventId, &'a Experiment, &'a Plan)> {
    let mut best: Option<(EventId, &Experiment, &Plan)> = None;
    for event in &briefing.events {
        let EventBody::Experiment(found) = &event.body else {
            continue;
        };
        let author = briefing.event(found.plan).map(|plan| plan.author.as_str());
        if author != Some(team) || found.fidelity != Fidelity::Full {
            continue;
        }
        if let Some(plan) = plan(briefing, found.plan)
            && best.is_none_or(|(_, known, _)| found.auroc.value > known.auroc.value)
        {
            best = Some((event.id, found, plan));
        }
    }
    best
}

/// Every evaluation with its number.
pub(crate) fn evaluations(briefing: &Briefing) -> impl Iterator<Item = (EventId, &Evaluation)> {
    briefing
        .events
        .iter()
        .filter_map(|event| match &event.body {
            EventBody::Evaluated(evaluation) => Some((event.id, evaluation)),
            _ => None,
        })
}

/// The evaluation of an experiment (0: any baseline) as a whole on a population.
pub(crate) fn evaluation<'a>(
    briefing: &'a Briefing,
    experiment: EventId,
    population: &str,
    sample: Sample,
) -> Option<(EventId, &'a Evaluation)> {
    evaluations(briefing)
        .filter(|(_, evaluation)| {
            evaluation.experiment == experiment
                && evaluation.population == population
                && evaluation.sample == sample
                && evaluation.group.is_none()
        })
        .last()
}

/// The latest event of the host's own of that kind, such as `lockbox-cut`. Only letters count, so
/// that `LockboxCut` is the same kind.
pub(crate) fn host_event(briefing: &Briefing, kind: &str) -> Option<EventId> {
    let letters = |text: &str| -> String {
        text.chars()
            .filter(char::is_ascii_alphabetic)
            .map(|c| c.to_ascii_lowercase())
            .collect()
    };
    let wanted = letters(kind);
    briefing
        .events
        .iter()
        .rev()
        .find(|event| matches!(&event.body, EventBody::Other(name) if letters(name) == wanted))
        .map(|event| event.id)
}
