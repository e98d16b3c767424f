//! In explore a team judges its own results; in validate the validator judges the champion.

use super::{Case, Found};
use crate::rule::{Refusal, Rule};
use crate::vocabulary::{Action, Role};

pub(super) fn check(case: &Case<'_>) -> Found {
    let Action::GiveVerdict(verdict) = case.action else {
        return Ok(());
    };
    let yours = match case.card.role {
        Role::Validator => case.state.champion == Some(verdict.result),
        _ => case.state.owner_of_result(verdict.result) == Some(case.card.instance.as_str()),
    };
    if yours {
        Ok(())
    } else {
        Err(Refusal::new(Rule::NotYourResult, verdict.result))
    }
}

#[cfg(test)]
mod tests {
    use crate::rule::Rule;
    use crate::scene::{Scene, card, modeler, validator};
    use crate::vocabulary::{Action, Decision, Role, Stage};

    #[test]
    fn a_rival_cannot_drop_a_result() {
        let mut scene = Scene::explored();
        let result = scene.experiment(scene.plan, 0.68);
        let verdict = Action::GiveVerdict(scene.verdict(result, Decision::Hold));
        let rival = card(Role::Modeler, "modeler-rival");
        assert_eq!(
            scene.refused(&rival, Stage::Explore, &verdict),
            Some(Rule::NotYourResult)
        );
        assert_eq!(scene.refused(&modeler(), Stage::Explore, &verdict), None);
        // and the validator signs the champion only
        assert_eq!(
            scene.refused(&validator(), Stage::Validate, &verdict),
            Some(Rule::NotYourResult)
        );
    }
}
