//! From an action to events, or to a refusal that names the rule.
//!
//! One rule per file. Each is a function of a [`Case`]; [`decide`] asks them in a fixed order and
//! returns the first refusal.

mod already_accepted;
mod bad_reference;
mod blocked_check_not_answered;
mod critique_without_evidence;
mod dead_end_misplaced;
mod duplicate_plan;
mod duplicate_proposal;
mod evidence_contradicts;
mod evidence_of_another_target;
mod exclusion_without_evidence;
mod hypothesis_closed;
mod keeps_to_the_facts;
mod known_dead_end;
mod malformed_value;
mod not_your_objection;
mod not_your_proposal;
mod not_your_result;
mod number_typed_by_hand;
mod objection_not_answered;
mod objection_unanswerable;
mod open_verdict_tickets;
mod over_budget;
mod plan_on_unaccepted_features;
mod protocol_locked;
mod role_forbids_action;
mod said_before;
mod self_endorsement;
mod stage_forbids_action;
mod superseded;
mod text_too_long;
mod unknown_event;
mod verdict_without_evidence;

use crate::event::{Body, Event, HostBody};
use crate::facts::{Facts, Rules};
use crate::rule::Refusal;
use crate::state::State;
use crate::vocabulary::{
    Action, Critique, EventBody, EventId, Plan, Proposal, ProposalBody, RoleCard, Stage,
};

/// An action and everything it is judged by.
pub(crate) struct Case<'a> {
    pub(crate) events: &'a [Event],
    pub(crate) state: &'a State,
    pub(crate) facts: &'a Facts,
    pub(crate) rules: &'a Rules,
    pub(crate) card: &'a RoleCard,
    pub(crate) stage: Stage,
    pub(crate) action: &'a Action,
}

/// What a rule finds.
pub(crate) type Found = Result<(), Refusal>;

impl<'a> Case<'a> {
    /// The critique in the action, if it is one.
    pub(crate) fn critique(&self) -> Option<&'a Critique> {
        match self.action {
            Action::Endorse(critique) => Some(critique),
            Action::Object(objection) => Some(&objection.critique),
            _ => None,
        }
    }

    /// The proposal in the action, if it is one.
    pub(crate) fn proposal(&self) -> Option<&'a Proposal> {
        match self.action {
            Action::Propose(proposal) => Some(proposal),
            _ => None,
        }
    }

    /// The plan in the action, if it is one.
    pub(crate) fn plan(&self) -> Option<&'a Plan> {
        match &self.proposal()?.body {
            ProposalBody::Analysis(plan) => Some(plan),
            _ => None,
        }
    }

    /// The proposal that a proposal or result stands for.
    pub(crate) fn proposal_of(&self, target: EventId) -> EventId {
        self.state
            .experiments
            .get(&target)
            .map_or(target, |experiment| experiment.plan)
    }
}

/// The rules in the order in which they are asked: who and when, then form, then what the action
/// refers to, then what it means.
const ORDER: &[fn(&Case<'_>) -> Found] = &[
    role_forbids_action::check,
    stage_forbids_action::check,
    text_too_long::check,
    malformed_value::check,
    unknown_event::check,
    protocol_locked::check,
    superseded::check,
    not_your_proposal::check,
    not_your_objection::check,
    not_your_result::check,
    already_accepted::check,
    self_endorsement::check,
    critique_without_evidence::check,
    evidence_of_another_target::check,
    evidence_contradicts::check,
    said_before::check,
    blocked_check_not_answered::check,
    objection_unanswerable::check,
    exclusion_without_evidence::check,
    keeps_to_the_facts::check,
    objection_not_answered::check,
    hypothesis_closed::check,
    open_verdict_tickets::check,
    plan_on_unaccepted_features::check,
    duplicate_plan::check,
    duplicate_proposal::check,
    known_dead_end::check,
    over_budget::check,
    verdict_without_evidence::check,
    dead_end_misplaced::check,
    number_typed_by_hand::check,
    bad_reference::check,
];

/// Judge an action by the log: the events that it becomes, or the rule that it breaks. Nothing is
/// computed, written or changed.
///
/// A request for a check, a schedule and the wish to advance become no events here: the host
/// computes the check, records the schedule, or asks the gate.
///
/// # Errors
/// The first rule that the action breaks.
pub fn decide(
    events: &[Event],
    facts: &Facts,
    rules: &Rules,
    card: &RoleCard,
    stage: Stage,
    action: &Action,
) -> Result<Vec<Body>, Refusal> {
    let state = State::of(events);
    let case = Case {
        events,
        state: &state,
        facts,
        rules,
        card,
        stage,
        action,
    };
    for rule in ORDER {
        rule(&case)?;
    }
    let body = match action {
        Action::RequestCheck(_) | Action::Schedule(_) | Action::Advance => return Ok(Vec::new()),
        Action::OpenHypothesis(hypothesis) => EventBody::Hypothesis(hypothesis.clone()),
        Action::Propose(proposal) => EventBody::Proposed(proposal.clone()),
        Action::Endorse(critique) => EventBody::Endorsed(critique.clone()),
        Action::Object(objection) => EventBody::Objected(objection.clone()),
        Action::Withdraw(objection) => EventBody::Answered(*objection),
        Action::GiveVerdict(verdict) => EventBody::Verdict(verdict.clone()),
        Action::State(statement) => {
            return Ok(vec![Body::Host(Box::new(HostBody::Stated(
                statement.clone(),
            )))]);
        }
    };
    Ok(vec![Body::Agent(body)])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::Rule;

    #[test]
    fn there_is_a_file_for_every_rule() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/rules");
        let mut names: Vec<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .map(|name| name.trim_end_matches(".rs").replace('_', "-"))
            .collect();
        names.sort();
        // the rules on what exists live together, in the lint
        let linted = [
            Rule::UnknownColumn,
            Rule::ForbiddenColumn,
            Rule::UnknownMethod,
            Rule::UnknownStep,
            Rule::UnknownLearner,
            Rule::UnknownParameter,
            Rule::ParameterOutOfRange,
            Rule::ProtocolDeviates,
            // and a hypothesis that is not one's own is refused with one that is closed
            Rule::NotYourHypothesis,
        ];
        let mut rules: Vec<String> = Rule::ALL
            .iter()
            .filter(|rule| !linted.contains(rule))
            .map(|rule| rule.name().to_owned())
            .collect();
        rules.push("keeps-to-the-facts".to_owned());
        rules.sort();
        assert_eq!(names, rules);
        assert_eq!(ORDER.len(), rules.len());
    }
}
