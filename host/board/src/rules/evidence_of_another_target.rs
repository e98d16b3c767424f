//! The check that is cited must be about what is judged.

use super::{Case, Found};
use crate::evidence::is_about;
use crate::rule::{Refusal, Rule};

pub(super) fn check(case: &Case<'_>) -> Found {
    let Some(critique) = case.critique() else {
        return Ok(());
    };
    match case.state.checks.get(&critique.evidence) {
        Some(check) if !is_about(case.state, check, critique.target) => Err(Refusal::new(
            Rule::EvidenceOfAnotherTarget,
            critique.evidence,
        )),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use crate::rule::Rule;
    use crate::scene::{Scene, modeler, validator};
    use crate::vocabulary::{Action, CheckKind, CheckTarget, OutcomeVerdict, Stage};

    #[test]
    fn the_lint_of_another_plan_endorses_nothing() {
        let mut scene = Scene::explored();
        let plan = scene.propose(&modeler(), scene.fresh_plan(5));
        let endorse = Action::Endorse(scene.critique(plan, scene.lint));
        assert_eq!(
            scene.refused(&validator(), Stage::Explore, &endorse),
            Some(Rule::EvidenceOfAnotherTarget)
        );
    }

    #[test]
    fn a_check_of_a_column_counts_only_where_the_column_is_used() {
        let mut scene = Scene::explored();
        let plan = scene.propose(&modeler(), scene.fresh_plan(5));
        let mut about = |column: &str| {
            let target = CheckTarget::Column(column.to_owned());
            let id = scene.check(CheckKind::TargetProxy, target, OutcomeVerdict::Pass);
            let endorse = Action::Endorse(scene.critique(plan, id));
            scene.refused(&validator(), Stage::Explore, &endorse)
        };
        assert_eq!(about("age"), None);
        assert_eq!(about("weight"), Some(Rule::EvidenceOfAnotherTarget));
    }
}
