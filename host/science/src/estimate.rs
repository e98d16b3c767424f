//! A number with its confidence interval.

use serde::{Deserialize, Serialize};

/// The 0.975 quantile of the standard normal distribution.
pub(crate) const Z95: f64 = 1.959_963_984_540_054;

/// A number with its 95 % confidence interval. `lower <= value <= upper` except for bootstrap
/// percentile intervals of biased statistics.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// The value.
    pub value: f64,
    /// Lower end.
    pub lower: f64,
    /// Upper end.
    pub upper: f64,
}

impl Estimate {
    /// The value ± 1.96 standard errors (Wald).
    #[must_use]
    pub fn wald(value: f64, standard_error: f64) -> Self {
        Self {
            value,
            lower: value - Z95 * standard_error,
            upper: value + Z95 * standard_error,
        }
    }

    /// The same interval, cut off at the ends of the range that the number can have.
    #[must_use]
    pub fn within(self, minimum: f64, maximum: f64) -> Self {
        Self {
            value: self.value,
            lower: self.lower.max(minimum),
            upper: self.upper.min(maximum),
        }
    }

    /// Whether the interval contains `value`; its ends belong to it.
    #[must_use]
    pub fn contains(&self, value: f64) -> bool {
        self.lower <= value && value <= self.upper
    }
}
