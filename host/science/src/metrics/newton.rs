//! Logistic regression with an intercept and at most one slope, by Newton's method.

use crate::StatisticError;

/// A risk's distance from certainty; keeps its logit finite.
const CERTAINTY: f64 = 1e-12;
const ITERATIONS: usize = 100;

/// Intercept and slope with their covariance.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Line {
    pub intercept: f64,
    pub slope: f64,
    pub intercept_variance: f64,
    pub slope_variance: f64,
}

/// Log-odds of a risk. Risks within 10⁻¹² of 0 and 1 are moved inwards.
pub(crate) fn logit(risk: f64) -> f64 {
    let risk = risk.clamp(CERTAINTY, 1.0 - CERTAINTY);
    risk.ln() - (-risk).ln_1p()
}

/// Risk of log-odds.
pub(crate) fn expit(margin: f64) -> f64 {
    if margin >= 0.0 {
        1.0 / (1.0 + (-margin).exp())
    } else {
        let odds = margin.exp();
        odds / (1.0 + odds)
    }
}

/// Negative log-likelihood of one row.
pub(crate) fn loss(event: bool, margin: f64) -> f64 {
    let signed = if event { -margin } else { margin };
    if signed > 0.0 {
        signed + (-signed).exp().ln_1p()
    } else {
        signed.exp().ln_1p()
    }
}

/// `outcome ~ intercept + offset`, slope fixed at 1.
pub(crate) fn with_offset(
    what: &'static str,
    outcome: &[bool],
    offset: &[f64],
) -> Result<Line, StatisticError> {
    fit(what, outcome, offset, false)
}

/// `outcome ~ intercept + slope × value`.
pub(crate) fn with_slope(
    what: &'static str,
    outcome: &[bool],
    value: &[f64],
) -> Result<Line, StatisticError> {
    fit(what, outcome, value, true)
}

fn fit(
    what: &'static str,
    outcome: &[bool],
    value: &[f64],
    free_slope: bool,
) -> Result<Line, StatisticError> {
    let rows = outcome.len() as f64;
    // With a free slope the value is centred and scaled inside, so that the equations are well
    // conditioned whatever its unit; with an offset it must stay as it is.
    let (centre, scale) = if free_slope {
        let centre = value.iter().sum::<f64>() / rows;
        let variance = value.iter().map(|v| (v - centre).powi(2)).sum::<f64>() / rows;
        if variance.sqrt() <= 1e-12 * centre.abs().max(1e-300) || variance == 0.0 {
            return Err(StatisticError::Undetermined {
                what,
                why: "every row has the same predicted value",
            });
        }
        (centre, variance.sqrt())
    } else {
        (0.0, 1.0)
    };
    let total_loss = |intercept: f64, slope: f64| -> f64 {
        outcome
            .iter()
            .zip(value)
            .map(|(event, v)| loss(*event, intercept + slope * (v - centre) / scale))
            .sum()
    };
    let (mut intercept, mut slope) = (0.0, if free_slope { 0.0 } else { 1.0 });
    let mut current = total_loss(intercept, slope);
    for _ in 0..ITERATIONS {
        let (mut g0, mut g1, mut h00, mut h01, mut h11) = (0.0, 0.0, 0.0, 0.0, 0.0);
        for (event, v) in outcome.iter().zip(value) {
            let x = (v - centre) / scale;
            let p = expit(intercept + slope * x);
            let residual = f64::from(u8::from(*event)) - p;
            let weight = p * (1.0 - p);
            g0 += residual;
            g1 += residual * x;
            h00 += weight;
            h01 += weight * x;
            h11 += weight * x * x;
        }
        let determinant = if free_slope {
            h00 * h11 - h01 * h01
        } else {
            h00
        };
        if determinant <= f64::EPSILON * f64::EPSILON * rows || !determinant.is_finite() {
            return Err(separated(what));
        }
        let (step0, step1) = if free_slope {
            (
                (h11 * g0 - h01 * g1) / determinant,
                (h00 * g1 - h01 * g0) / determinant,
            )
        } else {
            (g0 / h00, 0.0)
        };
        let mut fraction = 1.0;
        let mut next = total_loss(intercept + step0, slope + step1);
        let bound = current + 1e-12 * current.abs();
        while (next.is_nan() || next > bound) && fraction > 1e-6 {
            fraction /= 2.0;
            next = total_loss(intercept + fraction * step0, slope + fraction * step1);
        }
        intercept += fraction * step0;
        slope += fraction * step1;
        current = next;
        if intercept.abs() > 1e4 || slope.abs() > 1e4 {
            return Err(separated(what));
        }
        let small = |step: f64, at: f64| (fraction * step).abs() <= 1e-10 * at.abs().max(1.0);
        if small(step0, intercept) && small(step1, slope) {
            // Back to the value's own unit.
            let shift = centre / scale;
            let (variance0, covariance, variance1) = if free_slope {
                (h11 / determinant, -h01 / determinant, h00 / determinant)
            } else {
                (1.0 / h00, 0.0, 0.0)
            };
            return Ok(Line {
                intercept: if free_slope {
                    intercept - slope * shift
                } else {
                    intercept
                },
                slope: slope / scale,
                intercept_variance: variance0 - 2.0 * shift * covariance
                    + shift * shift * variance1,
                slope_variance: variance1 / scale / scale,
            });
        }
    }
    Err(separated(what))
}

fn separated(what: &'static str) -> StatisticError {
    StatisticError::Undetermined {
        what,
        why: "the predicted values separate the outcomes (almost) perfectly",
    }
}
