//! The next step of a team: a plan, or the hypothesis that it needs first.

use autods_sdk::agent::{Action, Briefing, Hypothesis, Proposal, ProposalBody};

use crate::family::Family;
use crate::ladder::{self, Theme};
use crate::{dead_end, features, plan, record};

/// Opens the next hypothesis or proposes the next plan of the open one; nothing when the ladder
/// is climbed, or while no feature set is accepted.
///
/// Themes whose hypothesis was falsified are left behind, rungs that a dead end rules out are
/// skipped, and so are as many rungs as the team was refused since it last got anything through.
pub(crate) fn step(briefing: &Briefing) -> Option<Action> {
    let family = Family::of(briefing)?;
    let set = features::chosen(briefing, family)?;
    let base = ladder::base(briefing, family);
    let mut refused = record::refusals(briefing);
    for theme in ladder::themes(family) {
        let hypothesis = record::hypotheses(briefing)
            .filter(|(_, known)| known.name == theme.name)
            .last()
            .map(|(id, _)| id);
        if hypothesis.is_some_and(|id| record::is_falsified(briefing, id)) {
            continue;
        }
        for rung in theme.rungs {
            let params = (rung.params)(&base);
            if ladder::is_climbed(briefing, rung)
                || dead_end::rules_out(briefing, family.learner(), &params)
            {
                continue;
            }
            if refused > 0 {
                refused -= 1;
                continue;
            }
            return Some(match hypothesis {
                None => Action::OpenHypothesis(open(briefing, theme)),
                Some(id) => Action::Propose(Proposal {
                    body: ProposalBody::Analysis(plan::with(
                        briefing,
                        family,
                        id,
                        set,
                        params,
                        rung.rationale.to_owned(),
                    )),
                    supersedes: None,
                }),
            });
        }
    }
    None
}

/// The hypothesis of a theme. It is falsified when none of its rungs gains what the task counts
/// as an improvement.
fn open(briefing: &Briefing, theme: &Theme) -> Hypothesis {
    let least = briefing.task.min_delta;
    Hypothesis {
        name: theme.name.to_owned(),
        statement: theme.statement.to_owned(),
        prediction: theme.prediction.max(least),
        falsified_below: least,
        after_experiments: u32::try_from(theme.rungs.len()).unwrap_or(u32::MAX),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use autods_sdk::agent::{EventBody, FeatureSet, Plan, Role, Stage};
    use autods_sdk::params::param_text;
    use autods_sdk::testkit::BriefingBuilder;

    const ME: &str = "modeler-x";

    fn set(name: &str) -> ProposalBody {
        ProposalBody::Features(FeatureSet {
            name: name.to_owned(),
            columns: Vec::new(),
            method: "method-impute-encode-scale".to_owned(),
            rationale: String::new(),
        })
    }

    fn start(family: &str) -> BriefingBuilder {
        BriefingBuilder::new(Role::Modeler, ME)
            .stage(Stage::Explore)
            .with(|briefing| briefing.card.params = vec![param_text("family", family)])
            .proposed("feature-engineer", set("linear"))
            .proposed("feature-engineer", set("trees"))
            .event("host", EventBody::Accepted(1))
            .event("host", EventBody::Accepted(2))
    }

    /// Lets the team act until it has nothing more to do, accepting everything.
    fn climb(mut builder: BriefingBuilder) -> Vec<Plan> {
        let mut plans = Vec::new();
        for _ in 0..100 {
            match step(&builder.clone().build()) {
                Some(Action::OpenHypothesis(hypothesis)) => {
                    builder = builder.event(ME, EventBody::Hypothesis(hypothesis));
                }
                Some(Action::Propose(proposal)) => {
                    if let ProposalBody::Analysis(plan) = &proposal.body {
                        plans.push(plan.clone());
                    }
                    builder = builder.event(ME, EventBody::Proposed(proposal));
                }
                None => return plans,
                other => panic!("{other:?}"),
            }
        }
        panic!("the ladder has no end")
    }

    #[test]
    fn each_family_climbs_its_ladder_to_the_end_on_its_own_features() {
        let linear = climb(start("elastic-net-logistic"));
        assert_eq!(linear.len(), 5);
        assert!(linear.iter().all(|plan| plan.features == 1));
        let boosting = climb(start("gradient-boosting"));
        assert_eq!(boosting.len(), 5);
        assert!(boosting.iter().all(|plan| plan.features == 2));
        assert!(boosting.iter().all(|plan| plan.complexity > 1));
    }

    #[test]
    fn a_hypothesis_comes_before_its_plan_and_a_falsified_one_ends_its_theme() {
        let opened = step(&start("gradient-boosting").build());
        let Some(Action::OpenHypothesis(first)) = opened else {
            panic!("{opened:?}");
        };
        assert_eq!(first.falsified_below, 0.002);
        let falsified = start("gradient-boosting")
            .event(ME, EventBody::Hypothesis(first.clone()))
            .event("host", EventBody::Falsified(5));
        let Some(Action::OpenHypothesis(second)) = step(&falsified.build()) else {
            panic!("no second hypothesis");
        };
        assert_ne!(second.name, first.name);
    }

    #[test]
    fn a_refused_plan_is_not_proposed_again() {
        let Some(Action::OpenHypothesis(first)) = step(&start("gradient-boosting").build()) else {
            panic!("no hypothesis");
        };
        let open = start("gradient-boosting").event(ME, EventBody::Hypothesis(first));
        let proposed = step(&open.clone().build());
        let refused = open.event(ME, EventBody::Refused("duplicate-plan".to_owned()));
        let next = step(&refused.build());
        assert!(matches!(next, Some(Action::Propose(_))));
        assert_ne!(next, proposed);
    }

    #[test]
    fn without_accepted_features_or_with_an_unknown_family_there_is_nothing_to_do() {
        assert_eq!(step(&start("oracle").build()), None);
        let bare = BriefingBuilder::new(Role::Modeler, ME).stage(Stage::Explore);
        assert_eq!(step(&bare.build()), None);
    }
}
