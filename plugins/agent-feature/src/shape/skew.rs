//! Numbers with a long right tail, which a linear model should see on the log scale.

use autods_sdk::agent::{Column, ValueKind};

use crate::settings::SKEW;

/// Whether a number is not negative (as far as its 5th percentile tells) and its 95th percentile
/// exceeds four times its median. Counts of rare events, whose median is 0, are skewed.
pub(crate) fn is_skewed(column: &Column) -> bool {
    if column.kind == ValueKind::Boolean {
        return false;
    }
    match column.quantiles.as_slice() {
        [low, _, median, _, high] => *low >= 0.0 && *high > SKEW * median,
        _ => false,
    }
}
