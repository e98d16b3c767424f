//! Standardised differences between two groups of rows.

use crate::StatisticError;
use crate::sample::same_length;

const WHAT: &str = "standardised difference";

/// Standardised mean difference (Cohen's d with the mean of both variances; Austin 2009), first
/// minus second. Rows without a value (NaN) are left out.
///
/// # Errors
/// Infinite values, fewer than two values in a group, no variation in either group while the means
/// differ. Two groups with the same single value differ by 0.
pub fn smd(first: &[f64], second: &[f64]) -> Result<f64, StatisticError> {
    let (mean_a, variance_a) = moments(first)?;
    let (mean_b, variance_b) = moments(second)?;
    let spread = ((variance_a + variance_b) / 2.0).sqrt();
    let difference = mean_a - mean_b;
    if spread > 0.0 {
        Ok(difference / spread)
    } else if difference == 0.0 {
        Ok(0.0)
    } else {
        Err(StatisticError::Undetermined {
            what: WHAT,
            why: "neither group varies, but they differ",
        })
    }
}

fn moments(values: &[f64]) -> Result<(f64, f64), StatisticError> {
    let infinite = values.iter().filter(|value| value.is_infinite()).count();
    if infinite > 0 {
        return Err(StatisticError::NotFinite {
            what: WHAT,
            count: infinite,
        });
    }
    let present = || values.iter().filter(|value| !value.is_nan());
    let rows = present().count();
    if rows < 2 {
        return Err(StatisticError::Rows {
            what: WHAT,
            rows,
            minimum: 2,
            maximum: usize::MAX,
        });
    }
    let mean = present().sum::<f64>() / rows as f64;
    let variance = present().map(|value| (value - mean).powi(2)).sum::<f64>() / (rows as f64 - 1.0);
    Ok((mean, variance))
}

/// Standardised difference of a category with K levels: the Mahalanobis distance of the shares of
/// K − 1 levels under the mean of both multinomial covariances (Yang & Dalton 2012). 0 or more.
///
/// `first` and `second` count the same levels in the same order; levels without rows are left out.
///
/// # Errors
/// Lengths that differ, a group without rows, groups that share no level.
pub fn smd_categorical(first: &[u64], second: &[u64]) -> Result<f64, StatisticError> {
    same_length(WHAT, first.len(), second.len())?;
    let (total_a, total_b) = (sum(first), sum(second));
    if total_a == 0.0 || total_b == 0.0 {
        return Err(StatisticError::Rows {
            what: WHAT,
            rows: 0,
            minimum: 1,
            maximum: usize::MAX,
        });
    }
    let mut shares: Vec<(f64, f64)> = first
        .iter()
        .zip(second)
        .filter(|(a, b)| **a > 0 || **b > 0)
        .map(|(a, b)| (*a as f64 / total_a, *b as f64 / total_b))
        .collect();
    // The shares sum to 1, so one level says nothing new.
    shares.pop();
    let size = shares.len();
    let mut covariance = vec![0.0; size * size];
    for (i, (a, b)) in shares.iter().enumerate() {
        for (j, (c, d)) in shares.iter().enumerate() {
            covariance[i * size + j] = if i == j {
                (a * (1.0 - a) + b * (1.0 - b)) / 2.0
            } else {
                -(a * c + b * d) / 2.0
            };
        }
    }
    let difference: Vec<f64> = shares.iter().map(|(a, b)| a - b).collect();
    squared_distance(&mut covariance, difference)
        .map(f64::sqrt)
        .ok_or(StatisticError::Undetermined {
            what: WHAT,
            why: "the groups share no level",
        })
}

fn sum(counts: &[u64]) -> f64 {
    counts.iter().map(|n| *n as f64).sum()
}

/// `dᵀ S⁻¹ d` by Cholesky; nothing where `S` is not positive definite.
fn squared_distance(s: &mut [f64], mut d: Vec<f64>) -> Option<f64> {
    let size = d.len();
    let mut distance = 0.0;
    for i in 0..size {
        for j in 0..=i {
            let mut value = s[i * size + j];
            for k in 0..j {
                value -= s[i * size + k] * s[j * size + k];
            }
            if i == j {
                if value <= 1e-12 {
                    return None;
                }
                s[i * size + i] = value.sqrt();
            } else {
                s[i * size + j] = value / s[j * size + j];
            }
        }
        for k in 0..i {
            d[i] -= s[i * size + k] * d[k];
        }
        d[i] /= s[i * size + i];
        distance += d[i] * d[i];
    }
    Some(distance)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_levels_give_the_formula_for_proportions() {
        // (0.3 − 0.2) / sqrt((0.3 × 0.7 + 0.2 × 0.8) / 2)
        let expected = 0.1 / (0.37f64 / 2.0).sqrt();
        let distance = smd_categorical(&[30, 70], &[20, 80]).unwrap();
        assert!((distance - expected).abs() < 1e-12);
    }

    #[test]
    fn the_level_left_out_does_not_matter() {
        let one = smd_categorical(&[10, 20, 70, 0], &[30, 30, 40, 0]).unwrap();
        let other = smd_categorical(&[70, 0, 10, 20], &[40, 0, 30, 30]).unwrap();
        assert!((one - other).abs() < 1e-12);
    }

    #[test]
    fn equal_groups_do_not_differ() {
        assert_eq!(smd(&[1.0, 2.0, f64::NAN], &[1.0, 2.0]), Ok(0.0));
        assert_eq!(smd(&[3.0, 3.0], &[3.0, 3.0]), Ok(0.0));
        assert_eq!(smd_categorical(&[5, 5, 5], &[1, 1, 1]), Ok(0.0));
        assert_eq!(smd_categorical(&[5], &[1]), Ok(0.0));
    }

    #[test]
    fn what_cannot_be_compared_is_an_error() {
        assert!(smd(&[1.0, 1.0], &[2.0, 2.0]).is_err());
        assert!(smd(&[1.0], &[2.0, 3.0]).is_err());
        assert!(smd_categorical(&[5, 0], &[0, 5]).is_err());
        assert!(smd_categorical(&[], &[]).is_err());
    }
}
