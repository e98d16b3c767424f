//! Each role does what it is there for. The orchestrator, which sees no data, says nothing about
//! them; nobody but the translator writes sentences.

use super::{Case, Found};
use crate::rule::{Refusal, Rule};
use crate::vocabulary::{Action, ProposalBody, Role};

pub(super) fn check(case: &Case<'_>) -> Found {
    use Role::{
        Biostatistician, DataSteward, FeatureEngineer, Modeler, Orchestrator, Translator, Validator,
    };
    let role = case.card.role;
    let may = match case.action {
        Action::RequestCheck(_) => !matches!(role, Orchestrator | Translator),
        Action::OpenHypothesis(_) => role == Modeler,
        Action::Propose(proposal) => match proposal.body {
            ProposalBody::Protocol(_) => role == Biostatistician,
            ProposalBody::Features(_) => role == FeatureEngineer,
            ProposalBody::Analysis(_) => role == Modeler,
        },
        Action::Endorse(_) | Action::Object(_) | Action::Withdraw(_) => {
            matches!(
                role,
                DataSteward | Biostatistician | FeatureEngineer | Modeler | Validator
            )
        }
        Action::GiveVerdict(_) => matches!(role, Modeler | Validator),
        Action::State(_) => role == Translator,
        Action::Schedule(_) | Action::Advance => role == Orchestrator,
    };
    if may {
        Ok(())
    } else {
        Err(Refusal::new(Rule::RoleForbidsAction, 0))
    }
}

#[cfg(test)]
mod tests {
    use crate::rule::Rule;
    use crate::scene::{Scene, card};
    use crate::vocabulary::{Action, Role, Stage};

    #[test]
    fn nobody_but_the_orchestrator_schedules_and_it_does_nothing_else() {
        let scene = Scene::explored();
        let orchestrator = card(Role::Orchestrator, "orchestrator");
        let object = Action::Object(scene.objection(scene.plan, scene.lint));
        assert_eq!(
            scene.refused(&orchestrator, Stage::Explore, &object),
            Some(Rule::RoleForbidsAction)
        );
        for role in [Role::Modeler, Role::Validator, Role::Translator] {
            let somebody = card(role, "somebody");
            assert_eq!(
                scene.refused(&somebody, Stage::Explore, &Action::Advance),
                Some(Rule::RoleForbidsAction)
            );
        }
        assert_eq!(
            scene.refused(&orchestrator, Stage::Explore, &Action::Advance),
            None
        );
    }

    #[test]
    fn a_validator_proposes_nothing() {
        let scene = Scene::explored();
        let propose = Action::Propose(scene.fresh_plan(7));
        let validator = card(Role::Validator, "validator");
        assert_eq!(
            scene.refused(&validator, Stage::Explore, &propose),
            Some(Rule::RoleForbidsAction)
        );
    }
}
