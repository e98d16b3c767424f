//! Patient.

use std::borrow::Cow;

use crate::concept::Concept;
use crate::json::Json;
use crate::reference::Scope;
use crate::table::Cell;

/// Columns of the table.
pub(crate) const COLUMNS: &[&str] = &[
    "id",
    "birth-date",
    "gender",
    "deceased",
    "deceased-date",
    "marital-status",
    "race",
    "ethnicity",
    "postal-code",
    "state",
    "language",
];

const RACE: &str = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-race";
const ETHNICITY: &str = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-ethnicity";

/// The row of a Patient.
pub(crate) fn row<'a>(scope: &Scope<'a>) -> [Cell<'a>; 11] {
    let patient = scope.resource;
    let deceased_at = patient.text("deceasedDateTime");
    let deceased = match patient.get("deceasedBoolean") {
        Some(Json::Flag(true)) => Some("true"),
        Some(Json::Flag(false)) => Some("false"),
        _ => deceased_at.map(|_| "true"),
    };
    let addresses = patient.list("address");
    let address = addresses
        .iter()
        .find(|address| !matches!(address.text("use"), Some("old" | "temp")))
        .or(addresses.first());
    let in_address = |name| address.and_then(|address| address.text(name));
    let languages = patient.list("communication");
    let language = languages
        .iter()
        .find(|language| language.get("preferred") == Some(&Json::Flag(true)))
        .or(languages.first())
        .and_then(|language| language.get("language"));
    [
        scope.id.into(),
        Cell::time(patient.text("birthDate")),
        patient.text("gender").into(),
        deceased.into(),
        Cell::time(deceased_at),
        Concept::read(patient.get("maritalStatus"))
            .code_or_label()
            .into(),
        us_core(patient, RACE).into(),
        us_core(patient, ETHNICITY).into(),
        in_address("postalCode").into(),
        in_address("state").into(),
        Concept::read(language).code_or_label().into(),
    ]
}

/// The OMB categories of a US Core extension, `|` between them where there are several; its text
/// where there is none.
fn us_core<'a>(patient: &'a Json<'_>, url: &str) -> Option<Cow<'a, str>> {
    let extension = patient
        .list("extension")
        .iter()
        .find(|extension| extension.text("url") == Some(url))?;
    let parts = extension.list("extension");
    let mut codes = parts
        .iter()
        .filter(|part| part.text("url") == Some("ombCategory"))
        .filter_map(|part| part.get("valueCoding")?.text("code"));
    let Some(first) = codes.next() else {
        let text = parts.iter().find(|part| part.text("url") == Some("text"))?;
        return text.text("valueString").map(Cow::Borrowed);
    };
    Some(codes.fold(Cow::Borrowed(first), |all, code| {
        Cow::Owned(format!("{all}|{code}"))
    }))
}
