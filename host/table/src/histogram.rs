//! Bins with round edges.

use serde::{Deserialize, Serialize};

/// How many rows lie where. Edges are round numbers (1, 2 or 5 times a power of ten apart) around
/// the middle 90 % of the values, so that no edge gives an extreme value away.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Histogram {
    /// Ascending edges, at least one.
    pub edges: Vec<f64>,
    /// Rows below the first edge; from each edge up to below the next; from the last edge on. One
    /// more than there are edges.
    pub counts: Vec<u64>,
}

/// Bins that are aimed at between the 5th and the 95th percentile.
const BINS: f64 = 12.0;

impl Histogram {
    /// Of ascending values; nothing for none.
    pub(crate) fn of_sorted(sorted: &[f64], low: f64, high: f64, whole: bool) -> Option<Self> {
        if sorted.is_empty() {
            return None;
        }
        let spread = (high - low) / BINS;
        let (digit, mut exponent) = round_step(if spread > 0.0 {
            spread
        } else {
            low.abs() / BINS
        });
        let mut digit = digit;
        if whole && exponent < 0 {
            (digit, exponent) = (1, 0);
        }
        let step = scaled(f64::from(digit), exponent);
        let first = (low / step).floor();
        let last = ((high / step).ceil()).max(first + 1.0);
        if !first.is_finite()
            || !last.is_finite()
            || last - first > 64.0
            || last.abs() > 9e15
            || first.abs() > 9e15
        {
            return None;
        }
        let mut edges = Vec::new();
        let mut place = first;
        while place <= last {
            edges.push(scaled(place * f64::from(digit), exponent));
            place += 1.0;
        }
        let mut counts = Vec::with_capacity(edges.len() + 1);
        let mut below = 0;
        for edge in &edges {
            let here = sorted.partition_point(|value| value < edge);
            counts.push((here - below) as u64);
            below = here;
        }
        counts.push((sorted.len() - below) as u64);
        Some(Self { edges, counts })
    }
}

/// The smallest of 1, 2, 5 times a power of ten that is not below `step`.
fn round_step(step: f64) -> (i32, i32) {
    if !(step.is_finite() && step > 0.0) {
        return (1, 0);
    }
    let exponent = step.log10().floor().clamp(-300.0, 300.0) as i32;
    let lead = step / scaled(1.0, exponent);
    match lead {
        lead if lead <= 1.0 => (1, exponent),
        lead if lead <= 2.0 => (2, exponent),
        lead if lead <= 5.0 => (5, exponent),
        _ => (1, exponent + 1),
    }
}

/// `number` times a power of ten; a division keeps 3 · 10⁻¹ at 0.3.
fn scaled(number: f64, exponent: i32) -> f64 {
    if exponent < 0 {
        number / 10_f64.powi(-exponent)
    } else {
        number * 10_f64.powi(exponent)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edges_are_round_and_every_value_is_counted_once() {
        let values: Vec<f64> = (0..1000).map(|row| f64::from(row) / 7.0).collect();
        let histogram = Histogram::of_sorted(&values, values[50], values[949], false).unwrap();
        assert_eq!(histogram.counts.iter().sum::<u64>(), 1000);
        assert_eq!(histogram.counts.len(), histogram.edges.len() + 1);
        assert!(
            histogram.edges.iter().all(|edge| edge % 20.0 == 0.0),
            "{:?}",
            histogram.edges
        );
    }

    #[test]
    fn whole_numbers_get_whole_edges() {
        let values = [1.0, 1.0, 2.0, 2.0, 3.0];
        let histogram = Histogram::of_sorted(&values, 1.0, 3.0, true).unwrap();
        assert_eq!(histogram.edges, [1.0, 2.0, 3.0]);
        assert_eq!(histogram.counts, [0, 2, 2, 1]);
    }

    #[test]
    fn a_constant_and_an_empty_column_are_no_trouble() {
        let constant = Histogram::of_sorted(&[4.0; 9], 4.0, 4.0, true).unwrap();
        assert_eq!(constant.counts.iter().sum::<u64>(), 9);
        assert_eq!(Histogram::of_sorted(&[], 0.0, 0.0, true), None);
        let zero = Histogram::of_sorted(&[0.0; 3], 0.0, 0.0, false).unwrap();
        assert_eq!(zero.counts.iter().sum::<u64>(), 3);
    }

    #[test]
    fn extreme_numbers_never_hang_or_panic() {
        for (low, high) in [
            (f64::MIN, f64::MAX),
            (0.0, f64::MIN_POSITIVE),
            (1e300, 1e300 + 1e285),
            (-1e-300, 1e-300),
        ] {
            let _ = Histogram::of_sorted(&[low, high], low, high, false);
        }
    }
}
