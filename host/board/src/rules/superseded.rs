//! A proposal that has a successor is history: nobody judges it, replaces it again or builds on it.

use super::{Case, Found};
use crate::rule::{Refusal, Rule};
use crate::vocabulary::{Action, EventId};

pub(super) fn check(case: &Case<'_>) -> Found {
    let touched: Option<EventId> = match case.action {
        Action::Propose(proposal) => {
            let features = case
                .plan()
                .map(|plan| plan.features)
                .filter(|id| has_successor(case, *id));
            features.or(proposal.supersedes)
        }
        Action::Endorse(_) | Action::Object(_) => case.critique().map(|critique| critique.target),
        _ => None,
    };
    match touched {
        Some(id) if has_successor(case, id) => Err(Refusal::new(Rule::Superseded, id)),
        _ => Ok(()),
    }
}

fn has_successor(case: &Case<'_>, id: EventId) -> bool {
    case.state
        .proposals
        .get(&id)
        .is_some_and(|proposed| proposed.superseded_by.is_some())
}

#[cfg(test)]
mod tests {
    use crate::rule::Rule;
    use crate::scene::{Scene, modeler, validator};
    use crate::vocabulary::{Action, Stage};

    #[test]
    fn what_has_a_successor_is_not_endorsed_or_replaced_again() {
        let mut scene = Scene::explored();
        let old = scene.propose(&modeler(), scene.fresh_plan(5));
        let lint = scene.lint_of(old);
        let mut successor = scene.fresh_plan(6);
        successor.supersedes = Some(old);
        scene.propose(&modeler(), successor);
        let endorse = Action::Endorse(scene.critique(old, lint));
        assert_eq!(
            scene.refused(&validator(), Stage::Explore, &endorse),
            Some(Rule::Superseded)
        );
        let mut third = scene.fresh_plan(7);
        third.supersedes = Some(old);
        assert_eq!(
            scene.refused(&modeler(), Stage::Explore, &Action::Propose(third)),
            Some(Rule::Superseded)
        );
    }
}
