//! A proposal names only columns, methods, steps, learners and parameters that exist, within their
//! ranges, and a protocol repeats what the task fixes. The first violation that
//! [`violations`](crate::violations) finds is the refusal.

use super::{Case, Found};
use crate::lint::violations;
use crate::rule::Refusal;

pub(super) fn check(case: &Case<'_>) -> Found {
    let Some(proposal) = case.proposal() else {
        return Ok(());
    };
    match violations(case.facts, &proposal.body).first() {
        Some(violation) => Err(Refusal::new(violation.rule, 0)),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use crate::rule::Rule;
    use crate::scene::{Scene, modeler, param};
    use crate::vocabulary::{Action, ProposalBody, Stage};

    #[test]
    fn a_plan_with_an_invented_learner_or_parameter_is_refused() {
        let scene = Scene::explored();
        let refused = |change: &dyn Fn(&mut crate::vocabulary::Plan)| {
            let mut proposal = scene.fresh_plan(7);
            let ProposalBody::Analysis(plan) = &mut proposal.body else {
                panic!()
            };
            change(plan);
            scene.refused(&modeler(), Stage::Explore, &Action::Propose(proposal))
        };
        assert_eq!(
            refused(&|plan| plan.method = "oracle".to_owned()),
            Some(Rule::UnknownLearner)
        );
        assert_eq!(
            refused(&|plan| plan.params = vec![param("magic", 1)]),
            Some(Rule::UnknownParameter)
        );
        assert_eq!(
            refused(&|plan| plan.params = vec![param("depth", 99)]),
            Some(Rule::ParameterOutOfRange)
        );
    }
}
