//! Overall scores.

use crate::StatisticError;
use crate::sample::{both_classes, classes, risks};

/// Mean squared difference of risk and outcome (Brier 1950). 0 is perfect, 0.25 is a coin.
///
/// # Errors
/// No rows, lengths that differ, values that are not risks.
pub fn brier(outcome: &[bool], risk: &[f64]) -> Result<f64, StatisticError> {
    const WHAT: &str = "Brier score";
    let classes = classes(WHAT, outcome)?;
    risks(WHAT, outcome, risk)?;
    let total: f64 = outcome
        .iter()
        .zip(risk)
        .map(|(event, p)| (p - f64::from(u8::from(*event))).powi(2))
        .sum();
    Ok(total / classes.rows as f64)
}

/// 1 − Brier score / Brier score of the prevalence (Steyerberg 2010). 1 is perfect, 0 is no better
/// than the prevalence.
///
/// # Errors
/// As [`brier`]; only one class.
pub fn scaled_brier(outcome: &[bool], risk: &[f64]) -> Result<f64, StatisticError> {
    let classes = both_classes("scaled Brier score", outcome, 1)?;
    let prevalence = classes.prevalence();
    Ok(1.0 - brier(outcome, risk)? / (prevalence * (1.0 - prevalence)))
}

/// Mean negative log-likelihood in nats. Risks of 0 and 1 are moved inwards by 2⁻⁵², as
/// scikit-learn does, so that one certain error stays finite.
///
/// # Errors
/// As [`brier`].
pub fn log_loss(outcome: &[bool], risk: &[f64]) -> Result<f64, StatisticError> {
    const WHAT: &str = "log loss";
    let classes = classes(WHAT, outcome)?;
    risks(WHAT, outcome, risk)?;
    let total: f64 = outcome
        .iter()
        .zip(risk)
        .map(|(event, p)| {
            let p = p.clamp(f64::EPSILON, 1.0 - f64::EPSILON);
            -if *event { p.ln() } else { (-p).ln_1p() }
        })
        .sum();
    Ok(total / classes.rows as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certain_error_has_a_finite_log_loss() {
        let loss = log_loss(&[true], &[0.0]).unwrap();
        assert!(loss.is_finite() && loss > 30.0);
    }

    #[test]
    fn the_prevalence_has_a_scaled_brier_score_of_zero() {
        let outcome = [true, false, false, true];
        assert_eq!(scaled_brier(&outcome, &[0.5; 4]), Ok(0.0));
    }

    #[test]
    fn scores_are_not_risks() {
        assert!(matches!(
            brier(&[true, false], &[1.5, 0.2]),
            Err(StatisticError::NotProbability { count: 1, .. })
        ));
    }
}
