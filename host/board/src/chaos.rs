//! Whatever agents do, the log keeps its promises.

use crate::event::{Body, Claimed, HostBody};
use crate::rules::decide;
use crate::scene::{
    Scene, biostatistician, card, column, engineer, exclusion, feature_proposal, modeler, param,
    plan,
};
use crate::scene::{rival, statement, steward, validator};
use crate::state::State;
use crate::vocabulary::{
    Action, CheckKind, CheckResult, CheckTarget, DeadEnd, Decision, Direction, EventBody, EventId,
    OutcomeVerdict, Proposal, ProposalBody, Role, RoleCard, Scalar, Stage,
};
use proptest::prelude::*;
use proptest::test_runner::{TestRng, TestRunner};
use std::cell::Cell;
use std::collections::BTreeSet;

/// A move: who, when, what, about which events, with which number.
#[derive(Clone, Debug)]
struct Move {
    who: usize,
    stage: usize,
    what: usize,
    a: EventId,
    b: EventId,
    depth: i64,
    verdict: usize,
}

fn moves() -> impl Strategy<Value = Vec<Move>> {
    let one = (
        0..10_usize,
        0..20_usize,
        0..16_usize,
        0..60_u64,
        0..60_u64,
        0..14_i64,
        0..8_usize,
    )
        .prop_map(|(who, stage, what, a, b, depth, verdict)| Move {
            who,
            stage,
            what,
            a,
            b,
            depth,
            verdict,
        });
    prop::collection::vec(one, 0..150)
}

fn who(index: usize) -> RoleCard {
    match index {
        0 | 1 => modeler(),
        2 => rival(),
        3 | 4 => validator(),
        5 | 6 => biostatistician(),
        7 => steward(),
        8 => engineer(),
        _ => card(Role::Translator, "translator"),
    }
}

fn stage(index: usize) -> Stage {
    match index {
        0 => Stage::Design,
        1 => Stage::Prepare,
        2 => Stage::Validate,
        3 => Stage::Report,
        _ => Stage::Explore,
    }
}

/// Mostly the last plan, sometimes another, sometimes any number.
fn target(scene: &Scene, a: EventId) -> EventId {
    let state = scene.state();
    let plans: Vec<EventId> = state
        .proposals
        .keys()
        .copied()
        .filter(|id| state.plan(*id).is_some())
        .collect();
    match a % 6 {
        0 => a,
        1 => plans[a as usize % plans.len()],
        _ => plans.last().copied().unwrap_or(a),
    }
}

/// Mostly a result, sometimes any number.
fn result(scene: &Scene, a: EventId) -> EventId {
    let results: Vec<EventId> = scene.state().experiments.keys().copied().collect();
    if results.is_empty() || a.is_multiple_of(4) {
        a
    } else {
        results[a as usize % results.len()]
    }
}

/// Mostly the last check of the target, sometimes any number.
fn evidence(scene: &Scene, target: EventId, b: EventId) -> EventId {
    let state = scene.state();
    let about = |check: &CheckResult| check.target == CheckTarget::Event(target);
    let last = state
        .checks
        .iter()
        .rev()
        .find(|(_, check)| about(check))
        .map(|(id, _)| *id);
    last.filter(|_| !b.is_multiple_of(4)).unwrap_or(b)
}

fn action(scene: &Scene, it: &Move) -> Action {
    let judged = target(scene, it.a);
    let evidence = evidence(scene, judged, it.b);
    let analysis = |supersedes| {
        let body = plan(it.a, it.b, "gradient-boosting", &[param("depth", it.depth)]);
        Action::Propose(Proposal {
            body: ProposalBody::Analysis(body),
            supersedes,
        })
    };
    match it.what {
        0 if it.depth > 8 => analysis(None),
        0 | 1 => Action::Propose(scene.fresh_plan(it.depth)),
        2 => {
            let mut proposal = scene.fresh_plan(it.depth);
            proposal.supersedes = Some(judged);
            Action::Propose(proposal)
        }
        3..=5 => Action::Endorse(scene.critique(judged, evidence)),
        6 | 7 => {
            let mut objection = scene.objection(judged, evidence);
            if it.depth > 10 {
                objection.drop_columns = vec!["age".to_owned()];
            }
            if it.depth == 13 {
                objection.exclude = vec![exclusion("discharge", "expired", it.b)];
            }
            Action::Object(objection)
        }
        8 => Action::Withdraw(
            scene
                .state()
                .objections
                .keys()
                .next_back()
                .copied()
                .unwrap_or(it.a),
        ),
        9 => {
            let mut verdict = scene.verdict(result(scene, it.a), Decision::DeadEnd);
            verdict.dead_end = Some(DeadEnd {
                method: "gradient-boosting".to_owned(),
                axis: "depth".to_owned(),
                direction: Direction::AtOrAbove,
                value: Scalar::Integer(it.depth),
            });
            Action::GiveVerdict(verdict)
        }
        10 => Action::GiveVerdict(scene.verdict(result(scene, it.a), Decision::Hold)),
        11 => {
            let supersedes = (it.depth > 7).then_some(it.a);
            Action::Propose(feature_proposal(
                "set",
                &[column("age"), column("weight")],
                supersedes,
            ))
        }
        12 => Action::State(statement(
            "The area is {0}.",
            &[(it.a, "/Experiment/auroc/value")],
        )),
        13 => Action::RequestCheck((CheckKind::Lint, CheckTarget::Event(it.a))),
        _ => Action::Advance,
    }
}

/// What the host would do: compute a check, run a plan, promote a result.
fn host(scene: &mut Scene, it: &Move) {
    let plan = target(scene, it.a);
    let verdict = match it.verdict {
        0 => OutcomeVerdict::Block,
        1 => OutcomeVerdict::Warn,
        _ => OutcomeVerdict::Pass,
    };
    let body = match it.what {
        0..=7 => scene.checked(CheckKind::Lint, CheckTarget::Event(plan), verdict),
        8 | 9 => scene.checked(
            CheckKind::TargetProxy,
            CheckTarget::Column("age".to_owned()),
            verdict,
        ),
        10 | 11 => Body::Agent(EventBody::Experiment(scene.result(plan, 0.6, None))),
        12 | 13 => Body::Host(Box::new(HostBody::Claimed(Claimed {
            plan,
            fingerprint: String::new(),
            holder: "lab".to_owned(),
            attempt: 1,
        }))),
        _ => Body::Agent(EventBody::Promoted(result(scene, it.a))),
    };
    if scene.state().admits(&body).is_ok() {
        scene.append(Stage::Explore, "host", body);
    }
}

/// Read off the raw events, without `State`: whether every claim and experiment came after an
/// acceptance by a quorum of others.
fn promises_hold(scene: &Scene) {
    for (at, event) in scene.events.iter().enumerate() {
        let before = &scene.events[..at];
        let plan = match &event.body {
            Body::Agent(EventBody::Experiment(experiment)) => experiment.plan,
            Body::Host(body) => match &**body {
                HostBody::Claimed(claimed) => claimed.plan,
                _ => continue,
            },
            _ => continue,
        };
        let accepted = before
            .iter()
            .any(|e| e.body == Body::Agent(EventBody::Accepted(plan)));
        assert!(
            accepted,
            "plan {plan} ran in event {} without an acceptance",
            event.id
        );
        let author = &scene.events[plan as usize - 1].author;
        let voices: BTreeSet<&String> = before
            .iter()
            .filter(|e| matches!(&e.body, Body::Agent(EventBody::Endorsed(c)) if c.target == plan))
            .map(|e| &e.author)
            .filter(|voice| *voice != author)
            .collect();
        assert!(
            voices.len() >= scene.rules.quorum as usize,
            "plan {plan}: {voices:?}"
        );
        let open = before.iter().any(|e| {
            matches!(&e.body, Body::Agent(EventBody::Objected(o)) if o.critique.target == plan)
                && !before
                    .iter()
                    .any(|answer| answer.body == Body::Agent(EventBody::Answered(e.id)))
        });
        assert!(!open, "plan {plan} ran over an objection");
    }
}

#[test]
fn nothing_agents_do_panics_or_runs_a_plan_that_was_not_accepted() {
    let (ran, refused, objected) = (Cell::new(0), Cell::new(0), Cell::new(0));
    // the same moves every time, so that what they reach can be asserted below
    let config = ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(200)
    };
    let rng = TestRng::deterministic_rng(config.rng_algorithm);
    let mut runner = TestRunner::new_with_rng(config, rng);
    let outcome = runner.run(&moves(), |all| {
        let mut scene = Scene::explored();
        for it in &all {
            if it.stage > 12 {
                host(&mut scene, it);
            } else {
                let (card, stage, action) = (who(it.who), stage(it.stage), action(&scene, it));
                match decide(
                    &scene.events,
                    &scene.facts,
                    &scene.rules,
                    &card,
                    stage,
                    &action,
                ) {
                    Ok(bodies) => {
                        for body in bodies {
                            scene.append(stage, &card.instance, body);
                        }
                    }
                    Err(_) => refused.set(refused.get() + 1),
                }
            }
            scene.settle(Stage::Explore);
        }
        promises_hold(&scene);
        let state = scene.state();
        ran.set(
            ran.get()
                + state
                    .experiments
                    .values()
                    .filter(|e| e.plan != scene.plan)
                    .count(),
        );
        objected.set(objected.get() + state.objections.len());
        // a replay, event by event, comes to the same state
        let mut again = State::default();
        for event in &scene.events {
            again.apply(event);
        }
        prop_assert_eq!(format!("{:?}", again), format!("{:?}", state));
        Ok(())
    });
    outcome.unwrap();
    // the moves do reach what is promised about
    let reached = (ran.get(), refused.get(), objected.get());
    assert!(
        reached.0 >= 10 && reached.1 > 0 && reached.2 >= 10,
        "{reached:?}"
    );
}
