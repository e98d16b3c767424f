//! Decisions at a threshold: rates with Wilson intervals, and net benefit.

use serde::{Deserialize, Serialize};

use crate::estimate::Z95;
use crate::sample::{classes, risks, setting};
use crate::{Estimate, NetBenefit, StatisticError};

/// What happens when every row whose risk is at least the threshold is flagged.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rates {
    /// The threshold on the risk, 0 to 1 exclusive.
    pub threshold: f64,
    /// Flagged rows with the outcome.
    pub tp: u64,
    /// Flagged rows without the outcome.
    pub fp: u64,
    /// Rows neither flagged nor with the outcome.
    pub tn: u64,
    /// Rows with the outcome that were not flagged.
    pub fn_: u64,
    /// Share of rows flagged.
    pub flagged: Estimate,
    /// True positive rate (sensitivity); absent without events.
    pub tpr: Option<Estimate>,
    /// False positive rate (1 − specificity); absent without non-events.
    pub fpr: Option<Estimate>,
    /// Positive predictive value; absent where nothing is flagged.
    pub ppv: Option<Estimate>,
    /// Negative predictive value; absent where everything is flagged.
    pub npv: Option<Estimate>,
    /// Net benefit: TP/n − FP/n × t/(1 − t) (Vickers & Elkin 2006).
    pub net_benefit: f64,
}

/// A proportion of `successes` in `trials` with its 95 % Wilson score interval (Wilson 1927,
/// without continuity correction).
///
/// # Errors
/// No trials, or more successes than trials.
pub fn wilson(successes: u64, trials: u64) -> Result<Estimate, StatisticError> {
    const WHAT: &str = "Wilson interval";
    setting(WHAT, "trials", trials as f64, 1.0, f64::MAX)?;
    setting(WHAT, "successes", successes as f64, 0.0, trials as f64)?;
    let n = trials as f64;
    let value = successes as f64 / n;
    let z2 = Z95 * Z95;
    let centre = (value + z2 / (2.0 * n)) / (1.0 + z2 / n);
    let half = Z95 / (1.0 + z2 / n) * (value * (1.0 - value) / n + z2 / (4.0 * n * n)).sqrt();
    // The ends at 0 and 1 are exact in theory and must be so in floating point.
    Ok(Estimate {
        value,
        lower: if successes == 0 {
            0.0
        } else {
            (centre - half).clamp(0.0, value)
        },
        upper: if successes == trials {
            1.0
        } else {
            (centre + half).clamp(value, 1.0)
        },
    })
}

/// Rates and net benefit at one threshold; a row is flagged when its risk is at least the
/// threshold.
///
/// # Errors
/// No rows, lengths that differ, values that are not risks, a threshold outside 0 to 1 exclusive.
pub fn rates_at(outcome: &[bool], risk: &[f64], threshold: f64) -> Result<Rates, StatisticError> {
    const WHAT: &str = "rates at a threshold";
    let classes = classes(WHAT, outcome)?;
    risks(WHAT, outcome, risk)?;
    check_threshold(WHAT, threshold)?;
    let (mut tp, mut fp) = (0u64, 0u64);
    for (event, risk) in outcome.iter().zip(risk) {
        if *risk >= threshold {
            tp += u64::from(*event);
            fp += u64::from(!*event);
        }
    }
    let (rows, events) = (classes.rows as u64, classes.events as u64);
    let (fn_, tn) = (events - tp, rows - events - fp);
    let share = |part: u64, whole: u64| (whole > 0).then(|| wilson(part, whole)).transpose();
    Ok(Rates {
        threshold,
        tp,
        fp,
        tn,
        fn_,
        flagged: wilson(tp + fp, rows)?,
        tpr: share(tp, events)?,
        fpr: share(fp, rows - events)?,
        ppv: share(tp, tp + fp)?,
        npv: share(tn, tn + fn_)?,
        net_benefit: net_benefit(tp as f64, fp as f64, rows as f64, threshold),
    })
}

/// Net benefit of the model and of treating everybody at each threshold; treating nobody has 0.
///
/// # Errors
/// As [`rates_at`].
pub fn decision_curve(
    outcome: &[bool],
    risk: &[f64],
    thresholds: &[f64],
) -> Result<Vec<NetBenefit>, StatisticError> {
    const WHAT: &str = "decision curve";
    let classes = classes(WHAT, outcome)?;
    risks(WHAT, outcome, risk)?;
    let sorted = |class: bool| {
        let mut values: Vec<f64> = outcome
            .iter()
            .zip(risk)
            .filter(|(event, _)| **event == class)
            .map(|(_, risk)| *risk)
            .collect();
        values.sort_unstable_by(f64::total_cmp);
        values
    };
    let (events, non_events) = (sorted(true), sorted(false));
    let flagged = |values: &[f64], threshold: f64| {
        (values.len() - values.partition_point(|risk| *risk < threshold)) as f64
    };
    let rows = classes.rows as f64;
    thresholds
        .iter()
        .map(|threshold| {
            check_threshold(WHAT, *threshold)?;
            let (tp, fp) = (
                flagged(&events, *threshold),
                flagged(&non_events, *threshold),
            );
            Ok(NetBenefit {
                threshold: *threshold,
                model: net_benefit(tp, fp, rows, *threshold),
                treat_all: net_benefit(
                    events.len() as f64,
                    non_events.len() as f64,
                    rows,
                    *threshold,
                ),
            })
        })
        .collect()
}

fn check_threshold(what: &'static str, threshold: f64) -> Result<(), StatisticError> {
    setting(
        what,
        "threshold",
        threshold,
        f64::MIN_POSITIVE,
        1.0 - f64::EPSILON,
    )
}

fn net_benefit(tp: f64, fp: f64, rows: f64, threshold: f64) -> f64 {
    tp / rows - fp / rows * threshold / (1.0 - threshold)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wilson_intervals_are_the_published_ones() {
        // Newcombe 1998, table I: 81/263, 15/148, 0/20, 1/29.
        for (k, n, lower, upper) in [
            (81, 263, 0.2553, 0.3662),
            (15, 148, 0.0624, 0.1605),
            (0, 20, 0.0, 0.1611),
            (1, 29, 0.0061, 0.1718),
        ] {
            let interval = wilson(k, n).unwrap();
            assert!(
                (interval.lower - lower).abs() < 5.1e-5,
                "{k}/{n}: {interval:?}"
            );
            assert!(
                (interval.upper - upper).abs() < 5.1e-5,
                "{k}/{n}: {interval:?}"
            );
        }
        assert!(wilson(0, 0).is_err() && wilson(2, 1).is_err());
    }

    #[test]
    fn the_four_cells_add_up_and_a_risk_at_the_threshold_is_flagged() {
        let rates = rates_at(&[true, false, true, false], &[0.2, 0.2, 0.1, 0.9], 0.2).unwrap();
        assert_eq!((rates.tp, rates.fp, rates.tn, rates.fn_), (1, 2, 0, 1));
        assert_eq!(rates.npv.unwrap().value, 0.0);
        assert!((rates.net_benefit - (0.25 - 0.5 * 0.25)).abs() < 1e-15);
    }

    #[test]
    fn the_decision_curve_agrees_with_the_rates() {
        let outcome: Vec<bool> = (0..200).map(|i| (i * 37) % 11 < 3).collect();
        let risk: Vec<f64> = (0..200)
            .map(|i| f64::from((i * 53) % 200) / 200.0)
            .collect();
        let thresholds = [0.05, 0.1, 0.25, 0.5];
        for point in decision_curve(&outcome, &risk, &thresholds).unwrap() {
            let rates = rates_at(&outcome, &risk, point.threshold).unwrap();
            assert!((rates.net_benefit - point.model).abs() < 1e-15);
        }
        assert!(decision_curve(&outcome, &risk, &[1.0]).is_err());
        assert!(decision_curve(&outcome, &risk, &[0.0]).is_err());
    }
}
