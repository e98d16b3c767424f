//! Which plans a dead end covers.

use crate::vocabulary::{DeadEnd, Direction, Param, Plan, Scalar};
use std::cmp::Ordering;

/// The axis of a dead end that is the learner as such.
pub(crate) const METHOD: &str = "method";

impl DeadEnd {
    /// Whether a plan goes in this direction. A plan that does not set the parameter is not
    /// covered; a text is only ever equal.
    pub fn covers(&self, plan: &Plan) -> bool {
        if plan.method != self.method {
            return false;
        }
        if self.axis == METHOD {
            return true;
        }
        let Some(Param { value, .. }) = plan.params.iter().find(|param| param.name == self.axis)
        else {
            return false;
        };
        matches!(
            (order(value, &self.value), self.direction),
            (Some(Ordering::Equal), _)
                | (Some(Ordering::Greater), Direction::AtOrAbove)
                | (Some(Ordering::Less), Direction::AtOrBelow)
        )
    }
}

fn order(a: &Scalar, b: &Scalar) -> Option<Ordering> {
    match (a, b) {
        (Scalar::Text(a), Scalar::Text(b)) => (a == b).then_some(Ordering::Equal),
        (Scalar::Flag(a), Scalar::Flag(b)) => (a == b).then_some(Ordering::Equal),
        (Scalar::Missing, Scalar::Missing) => Some(Ordering::Equal),
        _ => number(a)?.partial_cmp(&number(b)?),
    }
}

fn number(value: &Scalar) -> Option<f64> {
    match value {
        Scalar::Integer(v) => Some(*v as f64),
        Scalar::Number(v) => Some(*v),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::{param, plan};

    #[test]
    fn a_dead_end_covers_its_direction_and_no_other() {
        let dead = |direction| DeadEnd {
            method: "gradient-boosting".to_owned(),
            axis: "depth".to_owned(),
            direction,
            value: Scalar::Number(4.0),
        };
        let depth = |n| plan(1, 2, "gradient-boosting", &[param("depth", n)]);
        assert!(
            dead(Direction::AtOrAbove).covers(&depth(5))
                && !dead(Direction::AtOrAbove).covers(&depth(3))
        );
        assert!(
            dead(Direction::AtOrBelow).covers(&depth(4))
                && !dead(Direction::AtOrBelow).covers(&depth(5))
        );
        assert!(
            dead(Direction::Equal).covers(&depth(4)) && !dead(Direction::Equal).covers(&depth(5))
        );
        assert!(!dead(Direction::Equal).covers(&plan(1, 2, "gradient-boosting", &[])));
        assert!(!dead(Direction::Equal).covers(&plan(
            1,
            2,
            "elastic-net-logistic",
            &[param("depth", 4)]
        )));
    }

    #[test]
    fn a_dead_learner_covers_all_its_plans() {
        let dead = DeadEnd {
            method: "gradient-boosting".to_owned(),
            axis: METHOD.to_owned(),
            direction: Direction::Equal,
            value: Scalar::Missing,
        };
        assert!(dead.covers(&plan(1, 2, "gradient-boosting", &[])));
        assert!(!dead.covers(&plan(1, 2, "elastic-net-logistic", &[])));
    }
}
