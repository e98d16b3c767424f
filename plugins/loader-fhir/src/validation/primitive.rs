//! Primitive types: their JSON type and format (<https://hl7.org/fhir/R4/datatypes.html#primitive>).

use autods_sdk::loader::cell;

use super::Rule;
use crate::json::Json;

/// A primitive type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Primitive {
    Base64Binary,
    Boolean,
    Code,
    Date,
    DateTime,
    Decimal,
    Id,
    Instant,
    Integer,
    Oid,
    PositiveInt,
    /// `string` and `markdown`.
    Text,
    Time,
    UnsignedInt,
    /// `uri`, `url` and `canonical`.
    Uri,
    Uuid,
    /// The `div` of a Narrative.
    Xhtml,
}

impl Primitive {
    /// The type of that name.
    pub(super) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "base64Binary" => Self::Base64Binary,
            "boolean" => Self::Boolean,
            "code" => Self::Code,
            "date" => Self::Date,
            "dateTime" => Self::DateTime,
            "decimal" => Self::Decimal,
            "id" => Self::Id,
            "instant" => Self::Instant,
            "integer" => Self::Integer,
            "oid" => Self::Oid,
            "positiveInt" => Self::PositiveInt,
            "string" | "markdown" => Self::Text,
            "time" => Self::Time,
            "unsignedInt" => Self::UnsignedInt,
            "uri" | "url" | "canonical" => Self::Uri,
            "uuid" => Self::Uuid,
            "Xhtml" => Self::Xhtml,
            _ => return None,
        })
    }

    /// What is wrong with a value of this type.
    pub(super) fn check(self, json: &Json<'_>) -> Option<Rule> {
        let is_good = match (self, json) {
            (Self::Boolean, Json::Flag(_)) | (Self::Decimal, Json::Whole(_) | Json::Decimal(_)) => {
                true
            }
            (Self::Integer, Json::Whole(number)) => i32::try_from(*number).is_ok(),
            (Self::UnsignedInt, Json::Whole(number)) => (0..=i64::from(i32::MAX)).contains(number),
            (Self::PositiveInt, Json::Whole(number)) => (1..=i64::from(i32::MAX)).contains(number),
            (
                Self::Boolean
                | Self::Decimal
                | Self::Integer
                | Self::UnsignedInt
                | Self::PositiveInt,
                _,
            ) => return Some(Rule::WrongJsonType),
            (_, Json::Text(text)) if text.is_empty() => return Some(Rule::EmptyText),
            (_, Json::Text(text)) => self.is_format_of(text),
            _ => return Some(Rule::WrongJsonType),
        };
        (!is_good).then_some(Rule::InvalidFormat)
    }

    fn is_format_of(self, text: &str) -> bool {
        let no_space = || !text.contains(char::is_whitespace);
        match self {
            Self::Base64Binary => is_base64(text),
            Self::Code => text
                .split([' ', '\t', '\n', '\r'])
                .all(|word| !word.is_empty()),
            Self::Date => is_date(text),
            Self::DateTime => is_date(text) || is_instant(text),
            Self::Instant => is_instant(text),
            Self::Id => {
                let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-.".contains(&byte);
                text.len() <= 64 && text.bytes().all(is_allowed)
            }
            Self::Oid => text.strip_prefix("urn:oid:").is_some_and(|oid| {
                let is_part = |part: &str| {
                    let is_number = !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
                    is_number && (part == "0" || !part.starts_with('0'))
                };
                oid.split('.').all(is_part)
            }),
            Self::Time => is_time(text),
            Self::Uri => no_space(),
            Self::Uuid => text.strip_prefix("urn:uuid:").is_some_and(is_uuid),
            // blanks alone are no text
            Self::Text => !text.bytes().all(|byte| byte.is_ascii_whitespace()),
            _ => true,
        }
    }
}

pub(super) fn is_uuid(text: &str) -> bool {
    let is_at = |at: usize, byte: u8| match at {
        8 | 13 | 18 | 23 => byte == b'-',
        _ => byte.is_ascii_hexdigit(),
    };
    text.len() == 36 && text.bytes().enumerate().all(|(at, byte)| is_at(at, byte))
}

/// Blanks may stand anywhere; four characters are three bytes, `=` fills the last four.
fn is_base64(text: &str) -> bool {
    let (mut digits, mut fill) = (0_usize, 0_usize);
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'+' | b'/' if fill == 0 => digits += 1,
            b'=' => fill += 1,
            b' ' | b'\t' | b'\n' | b'\r' => {}
            _ => return false,
        }
    }
    fill <= 2 && (digits + fill) % 4 == 0
}

/// `YYYY`, `YYYY-MM` or `YYYY-MM-DD`, and the day exists.
fn is_date(text: &str) -> bool {
    match text.len() {
        4 => cell::date(&format!("{text}-01-01")).is_some(),
        7 => cell::date(&format!("{text}-01")).is_some(),
        _ => cell::date(text).is_some(),
    }
}

/// `YYYY-MM-DDThh:mm:ss[.f…](Z|±hh:mm)`
fn is_instant(text: &str) -> bool {
    let Some((date, rest)) = text.split_once('T') else {
        return false;
    };
    let zone = |rest: &str| {
        if let Some(time) = rest.strip_suffix('Z') {
            return is_time(time);
        }
        let Some((time, zone)) = rest
            .len()
            .checked_sub(6)
            .and_then(|at| rest.split_at_checked(at))
        else {
            return false;
        };
        let is_zone = zone.starts_with(['+', '-'])
            && is_time(&format!("{}:00", zone.get(1..).unwrap_or_default()));
        is_zone && is_time(time)
    };
    date.len() == 10 && cell::date(date).is_some() && zone(rest)
}

/// `hh:mm:ss[.f…]`; a second may be the 60th.
fn is_time(text: &str) -> bool {
    let (time, fraction) = match text.split_once('.') {
        Some((time, fraction)) => (time, Some(fraction)),
        None => (text, None),
    };
    let below = |part: &str, limit: u8| {
        let is_digits = part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit());
        is_digits && part.parse::<u8>().is_ok_and(|number| number < limit)
    };
    let mut parts = time.split(':');
    let is_clock = parts.next().is_some_and(|hour| below(hour, 24))
        && parts.next().is_some_and(|minute| below(minute, 60))
        && parts.next().is_some_and(|second| below(second, 61))
        && parts.next().is_none();
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    is_clock && fraction.is_none_or(is_digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_those_of_the_specification() {
        let check = |kind: &str, text: &str| {
            Primitive::named(kind)
                .unwrap()
                .check(&Json::Text(text.into()))
        };
        for (kind, good, bad) in [
            (
                "base64Binary",
                &["Zm9v", "Zm8=", "Z g==\n"][..],
                &["...", "Zm9", "Zm9=v", "===="][..],
            ),
            ("code", &["a", "a b"], &[" a", "a ", "a  b"]),
            (
                "date",
                &["1987", "1987-06", "1987-06-05"],
                &["87", "1987-13", "1987-02-30", "x"],
            ),
            (
                "dateTime",
                &[
                    "1987",
                    "1987-06-05T01:02:03Z",
                    "1987-06-05T01:02:03.4+05:30",
                ],
                &[
                    "1987-06-05T01:02Z",
                    "1987-06-05T01:02:03",
                    "1987-06-05T25:00:00Z",
                    "é",
                ],
            ),
            (
                "instant",
                &["2016-12-31T23:59:60Z"],
                &["1987", "1987-06-05"],
            ),
            ("id", &["a-1.B"], &["a_b", "a b", &"x".repeat(65)]),
            (
                "oid",
                &["urn:oid:1.2.0"],
                &["1.2", "urn:oid:1..2", "urn:oid:01"],
            ),
            (
                "time",
                &["01:02:03", "01:02:03.9"],
                &["1:02:03", "01:02", "01:02:03."],
            ),
            ("uri", &["urn:x", "a"], &["a b"]),
            ("string", &["a", " é"], &[" \n"]),
            (
                "uuid",
                &["urn:uuid:550e8400-e29b-41d4-a716-446655440000"],
                &["550e8400-e29b-41d4-a716-446655440000", "urn:uuid:x"],
            ),
        ] {
            for text in good {
                assert_eq!(check(kind, text), None, "{kind} {text}");
            }
            for text in bad {
                assert_eq!(
                    check(kind, text),
                    Some(Rule::InvalidFormat),
                    "{kind} {text}"
                );
            }
            assert_eq!(check(kind, ""), Some(Rule::EmptyText), "{kind}");
        }
        let number = |kind: &str, json| Primitive::named(kind).unwrap().check(&json);
        assert_eq!(number("integer", Json::Whole(-1)), None);
        assert_eq!(
            number("positiveInt", Json::Whole(0)),
            Some(Rule::InvalidFormat)
        );
        assert_eq!(
            number("integer", Json::Decimal(1.5)),
            Some(Rule::WrongJsonType)
        );
        assert_eq!(
            number("boolean", Json::Text("true".into())),
            Some(Rule::WrongJsonType)
        );
    }
}
