//! Nobody endorses a proposal of their own.

use super::{Case, Found};
use crate::rule::{Refusal, Rule};
use crate::vocabulary::Action;

pub(super) fn check(case: &Case<'_>) -> Found {
    let Action::Endorse(critique) = case.action else {
        return Ok(());
    };
    let proposal = case.proposal_of(critique.target);
    let own = case
        .state
        .proposals
        .get(&proposal)
        .is_some_and(|proposed| proposed.author == case.card.instance);
    if own {
        Err(Refusal::new(Rule::SelfEndorsement, critique.target))
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use crate::rule::Rule;
    use crate::scene::{Scene, modeler};
    use crate::vocabulary::{Action, Stage};

    #[test]
    fn an_author_cannot_help_its_own_plan_over_the_quorum() {
        let mut scene = Scene::explored();
        let plan = scene.propose(&modeler(), scene.fresh_plan(5));
        let lint = scene.lint_of(plan);
        let endorse = Action::Endorse(scene.critique(plan, lint));
        assert_eq!(
            scene.refused(&modeler(), Stage::Explore, &endorse),
            Some(Rule::SelfEndorsement)
        );
    }
}
