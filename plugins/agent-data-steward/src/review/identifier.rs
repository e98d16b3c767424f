//! Columns that may name rows instead of describing them (leakage taxonomy L2.4).

use autods_sdk::agent::{Briefing, Column, ValueKind};
use autods_sdk::params;

/// Distinct values per row that holds one, from which a code column is suspected. A person,
/// visit or claim number is near 1; diagnosis codes are far below.
const SHARE: f64 = 0.5;

/// Identifiers by kind, and codes or whole numbers of which every second row has its own.
/// Real numbers are left out: a measurement may well differ from row to row.
pub(super) fn suspected(briefing: &Briefing, column: &Column) -> bool {
    match column.kind {
        ValueKind::Identifier => true,
        ValueKind::Integer | ValueKind::Category | ValueKind::Text => {
            let share = params::number(&briefing.card.params, "identifier-share", SHARE, 0.0, 1.0)
                .unwrap_or(SHARE);
            distinct_share(briefing, column).is_some_and(|found| found >= share)
        }
        _ => false,
    }
}

/// Distinct values per row with a value; none where either number is withheld.
#[allow(clippy::cast_precision_loss, reason = "a share needs no more than f64")]
fn distinct_share(briefing: &Briefing, column: &Column) -> Option<f64> {
    let rows = briefing.catalogue.as_ref()?.rows as f64 * (1.0 - column.missing);
    (rows >= 1.0).then_some(column.distinct? as f64 / rows)
}
