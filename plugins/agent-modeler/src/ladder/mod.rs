//! The ladder: hypotheses in order, each with the plans (rungs) that test it.
//!
//! The first rung of a family is a sensible start. Every later one changes one direction of the
//! team's best plan so far, so that a dead end is a statement about that direction. A rung is
//! recognised on the board by its rationale, which is unique in its ladder.

mod boosting;
mod elastic_net;

use autods_sdk::agent::{Briefing, EventId, Param};

use crate::family::Family;
use crate::record;

/// A hypothesis and its rungs.
pub(crate) struct Theme {
    /// The hypothesis's short name.
    pub(crate) name: &'static str,
    /// What is expected, in one sentence.
    pub(crate) statement: &'static str,
    /// The predicted gain in AUROC over the champion.
    pub(crate) prediction: f64,
    /// The plans that test it, in order.
    pub(crate) rungs: &'static [Rung],
}

/// A plan in the making.
pub(crate) struct Rung {
    /// Why, in one sentence; unique in its ladder.
    pub(crate) rationale: &'static str,
    /// The parameters, from those of the team's best plan so far, or of the start.
    pub(crate) params: fn(&[Param]) -> Vec<Param>,
}

/// The family's themes, in order.
pub(crate) const fn themes(family: Family) -> &'static [Theme] {
    match family {
        Family::ElasticNet => &elastic_net::THEMES,
        Family::Boosting => &boosting::THEMES,
    }
}

/// The parameters that the next rung varies: those of the team's best plan, or the start.
pub(crate) fn base(briefing: &Briefing, family: Family) -> Vec<Param> {
    record::best(briefing, EventId::MAX)
        .filter(|(plan, _)| plan.method == family.learner())
        .map_or_else(|| start(family), |(plan, _)| plan.params.clone())
}

fn start(family: Family) -> Vec<Param> {
    match family {
        Family::ElasticNet => elastic_net::start(),
        Family::Boosting => boosting::start(),
    }
}

/// Whether the team has a plan on the board for that rung.
pub(crate) fn is_climbed(briefing: &Briefing, rung: &Rung) -> bool {
    record::plans(briefing).any(|(_, plan)| plan.rationale == rung.rationale)
}

/// Whether a rung is left whose hypothesis still stands.
pub(crate) fn is_exhausted(briefing: &Briefing, family: Family) -> bool {
    !themes(family).iter().any(|theme| {
        let falsified = record::hypotheses(briefing)
            .any(|(id, known)| known.name == theme.name && record::is_falsified(briefing, id));
        !falsified && theme.rungs.iter().any(|rung| !is_climbed(briefing, rung))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rationales_tell_rungs_apart_and_every_rung_differs_from_the_start() {
        for family in [Family::ElasticNet, Family::Boosting] {
            let mut seen = Vec::new();
            for rung in themes(family).iter().flat_map(|theme| theme.rungs) {
                assert!(!seen.contains(&rung.rationale));
                if !seen.is_empty() {
                    assert_ne!((rung.params)(&start(family)), start(family));
                }
                seen.push(rung.rationale);
            }
        }
    }
}
