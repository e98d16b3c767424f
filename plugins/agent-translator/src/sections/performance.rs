//! How well the champion does: against baselines, in the lock-box, at the thresholds.

use autods_sdk::agent::{Briefing, Estimate, Evaluation, EventId, Sample, Section};

use crate::facts;
use crate::sentence::Sentence;
use crate::words;

pub(super) fn say(briefing: &Briefing) -> Vec<Sentence> {
    let Some((champion, experiment, plan)) = facts::champion(briefing) else {
        return vec![say_that(
            "There is no champion, and therefore no performance to report. That is a result, too.",
        )];
    };
    let mut said = vec![
        say_that(format!(
            "The champion is {}. Out of fold, it ranks a patient with the outcome above one without \
             it with probability {{0}} (AUROC, confidence interval {{1}} to {{2}}).",
            words::model(&plan.method)
        ))
        .with_estimate(champion, "/Experiment/auroc"),
        say_that("Its average precision is {0} and its Brier score {1}.")
            .with(champion, "/Experiment/average_precision")
            .with(champion, "/Experiment/brier"),
        calibration(champion, "/Experiment/slope", experiment.slope),
        say_that("From seed to seed its AUROC varies with a standard deviation of {0}.")
            .with(champion, "/Experiment/seed_sd"),
    ];
    let Some(primary) = facts::protocol(briefing)
        .and_then(|(_, protocol)| protocol.populations.first())
        .map(|population| population.id.as_str())
    else {
        return said;
    };
    said.extend(baselines(briefing, primary));
    said.extend(others(briefing, champion, primary));
    let lockbox = facts::evaluation(briefing, champion, primary, Sample::LockBox);
    if let Some((id, evaluation)) = lockbox {
        said.extend(locked(id, evaluation, experiment.auroc));
    }
    let rated =
        lockbox.or_else(|| facts::evaluation(briefing, champion, primary, Sample::OutOfFold));
    if let Some((id, evaluation)) = rated {
        said.extend(thresholds(id, evaluation));
    }
    said
}

fn say_that(text: impl Into<String>) -> Sentence {
    Sentence::new(Section::Performance, text)
}

/// The calibration slope and what it means: 1 is right, less is too extreme, more too cautious.
fn calibration(event: EventId, pointer: &str, slope: Estimate) -> Sentence {
    let meaning = if slope.upper < 1.0 {
        "the predicted risks are too extreme, and high ones should be read with caution"
    } else if slope.lower > 1.0 {
        "the predicted risks are too close together, more cautious than they need be"
    } else {
        "which is compatible with predicted risks that spread as the true ones do"
    };
    say_that(format!(
        "The calibration slope is {{0}} (confidence interval {{1}} to {{2}}): {meaning}."
    ))
    .with_estimate(event, pointer)
}

/// What simpler rules reach on the same folds.
fn baselines(briefing: &Briefing, primary: &str) -> Vec<Sentence> {
    facts::evaluations(briefing)
        .filter(|(_, baseline)| {
            baseline.experiment == 0
                && baseline.population == primary
                && baseline.sample == Sample::OutOfFold
                && baseline.group.is_none()
                && baseline.auroc.is_some()
        })
        .map(|(id, baseline)| {
            say_that(format!(
                "For comparison, {} reaches an AUROC of {{0}} ({{1}} to {{2}}) on the same folds.",
                words::model(&baseline.model)
            ))
            .with_estimate(id, "/Evaluated/auroc")
        })
        .collect()
}

/// The same plan on the other populations.
fn others(briefing: &Briefing, champion: EventId, primary: &str) -> Vec<Sentence> {
    facts::evaluations(briefing)
        .filter(|(_, other)| {
            other.experiment == champion
                && other.population != primary
                && other.sample == Sample::OutOfFold
                && other.group.is_none()
                && other.auroc.is_some()
        })
        .map(|(id, _)| {
            say_that(
                "With the rows that were left out put back in, the same plan reaches {0} ({1} to \
                 {2}). This is the figure to hold against work that keeps them; it is not the one \
                 that decided.",
            )
            .with_estimate(id, "/Evaluated/auroc")
        })
        .collect()
}

/// The lock-box, and whether it agrees with the development rows.
fn locked(id: EventId, evaluation: &Evaluation, out_of_fold: Estimate) -> Vec<Sentence> {
    let Some(auroc) = evaluation.auroc else {
        return vec![say_that(
            "The lock-box holds too few events for an estimate; the out-of-fold figures stand alone.",
        )];
    };
    let meaning = if auroc.upper < out_of_fold.lower {
        "clearly below the out-of-fold figure, which was then too good"
    } else if auroc.lower > out_of_fold.upper {
        "above the out-of-fold figure"
    } else {
        "in agreement with the out-of-fold figure"
    };
    let mut said = vec![
        say_that(format!(
            "In the lock-box, which was opened for this one model, the AUROC is {{0}} ({{1}} to \
             {{2}}), {meaning}."
        ))
        .with_estimate(id, "/Evaluated/auroc"),
    ];
    said.extend(evaluation.slope.map(|slope| {
        let agrees = if slope.lower <= 1.0 && slope.upper >= 1.0 {
            "still compatible with one"
        } else {
            "away from one, so that the risks should be recalibrated before use"
        };
        say_that(format!(
            "There the calibration slope is {{0}} ({{1}} to {{2}}), {agrees}."
        ))
        .with_estimate(id, "/Evaluated/slope")
    }));
    said
}

/// What flagging at each declared threshold would mean.
fn thresholds(id: EventId, evaluation: &Evaluation) -> Vec<Sentence> {
    evaluation
        .rates
        .iter()
        .enumerate()
        .filter(|(_, row)| row.tpr.is_some() && row.ppv.is_some())
        .map(|(at, _)| {
            let place = |field: &str| format!("/Evaluated/rates/{at}/{field}");
            say_that(
                "At a risk threshold of {0}, a share of {1} of the rows would be flagged. That would \
                 find a share of {2} of those with the outcome, and of those flagged a share of {3} \
                 would have it.",
            )
            .with(id, &place("threshold"))
            .with(id, &place("flagged/value"))
            .with(id, &place("tpr/value"))
            .with(id, &place("ppv/value"))
        })
        .collect()
}
