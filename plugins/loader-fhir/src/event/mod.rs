//! The event model: a row for every clinical statement, of whatever resource.

mod statement;
mod value;

pub(crate) use statement::statements;
pub(crate) use value::Value;

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
