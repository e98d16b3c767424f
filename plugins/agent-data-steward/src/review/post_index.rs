//! Columns that may be known only after the index date (leakage taxonomy L2.2).

use autods_sdk::agent::{Availability, Briefing, Column};

/// Known after the index date, or nobody says when: what is unknown must be shown to be harmless.
pub(super) fn suspected(_: &Briefing, column: &Column) -> bool {
    matches!(
        column.available,
        Availability::AfterIndex | Availability::Unknown
    )
}
