//! Numbers into numbers. NaN is a missing value throughout.

use serde::{Deserialize, Serialize};

use crate::recipe::Rework;

/// A fitted step.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) enum Reworker {
    /// ln(1 + x); missing at −1 and below.
    Log1p,
    /// What lies outside is brought to the bound.
    Clip { lower: f64, upper: f64 },
    /// Missing values become this one.
    Fill(f64),
    /// A further column that says where values are missing at this point.
    MissingIndicator,
    /// (x − mean) / sd.
    Standardise { mean: f64, sd: f64 },
}

impl Reworker {
    /// Fits a step on the values that reach it.
    pub(crate) fn fit(rework: Rework, values: &[f64]) -> Self {
        match rework {
            Rework::Log1p => Self::Log1p,
            Rework::MissingIndicator => Self::MissingIndicator,
            Rework::Winsorise { lower, upper } => {
                let mut values = present(values);
                Self::Clip {
                    lower: quantile(&mut values, lower).unwrap_or(f64::MIN),
                    upper: quantile(&mut values, upper).unwrap_or(f64::MAX),
                }
            }
            // a column without any value has no median; whatever stands for it says nothing
            Rework::ImputeMedian => Self::Fill(quantile(&mut present(values), 0.5).unwrap_or(0.0)),
            Rework::Standardise => {
                let (mean, sd) = moments(values);
                Self::Standardise { mean, sd }
            }
        }
    }

    /// Does the step; gives the indicator's column where the step is one.
    pub(crate) fn apply(self, values: &mut [f64]) -> Option<Vec<f32>> {
        match self {
            Self::Log1p => {
                for value in values {
                    *value = if *value > -1.0 {
                        value.ln_1p()
                    } else {
                        f64::NAN
                    };
                }
            }
            Self::Clip { lower, upper } => {
                for value in values {
                    // a NaN stays one
                    *value = value.clamp(lower, upper);
                }
            }
            Self::Fill(filling) => {
                for value in values.iter_mut().filter(|value| value.is_nan()) {
                    *value = filling;
                }
            }
            Self::MissingIndicator => {
                let missing = values
                    .iter()
                    .map(|value| f32::from(u8::from(value.is_nan())));
                return Some(missing.collect());
            }
            Self::Standardise { mean, sd } => {
                for value in values {
                    *value = (*value - mean) / sd;
                }
            }
        }
        None
    }
}

fn present(values: &[f64]) -> Vec<f64> {
    values
        .iter()
        .copied()
        .filter(|value| !value.is_nan())
        .collect()
}

/// A quantile by linear interpolation (type 7 of Hyndman and Fan, The American Statistician 50(4),
/// 1996; the default of R and NumPy); `None` without values. Changes their order.
fn quantile(values: &mut [f64], share: f64) -> Option<f64> {
    let last = values.len().checked_sub(1)?;
    #[allow(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "an index into a slice, at most its last"
    )]
    let (below, part) = {
        let place = share * last as f64;
        ((place.floor() as usize).min(last), place.fract())
    };
    let (_, lower, above) = values.select_nth_unstable_by(below, f64::total_cmp);
    let lower = *lower;
    let upper = above
        .iter()
        .copied()
        .min_by(f64::total_cmp)
        .unwrap_or(lower);
    Some(lower + part * (upper - lower))
}

/// Mean and population standard deviation of the values that are there; a column that does not
/// vary has the standard deviation 1, so that it becomes 0.
fn moments(values: &[f64]) -> (f64, f64) {
    let present = || values.iter().copied().filter(|value| !value.is_nan());
    #[allow(clippy::cast_precision_loss, reason = "fewer than 2^53 rows")]
    let n = present().count() as f64;
    if n == 0.0 {
        return (0.0, 1.0);
    }
    let mean = present().sum::<f64>() / n;
    let variance = present().map(|value| (value - mean).powi(2)).sum::<f64>() / n;
    let sd = variance.sqrt();
    // rounding leaves a trace of a variance in a constant column
    if sd > mean.abs() * 1e-12 && sd > 0.0 {
        (mean, sd)
    } else {
        (mean, 1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_learns_from_the_values_that_are_there() {
        let values = [4.0, f64::NAN, 1.0, 3.0, 2.0];
        assert_eq!(
            Reworker::fit(Rework::ImputeMedian, &values),
            Reworker::Fill(2.5)
        );
        let Reworker::Standardise { mean, sd } = Reworker::fit(Rework::Standardise, &values) else {
            panic!("another step");
        };
        assert_eq!((mean, sd), (2.5, 1.25f64.sqrt()));
        let bounds = Rework::Winsorise {
            lower: 0.25,
            upper: 0.75,
        };
        let expected = Reworker::Clip {
            lower: 1.75,
            upper: 3.25,
        };
        assert_eq!(Reworker::fit(bounds, &values), expected);
    }

    #[test]
    fn missing_values_pass_unless_they_are_filled() {
        let mut values = [f64::NAN, 10.0, -3.0];
        assert_eq!(
            Reworker::MissingIndicator.apply(&mut values),
            Some(vec![1.0, 0.0, 0.0])
        );
        Reworker::Clip {
            lower: 0.0,
            upper: 5.0,
        }
        .apply(&mut values);
        assert!(values[0].is_nan());
        assert_eq!(values[1..], [5.0, 0.0]);
        Reworker::Fill(1.0).apply(&mut values);
        assert_eq!(values, [1.0, 5.0, 0.0]);
        let mut below = [-1.0, -2.0, 0.0];
        Reworker::Log1p.apply(&mut below);
        assert!(below[0].is_nan() && below[1].is_nan() && below[2] == 0.0);
    }

    #[test]
    fn a_column_that_says_nothing_becomes_zero() {
        for mut values in [vec![f64::NAN; 3], vec![0.1; 3]] {
            for rework in [Rework::ImputeMedian, Rework::Standardise] {
                Reworker::fit(rework, &values).apply(&mut values);
            }
            assert!(values.iter().all(|value| value.abs() < 1e-9), "{values:?}");
        }
    }
}
