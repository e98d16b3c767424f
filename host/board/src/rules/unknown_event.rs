//! Whatever is referred to by number must exist and be of the right kind.

use super::{Case, Found};
use crate::rule::{Refusal, Rule};
use crate::vocabulary::{Action, CheckTarget, EventId, ProposalBody};

pub(super) fn check(case: &Case<'_>) -> Found {
    let state = case.state;
    let proposed = |id: EventId| state.proposals.contains_key(&id);
    let result = |id: EventId| state.experiments.contains_key(&id);
    let unknown = match case.action {
        Action::RequestCheck((_, CheckTarget::Event(id))) => {
            (!proposed(*id) && !result(*id)).then_some(*id)
        }
        Action::Propose(proposal) => {
            let before = proposal.supersedes.filter(|id| !proposed(*id));
            let plan = match &proposal.body {
                ProposalBody::Analysis(plan) => {
                    let hypothesis = (!state.hypotheses.contains_key(&plan.hypothesis))
                        .then_some(plan.hypothesis);
                    hypothesis.or_else(|| {
                        state
                            .features(plan.features)
                            .is_none()
                            .then_some(plan.features)
                    })
                }
                _ => None,
            };
            before.or(plan)
        }
        Action::Endorse(_) | Action::Object(_) => {
            let target = case.critique().map_or(0, |critique| critique.target);
            (!proposed(target) && !result(target)).then_some(target)
        }
        Action::Withdraw(id) => (!state.objections.contains_key(id)).then_some(*id),
        Action::GiveVerdict(verdict) => (!result(verdict.result)).then_some(verdict.result),
        _ => None,
    };
    match unknown {
        Some(id) => Err(Refusal::new(Rule::UnknownEvent, id)),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use crate::rule::Rule;
    use crate::scene::{Scene, modeler, validator};
    use crate::vocabulary::{Action, CheckKind, CheckTarget, ProposalBody, Stage};

    #[test]
    fn events_that_do_not_exist_or_are_something_else_are_unknown() {
        let scene = Scene::explored();
        let endorse = |target| Action::Endorse(scene.critique(target, scene.lint));
        for target in [0, 9999, scene.lint] {
            let refused = scene.refused(&validator(), Stage::Explore, &endorse(target));
            assert_eq!(refused, Some(Rule::UnknownEvent), "{target}");
        }
        let check = Action::RequestCheck((CheckKind::Lint, CheckTarget::Event(9999)));
        assert_eq!(
            scene.refused(&validator(), Stage::Explore, &check),
            Some(Rule::UnknownEvent)
        );
        assert_eq!(
            scene.refused(&validator(), Stage::Explore, &Action::Withdraw(scene.plan)),
            Some(Rule::UnknownEvent)
        );
    }

    #[test]
    fn a_plan_tests_a_hypothesis_and_uses_features_that_exist() {
        let scene = Scene::explored();
        for change in [0, 1] {
            let mut proposal = scene.fresh_plan(7);
            let ProposalBody::Analysis(plan) = &mut proposal.body else {
                panic!()
            };
            if change == 0 {
                plan.hypothesis = scene.plan
            } else {
                plan.features = scene.protocol
            }
            let refused = scene.refused(&modeler(), Stage::Explore, &Action::Propose(proposal));
            assert_eq!(refused, Some(Rule::UnknownEvent));
        }
    }
}
