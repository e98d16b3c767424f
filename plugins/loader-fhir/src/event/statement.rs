//! Which elements of which resource say what, when and of whom.

use std::borrow::Cow;

use super::Value;
use super::value::number;
use crate::concept::Concept;
use crate::json::Json;
use crate::reference::Scope;
use crate::table::Cell;

/// A clinical statement.
#[derive(Clone, Debug, Default)]
pub(crate) struct Statement<'a> {
    id: Option<Cow<'a, str>>,
    kind: &'static str,
    person: Option<Cow<'a, str>>,
    visit: Option<Cow<'a, str>>,
    time: Option<&'a str>,
    end: Option<&'a str>,
    concept: Concept<'a>,
    value: Value<'a>,
    status: Option<&'a str>,
}

impl<'a> Statement<'a> {
    /// Its row.
    pub(crate) fn row(self) -> [Cell<'a>; 14] {
        [
            self.id.into(),
            Some(self.kind).into(),
            self.person.into(),
            self.visit.into(),
            Cell::time(self.time),
            Cell::time(self.end),
            self.concept.system.into(),
            self.concept.code.into(),
            self.concept.label.into(),
            self.value.number.map(Cow::Owned).into(),
            self.value.text.into(),
            self.value.code.into(),
            self.value.unit.into(),
            self.status.into(),
        ]
    }
}

/// The statements of a resource: none where it is of another kind, one, or for an Observation one
/// more for each of its components.
pub(crate) fn statements<'a>(scope: &Scope<'a>) -> Vec<Statement<'a>> {
    let resource = scope.resource;
    let concept = |name| Concept::read(resource.get(name));
    let status = resource.text("status");
    let base = Statement {
        id: scope.id.map(Cow::Borrowed),
        status,
        concept: concept("code"),
        person: scope.id_of(resource.get("subject").or_else(|| resource.get("patient"))),
        visit: scope.id_of(
            resource
                .get("encounter")
                .or_else(|| resource.get("context")),
        ),
        ..Statement::default()
    };
    // the first of the times that the resource has
    let when = |names: &[&str]| names.iter().find_map(|name| times(resource, name));
    let (time, end) = match resource.text("resourceType") {
        Some("Condition" | "AllergyIntolerance") => when(&["onset", "recordedDate"]),
        Some("Observation" | "DiagnosticReport") => when(&["effective", "issued"]),
        Some("MedicationRequest") => when(&["authoredOn"]),
        Some("MedicationStatement") => when(&["effective", "dateAsserted"]),
        Some("MedicationAdministration") => when(&["effective"]),
        Some("Procedure") => when(&["performed"]),
        Some("Immunization") => when(&["occurrence", "recorded"]),
        Some("Claim") => when(&["billablePeriod", "created"]),
        Some("Coverage") => when(&["period"]),
        _ => return Vec::new(),
    }
    .unwrap_or_default();
    let base = Statement { time, end, ..base };
    let of = |kind| Statement {
        kind,
        ..base.clone()
    };
    let statement = match resource.text("resourceType").unwrap_or_default() {
        "Condition" => Statement {
            end: times(resource, "abatement").and_then(|(start, end)| end.or(start)),
            status: concept("clinicalStatus").code,
            ..of("condition")
        },
        "Observation" => return observation(resource, of("observation")),
        "MedicationRequest" => medication(scope, of("medication-request")),
        "MedicationStatement" => medication(scope, of("medication-statement")),
        "MedicationAdministration" => Statement {
            value: quantity(resource.at(&["dosage", "dose"])),
            ..medication(scope, of("medication-administration"))
        },
        "Procedure" => of("procedure"),
        "DiagnosticReport" => Statement {
            value: Value {
                text: resource.text("conclusion").map(Cow::Borrowed),
                ..Value::concept(Concept::first(resource.list("conclusionCode")))
            },
            ..of("diagnostic-report")
        },
        "AllergyIntolerance" => Statement {
            value: Value {
                code: resource.text("criticality").map(Cow::Borrowed),
                ..Value::default()
            },
            status: concept("clinicalStatus").code,
            ..of("allergy-intolerance")
        },
        "Immunization" => Statement {
            concept: concept("vaccineCode"),
            value: quantity(resource.get("doseQuantity")),
            ..of("immunization")
        },
        "Claim" => Statement {
            concept: concept("type"),
            visit: scope.id_of(
                resource
                    .list("item")
                    .iter()
                    .find_map(|item| item.list("encounter").first()),
            ),
            value: Value {
                number: resource.at(&["total", "value"]).and_then(number),
                code: resource
                    .get("total")
                    .and_then(|total| total.text("currency"))
                    .map(Cow::Borrowed),
                ..Value::default()
            },
            ..of("claim")
        },
        _ => Statement {
            concept: concept("type"),
            person: scope.id_of(resource.get("beneficiary")),
            ..of("coverage")
        },
    };
    vec![statement]
}

/// An Observation's own statement and those of its components, which have its person and time,
/// codes and values of their own, and its id with their number.
fn observation<'a>(resource: &'a Json<'_>, own: Statement<'a>) -> Vec<Statement<'a>> {
    let components = resource.list("component").iter().zip(1..);
    let components = components.map(|(component, number): (_, u32)| Statement {
        id: own
            .id
            .as_ref()
            .map(|id| Cow::Owned(format!("{id}#{number}"))),
        concept: Concept::read(component.get("code")),
        value: Value::read(component),
        ..own.clone()
    });
    let components: Vec<Statement<'a>> = components.collect();
    let value = Value::read(resource);
    let mut all = Vec::with_capacity(1 + components.len());
    all.push(Statement { value, ..own });
    all.extend(components);
    all
}

/// `medication[x]`: a concept, or a Medication that is contained or in the Bundle.
fn medication<'a>(scope: &Scope<'a>, own: Statement<'a>) -> Statement<'a> {
    let resource = scope.resource;
    let reference = resource.get("medicationReference");
    let concept = match resource.get("medicationCodeableConcept") {
        Some(concept) => Concept::read(Some(concept)),
        None => scope.resource_of(reference).map_or_else(
            || Concept {
                label: reference.and_then(|reference| reference.text("display")),
                ..Concept::default()
            },
            |medication| Concept::read(medication.get("code")),
        ),
    };
    Statement { concept, ..own }
}

fn quantity<'a>(quantity: Option<&'a Json<'_>>) -> Value<'a> {
    quantity.map(Value::quantity).unwrap_or_default()
}

/// Start and end of an element that is a date, an instant, a Period, a Timing, or a choice of
/// them.
fn times<'a>(resource: &'a Json<'_>, name: &str) -> Option<(Option<&'a str>, Option<&'a str>)> {
    resource
        .members()
        .iter()
        .find_map(|(key, value)| match key.strip_prefix(name)? {
            "" | "Period" if value.as_text().is_none() => {
                Some((value.text("start"), value.text("end")))
            }
            "" | "DateTime" | "Instant" => Some((value.as_text(), None)),
            "Timing" => Some((value.list("event").first()?.as_text(), None)),
            _ => None,
        })
}
