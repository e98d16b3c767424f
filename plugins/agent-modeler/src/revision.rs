//! A simpler plan in answer to an objection.

use autods_sdk::agent::{
    Action, Briefing, CheckKind, CheckTarget, EventBody, EventId, OutcomeVerdict, Param, Plan,
    Proposal, ProposalBody,
};

use crate::family::Family;
use crate::numbers::{changed, number};
use crate::{features, plan, record};

/// Shallowest trees that are still tried.
const LEAST_DEPTH: f64 = 2.0;
/// Fewest rounds that are still tried.
const LEAST_ROUNDS: f64 = 25.0;
/// Strongest penalty that is still tried.
const LARGEST_LAMBDA: f64 = 0.3;
/// Events for each parameter below which the host blocks a plan, with a margin of a quarter.
const EVENTS_PER_PARAMETER: f64 = 2.5;

/// Proposes a successor with fewer degrees of freedom to the plan `about`, once; nothing if it
/// cannot be simpler, or if no objection to it is open. Where the objection was to a column, the
/// successor stands on the feature set that has been accepted since.
pub(crate) fn revise(briefing: &Briefing, about: EventId) -> Option<Action> {
    let family = Family::of(briefing)?;
    let old = record::plan(briefing, about)?;
    let superseded = briefing
        .proposals()
        .any(|(_, proposal)| proposal.supersedes == Some(about));
    if superseded || !has_open_objection(briefing, about) {
        return None;
    }
    let set = features::chosen(briefing, family)?;
    let mut params = simpler(family, &old.params);
    if let Some(most) = most_complex(briefing, about, old) {
        while f64::from(plan::complexity(briefing, family, set.1, &params)) > most {
            let next = simpler(family, &params);
            if next == params {
                break;
            }
            params = next;
        }
    }
    if params == old.params && set.0 == old.features {
        return None;
    }
    Some(Action::Propose(Proposal {
        body: ProposalBody::Analysis(plan::with(
            briefing,
            family,
            old.hypothesis,
            set,
            params,
            format!("Simpler, in answer to an objection. {}", old.rationale),
        )),
        supersedes: Some(about),
    }))
}

/// The complexity that the events would carry, where too few events for each parameter block the
/// plan; one answer is better than one small step for each round of objections.
fn most_complex(briefing: &Briefing, about: EventId, old: &Plan) -> Option<f64> {
    let (_, check) = briefing.check(CheckKind::EventsPerParameter, &CheckTarget::Event(about))?;
    (check.verdict == OutcomeVerdict::Block)
        .then(|| f64::from(old.complexity) * check.statistic / EVENTS_PER_PARAMETER)
}

fn has_open_objection(briefing: &Briefing, about: EventId) -> bool {
    briefing.objections_to(about).any(|(event, _)| {
        let answer = EventBody::Answered(event.id);
        !briefing.events.iter().any(|other| other.body == answer)
    })
}

/// Half the rounds and one level less; or three times the penalty.
fn simpler(family: Family, params: &[Param]) -> Vec<Param> {
    match family {
        Family::Boosting => {
            let rounds = number(params, "rounds").unwrap_or(LEAST_ROUNDS);
            let depth = number(params, "depth").unwrap_or(LEAST_DEPTH);
            changed(
                params,
                &[
                    ("rounds", (rounds / 2.0).max(LEAST_ROUNDS).min(rounds)),
                    ("depth", (depth - 1.0).max(LEAST_DEPTH).min(depth)),
                ],
            )
        }
        Family::ElasticNet => {
            let lambda = number(params, "lambda").unwrap_or(LARGEST_LAMBDA);
            changed(
                params,
                &[("lambda", (lambda * 3.0).min(LARGEST_LAMBDA).max(lambda))],
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use autods_sdk::agent::{Critique, FeatureSet, Objection, Plan, Role, RubricItem, Stage};
    use autods_sdk::params::param_integer;
    use autods_sdk::testkit::BriefingBuilder;

    const ME: &str = "modeler-boosting";

    fn start(rounds: i64, depth: i64) -> BriefingBuilder {
        BriefingBuilder::new(Role::Modeler, ME)
            .stage(Stage::Explore)
            .proposed(
                "feature-engineer",
                ProposalBody::Features(FeatureSet {
                    name: "trees".to_owned(),
                    columns: Vec::new(),
                    method: String::new(),
                    rationale: String::new(),
                }),
            )
            .event("host", EventBody::Accepted(1))
            .proposed(
                ME,
                ProposalBody::Analysis(Plan {
                    hypothesis: 9,
                    features: 1,
                    method: "gradient-boosting".to_owned(),
                    params: vec![
                        param_integer("rounds", rounds),
                        param_integer("depth", depth),
                    ],
                    complexity: 100,
                    rationale: "start".to_owned(),
                }),
            )
            .event(
                "biostatistician",
                EventBody::Objected(Objection {
                    critique: Critique {
                        target: 3,
                        item: RubricItem::SampleSize,
                        evidence: 8,
                        remark: String::new(),
                    },
                    drop_columns: Vec::new(),
                    exclude: Vec::new(),
                }),
            )
    }

    #[test]
    fn an_objection_is_answered_once_by_a_simpler_plan() {
        let Some(Action::Propose(proposal)) = revise(&start(150, 5).build(), 3) else {
            panic!("no successor");
        };
        assert_eq!(proposal.supersedes, Some(3));
        let ProposalBody::Analysis(plan) = &proposal.body else {
            panic!("not a plan");
        };
        assert_eq!(
            plan.params,
            [param_integer("rounds", 75), param_integer("depth", 4)]
        );
        let done = start(150, 5).event(ME, EventBody::Proposed(proposal.clone()));
        assert_eq!(revise(&done.build(), 3), None);
    }

    #[test]
    fn too_few_events_are_answered_in_one_step() {
        // the check says 0.6 events for each of 100 parameters
        let short = start(150, 5).checked(
            CheckKind::EventsPerParameter,
            CheckTarget::Event(3),
            OutcomeVerdict::Block,
        );
        let Some(Action::Propose(proposal)) = revise(&short.build(), 3) else {
            panic!("no successor");
        };
        let ProposalBody::Analysis(plan) = &proposal.body else {
            panic!("not a plan");
        };
        assert!(plan.complexity <= 24, "{}", plan.complexity);
    }

    #[test]
    fn what_cannot_be_simpler_is_given_up() {
        assert_eq!(revise(&start(25, 2).build(), 3), None);
    }
}
