//! Datatypes of the model, and texts as files have them.

use std::borrow::Cow;

use autods_sdk::loader::cell;

/// What the values of a column are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Datatype {
    /// A whole number.
    Integer,
    /// A number.
    Float,
    /// A calendar date.
    Date,
    /// A date and a time of day.
    Datetime,
    /// A text. Its length is not looked at.
    Text,
}

impl Datatype {
    /// Whether a text is a value of this datatype.
    #[must_use]
    pub fn takes(self, text: &str) -> bool {
        match self {
            Self::Integer => cell::integer(text).is_some(),
            Self::Float => cell::number(text).is_some(),
            Self::Date | Self::Datetime => cell::datetime(&iso(text)).is_some(),
            Self::Text => true,
        }
    }

    /// Whether it is a date, with a time or without.
    #[must_use]
    pub fn is_time(self) -> bool {
        matches!(self, Self::Date | Self::Datetime)
    }
}

/// A date of the vocabulary files, `YYYYMMDD`, as ISO 8601 has it; anything else as it stands.
#[must_use]
pub fn iso(text: &str) -> Cow<'_, str> {
    match (text.get(..4), text.get(4..6), text.get(6..)) {
        (Some(year), Some(month), Some(day))
            if text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit()) =>
        {
            Cow::Owned(format!("{year}-{month}-{day}"))
        }
        _ => Cow::Borrowed(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_of_their_datatype() {
        for (datatype, good, bad) in [
            (
                Datatype::Integer,
                &["0", "-7", "44814724"][..],
                &["7.0", "x", "1e3"][..],
            ),
            (
                Datatype::Float,
                &["7", "-0.5", "1e3"],
                &["NaN", "1,5", "<5"],
            ),
            (
                Datatype::Date,
                &["2010-02-28", "20100228", "2010-02-28 00:00:00"],
                &["2010-02-30", "20100230", "28/02/2010", "1262304000"],
            ),
            (
                Datatype::Datetime,
                &[
                    "2010-02-28",
                    "2010-02-28 23:59:59",
                    "2010-02-28T23:59:59.5Z",
                ],
                &["2010-02-28 24:00:00", "2010-02"],
            ),
        ] {
            for text in good {
                assert!(datatype.takes(text), "{datatype:?} {text}");
            }
            for text in bad {
                assert!(!datatype.takes(text), "{datatype:?} {text}");
            }
        }
        assert!(Datatype::Text.takes("anything"));
    }
}
