//! A team that owes a verdict interprets what it has before it asks for more.

use super::{Case, Found};
use crate::rule::{Refusal, Rule};
use crate::vocabulary::Action;

pub(super) fn check(case: &Case<'_>) -> Found {
    let new_work = matches!(case.action, Action::OpenHypothesis(_)) || case.plan().is_some();
    if !new_work {
        return Ok(());
    }
    match case.state.owed_verdicts(&case.card.instance).first() {
        Some(result) => Err(Refusal::new(Rule::OpenVerdictTickets, *result)),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use crate::rule::Rule;
    use crate::scene::{Scene, modeler};
    use crate::vocabulary::{Action, Decision, Stage};

    #[test]
    fn an_unread_result_stops_its_team_and_nobody_else() {
        let mut scene = Scene::explored();
        let result = scene.experiment(scene.plan, 0.68);
        let propose = Action::Propose(scene.fresh_plan(7));
        assert_eq!(
            scene.refused(&modeler(), Stage::Explore, &propose),
            Some(Rule::OpenVerdictTickets)
        );
        scene.act(
            &modeler(),
            Stage::Explore,
            Action::GiveVerdict(scene.verdict(result, Decision::Hold)),
        );
        assert_eq!(scene.refused(&modeler(), Stage::Explore, &propose), None);
    }
}
