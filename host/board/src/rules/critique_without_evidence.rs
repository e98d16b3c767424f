//! A critique cites a check that was computed. "Looks fine" is not a critique.

use super::{Case, Found};
use crate::rule::{Refusal, Rule};

pub(super) fn check(case: &Case<'_>) -> Found {
    match case.critique() {
        Some(critique) if !case.state.checks.contains_key(&critique.evidence) => Err(Refusal::new(
            Rule::CritiqueWithoutEvidence,
            critique.evidence,
        )),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use crate::rule::Rule;
    use crate::scene::{Scene, modeler, validator};
    use crate::vocabulary::{Action, Stage};

    #[test]
    fn an_opinion_a_guess_and_another_event_are_no_evidence() {
        let mut scene = Scene::explored();
        let plan = scene.propose(&modeler(), scene.fresh_plan(5));
        for evidence in [0, 9999, plan, scene.protocol] {
            let endorse = Action::Endorse(scene.critique(plan, evidence));
            let object = Action::Object(scene.objection(plan, evidence));
            for action in [endorse, object] {
                let refused = scene.refused(&validator(), Stage::Explore, &action);
                assert_eq!(refused, Some(Rule::CritiqueWithoutEvidence), "{evidence}");
            }
        }
    }
}
