//! What one place of an array holds, and how its bytes are read.

/// The type of an element.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Element {
    /// Bytes.
    pub(crate) size: usize,
    pub(crate) big_endian: bool,
    pub(crate) kind: Kind,
}

/// Its class.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Kind {
    Integer {
        signed: bool,
    },
    Float,
    Boolean,
    /// Bytes of UTF-8 that end at the first zero.
    FixedText,
    /// Code points of four bytes each that end at the first zero.
    FixedUtf32,
    /// Texts of any length, kept elsewhere in the file.
    Text,
    Record(Vec<Member>),
    /// Nothing that is read here.
    Other,
}

/// A member of a record: one element, or several in a row.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Member {
    pub(crate) name: String,
    pub(crate) offset: usize,
    pub(crate) items: usize,
    pub(crate) element: Element,
}

/// A value that was read.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    Missing,
    Integer(i64),
    Number(f64),
    Flag(bool),
    Text(String),
}

/// The bytes are no value of that type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unreadable {
    /// A text that is not UTF-8.
    Text,
    /// A type that is not read.
    Type,
}

impl Element {
    pub(crate) fn float(size: usize) -> Self {
        Self {
            size,
            big_endian: false,
            kind: Kind::Float,
        }
    }

    pub(crate) fn text() -> Self {
        Self {
            size: 0,
            big_endian: false,
            kind: Kind::Text,
        }
    }

    pub(crate) fn is_number(&self) -> bool {
        match self.kind {
            Kind::Integer { .. } | Kind::Boolean => matches!(self.size, 1 | 2 | 4 | 8),
            Kind::Float => matches!(self.size, 4 | 8),
            _ => false,
        }
    }

    /// Reads a value; the bytes are those of one element.
    pub(crate) fn value(&self, bytes: &[u8]) -> Result<Value, Unreadable> {
        let value = match self.kind {
            Kind::Integer { .. } => Value::Integer(self.integer(bytes).ok_or(Unreadable::Type)?),
            Kind::Boolean => Value::Flag(self.integer(bytes).ok_or(Unreadable::Type)? != 0),
            Kind::Float => {
                let number = self.number(bytes).ok_or(Unreadable::Type)?;
                if number.is_nan() {
                    Value::Missing
                } else {
                    Value::Number(number)
                }
            }
            Kind::FixedText => Value::Text(utf8(bytes)?),
            Kind::FixedUtf32 => Value::Text(self.utf32(bytes)?),
            Kind::Text | Kind::Record(_) | Kind::Other => return Err(Unreadable::Type),
        };
        Ok(value)
    }

    /// A whole number of 64 bits with its sign.
    pub(crate) fn integer(&self, bytes: &[u8]) -> Option<i64> {
        let signed = matches!(self.kind, Kind::Integer { signed: true });
        let word = self.word(bytes)?;
        let unused = 64_u32.checked_sub(u32::try_from(self.size).ok()?.checked_mul(8)?)?;
        if signed {
            return Some(((word << unused) as i64) >> unused);
        }
        i64::try_from(word).ok()
    }

    /// A number; integers beyond 2^53 are rounded.
    pub(crate) fn number(&self, bytes: &[u8]) -> Option<f64> {
        #[allow(clippy::cast_precision_loss, reason = "as every reader of counts does")]
        #[allow(clippy::cast_possible_truncation, reason = "the size says four bytes")]
        match (&self.kind, self.size) {
            (Kind::Float, 4) => Some(f64::from(f32::from_bits(self.word(bytes)? as u32))),
            (Kind::Float, 8) => Some(f64::from_bits(self.word(bytes)?)),
            (Kind::Integer { .. } | Kind::Boolean, _) => Some(self.integer(bytes)? as f64),
            _ => None,
        }
    }

    /// The bytes as one word of 64 bits.
    fn word(&self, bytes: &[u8]) -> Option<u64> {
        if bytes.len() != self.size || !matches!(self.size, 1 | 2 | 4 | 8) {
            return None;
        }
        let add = |word: u64, byte: &u8| (word << 8) | u64::from(*byte);
        Some(if self.big_endian {
            bytes.iter().fold(0, add)
        } else {
            bytes.iter().rev().fold(0, add)
        })
    }

    fn utf32(&self, bytes: &[u8]) -> Result<String, Unreadable> {
        let mut text = String::new();
        for word in bytes.chunks_exact(4) {
            let word: [u8; 4] = word.try_into().map_err(|_| Unreadable::Text)?;
            let point = if self.big_endian {
                u32::from_be_bytes(word)
            } else {
                u32::from_le_bytes(word)
            };
            if point == 0 {
                break;
            }
            text.push(char::from_u32(point).ok_or(Unreadable::Text)?);
        }
        Ok(text)
    }
}

/// A text that ends at its first zero.
fn utf8(bytes: &[u8]) -> Result<String, Unreadable> {
    let end = memchr::memchr(0, bytes).unwrap_or(bytes.len());
    let text = bytes.get(..end).unwrap_or_default();
    std::str::from_utf8(text)
        .map(str::to_owned)
        .map_err(|_| Unreadable::Text)
}

impl Value {
    /// As a text that [`TableWriter`](autods_sdk::loader::TableWriter) reads as any kind.
    pub(crate) fn into_text(self) -> Option<String> {
        match self {
            Self::Missing => None,
            Self::Integer(value) => Some(value.to_string()),
            Self::Number(value) => Some(value.to_string()),
            Self::Flag(value) => Some(value.to_string()),
            Self::Text(text) => Some(text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn integer(size: usize, signed: bool, big_endian: bool) -> Element {
        Element {
            size,
            big_endian,
            kind: Kind::Integer { signed },
        }
    }

    #[test]
    fn integers_of_every_width_keep_their_sign() {
        assert_eq!(integer(1, true, false).integer(&[0xff]), Some(-1));
        assert_eq!(integer(1, false, false).integer(&[0xff]), Some(255));
        assert_eq!(integer(2, true, true).integer(&[0xff, 0xfe]), Some(-2));
        assert_eq!(integer(4, false, false).integer(&[1, 2, 0, 0]), Some(513));
        assert_eq!(integer(8, false, false).integer(&[0xff; 8]), None);
        assert_eq!(integer(8, true, false).integer(&[0xff; 8]), Some(-1));
        assert_eq!(integer(3, true, false).integer(&[0, 0, 0]), None);
        assert_eq!(integer(4, true, false).integer(&[0, 0, 0]), None);
    }

    #[test]
    fn a_number_that_is_none_is_missing() {
        let element = Element::float(4);
        assert_eq!(element.value(&f32::NAN.to_le_bytes()), Ok(Value::Missing));
        assert_eq!(
            element.value(&0.5_f32.to_le_bytes()),
            Ok(Value::Number(0.5))
        );
    }

    #[test]
    fn texts_end_at_their_first_zero_and_must_be_texts() {
        let fixed = Element {
            size: 4,
            big_endian: false,
            kind: Kind::FixedText,
        };
        assert_eq!(fixed.value(b"ab\0x"), Ok(Value::Text("ab".to_owned())));
        assert_eq!(fixed.value(b"a\xffb\0"), Err(Unreadable::Text));
        let wide = Element {
            size: 8,
            big_endian: false,
            kind: Kind::FixedUtf32,
        };
        assert_eq!(
            wide.value(&[0xe9, 0, 0, 0, 0, 0, 0, 0]),
            Ok(Value::Text("é".to_owned()))
        );
        assert_eq!(
            wide.value(&[0, 0xd8, 0, 0, 0, 0, 0, 0]),
            Err(Unreadable::Text)
        );
    }
}
