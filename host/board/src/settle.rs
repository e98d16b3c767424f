//! What follows from the log by itself.

use crate::event::Event;
use crate::evidence::unanswered_blocks;
use crate::facts::Rules;
use crate::state::State;
use crate::vocabulary::{EventBody, EventId, Experiment, ProposalBody};
use std::collections::BTreeMap;

/// Events that are due, in a fixed order: objections whose target has a successor are answered,
/// proposals with their quorum and nothing against them are accepted, hypotheses that met their
/// own rule are falsified. The host appends them and asks again until nothing is due.
///
/// A successor is only recorded when it does what every open objection asks for, so that its
/// existence answers them.
pub fn settle(events: &[Event], rules: &Rules) -> Vec<EventBody> {
    let state = State::of(events);
    let mut due = answered(&state);
    due.extend(accepted(&state, rules));
    due.extend(falsified(&state));
    due
}

fn answered(state: &State) -> Vec<EventBody> {
    state
        .objections
        .iter()
        .filter(|(_, objected)| objected.open)
        .filter(|(_, objected)| {
            state
                .proposals
                .get(&objected.objection.critique.target)
                .and_then(|target| target.superseded_by)
                .and_then(|successor| state.proposals.get(&successor))
                .is_some_and(|successor| {
                    state.answers(&successor.proposal.body, &objected.objection)
                })
        })
        .map(|(id, _)| EventBody::Answered(*id))
        .collect()
}

fn accepted(state: &State, rules: &Rules) -> Vec<EventBody> {
    let mut promised = state.spent();
    let mut due = Vec::new();
    for (id, proposed) in &state.proposals {
        let settled = proposed.accepted || proposed.superseded_by.is_some();
        let voices = proposed.endorsed_by.len() as u64;
        if settled || voices < u64::from(rules.quorum.max(1)) || state.has_open_objection(*id) {
            continue;
        }
        let ready = match &proposed.proposal.body {
            ProposalBody::Protocol(_) => state.protocol.is_none() && !state.locked,
            ProposalBody::Features(_) => true,
            ProposalBody::Analysis(plan) => {
                let usable = state
                    .accepted_features
                    .binary_search(&plan.features)
                    .is_ok();
                let open = state
                    .hypotheses
                    .get(&plan.hypothesis)
                    .is_some_and(|opened| !opened.falsified);
                usable && open && promised < rules.experiments
            }
        };
        if ready && unanswered_blocks(state, *id).is_empty() {
            if let ProposalBody::Analysis(_) = proposed.proposal.body {
                promised += 1;
            }
            due.push(EventBody::Accepted(*id));
        }
    }
    due
}

/// A hypothesis is falsified after the number of experiments it named, when the best gain of all
/// of them stays below what it named. Of each plan the last experiment counts; one that had no
/// champion to be compared with refutes nothing.
fn falsified(state: &State) -> Vec<EventBody> {
    let mut last: BTreeMap<EventId, &Experiment> = BTreeMap::new();
    for experiment in state.experiments.values() {
        last.insert(experiment.plan, experiment);
    }
    state
        .hypotheses
        .iter()
        .filter(|(_, opened)| !opened.falsified)
        .filter(|(id, opened)| {
            let of_this = |plan: &EventId| {
                state
                    .plan(*plan)
                    .is_some_and(|plan| plan.hypothesis == **id)
            };
            let gains: Vec<f64> = last
                .iter()
                .filter(|(plan, _)| of_this(plan))
                .map(|(_, experiment)| experiment.gain.map_or(f64::INFINITY, |gain| gain.value))
                .collect();
            let best = gains.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            gains.len() as u64 >= u64::from(opened.hypothesis.after_experiments.max(1))
                && best < opened.hypothesis.falsified_below
        })
        .map(|(id, _)| EventBody::Falsified(*id))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::Body;
    use crate::scene::{Scene, biostatistician, estimate, modeler, validator};
    use crate::vocabulary::{Action, CheckKind, CheckTarget, OutcomeVerdict, Stage};

    #[test]
    fn a_plan_is_accepted_by_its_quorum_and_not_before() {
        let mut scene = Scene::explored();
        let plan = scene.propose(&modeler(), scene.fresh_plan(5));
        let lint = scene.lint_of(plan);
        scene.act(
            &validator(),
            Stage::Explore,
            Action::Endorse(scene.critique(plan, lint)),
        );
        assert!(!scene.state().accepted_plans.contains(&plan));
        scene.act(
            &biostatistician(),
            Stage::Explore,
            Action::Endorse(scene.critique(plan, lint)),
        );
        assert!(scene.state().accepted_plans.contains(&plan));
    }

    #[test]
    fn an_open_objection_outweighs_any_quorum() {
        let mut scene = Scene::explored();
        scene.rules.quorum = 1;
        let plan = scene.propose(&modeler(), scene.fresh_plan(5));
        let block = scene.blocking_lint_of(plan);
        let objection = scene.act(
            &validator(),
            Stage::Explore,
            Action::Object(scene.objection(plan, block)),
        );
        let pass = scene.lint_of(plan);
        scene.act(
            &biostatistician(),
            Stage::Explore,
            Action::Endorse(scene.critique(plan, pass)),
        );
        assert!(!scene.state().accepted_plans.contains(&plan));
        scene.act(&validator(), Stage::Explore, Action::Withdraw(objection));
        assert!(scene.state().accepted_plans.contains(&plan));
    }

    #[test]
    fn a_leak_found_after_the_endorsements_stops_the_acceptance() {
        let mut scene = Scene::explored();
        let plan = scene.propose(&modeler(), scene.fresh_plan(5));
        let lint = scene.lint_of(plan);
        scene.act(
            &validator(),
            Stage::Explore,
            Action::Endorse(scene.critique(plan, lint)),
        );
        let age = CheckTarget::Column("age".to_owned());
        let event = scene.checked(CheckKind::TargetProxy, age, OutcomeVerdict::Block);
        scene.append(Stage::Explore, "host", event);
        let endorsed = EventBody::Endorsed(scene.critique(plan, lint));
        scene.append(Stage::Explore, "biostatistician", Body::Agent(endorsed));
        assert_eq!(settle(&scene.events, &scene.rules), []);
    }

    #[test]
    fn a_successor_answers_what_was_objected_to() {
        let mut scene = Scene::explored();
        let plan = scene.propose(&modeler(), scene.fresh_plan(5));
        let block = scene.blocking_lint_of(plan);
        let objection = scene.act(
            &validator(),
            Stage::Explore,
            Action::Object(scene.objection(plan, block)),
        );
        assert!(scene.state().objections[&objection].open);
        let mut successor = scene.fresh_plan(6);
        successor.supersedes = Some(plan);
        scene.propose(&modeler(), successor);
        assert!(!scene.state().objections[&objection].open);
    }

    #[test]
    fn acceptances_stop_at_the_budget() {
        let mut scene = Scene::explored();
        scene.rules.experiments = 2;
        let a = scene.propose(&modeler(), scene.fresh_plan(5));
        let b = scene.propose(&modeler(), scene.fresh_plan(6));
        for plan in [a, b] {
            let lint = scene.lint_of(plan);
            for card in [validator(), biostatistician()] {
                scene.act(
                    &card,
                    Stage::Explore,
                    Action::Endorse(scene.critique(plan, lint)),
                );
            }
        }
        let state = scene.state();
        assert!(state.accepted_plans.contains(&a) && !state.accepted_plans.contains(&b));
    }

    #[test]
    fn a_hypothesis_falls_by_its_own_rule_and_not_earlier() {
        // after two experiments below 0.002, as the scene's hypothesis says
        let mut scene = Scene::explored();
        let champion = scene.experiment(scene.plan, 0.68);
        scene.append(
            Stage::Explore,
            "host",
            Body::Agent(EventBody::Promoted(champion)),
        );
        let hypothesis = scene.rival_hypothesis();
        for (n, depth) in [5, 6].into_iter().enumerate() {
            let plan = scene.accepted_plan_of_rival(hypothesis, depth);
            scene.experiment_with_gain(plan, 0.679, Some(estimate(-0.001)));
            let falsified = scene.state().hypotheses[&hypothesis].falsified;
            assert_eq!(falsified, n == 1, "after {} experiments", n + 1);
        }
    }
}
