//! The verdict on a result: promote, hold, revise or dead end.
//!
//! | result | verdict |
//! |---|---|
//! | interval of the difference below 0, and the team did better before, or nothing is left to try | dead end |
//! | interval below 0 otherwise | revise |
//! | one seed only, not clearly worse | hold: a screening decides nothing |
//! | all seeds, no champion yet | promote |
//! | interval above 0, and the difference counts | promote |
//! | interval around 0, not behind, and a simpler plan than the champion's | promote: ties go to the simpler |
//! | interval around 0 otherwise | hold |
//! | never compared with the present champion | promote if ahead of it, else hold: the host compares anew |
//!
//! To promote is to ask. The host decides, by rules of its own.

use autods_sdk::agent::{
    Action, Briefing, CheckKind, CheckTarget, DeadEnd, Decision, Estimate, EventBody, EventId,
    Experiment, Fidelity, Verdict,
};

use crate::family::Family;
use crate::numbers::number;
use crate::{dead_end, record};

/// The verdict on `result`, or the request for the paired difference that it rests on.
///
/// A verdict that was refused is given again as a hold, which no rule forbids: a team must not be
/// stuck on a result.
pub(crate) fn give(briefing: &Briefing, result: EventId) -> Option<Action> {
    let experiment = record::experiment(briefing, result)?;
    if is_given(briefing, result) {
        return None;
    }
    let (decision, dead, evidence, remark) = if record::refusals(briefing) > 0 {
        let remark = "Kept in mind; a verdict that says more was refused.";
        (Decision::Hold, None, result, remark)
    } else if needs_difference(briefing, result, experiment) {
        return Some(Action::RequestCheck((
            CheckKind::PairedDifference,
            CheckTarget::Event(result),
        )));
    } else {
        let (gain, evidence) = difference(briefing, result, experiment);
        let (decision, dead, remark) = decide(briefing, result, experiment, gain);
        (decision, dead, evidence, remark)
    };
    Some(Action::GiveVerdict(Verdict {
        result,
        decision,
        evidence,
        dead_end: dead,
        remark: remark.to_owned(),
    }))
}

fn is_given(briefing: &Briefing, result: EventId) -> bool {
    briefing.events.iter().any(|event| {
        event.author == briefing.card.instance
            && matches!(&event.body, EventBody::Verdict(verdict) if verdict.result == result)
    })
}

/// Whether the difference to the present champion can be had as a check, and is not there yet.
fn needs_difference(briefing: &Briefing, result: EventId, experiment: &Experiment) -> bool {
    experiment.fidelity == Fidelity::Full
        && is_current(briefing, experiment)
        && briefing
            .check(CheckKind::PairedDifference, &CheckTarget::Event(result))
            .is_none()
}

/// Whether the experiment was compared with the present champion.
fn is_current(briefing: &Briefing, experiment: &Experiment) -> bool {
    experiment.gain.is_some()
        && experiment.against.is_some()
        && experiment.against == briefing.champion
}

/// The difference to the champion and the event that shows it: the paired check where there is
/// one, the experiment's own comparison otherwise.
fn difference(
    briefing: &Briefing,
    result: EventId,
    experiment: &Experiment,
) -> (Option<Estimate>, EventId) {
    let checked = briefing
        .check(CheckKind::PairedDifference, &CheckTarget::Event(result))
        .and_then(|(id, check)| {
            let estimate = Estimate {
                value: check.statistic,
                lower: number(&check.numbers, "lower")?,
                upper: number(&check.numbers, "upper")?,
            };
            Some((Some(estimate), id))
        });
    checked.unwrap_or((experiment.gain, result))
}

fn decide(
    briefing: &Briefing,
    result: EventId,
    experiment: &Experiment,
    gain: Option<Estimate>,
) -> (Decision, Option<DeadEnd>, &'static str) {
    // champions only get better, so that who lost to an earlier one loses to the present one too
    if gain.is_some_and(|gain| gain.upper < 0.0) {
        return worse(briefing, result, experiment);
    }
    let (decision, remark) = if experiment.fidelity == Fidelity::Screen {
        (
            Decision::Hold,
            "One seed is enough to drop what is hopeless, not to decide.",
        )
    } else if briefing.champion.is_none() {
        (
            Decision::Promote,
            "The first result over all seeds; there is nothing to beat yet.",
        )
    } else {
        match gain.filter(|_| is_current(briefing, experiment)) {
            None => not_compared(briefing, experiment),
            Some(gain) => compared(briefing, experiment, gain),
        }
    };
    (decision, None, remark)
}

/// A result that was never compared with the present champion on the same rows.
fn not_compared(briefing: &Briefing, experiment: &Experiment) -> (Decision, &'static str) {
    let ahead = record::champion(briefing)
        .is_none_or(|(champion, _)| experiment.auroc.value > champion.auroc.value);
    if ahead {
        (
            Decision::Promote,
            "Ahead of a champion that it was not compared with; the host compares anew.",
        )
    } else {
        (
            Decision::Hold,
            "Not ahead of the champion, which took its place in the meantime.",
        )
    }
}

/// A result over all seeds whose difference to the champion is known, and not clearly negative.
fn compared(
    briefing: &Briefing,
    experiment: &Experiment,
    gain: Estimate,
) -> (Decision, &'static str) {
    let simpler = match (
        record::plan(briefing, experiment.plan),
        record::champion(briefing),
    ) {
        (Some(mine), Some((_, theirs))) => mine.complexity < theirs.complexity,
        _ => false,
    };
    if gain.lower > 0.0 && gain.value >= briefing.task.min_delta {
        (
            Decision::Promote,
            "Better than the champion on the same rows, over all seeds, by more than chance.",
        )
    } else if gain.value >= 0.0 && simpler {
        (
            Decision::Promote,
            "No better than the champion, but not behind it and simpler: a tie goes to the simpler.",
        )
    } else if gain.lower > 0.0 {
        (
            Decision::Hold,
            "Better than the champion, but by less than the task counts as an improvement.",
        )
    } else {
        (
            Decision::Hold,
            "The difference to the champion may be chance.",
        )
    }
}

/// Worse than the champion by more than chance: a dead end if it says which way, else try on.
fn worse(
    briefing: &Briefing,
    result: EventId,
    experiment: &Experiment,
) -> (Decision, Option<DeadEnd>, &'static str) {
    let dead = Family::of(briefing).and_then(|family| {
        let plan = record::plan(briefing, experiment.plan)?;
        dead_end::from(briefing, family, result, plan, experiment.auroc.value)
    });
    match dead {
        Some(dead) => (
            Decision::DeadEnd,
            Some(dead),
            "Worse than the champion by more than chance, and nothing speaks for going further.",
        ),
        None => (
            Decision::Revise,
            None,
            "Worse than the champion by more than chance, but the team's best so far.",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use autods_sdk::agent::{Direction, OutcomeVerdict, Plan, ProposalBody, Role, Scalar, Stage};
    use autods_sdk::params::param_number;
    use autods_sdk::testkit::BriefingBuilder;

    const ME: &str = "modeler-boosting";

    fn estimate(value: f64) -> Estimate {
        Estimate {
            value,
            lower: value - 0.001,
            upper: value + 0.001,
        }
    }

    fn plan(rate: f64) -> ProposalBody {
        ProposalBody::Analysis(Plan {
            hypothesis: 90,
            features: 91,
            method: "gradient-boosting".to_owned(),
            params: vec![param_number("learning-rate", rate)],
            complexity: 9,
            rationale: format!("rate {rate}"),
        })
    }

    fn result(plan: EventId, fidelity: Fidelity, auroc: f64, gain: Option<f64>) -> EventBody {
        EventBody::Experiment(Experiment {
            plan,
            fidelity,
            seeds: 3,
            auroc: estimate(auroc),
            average_precision: 0.2,
            brier: 0.1,
            slope: estimate(1.0),
            intercept: estimate(0.0),
            seed_sd: 0.0004,
            gain: gain.map(estimate),
            against: gain.map(|_| 2),
        })
    }

    /// Two plans of the team (1 and 3), results 2 and 4.
    fn board(fidelity: Fidelity, gain: Option<f64>) -> BriefingBuilder {
        BriefingBuilder::new(Role::Modeler, ME)
            .stage(Stage::Explore)
            .proposed(ME, plan(0.06))
            .event("host", result(1, Fidelity::Full, 0.68, None))
            .proposed(ME, plan(0.03))
            .event("host", result(3, fidelity, 0.67, gain))
    }

    fn champion(builder: BriefingBuilder, difference: f64) -> BriefingBuilder {
        builder
            .with(|briefing| briefing.champion = Some(2))
            .checked(
                CheckKind::PairedDifference,
                CheckTarget::Event(4),
                OutcomeVerdict::Pass,
            )
            .with(|briefing| {
                if let Some(EventBody::Checked(check)) =
                    briefing.events.last_mut().map(|event| &mut event.body)
                {
                    check.statistic = difference;
                    check.numbers = vec![
                        param_number("lower", difference - 0.001),
                        param_number("upper", difference + 0.001),
                    ];
                }
            })
    }

    fn decided(builder: &BriefingBuilder) -> Verdict {
        match give(&builder.clone().build(), 4) {
            Some(Action::GiveVerdict(verdict)) => verdict,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_first_full_result_is_promoted_and_a_screening_never() {
        let first = board(Fidelity::Full, None);
        assert_eq!(decided(&first).decision, Decision::Promote);
        let screened = board(Fidelity::Screen, Some(0.05));
        assert_eq!(decided(&screened).decision, Decision::Hold);
    }

    #[test]
    fn a_difference_is_requested_before_a_full_result_is_judged_and_a_refusal_ends_in_a_hold() {
        let waiting = board(Fidelity::Full, Some(0.01)).with(|b| b.champion = Some(2));
        assert_eq!(
            give(&waiting.clone().build(), 4),
            Some(Action::RequestCheck((
                CheckKind::PairedDifference,
                CheckTarget::Event(4)
            )))
        );
        let refused = waiting.event(ME, EventBody::Refused("dead-end-misplaced".to_owned()));
        let verdict = decided(&refused);
        assert_eq!((verdict.decision, verdict.evidence), (Decision::Hold, 4));
    }

    #[test]
    fn only_a_gain_beyond_chance_and_beyond_the_least_that_counts_is_promoted() {
        let with = |difference| decided(&champion(board(Fidelity::Full, Some(0.0)), difference));
        assert_eq!(with(0.01).decision, Decision::Promote);
        assert_eq!(with(0.01).evidence, 5);
        assert_eq!(
            with(0.0015).decision,
            Decision::Hold,
            "real, but too small to count"
        );
        assert_eq!(with(0.0005).decision, Decision::Hold);
    }

    #[test]
    fn a_tie_goes_to_the_simpler_plan() {
        let simpler = champion(board(Fidelity::Full, Some(0.0)), 0.0).with(|briefing| {
            if let EventBody::Proposed(proposal) = &mut briefing.events[2].body
                && let ProposalBody::Analysis(plan) = &mut proposal.body
            {
                plan.complexity = 3;
            }
        });
        assert_eq!(decided(&simpler).decision, Decision::Promote);
    }

    #[test]
    fn a_result_that_missed_the_present_champion_is_compared_by_the_host_if_it_is_ahead() {
        let behind = board(Fidelity::Full, None).with(|briefing| briefing.champion = Some(2));
        assert_eq!(decided(&behind).decision, Decision::Hold);
        let ahead = board(Fidelity::Full, None).with(|briefing| {
            briefing.champion = Some(2);
            if let EventBody::Experiment(experiment) = &mut briefing.events[3].body {
                experiment.auroc = estimate(0.7);
            }
        });
        assert_eq!(decided(&ahead).decision, Decision::Promote);
    }

    #[test]
    fn a_loss_is_a_dead_end_in_the_direction_that_was_taken() {
        let verdict = decided(&champion(board(Fidelity::Full, Some(-0.01)), -0.01));
        assert_eq!(verdict.decision, Decision::DeadEnd);
        let dead = verdict.dead_end.clone().unwrap();
        assert_eq!(dead.axis, "learning-rate");
        assert_eq!(dead.direction, Direction::AtOrBelow);
        assert_eq!(dead.value, Scalar::Number(0.03));
        let given = champion(board(Fidelity::Full, Some(-0.01)), -0.01)
            .event(ME, EventBody::Verdict(verdict));
        assert_eq!(give(&given.build(), 4), None);
    }

    #[test]
    fn one_bad_start_does_not_rule_a_learner_out() {
        let start = BriefingBuilder::new(Role::Modeler, ME)
            .stage(Stage::Explore)
            .with(|briefing| briefing.champion = Some(50))
            .event("host", EventBody::Other("opened".to_owned()))
            .event("host", EventBody::Other("opened".to_owned()))
            .proposed(ME, plan(0.06))
            .event("host", result(3, Fidelity::Screen, 0.6, Some(-0.05)));
        let verdict = decided(&start);
        assert_eq!(verdict.decision, Decision::Revise);
        assert!(verdict.dead_end.is_none());
    }
}
