//! `value[x]` and its kin.

use std::borrow::Cow;

use crate::concept::Concept;
use crate::json::Json;

/// A value as number, text and code; a number has a unit.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Value<'a> {
    pub(crate) number: Option<String>,
    pub(crate) text: Option<Cow<'a, str>>,
    pub(crate) code: Option<Cow<'a, str>>,
    pub(crate) unit: Option<&'a str>,
}

const UCUM: &str = "http://unitsofmeasure.org";

impl<'a> Value<'a> {
    /// The `value[x]` of an Observation or of one of its components.
    pub(crate) fn read(holder: &'a Json<'_>) -> Self {
        let member = holder.members().iter().find_map(|(name, value)| {
            let kind = name.strip_prefix("value").filter(|kind| !kind.is_empty())?;
            Some((kind, value))
        });
        let Some((kind, value)) = member else {
            return Self::default();
        };
        match kind {
            "Quantity" => Self::quantity(value),
            "CodeableConcept" => Self::concept(Concept::read(Some(value))),
            "Integer" => Self {
                number: number(value),
                ..Self::default()
            },
            "Boolean" => Self {
                code: match value {
                    Json::Flag(true) => Some(Cow::Borrowed("true")),
                    Json::Flag(false) => Some(Cow::Borrowed("false")),
                    _ => None,
                },
                ..Self::default()
            },
            "String" | "DateTime" | "Time" => Self::text(value.as_text()),
            "Range" => Self::between(value.get("low"), value.get("high"), ".."),
            "Ratio" => Self::between(value.get("numerator"), value.get("denominator"), ":"),
            "Period" => {
                let end = |name| value.text(name).unwrap_or_default();
                Self {
                    text: Some(Cow::Owned(format!("{}/{}", end("start"), end("end")))),
                    ..Self::default()
                }
            }
            "SampledData" => Self {
                unit: value.get("origin").and_then(unit),
                ..Self::text(value.text("data"))
            },
            _ => Self::default(),
        }
    }

    /// A Quantity. A comparator (`<`, `>=`, …) stands in the text.
    pub(crate) fn quantity(quantity: &'a Json<'_>) -> Self {
        Self {
            number: quantity.get("value").and_then(number),
            text: quantity.text("comparator").map(Cow::Borrowed),
            code: None,
            unit: unit(quantity),
        }
    }

    /// A concept's code and its label.
    pub(crate) fn concept(concept: Concept<'a>) -> Self {
        Self {
            text: concept.label.map(Cow::Borrowed),
            code: concept.code.map(Cow::Borrowed),
            ..Self::default()
        }
    }

    /// A text.
    pub(crate) fn text(text: Option<&'a str>) -> Self {
        Self {
            text: text.map(Cow::Borrowed),
            ..Self::default()
        }
    }

    /// Two quantities as a text, in the unit of the first.
    fn between(first: Option<&'a Json<'_>>, second: Option<&'a Json<'_>>, by: &str) -> Self {
        let end = |quantity: Option<&Json<'_>>| {
            quantity
                .and_then(|quantity| number(quantity.get("value")?))
                .unwrap_or_default()
        };
        Self {
            text: Some(Cow::Owned(format!("{}{by}{}", end(first), end(second)))),
            unit: first.or(second).and_then(unit),
            ..Self::default()
        }
    }
}

/// The UCUM code of a quantity's unit.
fn unit<'a>(quantity: &'a Json<'_>) -> Option<&'a str> {
    quantity
        .text("code")
        .filter(|_| quantity.text("system") == Some(UCUM))
}

/// A number, in the shortest digits that give it back.
pub(crate) fn number(json: &Json<'_>) -> Option<String> {
    match json {
        Json::Whole(number) => Some(number.to_string()),
        Json::Decimal(number) => Some(number.to_string()),
        _ => None,
    }
}
