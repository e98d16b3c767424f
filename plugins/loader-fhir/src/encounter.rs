//! Encounter.

use crate::concept::Concept;
use crate::reference::Scope;
use crate::table::Cell;

/// Columns of the table.
pub(crate) const COLUMNS: &[&str] = &[
    "id",
    "patient",
    "class",
    "type",
    "type-system",
    "start",
    "end",
    "status",
    "reason",
    "discharge-disposition",
];

/// The row of an Encounter.
pub(crate) fn row<'a>(scope: &Scope<'a>) -> [Cell<'a>; 10] {
    let encounter = scope.resource;
    let kind = Concept::first(encounter.list("type"));
    let disposition = encounter.at(&["hospitalization", "dischargeDisposition"]);
    let period = |name| encounter.get("period").and_then(|period| period.text(name));
    [
        scope.id.into(),
        scope.id_of(encounter.get("subject")).into(),
        encounter
            .get("class")
            .and_then(|class| class.text("code"))
            .into(),
        kind.code_or_label().into(),
        kind.system.into(),
        Cell::time(period("start")),
        Cell::time(period("end")),
        encounter.text("status").into(),
        Concept::first(encounter.list("reasonCode"))
            .code_or_label()
            .into(),
        Concept::read(disposition).code_or_label().into(),
    ]
}
