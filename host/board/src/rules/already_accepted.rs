//! What is accepted stands: it needs no further endorsement, and its author cannot replace it while
//! nobody objects. A plan that has run is not objected to any more; its result is judged.

use super::{Case, Found};
use crate::rule::{Refusal, Rule};
use crate::vocabulary::{Action, EventId};

pub(super) fn check(case: &Case<'_>) -> Found {
    let state = case.state;
    let stands = |id: EventId| {
        state
            .proposals
            .get(&id)
            .is_some_and(|proposed| proposed.accepted)
            && !state.has_open_objection(id)
    };
    let touched = match case.action {
        Action::Propose(proposal) => proposal.supersedes.filter(|id| stands(*id)),
        Action::Endorse(critique) => Some(critique.target).filter(|id| stands(*id)),
        Action::Object(objection) => {
            Some(objection.critique.target).filter(|id| state.has_run(*id))
        }
        _ => None,
    };
    match touched {
        Some(id) => Err(Refusal::new(Rule::AlreadyAccepted, id)),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use crate::rule::Rule;
    use crate::scene::{Scene, card, modeler, validator};
    use crate::vocabulary::{Action, Role, Stage};

    #[test]
    fn an_accepted_plan_is_not_swapped_behind_its_quorum() {
        let scene = Scene::explored();
        let mut successor = scene.fresh_plan(6);
        successor.supersedes = Some(scene.plan);
        let propose = Action::Propose(successor);
        assert_eq!(
            scene.refused(&modeler(), Stage::Explore, &propose),
            Some(Rule::AlreadyAccepted)
        );
        let steward = card(Role::DataSteward, "data-steward");
        let endorse = Action::Endorse(scene.critique(scene.plan, scene.lint));
        assert_eq!(
            scene.refused(&steward, Stage::Explore, &endorse),
            Some(Rule::AlreadyAccepted)
        );
    }

    #[test]
    fn an_accepted_plan_can_be_objected_to_until_it_runs() {
        let mut scene = Scene::explored();
        let block = scene.blocking_lint_of(scene.plan);
        let object = Action::Object(scene.objection(scene.plan, block));
        assert_eq!(scene.refused(&validator(), Stage::Explore, &object), None);
        scene.experiment(scene.plan, 0.68);
        assert_eq!(
            scene.refused(&validator(), Stage::Explore, &object),
            Some(Rule::AlreadyAccepted)
        );
    }
}
