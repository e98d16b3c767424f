//! Area under the ROC curve with DeLong's variance.
//!
//! DeLong, DeLong & Clarke-Pearson 1988 compare every event with every non-event; Sun & Xu 2014
//! get the same structural components from mid-ranks in O(n log n). Here the components come from
//! one walk over the sorted scores, which is the same arithmetic.

use serde::{Deserialize, Serialize};
use statrs::function::erf::erfc;

use crate::order::{ascending, ties};
use crate::sample::{Classes, both_classes, scores};
use crate::{Estimate, StatisticError};

const WHAT: &str = "area under the ROC curve";

/// Two areas under the ROC curve on identical rows, and their difference.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct PairedAuroc {
    /// The first model.
    pub first: Estimate,
    /// The second model.
    pub second: Estimate,
    /// First minus second.
    pub difference: Estimate,
    /// Two-sided p-value of the difference, 0 to 1.
    pub p_value: f64,
}

/// Area under the ROC curve: the chance that a row with the outcome scores higher than one
/// without it, ties counting half. 0 to 1. Exact for integers up to 2⁵³ pairs.
///
/// # Errors
/// Lengths that differ, scores that are not finite, only one class.
pub fn auroc(outcome: &[bool], score: &[f64]) -> Result<f64, StatisticError> {
    let classes = both_classes(WHAT, outcome, 1)?;
    scores(WHAT, outcome, score)?;
    Ok(concordance(outcome, score, classes))
}

/// [`auroc`] without the checks.
pub(crate) fn concordance(outcome: &[bool], score: &[f64], classes: Classes) -> f64 {
    let order = ascending(score);
    let (mut doubled, mut non_events_below) = (0u64, 0u64);
    for tie in ties(&order, score) {
        let events = tie.iter().filter(|row| outcome[**row as usize]).count() as u64;
        let non_events = tie.len() as u64 - events;
        doubled += events * (2 * non_events_below + non_events);
        non_events_below += non_events;
    }
    let pairs = classes.events as f64 * classes.non_events() as f64;
    doubled as f64 / 2.0 / pairs
}

/// Area under the ROC curve with DeLong's 95 % interval, cut off at 0 and 1.
///
/// Rows are taken as independent; for repeated rows of a subject use
/// [`ClusterBootstrap`](crate::ClusterBootstrap).
///
/// # Errors
/// As [`auroc`]; also fewer than two rows of a class.
pub fn auroc_delong(outcome: &[bool], score: &[f64]) -> Result<Estimate, StatisticError> {
    let classes = both_classes(WHAT, outcome, 2)?;
    scores(WHAT, outcome, score)?;
    let placement = delong_components(outcome, score, classes);
    let area = mean_over(outcome, &placement, true, classes.events);
    let variance = covariance(outcome, &placement, &placement, classes);
    Ok(Estimate::wald(area, variance.max(0.0).sqrt()).within(0.0, 1.0))
}

/// Difference of two areas on identical rows (DeLong 1988), first minus second.
///
/// # Errors
/// As [`auroc_delong`].
pub fn delong_paired(
    outcome: &[bool],
    first: &[f64],
    second: &[f64],
) -> Result<PairedAuroc, StatisticError> {
    let classes = both_classes(WHAT, outcome, 2)?;
    scores(WHAT, outcome, first)?;
    scores(WHAT, outcome, second)?;
    let a = delong_components(outcome, first, classes);
    let b = delong_components(outcome, second, classes);
    let area_a = mean_over(outcome, &a, true, classes.events);
    let area_b = mean_over(outcome, &b, true, classes.events);
    let variance_a = covariance(outcome, &a, &a, classes);
    let variance_b = covariance(outcome, &b, &b, classes);
    let shared = covariance(outcome, &a, &b, classes);
    let standard_error = (variance_a + variance_b - 2.0 * shared).max(0.0).sqrt();
    let difference = area_a - area_b;
    let p_value = if standard_error > 0.0 {
        erfc(difference.abs() / standard_error / std::f64::consts::SQRT_2)
    } else if difference == 0.0 {
        1.0
    } else {
        0.0
    };
    Ok(PairedAuroc {
        first: Estimate::wald(area_a, variance_a.max(0.0).sqrt()).within(0.0, 1.0),
        second: Estimate::wald(area_b, variance_b.max(0.0).sqrt()).within(0.0, 1.0),
        difference: Estimate::wald(difference, standard_error).within(-1.0, 1.0),
        p_value,
    })
}

/// The structural component of each row: for an event the share of non-events below it, for a
/// non-event the share of events above it, ties half.
pub(crate) fn delong_components(outcome: &[bool], score: &[f64], classes: Classes) -> Vec<f64> {
    let order = ascending(score);
    let (all_events, all_non_events) = (classes.events as f64, classes.non_events() as f64);
    let mut placement = vec![0.0; score.len()];
    let (mut events_below, mut non_events_below) = (0.0, 0.0);
    for tie in ties(&order, score) {
        let events = tie.iter().filter(|row| outcome[**row as usize]).count() as f64;
        let non_events = tie.len() as f64 - events;
        for row in tie {
            let row = *row as usize;
            placement[row] = if outcome[row] {
                (non_events_below + non_events / 2.0) / all_non_events
            } else {
                (all_events - events_below - events / 2.0) / all_events
            };
        }
        events_below += events;
        non_events_below += non_events;
    }
    placement
}

fn mean_over(outcome: &[bool], placement: &[f64], class: bool, size: usize) -> f64 {
    let total: f64 = outcome
        .iter()
        .zip(placement)
        .filter(|(event, _)| **event == class)
        .map(|(_, value)| value)
        .sum();
    total / size as f64
}

/// Covariance of two areas from their components.
fn covariance(outcome: &[bool], a: &[f64], b: &[f64], classes: Classes) -> f64 {
    let within = |class: bool, size: usize| {
        let mean_a = mean_over(outcome, a, class, size);
        let mean_b = mean_over(outcome, b, class, size);
        let total: f64 = outcome
            .iter()
            .zip(a.iter().zip(b))
            .filter(|(event, _)| **event == class)
            .map(|(_, (a, b))| (a - mean_a) * (b - mean_b))
            .sum();
        total / (size as f64 - 1.0) / size as f64
    };
    within(true, classes.events) + within(false, classes.non_events())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ties_count_half() {
        assert_eq!(auroc(&[true, false], &[0.5, 0.5]), Ok(0.5));
        assert_eq!(auroc(&[true, false, false], &[0.5, 0.5, 0.1]), Ok(0.75));
    }

    #[test]
    fn a_model_does_not_differ_from_itself() {
        let outcome = [true, false, true, false, false, true];
        let score = [0.9, 0.8, 0.7, 0.3, 0.2, 0.1];
        let paired = delong_paired(&outcome, &score, &score).unwrap();
        assert_eq!(paired.difference.value, 0.0);
        assert_eq!(paired.p_value, 1.0);
    }

    #[test]
    fn undefined_areas_are_errors() {
        assert!(matches!(
            auroc(&[true, true], &[0.1, 0.2]),
            Err(StatisticError::Classes { events: 2, .. })
        ));
        assert!(matches!(auroc(&[], &[]), Err(StatisticError::Rows { .. })));
        assert!(matches!(
            auroc(&[true, false], &[0.1]),
            Err(StatisticError::Lengths { .. })
        ));
        assert!(matches!(
            auroc(&[true, false], &[f64::NAN, 0.2]),
            Err(StatisticError::NotFinite { count: 1, .. })
        ));
    }
}
