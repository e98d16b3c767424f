//! A JSON value that borrows its texts from the bytes it was read from.
//!
//! Unlike `serde_json::Value` it keeps members in order and twice where they stand twice, which a
//! validation has to see, and it knows where a member stands, so that a fault can name the line.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub enum Json<'a> {
    /// `null`
    Null,
    /// `true` or `false`
    Flag(bool),
    /// A number without a fraction or an exponent that 64 bits hold.
    Whole(i64),
    /// Any other number.
    Decimal(f64),
    /// A text.
    Text(Cow<'a, str>),
    /// An array.
    Array(Vec<Json<'a>>),
    /// An object: its members in the order of the text.
    Object(Vec<(Cow<'a, str>, Json<'a>)>),
}

impl<'a> Json<'a> {
    /// Reads a text that holds one value and nothing else.
    ///
    /// # Errors
    /// Where it is not JSON (RFC 8259), nested more than 128 deep, or has a number beyond `f64`.
    pub fn parse(text: &'a str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(text)
    }

    /// The first member of that name of an object.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Self> {
        self.members()
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value)
    }

    /// A member of a member of …
    #[must_use]
    pub fn at(&self, path: &[&str]) -> Option<&Self> {
        path.iter().try_fold(self, |json, name| json.get(name))
    }

    /// The members of an object; none of anything else.
    #[must_use]
    pub fn members(&self) -> &[(Cow<'a, str>, Self)] {
        match self {
            Self::Object(members) => members,
            _ => &[],
        }
    }

    /// The items of an array; none of anything else.
    #[must_use]
    pub fn items(&self) -> &[Self] {
        match self {
            Self::Array(items) => items,
            _ => &[],
        }
    }

    /// The items of a member that is an array; none where it is not.
    #[must_use]
    pub fn list(&self, name: &str) -> &[Self] {
        self.get(name).map_or(&[], Self::items)
    }

    /// A text's characters.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// A member that is a text.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        self.get(name)?.as_text()
    }

    /// Where an object's first member begins in the text that it was read from; of an array, its
    /// first object's. `None` where there is none, or its name had escapes.
    #[must_use]
    pub fn offset_in(&self, text: &str) -> Option<usize> {
        match self {
            Self::Object(members) => offset_of(&members.first()?.0, text),
            Self::Array(items) => items.iter().find_map(|item| item.offset_in(text)),
            _ => None,
        }
    }
}

/// Where a member's name begins in the text that it was read from; `None` where it had escapes and
/// therefore does not lie in it.
pub(crate) fn offset_of(name: &str, text: &str) -> Option<usize> {
    let offset = name.as_ptr().addr().checked_sub(text.as_ptr().addr())?;
    (offset < text.len()).then_some(offset)
}

impl<'de: 'a, 'a> Deserialize<'de> for Json<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyValue)
    }
}

struct AnyValue;

impl<'de> Visitor<'de> for AnyValue {
    type Value = Json<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Self::Value, E> {
        Ok(Json::Flag(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Self::Value, E> {
        Ok(Json::Whole(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Self::Value, E> {
        #[allow(clippy::cast_precision_loss, reason = "as any number beyond 64 bits")]
        Ok(i64::try_from(value).map_or(Json::Decimal(value as f64), Json::Whole))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Self::Value, E> {
        Ok(Json::Decimal(value))
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Json::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Json::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element()? {
            items.push(item);
        }
        Ok(Json::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut members = Vec::with_capacity(4);
        while let Some((Name(name), value)) = map.next_entry()? {
            members.push((name, value));
        }
        Ok(Json::Object(members))
    }
}

/// A member's name.
struct Name<'a>(Cow<'a, str>);

impl<'de: 'a, 'a> Deserialize<'de> for Name<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(NameText).map(Name)
    }
}

struct NameText;

impl<'de> Visitor<'de> for NameText {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a member's name")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(text))
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_kept_as_they_stand_and_know_where() {
        let text = r#"{"a": 1, "b": [{"c": "é\n"}, 2.5], "a": null}"#;
        let json = Json::parse(text).unwrap();
        assert_eq!(json.members().len(), 3);
        assert_eq!(json.get("a"), Some(&Json::Whole(1)));
        assert_eq!(json.offset_in(text), Some(2));
        assert_eq!(json.get("b").unwrap().offset_in(text), text.find('c'));
        assert_eq!(json.list("b")[0].text("c"), Some("é\n"));
        assert_eq!(json.list("b")[1], Json::Decimal(2.5));
        assert!(Json::parse("{} {}").is_err());
        assert!(Json::parse(&"[".repeat(100_000)).is_err());
    }
}
