//! An endorsement does not cite a check that blocks, nor an objection one that passes.

use super::{Case, Found};
use crate::rule::{Refusal, Rule};
use crate::vocabulary::{Action, OutcomeVerdict};

pub(super) fn check(case: &Case<'_>) -> Found {
    let Some(critique) = case.critique() else {
        return Ok(());
    };
    let verdict = case
        .state
        .checks
        .get(&critique.evidence)
        .map(|check| check.verdict);
    let contradicts = match case.action {
        Action::Endorse(_) => verdict == Some(OutcomeVerdict::Block),
        _ => verdict == Some(OutcomeVerdict::Pass),
    };
    if contradicts {
        Err(Refusal::new(Rule::EvidenceContradicts, critique.evidence))
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use crate::rule::Rule;
    use crate::scene::{Scene, modeler, validator};
    use crate::vocabulary::{Action, Stage};

    #[test]
    fn a_check_is_not_cited_against_what_it_says() {
        let mut scene = Scene::explored();
        let plan = scene.propose(&modeler(), scene.fresh_plan(5));
        let pass = scene.lint_of(plan);
        let object = Action::Object(scene.objection(plan, pass));
        assert_eq!(
            scene.refused(&validator(), Stage::Explore, &object),
            Some(Rule::EvidenceContradicts)
        );
        let block = scene.blocking_lint_of(plan);
        let endorse = Action::Endorse(scene.critique(plan, block));
        assert_eq!(
            scene.refused(&validator(), Stage::Explore, &endorse),
            Some(Rule::EvidenceContradicts)
        );
    }
}
