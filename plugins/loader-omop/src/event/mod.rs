//! The event model: a row for every clinical statement, of whatever table. Columns and kinds are
//! those of `loader-fhir`, so that rows of both make one table.

mod statement;
mod view;

pub(crate) use statement::Statements;
pub(crate) use view::view;

/// Columns of the table.
pub(crate) const COLUMNS: &[&str] = &[
    "id",
    "kind",
    "person",
    "visit",
    "time",
    "end",
    "system",
    "code",
    "label",
    "value-number",
    "value-text",
    "value-code",
    "unit",
    "status",
];
