//! The team's own record on the board: its plans, their results, its refusals.

use autods_sdk::agent::{
    Briefing, Event, EventBody, EventId, Experiment, Fidelity, Hypothesis, Plan, ProposalBody,
};

/// The team's own plans with their numbers, oldest first; successors included.
pub(crate) fn plans(briefing: &Briefing) -> impl Iterator<Item = (EventId, &Plan)> {
    briefing
        .proposals()
        .filter(|(event, _)| is_mine(briefing, event))
        .filter_map(|(event, proposal)| match &proposal.body {
            ProposalBody::Analysis(plan) => Some((event.id, plan)),
            _ => None,
        })
}

/// The plan with that number, anybody's.
pub(crate) fn plan(briefing: &Briefing, id: EventId) -> Option<&Plan> {
    match &briefing.proposal(id)?.body {
        ProposalBody::Analysis(plan) => Some(plan),
        _ => None,
    }
}

/// The experiment with that number.
pub(crate) fn experiment(briefing: &Briefing, id: EventId) -> Option<&Experiment> {
    match &briefing.event(id)?.body {
        EventBody::Experiment(experiment) => Some(experiment),
        _ => None,
    }
}

/// The champion's result and its plan, anybody's.
pub(crate) fn champion(briefing: &Briefing) -> Option<(&Experiment, &Plan)> {
    let found = experiment(briefing, briefing.champion?)?;
    Some((found, plan(briefing, found.plan)?))
}

/// The team's best plan so far by mean AUROC over all seeds; an earlier one wins ties. Results
/// from `before` on are not counted.
pub(crate) fn best(briefing: &Briefing, before: EventId) -> Option<(&Plan, &Experiment)> {
    let mut best: Option<(&Plan, &Experiment)> = None;
    for event in briefing.events.iter().filter(|event| event.id < before) {
        let EventBody::Experiment(found) = &event.body else {
            continue;
        };
        let mine = plans(briefing).find(|(id, _)| *id == found.plan);
        if let (Some((_, plan)), Fidelity::Full) = (mine, found.fidelity)
            && best.is_none_or(|(_, known)| found.auroc.value > known.auroc.value)
        {
            best = Some((plan, found));
        }
    }
    best
}

/// The team's hypotheses with their numbers, oldest first.
pub(crate) fn hypotheses(briefing: &Briefing) -> impl Iterator<Item = (EventId, &Hypothesis)> {
    briefing
        .events
        .iter()
        .filter(|event| is_mine(briefing, event))
        .filter_map(|event| match &event.body {
            EventBody::Hypothesis(hypothesis) => Some((event.id, hypothesis)),
            _ => None,
        })
}

/// Whether a hypothesis met its own falsification rule.
pub(crate) fn is_falsified(briefing: &Briefing, hypothesis: EventId) -> bool {
    briefing
        .events
        .iter()
        .any(|event| event.body == EventBody::Falsified(hypothesis))
}

/// Refusals since the team last got something onto the board.
///
/// A refused plan leaves no other trace. Counting them lets the next act try the next rung
/// instead of the same plan again.
pub(crate) fn refusals(briefing: &Briefing) -> usize {
    briefing
        .events
        .iter()
        .rev()
        .filter(|event| is_mine(briefing, event))
        .take_while(|event| matches!(event.body, EventBody::Refused(_)))
        .count()
}

fn is_mine(briefing: &Briefing, event: &Event) -> bool {
    event.author == briefing.card.instance
}
