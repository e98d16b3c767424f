//! A plan that was proposed before, by whomever and under whatever name, is not run again.

use super::{Case, Found};
use crate::fingerprint::plan_fingerprint;
use crate::rule::{Refusal, Rule};

pub(super) fn check(case: &Case<'_>) -> Found {
    let Some(plan) = case.plan() else {
        return Ok(());
    };
    let Some(features) = case.state.features(plan.features) else {
        return Ok(());
    };
    let fingerprint = plan_fingerprint(plan, features);
    let before = case
        .state
        .proposals
        .iter()
        .find(|(_, proposed)| proposed.fingerprint.as_deref() == Some(fingerprint.as_str()));
    match before {
        Some((id, _)) => Err(Refusal::new(Rule::DuplicatePlan, *id)),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use crate::rule::Rule;
    use crate::scene::{Scene, modeler};
    use crate::vocabulary::{Action, ProposalBody, Scalar, Stage};

    #[test]
    fn a_plan_in_other_words_is_the_same_plan() {
        let mut scene = Scene::explored();
        scene.propose(&modeler(), scene.fresh_plan(7));
        let mut again = scene.fresh_plan(7);
        let ProposalBody::Analysis(plan) = &mut again.body else {
            panic!()
        };
        plan.rationale = "an entirely new idea".to_owned();
        plan.complexity += 1;
        plan.params[0].value = Scalar::Number(7.0);
        let refused = scene.refused(&modeler(), Stage::Explore, &Action::Propose(again));
        assert_eq!(refused, Some(Rule::DuplicatePlan));
    }
}
