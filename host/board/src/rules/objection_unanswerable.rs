//! What an objection asks for must be something that its target could do: only a protocol leaves
//! out rows.

use super::{Case, Found};
use crate::rule::{Refusal, Rule};
use crate::vocabulary::Action;

pub(super) fn check(case: &Case<'_>) -> Found {
    let Action::Object(objection) = case.action else {
        return Ok(());
    };
    let target = objection.critique.target;
    let is_result = case.state.experiments.contains_key(&target);
    let impossible = if is_result {
        !objection.drop_columns.is_empty() || !objection.exclude.is_empty()
    } else {
        !objection.exclude.is_empty() && case.state.protocol_of(target).is_none()
    };
    if impossible {
        Err(Refusal::new(Rule::ObjectionUnanswerable, target))
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use crate::rule::Rule;
    use crate::scene::{Scene, exclusion, modeler, validator};
    use crate::vocabulary::{Action, Stage};

    #[test]
    fn a_plan_is_not_asked_to_change_the_population() {
        let mut scene = Scene::explored();
        let plan = scene.propose(&modeler(), scene.fresh_plan(5));
        let block = scene.blocking_lint_of(plan);
        let mut objection = scene.objection(plan, block);
        objection.exclude = vec![exclusion("discharge", "expired", block)];
        let object = Action::Object(objection);
        assert_eq!(
            scene.refused(&validator(), Stage::Explore, &object),
            Some(Rule::ObjectionUnanswerable)
        );
    }
}
