//! Models that are linear in the log-odds, and the two simplest of them.

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::Design;
use crate::LearnerError;
use crate::metrics::concordance;
use crate::metrics::newton::{logit, with_slope};
use crate::sample::Classes;

/// `intercept + Σ coefficient × (value − mean) / scale`; a missing value counts as the mean.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Linear {
    /// Log-odds where every column is at its mean.
    pub intercept: f64,
    /// Log-odds for a change by one scale; one for each column.
    pub coefficients: Vec<f64>,
    /// Means of the columns in the rows the model was fitted on.
    pub means: Vec<f64>,
    /// Standard deviations; 1 for a column that does not vary.
    pub scales: Vec<f64>,
}

impl Linear {
    /// A model of columns with these means and standard deviations; 0 for columns that do not
    /// vary, whose coefficients are 0 too.
    pub fn new(intercept: f64, coefficients: Vec<f64>, means: Vec<f64>, scales: Vec<f64>) -> Self {
        let scales = scales
            .into_iter()
            .map(|scale| if scale > 0.0 { scale } else { 1.0 })
            .collect();
        Self {
            intercept,
            coefficients,
            means,
            scales,
        }
    }

    /// What a column adds to the log-odds of a row.
    pub fn term(&self, column: usize, value: f32) -> f64 {
        let coefficient = self.coefficients[column];
        if value.is_nan() || coefficient == 0.0 {
            0.0
        } else {
            coefficient * ((f64::from(value) - self.means[column]) / self.scales[column])
        }
    }

    /// Log-odds of a row.
    pub fn margin(&self, row: &[f32]) -> f64 {
        let terms: f64 = row
            .iter()
            .enumerate()
            .map(|(column, value)| self.term(column, *value))
            .sum();
        self.intercept + terms
    }

    /// Coefficients that are not zero, and the intercept.
    pub fn complexity(&self) -> u32 {
        let used = self
            .coefficients
            .iter()
            .filter(|coefficient| **coefficient != 0.0)
            .count();
        u32::try_from(used + 1).unwrap_or(u32::MAX)
    }

    /// Whether the parts fit together and are finite.
    pub fn is_sound(&self, columns: usize) -> bool {
        let parts = [&self.coefficients, &self.means, &self.scales];
        self.intercept.is_finite()
            && parts
                .iter()
                .all(|part| part.len() == columns && part.iter().all(|v| v.is_finite()))
            && self.scales.iter().all(|scale| *scale > 0.0)
    }
}

/// Means and standard deviations of the columns, missing values read as the mean: they add nothing
/// to the variance, whose divisor is the number of all rows. A column that does not vary has the
/// standard deviation 0.
pub(super) fn moments(design: &Design) -> (Vec<f64>, Vec<f64>) {
    let columns = design.names().len();
    let rows = || design.values().chunks_exact(columns.max(1));
    let mut sums = vec![0.0; columns];
    let mut present = vec![0u32; columns];
    for row in rows() {
        for (column, value) in row.iter().enumerate() {
            if !value.is_nan() {
                sums[column] += f64::from(*value);
                present[column] += 1;
            }
        }
    }
    let means: Vec<f64> = sums
        .iter()
        .zip(&present)
        .map(|(sum, n)| if *n == 0 { 0.0 } else { sum / f64::from(*n) })
        .collect();
    let mut squares = vec![0.0; columns];
    for row in rows() {
        for (column, value) in row.iter().enumerate() {
            if !value.is_nan() {
                squares[column] += (f64::from(*value) - means[column]).powi(2);
            }
        }
    }
    let scales = squares
        .iter()
        .zip(&means)
        .map(|(square, mean)| {
            let scale = (square / design.rows() as f64).sqrt();
            // What is left of a constant column is rounding.
            if scale > 1e-9 * mean.abs() {
                scale
            } else {
                0.0
            }
        })
        .collect();
    (means, scales)
}

/// The same risk for everybody: the share of events among the training rows.
pub(super) fn prevalence(design: &Design, classes: Classes) -> Linear {
    let columns = design.names().len();
    Linear {
        intercept: logit(classes.prevalence()),
        coefficients: vec![0.0; columns],
        means: vec![0.0; columns],
        scales: vec![1.0; columns],
    }
}

/// Logistic regression on the column with the best area under the ROC curve in the training rows,
/// in either direction; of equals the first. Missing values count as the column's mean.
pub(super) fn best_single_predictor(
    learner: &'static str,
    design: &Design,
    outcome: &[bool],
) -> Result<Linear, LearnerError> {
    let classes = crate::sample::both_classes(learner, outcome, 1)?;
    let (means, scales) = moments(design);
    let column = |column: usize| -> Vec<f64> {
        design
            .column(column)
            .map(|value| {
                if value.is_nan() || scales[column] == 0.0 {
                    0.0
                } else {
                    (f64::from(value) - means[column]) / scales[column]
                }
            })
            .collect()
    };
    let discrimination: Vec<f64> = (0..design.names().len())
        .into_par_iter()
        .map(|index| (concordance(outcome, &column(index), classes) - 0.5).abs())
        .collect();
    let best = discrimination
        .iter()
        .enumerate()
        .fold((0, -1.0), |best, (index, value)| {
            if *value > best.1 {
                (index, *value)
            } else {
                best
            }
        })
        .0;
    let line = with_slope(learner, outcome, &column(best))?;
    let mut coefficients = vec![0.0; design.names().len()];
    coefficients[best] = line.slope;
    Ok(Linear::new(line.intercept, coefficients, means, scales))
}
