//! A successor comes from the author of what it replaces, and is of the same kind.

use super::{Case, Found};
use crate::rule::{Refusal, Rule};

pub(super) fn check(case: &Case<'_>) -> Found {
    let Some(proposal) = case.proposal() else {
        return Ok(());
    };
    let Some((id, before)) = proposal
        .supersedes
        .and_then(|id| Some((id, case.state.proposals.get(&id)?)))
    else {
        return Ok(());
    };
    let same_kind =
        std::mem::discriminant(&before.proposal.body) == std::mem::discriminant(&proposal.body);
    if before.author == case.card.instance && same_kind {
        Ok(())
    } else {
        Err(Refusal::new(Rule::NotYourProposal, id))
    }
}

#[cfg(test)]
mod tests {
    use crate::rule::Rule;
    use crate::scene::{Scene, card, modeler};
    use crate::vocabulary::{Action, Role, Stage};

    #[test]
    fn a_team_cannot_push_another_teams_plan_aside() {
        let mut scene = Scene::explored();
        let theirs = scene.propose(&modeler(), scene.fresh_plan(5));
        let mut successor = scene.fresh_plan(6);
        successor.supersedes = Some(theirs);
        let rival = card(Role::Modeler, "modeler-rival");
        let propose = Action::Propose(successor.clone());
        assert_eq!(
            scene.refused(&rival, Stage::Explore, &propose),
            Some(Rule::NotYourProposal)
        );
        // nor one's own features by a plan
        successor.supersedes = Some(scene.features);
        let propose = Action::Propose(successor);
        assert_eq!(
            scene.refused(&modeler(), Stage::Explore, &propose),
            Some(Rule::NotYourProposal)
        );
    }
}
