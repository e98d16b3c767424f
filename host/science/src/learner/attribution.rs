//! How much each column moves the log-odds.

use serde::{Deserialize, Serialize};

use crate::Attribution;

/// Attributions of a fitted learner, averaged over rows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Attributions {
    /// `tree-shap` (path-dependent, log-odds), `linear` (coefficient × deviation from the mean).
    pub method: String,
    /// One for each design column, in the design's order.
    pub columns: Vec<Attribution>,
    /// Largest distance, over rows, of the attributions' sum with the base value from the
    /// predicted log-odds. Rounding only: of the order of 10⁻⁵ for trees, 10⁻¹² for linear models.
    pub additivity_error: f64,
    /// Rows explained.
    pub rows: usize,
}

/// Running sums of one column.
#[derive(Clone, Copy, Debug, Default)]
struct Moments {
    absolute: f64,
    rows: f64,
    mean_value: f64,
    mean_share: f64,
    square_value: f64,
    square_share: f64,
    product: f64,
}

impl Moments {
    fn add(&mut self, value: f32, share: f64) {
        self.absolute += share.abs();
        if value.is_nan() {
            return;
        }
        // Welford's update, because a year of birth squared would lose the digits.
        let value = f64::from(value);
        self.rows += 1.0;
        let (from_value, from_share) = (value - self.mean_value, share - self.mean_share);
        self.mean_value += from_value / self.rows;
        self.mean_share += from_share / self.rows;
        self.square_value += from_value * (value - self.mean_value);
        self.square_share += from_share * (share - self.mean_share);
        self.product += from_value * (share - self.mean_share);
    }

    fn correlation(&self) -> f64 {
        let spread = (self.square_value * self.square_share).sqrt();
        if spread > 0.0 {
            (self.product / spread).clamp(-1.0, 1.0)
        } else {
            0.0
        }
    }
}

/// Collects the attributions of rows.
pub(super) struct Collector {
    columns: Vec<Moments>,
    additivity_error: f64,
    rows: usize,
}

impl Collector {
    pub fn new(columns: usize) -> Self {
        Self {
            columns: vec![Moments::default(); columns],
            additivity_error: 0.0,
            rows: 0,
        }
    }

    /// One row: its values, the columns' shares, the base value, and the predicted log-odds.
    pub fn add(
        &mut self,
        values: &[f32],
        shares: impl Iterator<Item = f64>,
        base: f64,
        margin: f64,
    ) {
        let mut total = base;
        for ((moments, value), share) in self.columns.iter_mut().zip(values).zip(shares) {
            total += share;
            moments.add(*value, share);
        }
        self.additivity_error = self.additivity_error.max((total - margin).abs());
        self.rows += 1;
    }

    pub fn finish(self, method: &str, names: &[String]) -> Attributions {
        let rows = (self.rows as f64).max(1.0);
        let columns = names
            .iter()
            .zip(&self.columns)
            .map(|(name, moments)| Attribution {
                name: name.clone(),
                mean_abs: moments.absolute / rows,
                sign: moments.correlation(),
            })
            .collect();
        Attributions {
            method: method.to_owned(),
            columns,
            additivity_error: self.additivity_error,
            rows: self.rows,
        }
    }
}
