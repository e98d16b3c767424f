//! No endorsement while a check blocks something that the proposal still uses: a leak that was
//! found is dropped before anything is computed.

use super::{Case, Found};
use crate::evidence::unanswered_blocks;
use crate::rule::{Refusal, Rule};
use crate::vocabulary::Action;

pub(super) fn check(case: &Case<'_>) -> Found {
    let Action::Endorse(critique) = case.action else {
        return Ok(());
    };
    match unanswered_blocks(case.state, critique.target).first() {
        Some(block) => Err(Refusal::new(Rule::BlockedCheckNotAnswered, *block)),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use crate::rule::Rule;
    use crate::scene::{Scene, modeler, steward, validator};
    use crate::vocabulary::{Action, CheckKind, CheckTarget, OutcomeVerdict, Stage};

    #[test]
    fn a_plan_on_a_column_found_to_leak_is_not_endorsed_by_citing_something_else() {
        let mut scene = Scene::explored();
        let plan = scene.propose(&modeler(), scene.fresh_plan(5));
        let lint = scene.lint_of(plan);
        let endorse = Action::Endorse(scene.critique(plan, lint));
        assert_eq!(scene.refused(&validator(), Stage::Explore, &endorse), None);
        scene.check(
            CheckKind::TargetProxy,
            CheckTarget::Column("age".to_owned()),
            OutcomeVerdict::Block,
        );
        assert_eq!(
            scene.refused(&validator(), Stage::Explore, &endorse),
            Some(Rule::BlockedCheckNotAnswered)
        );
        // a later check of the same column takes the place of the earlier one
        scene.check(
            CheckKind::TargetProxy,
            CheckTarget::Column("age".to_owned()),
            OutcomeVerdict::Pass,
        );
        assert_eq!(scene.refused(&validator(), Stage::Explore, &endorse), None);
    }

    #[test]
    fn a_protocol_that_keeps_the_dead_is_not_endorsed_and_one_that_leaves_them_out_is() {
        let mut scene = Scene::designed();
        let lint = scene.lint_of(scene.protocol);
        let block = scene.check(
            CheckKind::ImpossibleOutcome,
            CheckTarget::Column("discharge".to_owned()),
            OutcomeVerdict::Block,
        );
        let endorse = Action::Endorse(scene.critique(scene.protocol, lint));
        assert_eq!(
            scene.refused(&steward(), Stage::Design, &endorse),
            Some(Rule::BlockedCheckNotAnswered)
        );
        let successor = scene.protocol_without("discharge", "expired", block);
        let lint = scene.lint_of(successor);
        let endorse = Action::Endorse(scene.critique(successor, lint));
        assert_eq!(scene.refused(&steward(), Stage::Design, &endorse), None);
    }
}
