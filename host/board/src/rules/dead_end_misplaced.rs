//! A dead end is the direction of the plan that was judged: a team cannot close the way of another,
//! and nobody closes the way that led to the champion.

use super::{Case, Found};
use crate::dead_end::METHOD;
use crate::rule::{Refusal, Rule};
use crate::vocabulary::{Action, EventId, Plan};

pub(super) fn check(case: &Case<'_>) -> Found {
    let Action::GiveVerdict(verdict) = case.action else {
        return Ok(());
    };
    let Some(dead) = &verdict.dead_end else {
        return Ok(());
    };
    let plan_of = |result: EventId| -> Option<&Plan> {
        case.state.plan(case.state.experiments.get(&result)?.plan)
    };
    let covers_own = plan_of(verdict.result).is_some_and(|plan| dead.covers(plan));
    let covers_champion = case
        .state
        .champion
        .and_then(plan_of)
        .is_some_and(|plan| dead.covers(plan));
    let known_axis = dead.axis == METHOD
        || case
            .facts
            .learners
            .get(&dead.method)
            .is_some_and(|params| params.iter().any(|param| param.covers(&dead.axis)));
    if covers_own && !covers_champion && known_axis {
        Ok(())
    } else {
        Err(Refusal::new(Rule::DeadEndMisplaced, verdict.result))
    }
}

#[cfg(test)]
mod tests {
    use crate::event::Body;
    use crate::rule::Rule;
    use crate::scene::{Scene, modeler};
    use crate::vocabulary::{Action, DeadEnd, Decision, Direction, EventBody, Scalar, Stage};

    fn dead(method: &str, axis: &str, value: i64) -> DeadEnd {
        DeadEnd {
            method: method.to_owned(),
            axis: axis.to_owned(),
            direction: Direction::AtOrAbove,
            value: Scalar::Integer(value),
        }
    }

    #[test]
    fn nobody_closes_a_way_that_was_not_gone() {
        let mut scene = Scene::explored();
        let result = scene.experiment(scene.plan, 0.6);
        let refused = |dead: DeadEnd| {
            let mut verdict = scene.verdict(result, Decision::DeadEnd);
            verdict.dead_end = Some(dead);
            scene.refused(&modeler(), Stage::Explore, &Action::GiveVerdict(verdict))
        };
        assert_eq!(refused(dead("gradient-boosting", "depth", 4)), None);
        assert_eq!(
            refused(dead("gradient-boosting", "depth", 5)),
            Some(Rule::DeadEndMisplaced)
        );
        assert_eq!(
            refused(dead("elastic-net-logistic", "method", 0)),
            Some(Rule::DeadEndMisplaced)
        );
        assert_eq!(
            refused(dead("gradient-boosting", "luck", 0)),
            Some(Rule::DeadEndMisplaced)
        );
    }

    #[test]
    fn the_way_that_led_to_the_champion_stays_open() {
        let mut scene = Scene::explored();
        let champion = scene.experiment(scene.plan, 0.68);
        scene.append(
            Stage::Explore,
            "host",
            Body::Agent(EventBody::Promoted(champion)),
        );
        let mut verdict = scene.verdict(champion, Decision::DeadEnd);
        verdict.dead_end = Some(dead("gradient-boosting", "method", 0));
        let verdict = Action::GiveVerdict(verdict);
        assert_eq!(
            scene.refused(&modeler(), Stage::Explore, &verdict),
            Some(Rule::DeadEndMisplaced)
        );
    }
}
