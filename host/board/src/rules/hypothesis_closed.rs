//! A plan tests an open hypothesis of its own team.

use super::{Case, Found};
use crate::rule::{Refusal, Rule};

pub(super) fn check(case: &Case<'_>) -> Found {
    let Some(plan) = case.plan() else {
        return Ok(());
    };
    match case.state.hypotheses.get(&plan.hypothesis) {
        Some(opened) if opened.author != case.card.instance => {
            Err(Refusal::new(Rule::NotYourHypothesis, plan.hypothesis))
        }
        Some(opened) if opened.falsified => {
            Err(Refusal::new(Rule::HypothesisClosed, plan.hypothesis))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use crate::event::Body;
    use crate::rule::Rule;
    use crate::scene::{Scene, card, modeler};
    use crate::vocabulary::{Action, EventBody, Role, Stage};

    #[test]
    fn a_refuted_hypothesis_gets_no_further_plans() {
        let mut scene = Scene::explored();
        let propose = Action::Propose(scene.fresh_plan(7));
        let rival = card(Role::Modeler, "modeler-rival");
        assert_eq!(
            scene.refused(&rival, Stage::Explore, &propose),
            Some(Rule::NotYourHypothesis)
        );
        scene.append(
            Stage::Explore,
            "host",
            Body::Agent(EventBody::Falsified(scene.hypothesis)),
        );
        assert_eq!(
            scene.refused(&modeler(), Stage::Explore, &propose),
            Some(Rule::HypothesisClosed)
        );
    }
}
