//! Passes over the rows of a standardised design matrix, in fixed blocks.
//!
//! The matrix is standardised while it is read, so that the 32-bit values given are the only copy.
//! Columns with mostly zeros (indicators) stay uncentred inside: their zeros are skipped, and the
//! centre is taken off afterwards.

use rayon::prelude::*;

use super::Design;
use super::linear::moments;
use crate::metrics::newton::{expit, loss};

/// Blocks of rows; their partial sums are added in this order whatever the number of threads.
const BLOCKS: usize = 8;

/// A design matrix read as standardised columns: mean 0, standard deviation 1, missing 0.
pub(super) struct Standardised<'a> {
    design: &'a Design,
    outcome: &'a [bool],
    pub means: Vec<f64>,
    pub scales: Vec<f64>,
    /// What is taken off a value before it is scaled: the mean, or 0 for a column of zeros.
    offsets: Vec<f64>,
    /// What is still to be taken off after scaling.
    centres: Vec<f64>,
    inverse_scales: Vec<f64>,
}

/// The mean loss and its derivatives at some coefficients.
pub(super) struct Slope {
    /// Mean negative log-likelihood.
    pub loss: f64,
    /// Derivative by the intercept.
    pub intercept: f64,
    /// Derivatives by the coefficients.
    pub coefficients: Vec<f64>,
}

/// The mean weighted cross products: second derivatives of the mean loss.
pub(super) struct Curvature {
    /// By the intercept twice.
    pub intercept: f64,
    /// By the intercept and each coefficient.
    pub cross: Vec<f64>,
    /// By two coefficients, columns × columns.
    pub products: Vec<f64>,
}

impl<'a> Standardised<'a> {
    pub fn new(design: &'a Design, outcome: &'a [bool]) -> Self {
        let (means, scales) = moments(design);
        let columns = means.len();
        let mut zeros = vec![0usize; columns];
        for row in design.values().chunks_exact(columns.max(1)) {
            for (zeros, value) in zeros.iter_mut().zip(row) {
                *zeros += usize::from(*value == 0.0);
            }
        }
        let offsets: Vec<f64> = zeros
            .iter()
            .zip(&means)
            .map(|(zeros, mean)| {
                if 2 * zeros > design.rows() {
                    0.0
                } else {
                    *mean
                }
            })
            .collect();
        // A column that does not vary is read as 0.
        let inverse_scales: Vec<f64> = scales
            .iter()
            .map(|scale| if *scale > 0.0 { 1.0 / scale } else { 0.0 })
            .collect();
        let centres = (0..columns)
            .map(|column| (means[column] - offsets[column]) * inverse_scales[column])
            .collect();
        Self {
            design,
            outcome,
            means,
            scales,
            offsets,
            centres,
            inverse_scales,
        }
    }

    pub fn columns(&self) -> usize {
        self.means.len()
    }

    fn read(&self, row: &[f32], into: &mut [f64]) {
        for (column, (value, slot)) in row.iter().zip(into.iter_mut()).enumerate() {
            *slot = if value.is_nan() {
                self.centres[column]
            } else {
                (f64::from(*value) - self.offsets[column]) * self.inverse_scales[column]
            };
        }
    }

    fn blocks(&self) -> Vec<(&'a [f32], &'a [bool])> {
        let rows = self.outcome.len().div_ceil(BLOCKS).max(1);
        self.design
            .values()
            .chunks(rows * self.columns())
            .zip(self.outcome.chunks(rows))
            .collect()
    }

    /// Log-odds of a row that was read, the centres taken off the intercept beforehand.
    fn shifted(&self, intercept: f64, coefficients: &[f64]) -> f64 {
        let shift: f64 = self
            .centres
            .iter()
            .zip(coefficients)
            .map(|(c, b)| c * b)
            .sum();
        intercept - shift
    }

    /// Mean loss and gradient.
    pub fn slope(&self, intercept: f64, coefficients: &[f64]) -> Slope {
        let columns = self.columns();
        let start = self.shifted(intercept, coefficients);
        let parts: Vec<(f64, f64, Vec<f64>)> = self
            .blocks()
            .into_par_iter()
            .map(|(values, outcome)| {
                let mut row = vec![0.0; columns];
                let mut gradient = vec![0.0; columns];
                let (mut total, mut residuals) = (0.0, 0.0);
                for (raw, event) in values.chunks_exact(columns).zip(outcome) {
                    self.read(raw, &mut row);
                    let margin = start + dot(&row, coefficients);
                    total += loss(*event, margin);
                    let residual = expit(margin) - f64::from(u8::from(*event));
                    residuals += residual;
                    for (slot, value) in gradient.iter_mut().zip(&row) {
                        *slot += residual * value;
                    }
                }
                (total, residuals, gradient)
            })
            .collect();
        let rows = self.outcome.len() as f64;
        let mut slope = Slope {
            loss: 0.0,
            intercept: 0.0,
            coefficients: vec![0.0; columns],
        };
        for (total, residuals, gradient) in parts {
            slope.loss += total / rows;
            slope.intercept += residuals / rows;
            for (slot, value) in slope.coefficients.iter_mut().zip(gradient) {
                *slot += value / rows;
            }
        }
        for (slot, centre) in slope.coefficients.iter_mut().zip(&self.centres) {
            *slot -= slope.intercept * centre;
        }
        slope
    }

    /// Second derivatives of the mean loss.
    pub fn curvature(&self, intercept: f64, coefficients: &[f64]) -> Curvature {
        let columns = self.columns();
        let start = self.shifted(intercept, coefficients);
        // Many columns make a partial result large; fewer run at once then.
        let at_once = if columns > 1024 { 2 } else { BLOCKS };
        let rows = self.outcome.len() as f64;
        let mut sum = Curvature {
            intercept: 0.0,
            cross: vec![0.0; columns],
            products: vec![0.0; columns * columns],
        };
        for blocks in self.blocks().chunks(at_once) {
            let parts: Vec<Curvature> = blocks
                .par_iter()
                .map(|(values, outcome)| {
                    self.block_curvature(values, outcome.len(), start, coefficients)
                })
                .collect();
            for part in parts {
                sum.intercept += part.intercept / rows;
                for (slot, value) in sum.cross.iter_mut().zip(part.cross) {
                    *slot += value / rows;
                }
                for (slot, value) in sum.products.iter_mut().zip(part.products) {
                    *slot += value / rows;
                }
            }
        }
        self.centre(&mut sum);
        sum
    }

    fn block_curvature(
        &self,
        values: &[f32],
        rows: usize,
        start: f64,
        coefficients: &[f64],
    ) -> Curvature {
        let columns = self.columns();
        let mut part = Curvature {
            intercept: 0.0,
            cross: vec![0.0; columns],
            products: vec![0.0; columns * columns],
        };
        let mut row = vec![0.0; columns];
        let mut filled: Vec<u32> = Vec::with_capacity(columns);
        for raw in values.chunks_exact(columns).take(rows) {
            self.read(raw, &mut row);
            let risk = expit(start + dot(&row, coefficients));
            let weight = risk * (1.0 - risk);
            part.intercept += weight;
            filled.clear();
            filled.extend((0..columns as u32).filter(|column| row[*column as usize] != 0.0));
            let dense = 4 * filled.len() > columns;
            for (place, column) in filled.iter().enumerate() {
                let column = *column as usize;
                let scaled = weight * row[column];
                part.cross[column] += scaled;
                let line = &mut part.products[column * columns..(column + 1) * columns];
                if dense {
                    for (slot, value) in line[column..].iter_mut().zip(&row[column..]) {
                        *slot += scaled * value;
                    }
                } else {
                    for other in &filled[place..] {
                        line[*other as usize] += scaled * row[*other as usize];
                    }
                }
            }
        }
        part
    }

    /// Takes the centres off, and fills the lower triangle.
    fn centre(&self, sum: &mut Curvature) {
        let columns = self.columns();
        for i in 0..columns {
            for j in i..columns {
                let value = sum.products[i * columns + j]
                    - self.centres[i] * sum.cross[j]
                    - self.centres[j] * sum.cross[i]
                    + self.centres[i] * self.centres[j] * sum.intercept;
                sum.products[i * columns + j] = value;
                sum.products[j * columns + i] = value;
            }
        }
        for (slot, centre) in sum.cross.iter_mut().zip(&self.centres) {
            *slot -= centre * sum.intercept;
        }
    }
}

/// Σ aᵢ bᵢ in four running sums, so that the processor need not wait for each addition.
fn dot(a: &[f64], b: &[f64]) -> f64 {
    let mut sums = [0.0; 4];
    let (quads_a, quads_b) = (a.chunks_exact(4), b.chunks_exact(4));
    let rest: f64 = quads_a
        .remainder()
        .iter()
        .zip(quads_b.remainder())
        .map(|(a, b)| a * b)
        .sum();
    for (a, b) in quads_a.zip(quads_b) {
        for (sum, (a, b)) in sums.iter_mut().zip(a.iter().zip(b)) {
            *sum += a * b;
        }
    }
    (sums[0] + sums[1]) + (sums[2] + sums[3]) + rest
}
