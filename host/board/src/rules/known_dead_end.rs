//! A plan does not go where another one showed that there is nothing.

use super::{Case, Found};
use crate::rule::{Refusal, Rule};

pub(super) fn check(case: &Case<'_>) -> Found {
    let Some(plan) = case.plan() else {
        return Ok(());
    };
    if !case.state.dead_ends.iter().any(|dead| dead.covers(plan)) {
        return Ok(());
    }
    let stated = case.state.verdicts.iter().find(|(_, (_, _, verdict))| {
        verdict
            .dead_end
            .as_ref()
            .is_some_and(|dead| dead.covers(plan))
    });
    Err(Refusal::new(
        Rule::KnownDeadEnd,
        stated.map_or(0, |(id, _)| *id),
    ))
}

#[cfg(test)]
mod tests {
    use crate::rule::Rule;
    use crate::scene::{Scene, modeler};
    use crate::vocabulary::{Action, DeadEnd, Decision, Direction, Scalar, Stage};

    #[test]
    fn deeper_trees_are_not_tried_again_after_they_failed() {
        let mut scene = Scene::explored();
        // the plan of the scene has depth 4
        let result = scene.experiment(scene.plan, 0.6);
        let mut verdict = scene.verdict(result, Decision::DeadEnd);
        verdict.dead_end = Some(DeadEnd {
            method: "gradient-boosting".to_owned(),
            axis: "depth".to_owned(),
            direction: Direction::AtOrAbove,
            value: Scalar::Integer(4),
        });
        scene.act(&modeler(), Stage::Explore, Action::GiveVerdict(verdict));
        let deeper = Action::Propose(scene.fresh_plan(5));
        assert_eq!(
            scene.refused(&modeler(), Stage::Explore, &deeper),
            Some(Rule::KnownDeadEnd)
        );
        let flatter = Action::Propose(scene.fresh_plan(3));
        assert_eq!(scene.refused(&modeler(), Stage::Explore, &flatter), None);
    }
}
