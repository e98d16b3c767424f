//! A plan uses a feature set that has its quorum and no open objection.

use super::{Case, Found};
use crate::rule::{Refusal, Rule};

pub(super) fn check(case: &Case<'_>) -> Found {
    match case.plan() {
        Some(plan)
            if case
                .state
                .accepted_features
                .binary_search(&plan.features)
                .is_err() =>
        {
            Err(Refusal::new(Rule::PlanOnUnacceptedFeatures, plan.features))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use crate::rule::Rule;
    use crate::scene::{Scene, column, engineer, feature_proposal, modeler};
    use crate::vocabulary::{Action, ProposalBody, Stage};

    #[test]
    fn features_that_nobody_judged_are_not_used() {
        let mut scene = Scene::explored();
        let unjudged = scene.propose(
            &engineer(),
            feature_proposal("more", &[column("age")], None),
        );
        let mut proposal = scene.fresh_plan(7);
        let ProposalBody::Analysis(plan) = &mut proposal.body else {
            panic!()
        };
        plan.features = unjudged;
        let refused = scene.refused(&modeler(), Stage::Explore, &Action::Propose(proposal));
        assert_eq!(refused, Some(Rule::PlanOnUnacceptedFeatures));
    }
}
