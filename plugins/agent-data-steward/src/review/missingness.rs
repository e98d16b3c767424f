//! Columns whose missing values may tell the outcome: a test that is ordered only for the very
//! ill says so by being there (leakage taxonomy L2.1 and L2.3).

use autods_sdk::agent::{Briefing, Column};
use autods_sdk::params;

/// Share of missing values above which missingness is tested as a predictor of its own.
const SHARE: f64 = 0.5;

/// More than half of the values are missing.
pub(super) fn suspected(briefing: &Briefing, column: &Column) -> bool {
    let share =
        params::number(&briefing.card.params, "missing-share", SHARE, 0.0, 1.0).unwrap_or(SHARE);
    column.missing > share
}
