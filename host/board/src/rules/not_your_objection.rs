//! An objection is withdrawn by who raised it, once.

use super::{Case, Found};
use crate::rule::{Refusal, Rule};
use crate::vocabulary::Action;

pub(super) fn check(case: &Case<'_>) -> Found {
    let Action::Withdraw(id) = case.action else {
        return Ok(());
    };
    let yours = case
        .state
        .objections
        .get(id)
        .is_some_and(|objected| objected.open && objected.author == case.card.instance);
    if yours {
        Ok(())
    } else {
        Err(Refusal::new(Rule::NotYourObjection, *id))
    }
}

#[cfg(test)]
mod tests {
    use crate::rule::Rule;
    use crate::scene::{Scene, biostatistician, modeler, validator};
    use crate::vocabulary::{Action, Stage};

    #[test]
    fn nobody_silences_another_and_a_withdrawal_happens_once() {
        let mut scene = Scene::explored();
        let plan = scene.propose(&modeler(), scene.fresh_plan(5));
        let block = scene.blocking_lint_of(plan);
        let objection = scene.act(
            &validator(),
            Stage::Explore,
            Action::Object(scene.objection(plan, block)),
        );
        let withdraw = Action::Withdraw(objection);
        for other in [modeler(), biostatistician()] {
            assert_eq!(
                scene.refused(&other, Stage::Explore, &withdraw),
                Some(Rule::NotYourObjection)
            );
        }
        scene.act(&validator(), Stage::Explore, withdraw.clone());
        assert_eq!(
            scene.refused(&validator(), Stage::Explore, &withdraw),
            Some(Rule::NotYourObjection)
        );
    }
}
