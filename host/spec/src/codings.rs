//! Codings in YAML: a list of `code` or `{code, label}`; or a map `code: label`.

use crate::Coding;
use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use std::fmt;

/// Accepts the three spellings; the order is that of the file. A whole number as a code becomes
/// its digits; `NO`, `yes` and the like stay texts. A decimal number must be quoted, since `1.0`
/// and `1.00` are the same number but not the same code.
pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Vec<Coding>, D::Error> {
    deserializer.deserialize_any(CodingsVisitor)
}

struct CodingsVisitor;

impl<'de> Visitor<'de> for CodingsVisitor {
    type Value = Vec<Coding>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("codings: a list of codes, a list of {code, label}, or a map of code: label")
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(Vec::new())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let mut codings = Vec::new();
        while let Some(Entry(coding)) = seq.next_element()? {
            codings.push(coding);
        }
        Ok(codings)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut codings = Vec::new();
        while let Some((code, label)) = map.next_entry::<String, Option<String>>()? {
            codings.push(coding(code, label));
        }
        Ok(codings)
    }
}

fn coding(code: String, label: Option<String>) -> Coding {
    let label = label
        .filter(|label| !label.is_empty())
        .unwrap_or_else(|| code.clone());
    Coding { code, label }
}

/// One entry of a list.
struct Entry(Coding);

impl<'de> Deserialize<'de> for Entry {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(EntryVisitor)
    }
}

struct EntryVisitor;

impl<'de> Visitor<'de> for EntryVisitor {
    type Value = Entry;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a code or {code, label}")
    }

    fn visit_str<E: Error>(self, code: &str) -> Result<Entry, E> {
        Ok(Entry(coding(code.to_owned(), None)))
    }
    fn visit_i64<E: Error>(self, code: i64) -> Result<Entry, E> {
        Ok(Entry(coding(code.to_string(), None)))
    }
    fn visit_u64<E: Error>(self, code: u64) -> Result<Entry, E> {
        Ok(Entry(coding(code.to_string(), None)))
    }
    fn visit_bool<E: Error>(self, code: bool) -> Result<Entry, E> {
        Err(E::custom(format!("quote the code: \"{code}\"")))
    }
    fn visit_f64<E: Error>(self, _: f64) -> Result<Entry, E> {
        Err(E::custom(
            "quote a code that is a decimal number, such as \"1.0\"",
        ))
    }
    fn visit_unit<E: Error>(self) -> Result<Entry, E> {
        Err(E::custom("quote a code that is `null`, `~` or empty"))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Entry, A::Error> {
        const KEYS: &[&str] = &["code", "label"];
        let (mut code, mut label) = (None::<String>, None::<String>);
        let mut pairs = 0;
        let mut other = None;
        while let Some((key, value)) = map.next_entry::<String, String>()? {
            pairs += 1;
            match key.as_str() {
                "code" => code = Some(value),
                "label" => label = Some(value),
                _ => other = Some((key, value)),
            }
        }
        match (code, other) {
            (Some(code), None) => Ok(Entry(coding(code, label))),
            // `- code: label`
            (None, Some((code, label))) if pairs == 1 => Ok(Entry(coding(code, Some(label)))),
            (_, Some((key, _))) => Err(A::Error::unknown_field(&key, KEYS)),
            (None, None) => Err(A::Error::missing_field("code")),
        }
    }
}
