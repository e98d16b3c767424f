//! Moderate calibration: observed rates by risk.

use serde::{Deserialize, Serialize};

use super::decision::wilson;
use super::lowess::lowess;
use crate::order::{ascending, quantile, ties};
use crate::sample::{both_classes, classes, risks, setting};
use crate::{CalibrationBin, StatisticError};

/// Distance of the risks from a smooth calibration curve, in risk (0 to 1).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct CalibrationError {
    /// Mean distance (Eavg, the integrated calibration index of Austin & Steyerberg 2019).
    pub mean: f64,
    /// Median distance (E50).
    pub median: f64,
    /// 90th percentile (E90).
    pub p90: f64,
    /// Largest distance (Emax).
    pub maximum: f64,
}

/// Bins of equal size by risk, from low to high, with the observed rate in each. Equal risks stay
/// together. A bin is joined to its neighbour until it has `min_rows` rows, `min_events` rows with
/// and `min_events` without the outcome, so that no bin says more than may be disclosed; when even
/// all rows together are too few, there is no bin.
///
/// # Errors
/// No rows, lengths that differ, values that are not risks, `bins` outside 1 to 1,000.
pub fn calibration_curve(
    outcome: &[bool],
    risk: &[f64],
    bins: usize,
    min_rows: usize,
    min_events: usize,
) -> Result<Vec<CalibrationBin>, StatisticError> {
    const WHAT: &str = "calibration curve";
    setting(WHAT, "bins", bins as f64, 1.0, 1000.0)?;
    let classes = classes(WHAT, outcome)?;
    risks(WHAT, outcome, risk)?;
    let order = ascending(risk);
    let mut finished: Vec<Bin> = Vec::new();
    let mut open = Bin::default();
    let mut done = 0;
    for tie in ties(&order, risk) {
        for row in tie {
            let row = *row as usize;
            open.rows += 1;
            open.events += u64::from(outcome[row]);
            open.risk += risk[row];
        }
        done += tie.len();
        // The end of the quantile bin that the next bin to be finished belongs to.
        let full = done * bins >= classes.rows * (finished.len() + 1).min(bins);
        if full && open.suffices(min_rows, min_events) {
            finished.push(std::mem::take(&mut open));
        }
    }
    if open.rows > 0 {
        match finished.last_mut() {
            Some(last) => last.join(&open),
            None if open.suffices(min_rows, min_events) => finished.push(open),
            None => {}
        }
    }
    finished
        .iter()
        .map(|bin| {
            Ok(CalibrationBin {
                n: bin.rows,
                predicted: bin.risk / bin.rows as f64,
                observed: wilson(bin.events, bin.rows)?,
            })
        })
        .collect()
}

#[derive(Default)]
struct Bin {
    rows: u64,
    events: u64,
    risk: f64,
}

impl Bin {
    fn suffices(&self, min_rows: usize, min_events: usize) -> bool {
        self.rows >= (min_rows as u64).max(1)
            && self.events >= min_events as u64
            && self.rows - self.events >= min_events as u64
    }

    fn join(&mut self, other: &Self) {
        self.rows += other.rows;
        self.events += other.events;
        self.risk += other.risk;
    }
}

/// Distance of the risks from the lowess curve of the outcome over the risk (span 2/3, as
/// `rms::val.prob` draws it).
///
/// # Errors
/// Lengths that differ, values that are not risks, only one class.
pub fn calibration_error(
    outcome: &[bool],
    risk: &[f64],
) -> Result<CalibrationError, StatisticError> {
    const WHAT: &str = "calibration error";
    let classes = both_classes(WHAT, outcome, 1)?;
    risks(WHAT, outcome, risk)?;
    let order = ascending(risk);
    let x: Vec<f64> = order.iter().map(|row| risk[*row as usize]).collect();
    let y: Vec<f64> = order
        .iter()
        .map(|row| f64::from(u8::from(outcome[*row as usize])))
        .collect();
    let mut distance: Vec<f64> = lowess(&x, &y, 2.0 / 3.0)
        .iter()
        .zip(&x)
        .map(|(smooth, risk)| (smooth - risk).abs())
        .collect();
    let mean = distance.iter().sum::<f64>() / classes.rows as f64;
    distance.sort_unstable_by(f64::total_cmp);
    Ok(CalibrationError {
        mean,
        median: quantile(&distance, 0.5),
        p90: quantile(&distance, 0.9),
        maximum: quantile(&distance, 1.0),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(rows: usize) -> (Vec<bool>, Vec<f64>) {
        let risk: Vec<f64> = (0..rows).map(|i| (i as f64 + 0.5) / rows as f64).collect();
        let outcome = (0..rows).map(|i| (i * 7919) % rows < i).collect();
        (outcome, risk)
    }

    #[test]
    fn bins_are_of_equal_size_where_nothing_hinders() {
        let (outcome, risk) = sample(1000);
        let curve = calibration_curve(&outcome, &risk, 10, 11, 0).unwrap();
        assert_eq!(curve.len(), 10);
        assert!(curve.iter().all(|bin| bin.n == 100));
    }

    #[test]
    fn no_bin_has_fewer_rows_or_events_than_may_be_disclosed() {
        let (outcome, risk) = sample(1000);
        let curve = calibration_curve(&outcome, &risk, 50, 11, 11).unwrap();
        assert_eq!(curve.iter().map(|bin| bin.n).sum::<u64>(), 1000);
        for bin in &curve {
            let events = bin.observed.value * bin.n as f64;
            assert!(events > 10.9 && bin.n as f64 - events > 10.9);
        }
    }

    #[test]
    fn too_few_events_give_no_bins_at_all() {
        let curve = calibration_curve(&[true, false, false], &[0.1, 0.2, 0.3], 2, 11, 11);
        assert_eq!(curve, Ok(vec![]));
    }

    #[test]
    fn a_constant_risk_is_one_bin() {
        let outcome: Vec<bool> = (0..100).map(|i| i % 4 == 0).collect();
        let curve = calibration_curve(&outcome, &[0.25; 100], 10, 11, 11).unwrap();
        assert_eq!(curve.len(), 1);
        assert_eq!(curve[0].observed.value, 0.25);
        assert!(calibration_error(&outcome, &[0.25; 100]).unwrap().maximum < 1e-12);
    }
}
