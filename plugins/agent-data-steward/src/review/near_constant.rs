//! Columns that (almost) never vary: they carry nothing, and their few exceptions may point at
//! single persons.

use autods_sdk::agent::{Briefing, Column};
use autods_sdk::params;

/// Share of the commonest level from which a column is suspected.
const SHARE: f64 = 0.99;

/// One distinct value, no spread, equal 5th and 95th percentiles, or one level nearly everywhere.
pub(super) fn suspected(briefing: &Briefing, column: &Column) -> bool {
    let one_value = column.distinct.is_some_and(|distinct| distinct <= 1);
    let no_spread = column.sd == Some(0.0);
    let flat = match (column.quantiles.first(), column.quantiles.last()) {
        (Some(low), Some(high)) => low == high,
        _ => false,
    };
    one_value || no_spread || flat || one_level(briefing, column)
}

#[allow(clippy::cast_precision_loss, reason = "a share needs no more than f64")]
fn one_level(briefing: &Briefing, column: &Column) -> bool {
    let share =
        params::number(&briefing.card.params, "constant-share", SHARE, 0.5, 1.0).unwrap_or(SHARE);
    let Some(catalogue) = &briefing.catalogue else {
        return false;
    };
    let present = catalogue.rows as f64 * (1.0 - column.missing);
    let commonest = column.levels.iter().filter_map(|level| level.n).max();
    commonest.is_some_and(|n| present > 0.0 && n as f64 >= share * present)
}
