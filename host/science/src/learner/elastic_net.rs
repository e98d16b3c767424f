//! Logistic regression with the elastic net's penalty.
//!
//! Minimises, as `glmnet` does (Friedman, Hastie & Tibshirani 2010),
//! `mean log loss + λ (α Σ|bⱼ| + (1 − α)/2 Σ bⱼ²)` over standardised columns (divisor n), the
//! intercept free. Proximal Newton (Lee, Sun & Saunders 2014): the mean loss is replaced by its
//! second-order expansion, that is minimised by coordinate descent on the cross products, and the
//! step is shortened until the objective falls. The gradient is exact in every step; the cross
//! products, which are dear, are renewed only while the steps are still long.

use std::collections::BTreeMap;

use super::gram::{Curvature, Slope, Standardised};
use super::linear::Linear;
use super::{Design, Parameter};
use crate::LearnerError;
use crate::metrics::newton::logit;

pub(super) const PARAMETERS: &[Parameter] = &[
    Parameter {
        name: "lambda",
        minimum: 1e-6,
        maximum: 10.0,
        default: 1e-3,
        whole: false,
        description: "weight of the penalty against the mean log loss; larger is simpler",
    },
    Parameter {
        name: "alpha",
        minimum: 0.0,
        maximum: 1.0,
        default: 0.5,
        whole: false,
        description: "share of the absolute penalty: 0 is ridge, 1 is the lasso",
    },
];

/// Cross products take columns² × 8 bytes.
const MAX_COLUMNS: usize = 4096;
const STEPS: usize = 200;
const SWEEPS: usize = 20_000;
/// Largest violation of the optimality conditions, in the unit of λ.
const TOLERANCE: f64 = 1e-9;

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct ElasticNet {
    lambda: f64,
    alpha: f64,
}

impl ElasticNet {
    pub fn new(params: &BTreeMap<&'static str, f64>) -> Self {
        let value = |name| params.get(name).copied().unwrap_or_default();
        Self {
            lambda: value("lambda"),
            alpha: value("alpha"),
        }
    }

    pub fn fit(
        &self,
        learner: &'static str,
        design: &Design,
        outcome: &[bool],
    ) -> Result<Linear, LearnerError> {
        let columns = design.names().len();
        if columns > MAX_COLUMNS {
            return Err(LearnerError::Size {
                learner,
                what: "columns",
                got: columns,
                minimum: 1,
                maximum: MAX_COLUMNS,
            });
        }
        let data = Standardised::new(design, outcome);
        let events = outcome.iter().filter(|event| **event).count() as f64;
        let mut at = Point {
            intercept: logit(events / outcome.len() as f64),
            coefficients: vec![0.0; columns],
        };
        let mut slope = data.slope(at.intercept, &at.coefficients);
        let mut curvature = data.curvature(at.intercept, &at.coefficients);
        let mut fresh = true;
        let mut violation = self.violation(&at, &slope);
        for _ in 0..STEPS {
            if violation <= TOLERANCE {
                return Ok(at.into_model(data));
            }
            let target = self.expansion_minimum(&at, &slope, &curvature, violation);
            let (next, next_slope, whole_step) = self.descend(&data, &at, &slope, &target);
            let next_violation = self.violation(&next, &next_slope);
            let moved = next != at;
            at = next;
            slope = next_slope;
            // Old cross products do as long as they bring the optimum ten times nearer each step.
            if !whole_step || next_violation > 0.1 * violation {
                if !moved && fresh {
                    break;
                }
                curvature = data.curvature(at.intercept, &at.coefficients);
                fresh = true;
            } else {
                fresh = false;
            }
            violation = next_violation;
        }
        // Rounding can end the descent just above the tolerance.
        if violation <= 100.0 * TOLERANCE {
            return Ok(at.into_model(data));
        }
        Err(LearnerError::NotConverged {
            learner,
            iterations: STEPS,
        })
    }

    fn penalty(&self, coefficients: &[f64]) -> f64 {
        let (absolute, square) = coefficients
            .iter()
            .fold((0.0, 0.0), |sum, b| (sum.0 + b.abs(), sum.1 + b * b));
        self.lambda * (self.alpha * absolute + (1.0 - self.alpha) / 2.0 * square)
    }

    /// How far the optimality conditions are from being met.
    fn violation(&self, at: &Point, slope: &Slope) -> f64 {
        let (absolute, square) = (self.lambda * self.alpha, self.lambda * (1.0 - self.alpha));
        at.coefficients
            .iter()
            .zip(&slope.coefficients)
            .map(|(b, gradient)| {
                let smooth = gradient + square * b;
                if *b == 0.0 {
                    (smooth.abs() - absolute).max(0.0)
                } else {
                    (smooth + absolute * b.signum()).abs()
                }
            })
            .fold(slope.intercept.abs(), f64::max)
    }

    /// The minimum of the penalised second-order expansion around `at`, by coordinate descent.
    fn expansion_minimum(
        &self,
        at: &Point,
        slope: &Slope,
        curvature: &Curvature,
        violation: f64,
    ) -> Point {
        let columns = at.coefficients.len();
        let (absolute, square) = (self.lambda * self.alpha, self.lambda * (1.0 - self.alpha));
        let mut target = at.clone();
        // Derivatives of the expansion at `target`.
        let mut by_intercept = slope.intercept;
        let mut by_coefficient = slope.coefficients.clone();
        let tolerance = (violation * 1e-3).clamp(TOLERANCE * 0.1, 1e-4);
        for _ in 0..SWEEPS {
            let mut largest = 0.0f64;
            if curvature.intercept > 0.0 {
                let step = -by_intercept / curvature.intercept;
                largest = largest.max(by_intercept.abs());
                target.intercept += step;
                by_intercept = 0.0;
                for (slot, cross) in by_coefficient.iter_mut().zip(&curvature.cross) {
                    *slot += step * cross;
                }
            }
            for column in 0..columns {
                let bend = curvature.products[column * columns + column];
                let before = target.coefficients[column];
                let pull = bend * before - by_coefficient[column];
                let after = if bend + square > 1e-14 {
                    soft(pull, absolute) / (bend + square)
                } else {
                    0.0
                };
                let step = after - before;
                if step == 0.0 {
                    continue;
                }
                largest = largest.max(step.abs() * (bend + square));
                target.coefficients[column] = after;
                by_intercept += step * curvature.cross[column];
                let line = &curvature.products[column * columns..(column + 1) * columns];
                for (slot, product) in by_coefficient.iter_mut().zip(line) {
                    *slot += step * product;
                }
            }
            if largest <= tolerance {
                break;
            }
        }
        target
    }

    /// Goes from `at` towards `target` until the objective has fallen enough. The last value says
    /// whether it went all the way.
    fn descend(
        &self,
        data: &Standardised<'_>,
        at: &Point,
        slope: &Slope,
        target: &Point,
    ) -> (Point, Slope, bool) {
        let before = slope.loss + self.penalty(&at.coefficients);
        let promised = slope.intercept * (target.intercept - at.intercept)
            + slope
                .coefficients
                .iter()
                .zip(target.coefficients.iter().zip(&at.coefficients))
                .map(|(gradient, (to, from))| gradient * (to - from))
                .sum::<f64>()
            + self.penalty(&target.coefficients)
            - self.penalty(&at.coefficients);
        let mut fraction = 1.0;
        loop {
            let candidate = at.towards(target, fraction);
            let reached = data.slope(candidate.intercept, &candidate.coefficients);
            let after = reached.loss + self.penalty(&candidate.coefficients);
            let enough = before + 1e-4 * fraction * promised.min(0.0) + 1e-14 * before.abs();
            if after <= enough {
                return (candidate, reached, fraction == 1.0);
            }
            fraction /= 2.0;
            if fraction < 1e-6 {
                let here = data.slope(at.intercept, &at.coefficients);
                return (at.clone(), here, false);
            }
        }
    }
}

#[derive(Clone, Debug, PartialEq)]
struct Point {
    intercept: f64,
    coefficients: Vec<f64>,
}

impl Point {
    fn into_model(self, data: Standardised<'_>) -> Linear {
        Linear::new(self.intercept, self.coefficients, data.means, data.scales)
    }

    fn towards(&self, target: &Self, fraction: f64) -> Self {
        if fraction == 1.0 {
            return target.clone();
        }
        let between = |from: f64, to: f64| from + fraction * (to - from);
        Self {
            intercept: between(self.intercept, target.intercept),
            coefficients: self
                .coefficients
                .iter()
                .zip(&target.coefficients)
                .map(|(from, to)| between(*from, *to))
                .collect(),
        }
    }
}

/// The soft threshold.
fn soft(value: f64, threshold: f64) -> f64 {
    if value > threshold {
        value - threshold
    } else if value < -threshold {
        value + threshold
    } else {
        0.0
    }
}
