//! Mean and weak calibration (Van Calster 2016, 2019).

use serde::{Deserialize, Serialize};

use super::newton::{logit, with_offset, with_slope};
use crate::sample::{both_classes, risks};
use crate::{Estimate, StatisticError};

/// Intercept and slope of the outcome on the logit of the risk, fitted together.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct WeakCalibration {
    /// The intercept that belongs to the slope; 0 is ideal. Not calibration in the large.
    pub intercept: Estimate,
    /// The slope; 1 is ideal, below 1 the risks are too extreme.
    pub slope: Estimate,
}

/// Calibration in the large: the intercept of a logistic regression with the logit of the risk as
/// offset, with its 95 % Wald interval. In log-odds; 0 is ideal, above 0 the risks are too low.
///
/// # Errors
/// Lengths that differ, values that are not risks, only one class.
pub fn calibration_in_the_large(
    outcome: &[bool],
    risk: &[f64],
) -> Result<Estimate, StatisticError> {
    const WHAT: &str = "calibration in the large";
    both_classes(WHAT, outcome, 1)?;
    risks(WHAT, outcome, risk)?;
    let margin: Vec<f64> = risk.iter().map(|p| logit(*p)).collect();
    let line = with_offset(WHAT, outcome, &margin)?;
    Ok(Estimate::wald(
        line.intercept,
        line.intercept_variance.sqrt(),
    ))
}

/// Slope of a logistic regression of the outcome on the logit of the risk (Cox 1958), with its
/// 95 % Wald interval. 1 is ideal, below 1 the risks are too extreme.
///
/// # Errors
/// As [`calibration_in_the_large`]; the same risk for every row; risks that separate the outcomes.
pub fn calibration_slope(outcome: &[bool], risk: &[f64]) -> Result<Estimate, StatisticError> {
    Ok(weak_calibration(outcome, risk)?.slope)
}

/// Calibration intercept and slope, fitted together.
///
/// # Errors
/// As [`calibration_slope`].
pub fn weak_calibration(outcome: &[bool], risk: &[f64]) -> Result<WeakCalibration, StatisticError> {
    const WHAT: &str = "calibration slope";
    both_classes(WHAT, outcome, 1)?;
    risks(WHAT, outcome, risk)?;
    let margin: Vec<f64> = risk.iter().map(|p| logit(*p)).collect();
    let line = with_slope(WHAT, outcome, &margin)?;
    Ok(WeakCalibration {
        intercept: Estimate::wald(line.intercept, line.intercept_variance.sqrt()),
        slope: Estimate::wald(line.slope, line.slope_variance.sqrt()),
    })
}

/// Observed events divided by the sum of risks, with the 95 % interval of Debray 2017 (normal on
/// the log scale, risks taken as fixed). 1 is ideal, above 1 the risks are too low.
///
/// # Errors
/// Lengths that differ, values that are not risks, no events, risks that sum to 0.
pub fn observed_expected_ratio(outcome: &[bool], risk: &[f64]) -> Result<Estimate, StatisticError> {
    const WHAT: &str = "observed–expected ratio";
    let classes = both_classes(WHAT, outcome, 1)?;
    risks(WHAT, outcome, risk)?;
    let expected: f64 = risk.iter().sum();
    if expected <= 0.0 {
        return Err(StatisticError::Undetermined {
            what: WHAT,
            why: "every risk is 0",
        });
    }
    let observed = classes.events as f64;
    let ratio = observed / expected;
    let log = Estimate::wald(ratio.ln(), ((1.0 - classes.prevalence()) / observed).sqrt());
    Ok(Estimate {
        value: ratio,
        lower: log.lower.exp(),
        upper: log.upper.exp(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_constant_risk_has_no_slope_but_a_level() {
        let outcome = [true, false, false, false];
        assert!(matches!(
            calibration_slope(&outcome, &[0.25; 4]),
            Err(StatisticError::Undetermined { .. })
        ));
        let level = calibration_in_the_large(&outcome, &[0.25; 4]).unwrap();
        assert!(level.value.abs() < 1e-12);
    }

    #[test]
    fn separated_outcomes_have_no_slope() {
        let outcome = [true, true, false, false];
        assert!(matches!(
            calibration_slope(&outcome, &[0.9, 0.8, 0.2, 0.1]),
            Err(StatisticError::Undetermined { .. })
        ));
    }

    #[test]
    fn certain_risks_do_not_break_calibration() {
        let outcome = [true, true, false, false, true, false];
        let risk = [1.0, 0.6, 0.0, 0.4, 0.3, 0.7];
        assert!(
            calibration_in_the_large(&outcome, &risk)
                .unwrap()
                .value
                .is_finite()
        );
        assert!(
            calibration_slope(&outcome, &risk)
                .unwrap()
                .value
                .is_finite()
        );
    }
}
