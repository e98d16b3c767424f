//! Saying the same again changes nothing: one endorsement for each agent and target, no endorsement
//! over an open objection of one's own, no objection twice, one verdict for each result, one opening
//! of a hypothesis.

use super::{Case, Found};
use crate::rule::{Refusal, Rule};
use crate::vocabulary::{Action, EventId};

pub(super) fn check(case: &Case<'_>) -> Found {
    match said(case) {
        Some(id) => Err(Refusal::new(Rule::SaidBefore, id)),
        None => Ok(()),
    }
}

fn said(case: &Case<'_>) -> Option<EventId> {
    let (state, me) = (case.state, case.card.instance.as_str());
    match case.action {
        Action::Endorse(critique) => {
            let endorsed = state
                .proposals
                .get(&critique.target)
                .and_then(|proposed| proposed.endorsed_by.get(me).copied());
            endorsed.or_else(|| {
                state
                    .open_objections(critique.target)
                    .find(|(_, objected)| objected.author == me)
                    .map(|(id, _)| id)
            })
        }
        Action::Object(objection) => state
            .objections
            .iter()
            .find(|(_, said)| {
                said.author == me
                    && said.objection.critique.target == objection.critique.target
                    && said.objection.critique.evidence == objection.critique.evidence
                    && said.objection.drop_columns == objection.drop_columns
                    && said.objection.exclude == objection.exclude
            })
            .map(|(id, _)| *id),
        Action::GiveVerdict(verdict) => state
            .verdicts
            .iter()
            .find(|(_, (stage, author, said))| {
                *stage == case.stage && author == me && said.result == verdict.result
            })
            .map(|(id, _)| *id),
        Action::OpenHypothesis(hypothesis) => state
            .hypotheses
            .iter()
            .find(|(_, opened)| opened.author == me && opened.hypothesis == *hypothesis)
            .map(|(id, _)| *id),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::rule::Rule;
    use crate::scene::{Scene, modeler, validator};
    use crate::vocabulary::{Action, Decision, Stage};

    #[test]
    fn one_agent_is_one_voice() {
        let mut scene = Scene::explored();
        let plan = scene.propose(&modeler(), scene.fresh_plan(5));
        let lint = scene.lint_of(plan);
        let endorse = Action::Endorse(scene.critique(plan, lint));
        scene.act(&validator(), Stage::Explore, endorse.clone());
        assert_eq!(
            scene.refused(&validator(), Stage::Explore, &endorse),
            Some(Rule::SaidBefore)
        );
        assert_eq!(scene.state().proposals[&plan].endorsed_by.len(), 1);
    }

    #[test]
    fn an_objection_is_withdrawn_before_its_author_endorses() {
        let mut scene = Scene::explored();
        let plan = scene.propose(&modeler(), scene.fresh_plan(5));
        let block = scene.blocking_lint_of(plan);
        let object = Action::Object(scene.objection(plan, block));
        let id = scene.act(&validator(), Stage::Explore, object.clone());
        assert_eq!(
            scene.refused(&validator(), Stage::Explore, &object),
            Some(Rule::SaidBefore)
        );
        let pass = scene.lint_of(plan);
        let endorse = Action::Endorse(scene.critique(plan, pass));
        assert_eq!(
            scene.refused(&validator(), Stage::Explore, &endorse),
            Some(Rule::SaidBefore)
        );
        scene.act(&validator(), Stage::Explore, Action::Withdraw(id));
        assert_eq!(scene.refused(&validator(), Stage::Explore, &endorse), None);
    }

    #[test]
    fn a_result_gets_one_verdict_from_its_team() {
        let mut scene = Scene::explored();
        let result = scene.experiment(scene.plan, 0.68);
        scene.act(
            &modeler(),
            Stage::Explore,
            Action::GiveVerdict(scene.verdict(result, Decision::Hold)),
        );
        let again = Action::GiveVerdict(scene.verdict(result, Decision::Promote));
        assert_eq!(
            scene.refused(&modeler(), Stage::Explore, &again),
            Some(Rule::SaidBefore)
        );
    }
}
