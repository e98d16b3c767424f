//! Dead ends: which way not to go again, and whether a plan would.

use autods_sdk::agent::{Briefing, DeadEnd, Direction, EventBody, EventId, Param, Plan, Scalar};

use crate::family::Family;
use crate::numbers::{as_number, number};
use crate::{ladder, record};

/// Parameters that only follow another one (twice the rounds at half the rate): no direction of
/// their own while another parameter changed too.
const FOLLOWING: [&str; 2] = ["rounds", "max-bin"];

/// What a result that is worse than the champion rules out.
///
/// If the team did better before, the direction in which this plan left that better one. If this
/// is the team's best and no rung is left, the learner as such. Otherwise nothing: one bad start
/// does not rule a learner out.
pub(crate) fn from(
    briefing: &Briefing,
    family: Family,
    result: EventId,
    plan: &Plan,
    auroc: f64,
) -> Option<DeadEnd> {
    let better = record::best(briefing, result)
        .filter(|(best, found)| best.method == plan.method && found.auroc.value > auroc);
    if let Some((best, _)) = better {
        let (axis, direction, value) = way(&best.params, &plan.params)?;
        let dead = DeadEnd {
            method: plan.method.clone(),
            axis,
            direction,
            value,
        };
        return (!covers_champion(briefing, &dead)).then_some(dead);
    }
    let dead = DeadEnd {
        method: plan.method.clone(),
        axis: "method".to_owned(),
        direction: Direction::Equal,
        value: Scalar::Text(plan.method.clone()),
    };
    (ladder::is_exhausted(briefing, family) && !covers_champion(briefing, &dead)).then_some(dead)
}

/// Whether the champion itself goes in that direction, which then cannot be dead.
fn covers_champion(briefing: &Briefing, dead: &DeadEnd) -> bool {
    record::champion(briefing)
        .is_some_and(|(_, plan)| plan.method == dead.method && covers(dead, &plan.params))
}

/// The first parameter in which `to` differs from `from`, which way, and from where.
fn way(from: &[Param], to: &[Param]) -> Option<(String, Direction, Scalar)> {
    let differing = |following: bool| {
        to.iter().find_map(|param| {
            let (old, new) = (number(from, &param.name)?, as_number(&param.value)?);
            let direction = match new.total_cmp(&old) {
                std::cmp::Ordering::Less => Direction::AtOrBelow,
                std::cmp::Ordering::Greater => Direction::AtOrAbove,
                std::cmp::Ordering::Equal => return None,
            };
            (FOLLOWING.contains(&param.name.as_str()) == following)
                .then(|| (param.name.clone(), direction, param.value.clone()))
        })
    };
    differing(false).or_else(|| differing(true))
}

/// Whether a dead end on the board, anybody's, rules these parameters of the learner out.
pub(crate) fn rules_out(briefing: &Briefing, learner: &str, params: &[Param]) -> bool {
    briefing.events.iter().any(|event| match &event.body {
        EventBody::Verdict(verdict) => verdict
            .dead_end
            .as_ref()
            .is_some_and(|dead| dead.method == learner && covers(dead, params)),
        _ => false,
    })
}

fn covers(dead: &DeadEnd, params: &[Param]) -> bool {
    if dead.axis == "method" {
        return true;
    }
    let (Some(limit), Some(value)) = (as_number(&dead.value), number(params, &dead.axis)) else {
        return false;
    };
    match dead.direction {
        Direction::Equal => value.total_cmp(&limit).is_eq(),
        Direction::AtOrAbove => value >= limit,
        Direction::AtOrBelow => value <= limit,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use autods_sdk::params::{param_integer, param_number};

    #[test]
    fn the_direction_is_that_of_the_parameter_which_leads() {
        let from = [
            param_integer("rounds", 150),
            param_number("learning-rate", 0.06),
        ];
        let to = [
            param_integer("rounds", 300),
            param_number("learning-rate", 0.03),
        ];
        let (axis, direction, value) = way(&from, &to).unwrap();
        assert_eq!(
            (axis.as_str(), direction),
            ("learning-rate", Direction::AtOrBelow)
        );
        assert_eq!(value, Scalar::Number(0.03));
        let longer = [
            param_integer("rounds", 300),
            param_number("learning-rate", 0.06),
        ];
        assert_eq!(way(&from, &longer).unwrap().0, "rounds");
        assert_eq!(way(&from, &from), None);
    }

    #[test]
    fn a_dead_end_covers_its_direction_and_no_other() {
        let dead = |direction| DeadEnd {
            method: "gradient-boosting".to_owned(),
            axis: "depth".to_owned(),
            direction,
            value: Scalar::Integer(4),
        };
        let depth = |n| [param_integer("depth", n)];
        assert!(covers(&dead(Direction::AtOrBelow), &depth(3)));
        assert!(!covers(&dead(Direction::AtOrBelow), &depth(5)));
        assert!(covers(&dead(Direction::AtOrAbove), &depth(4)));
        assert!(!covers(&dead(Direction::Equal), &depth(5)));
        assert!(!covers(
            &dead(Direction::Equal),
            &[param_integer("rounds", 4)]
        ));
    }
}
