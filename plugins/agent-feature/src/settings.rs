//! Every number that governs a recipe, in one place.
//!
//! The defaults are what did best, or no worse than its neighbours, in a search on tabular
//! hospital data of about 100,000 rows and an outcome of about one in ten. The first three can be
//! changed in LAUNCH.md.

use autods_sdk::agent::Briefing;
use autods_sdk::params;

/// The method that carries the recipes out, by plugin id.
pub(crate) const METHOD: &str = "method-impute-encode-scale";

/// Levels up to which a category gets a column for each level; above, it is target-encoded.
pub(crate) const FEW_LEVELS: u64 = 12;

/// Share of missing values from which a linear model gets an indicator for them.
pub(crate) const MISSING_INDICATOR: f64 = 0.01;

/// A number is skewed when its 95th percentile exceeds this many times its median.
pub(crate) const SKEW: f64 = 4.0;

/// Category columns that must share their levels before counting over them says something.
pub(crate) const LEAST_ALIKE: usize = 5;

/// Share of missing values from which a band is too empty to be paired.
pub(crate) const PAIR_MISSING: f64 = 0.5;

/// Numbers that LAUNCH.md may change.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Settings {
    /// Rows that a level needs for a one-hot column of its own.
    pub(crate) min_count: i64,
    /// Prior rows of target encoding (Micci-Barreca 2001).
    pub(crate) smoothing: f64,
    /// Pairs of categories that are encoded together, at most.
    pub(crate) pairs: usize,
}

impl Settings {
    /// Those of this run; a value out of range counts as absent.
    pub(crate) fn of(briefing: &Briefing) -> Self {
        let given = &briefing.card.params;
        let pairs = params::integer(given, "pairs", 8, 0, 32).unwrap_or(8);
        Self {
            min_count: params::integer(given, "min-count", 50, 11, 100_000).unwrap_or(50),
            smoothing: params::number(given, "smoothing", 50.0, 0.1, 100_000.0).unwrap_or(50.0),
            pairs: usize::try_from(pairs).unwrap_or(0),
        }
    }
}
