//! Looks numbers and words up in events.

use std::collections::BTreeMap;

use autods_board::{Event, EventId};
use serde_json::Value;

use crate::{
    ReportError,
    document::{Address, Inline, Line, Voice},
    format::Format,
};

/// Looks numbers and words up in events, by JSON pointer into an event's body.
pub(crate) struct Resolver {
    bodies: BTreeMap<EventId, Value>,
}

impl Resolver {
    pub(crate) fn new(events: &[Event]) -> Result<Self, ReportError> {
        let mut bodies = BTreeMap::new();
        for event in events {
            let body = serde_json::to_value(&event.body).map_err(|source| {
                ReportError::Unserialisable {
                    event: event.id,
                    source,
                }
            })?;
            if bodies.insert(event.id, body).is_some() {
                return Err(ReportError::Twice { event: event.id });
            }
        }
        Ok(Resolver { bodies })
    }

    fn value(&self, event: EventId, pointer: &str) -> Result<&Value, ReportError> {
        let body = self
            .bodies
            .get(&event)
            .ok_or_else(|| ReportError::NoSuchEvent {
                event,
                pointer: pointer.to_owned(),
            })?;
        body.pointer(pointer)
            .ok_or_else(|| ReportError::NothingThere {
                event,
                pointer: pointer.to_owned(),
            })
    }

    /// A finite number.
    pub(crate) fn float(&self, event: EventId, pointer: &str) -> Result<f64, ReportError> {
        let value = self.value(event, pointer)?;
        value
            .as_f64()
            .filter(|number| number.is_finite())
            .ok_or_else(|| wrong(event, pointer, "a finite number", value))
    }

    /// Whether the value at a pointer is a number, rather than words.
    pub(crate) fn is_number(&self, event: EventId, pointer: &str) -> Result<bool, ReportError> {
        Ok(self.value(event, pointer)?.is_number())
    }

    /// Whether the value at a pointer is a whole number.
    pub(crate) fn is_whole(&self, event: EventId, pointer: &str) -> Result<bool, ReportError> {
        let value = self.value(event, pointer)?;
        Ok(value.is_u64() || value.is_i64())
    }

    /// A number as plain text, for figures.
    pub(crate) fn text(
        &self,
        event: EventId,
        pointer: &str,
        format: Format,
    ) -> Result<String, ReportError> {
        Ok(format.write(self.float(event, pointer)?))
    }

    /// A number.
    pub(crate) fn number(
        &self,
        event: EventId,
        pointer: &str,
        format: Format,
    ) -> Result<Line, ReportError> {
        let text = self.text(event, pointer, format)?;
        Ok(number(text, vec![address(event, pointer)]))
    }

    /// A number computed from numbers on the board; the page shows where each came from.
    pub(crate) fn computed(
        &self,
        from: &[(EventId, String)],
        format: Format,
        compute: impl Fn(&[f64]) -> f64,
    ) -> Result<Line, ReportError> {
        let mut values = Vec::with_capacity(from.len());
        for (event, pointer) in from {
            values.push(self.float(*event, pointer)?);
        }
        let result = compute(&values);
        if !result.is_finite() {
            let (event, pointer) = from.first().cloned().unwrap_or_default();
            return Err(ReportError::WrongKind {
                event,
                pointer,
                expected: "a number to compute with",
                found: "one that gives no finite result",
            });
        }
        let from = from
            .iter()
            .map(|(event, pointer)| address(*event, pointer))
            .collect();
        Ok(number(format.write(result), from))
    }

    /// The length of a list.
    pub(crate) fn length(&self, event: EventId, pointer: &str) -> Result<Line, ReportError> {
        let value = self.value(event, pointer)?;
        let list = value
            .as_array()
            .ok_or_else(|| wrong(event, pointer, "a list", value))?;
        Ok(number(
            Format::Count.write(list.len() as f64),
            vec![address(event, pointer)],
        ))
    }

    /// How many events there are of those given.
    pub(crate) fn tally(&self, events: &[EventId], pointer: &str) -> Result<Line, ReportError> {
        for event in events {
            self.value(*event, pointer)?;
        }
        let from = events
            .iter()
            .map(|event| address(*event, pointer))
            .collect();
        Ok(number(Format::Count.write(events.len() as f64), from))
    }

    /// An estimate with its interval: `0.681 (0.676 to 0.686)`.
    pub(crate) fn estimate(
        &self,
        event: EventId,
        pointer: &str,
        format: Format,
    ) -> Result<Line, ReportError> {
        let ends = format.of_ends();
        Ok(self.number(event, &format!("{pointer}/value"), format)?
            + " ("
            + self.number(event, &format!("{pointer}/lower"), ends)?
            + "\u{a0}to\u{a0}"
            + self.number(event, &format!("{pointer}/upper"), ends)?
            + ")")
    }

    /// The same as plain text, for figures.
    pub(crate) fn estimate_text(
        &self,
        event: EventId,
        pointer: &str,
        format: Format,
    ) -> Result<String, ReportError> {
        let ends = format.of_ends();
        Ok(format!(
            "{} ({} to {})",
            self.text(event, &format!("{pointer}/value"), format)?,
            self.text(event, &format!("{pointer}/lower"), ends)?,
            self.text(event, &format!("{pointer}/upper"), ends)?,
        ))
    }

    /// A number that an event may lack by its nature.
    pub(crate) fn number_if<T>(
        &self,
        known: &Option<T>,
        event: EventId,
        pointer: &str,
        format: Format,
    ) -> Result<Line, ReportError> {
        match known {
            Some(_) => self.number(event, pointer, format),
            None => Ok(Line::absent()),
        }
    }

    /// An estimate that an event may lack by its nature.
    pub(crate) fn estimate_if<T>(
        &self,
        known: &Option<T>,
        event: EventId,
        pointer: &str,
        format: Format,
    ) -> Result<Line, ReportError> {
        match known {
            Some(_) => self.estimate(event, pointer, format),
            None => Ok(Line::absent()),
        }
    }

    /// A count that disclosure control may withhold.
    pub(crate) fn count_if<T>(
        &self,
        known: &Option<T>,
        event: EventId,
        pointer: &str,
    ) -> Result<Line, ReportError> {
        match known {
            Some(_) => self.number(event, pointer, Format::Count),
            None => Ok(Line::suppressed()),
        }
    }

    fn words(&self, event: EventId, pointer: &str) -> Result<String, ReportError> {
        let value = self.value(event, pointer)?;
        let text = value
            .as_str()
            .ok_or_else(|| wrong(event, pointer, "words", value))?;
        Ok(legible(text))
    }

    /// Words.
    pub(crate) fn quote(&self, event: EventId, pointer: &str) -> Result<Line, ReportError> {
        let text = self.words(event, pointer)?;
        Ok(if text.is_empty() {
            Line::absent()
        } else {
            quote(text, event, pointer, Voice::Plain)
        })
    }

    /// A name that a machine uses.
    pub(crate) fn code(&self, event: EventId, pointer: &str) -> Result<Line, ReportError> {
        let text = self.words(event, pointer)?;
        Ok(if text.is_empty() {
            Line::absent()
        } else {
            quote(text, event, pointer, Voice::Code)
        })
    }

    /// Names in a list.
    pub(crate) fn codes(
        &self,
        event: EventId,
        pointer: &str,
        separator: &'static str,
    ) -> Result<Line, ReportError> {
        let value = self.value(event, pointer)?;
        let list = value
            .as_array()
            .ok_or_else(|| wrong(event, pointer, "a list", value))?;
        let mut lines = Vec::with_capacity(list.len());
        for index in 0..list.len() {
            lines.push(self.code(event, &format!("{pointer}/{index}"))?);
        }
        Ok(if lines.is_empty() {
            Line::absent()
        } else {
            Line::join(lines, separator)
        })
    }

    /// Numbers in a list.
    pub(crate) fn numbers(
        &self,
        event: EventId,
        pointer: &str,
        format: Format,
    ) -> Result<Line, ReportError> {
        let value = self.value(event, pointer)?;
        let list = value
            .as_array()
            .ok_or_else(|| wrong(event, pointer, "a list", value))?;
        let mut lines = Vec::with_capacity(list.len());
        for index in 0..list.len() {
            lines.push(self.number(event, &format!("{pointer}/{index}"), format)?);
        }
        Ok(if lines.is_empty() {
            Line::absent()
        } else {
            Line::join(lines, ", ")
        })
    }
}

fn address(event: EventId, pointer: &str) -> Address {
    Address {
        event,
        pointer: pointer.to_owned(),
    }
}

fn number(text: String, from: Vec<Address>) -> Line {
    Line(vec![Inline::Number { text, from }])
}

/// Words of an event that were not looked up by pointer, such as its author.
pub(crate) fn quote(text: String, event: EventId, pointer: &str, voice: Voice) -> Line {
    Line(vec![Inline::Quote {
        text: legible(&text),
        from: address(event, pointer),
        voice,
    }])
}

fn wrong(event: EventId, pointer: &str, expected: &'static str, found: &Value) -> ReportError {
    let found = match found {
        Value::Null => "nothing (absent, or a number that is not finite)",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "words",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    };
    ReportError::WrongKind {
        event,
        pointer: pointer.to_owned(),
        expected,
        found,
    }
}

/// Text without characters that could hide or reorder what a person reads.
pub(crate) fn legible(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\n' | '\r' | '\t' => ' ',
            c if c.is_control() => '\u{fffd}',
            '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{2069}'
            | '\u{feff}' => '\u{fffd}',
            c => c,
        })
        .collect()
}
