//! Events needed to develop a prediction model (Riley et al. 2019, doi:10.1002/sim.7992).

use serde::{Deserialize, Serialize};

use crate::StatisticError;
use crate::sample::setting;

const WHAT: &str = "Riley's sample size";
/// Expected shrinkage that the first criterion guarantees.
const SHRINKAGE: f64 = 0.9;

/// The smallest sample that meets each of Riley's criteria for a binary outcome.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct RileyBinary {
    /// Rows for an expected shrinkage of predictor effects of at least 0.9.
    pub shrinkage_rows: u64,
    /// Rows for an optimism of Nagelkerke's R² of at most 0.05.
    pub optimism_rows: u64,
    /// Rows to estimate the overall risk within ± 0.05.
    pub intercept_rows: u64,
    /// The largest of the three.
    pub rows: u64,
    /// Events in that many rows, rounded up.
    pub events: u64,
    /// Events for each parameter.
    pub events_per_parameter: f64,
}

/// Riley's three criteria, computed as `pmsampsize` 1.1 for R does, with its rounding: the largest
/// possible Cox–Snell R² to two decimals and the second criterion's shrinkage to three.
///
/// `r2_cox_snell` is the R² that the model is expected to reach; without better knowledge 15 % of
/// [`max_r2_cox_snell`]. `parameters` counts all candidate parameters, not only those kept.
///
/// # Errors
/// Values out of range: R² from 0 to the largest possible one (both exclusive), at least one
/// parameter, a prevalence from 0 to 1 exclusive.
pub fn riley_binary(
    r2_cox_snell: f64,
    parameters: u64,
    prevalence: f64,
) -> Result<RileyBinary, StatisticError> {
    let possible = max_r2_cox_snell(prevalence)?;
    let rounded = (possible * 100.0).round() / 100.0;
    // A rare outcome's maximum would round to nothing.
    let largest = if rounded > 0.0 { rounded } else { possible };
    setting(WHAT, "parameters", parameters as f64, 1.0, 1e9)?;
    setting(
        WHAT,
        "Cox–Snell R²",
        r2_cox_snell,
        f64::MIN_POSITIVE,
        largest.min(SHRINKAGE),
    )?;
    let p = parameters as f64;
    let rows_for =
        |shrinkage: f64| (p / ((shrinkage - 1.0) * (1.0 - r2_cox_snell / shrinkage).ln())).ceil();
    let optimism = r2_cox_snell / (r2_cox_snell + 0.05 * largest);
    let optimism = (optimism * 1000.0).round() / 1000.0;
    setting(
        WHAT,
        "Cox–Snell R²",
        r2_cox_snell,
        f64::MIN_POSITIVE,
        optimism - f64::EPSILON,
    )?;
    let shrinkage_rows = rows_for(SHRINKAGE);
    let optimism_rows = rows_for(optimism);
    let intercept_rows = ((1.96f64 / 0.05).powi(2) * prevalence * (1.0 - prevalence)).ceil();
    let rows = shrinkage_rows.max(optimism_rows).max(intercept_rows);
    if !(rows.is_finite() && rows < 1e15) {
        return Err(StatisticError::Undetermined {
            what: WHAT,
            why: "the expected R² is so small that no sample suffices",
        });
    }
    let events = rows * prevalence;
    Ok(RileyBinary {
        shrinkage_rows: shrinkage_rows as u64,
        optimism_rows: optimism_rows as u64,
        intercept_rows: intercept_rows as u64,
        rows: rows as u64,
        events: events.ceil() as u64,
        events_per_parameter: events / p,
    })
}

/// The largest Cox–Snell R² that a model of an outcome with this prevalence can have, 0 to 0.75.
///
/// # Errors
/// A prevalence outside 0 to 1 exclusive.
pub fn max_r2_cox_snell(prevalence: f64) -> Result<f64, StatisticError> {
    setting(
        WHAT,
        "prevalence",
        prevalence,
        f64::MIN_POSITIVE,
        1.0 - f64::EPSILON,
    )?;
    let log_likelihood = prevalence * prevalence.ln() + (1.0 - prevalence) * (-prevalence).ln_1p();
    Ok(-(2.0 * log_likelihood).exp_m1())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_criteria_are_those_of_pmsampsize() {
        for (r2, parameters, prevalence, expected) in [
            (0.288, 24, 0.174, (623, 668, 221)),
            (0.55, 24, 0.174, (255, 532, 221)),
            (0.288, 36, 0.174, (934, 1002, 221)),
            (0.288, 24, 0.25, (623, 583, 289)),
        ] {
            let size = riley_binary(r2, parameters, prevalence).unwrap();
            assert_eq!(
                (size.shrinkage_rows, size.optimism_rows, size.intercept_rows),
                expected,
                "{r2} {parameters} {prevalence}"
            );
            assert_eq!(size.rows, expected.0.max(expected.1).max(expected.2));
        }
    }

    #[test]
    fn impossible_expectations_are_refused() {
        assert!(riley_binary(0.7, 24, 0.174).is_err());
        assert!(riley_binary(0.0, 24, 0.174).is_err());
        assert!(riley_binary(0.1, 0, 0.174).is_err());
        assert!(riley_binary(0.1, 10, 0.0).is_err());
        assert!(riley_binary(f64::NAN, 10, 0.1).is_err());
    }

    #[test]
    fn half_of_the_rows_with_the_outcome_allow_the_largest_r2() {
        assert!((max_r2_cox_snell(0.5).unwrap() - 0.75).abs() < 1e-12);
    }
}
