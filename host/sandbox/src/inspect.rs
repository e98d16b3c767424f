//! Looks at every value of an agent's action: long texts, long lists, numbers that are not
//! finite, characters that act on a terminal. Works on any type that serialises, so that a new
//! kind of action is looked at without anybody having to remember it.

use serde::ser::{self, Serialize};

/// Bounds on the values of an action.
#[derive(Clone, Copy)]
pub(crate) struct Bounds {
    pub text_bytes: u64,
    pub list_items: u64,
}

/// What is wrong with a value, and the field that holds it. Both are words of the contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Finding {
    pub field: &'static str,
    pub what: &'static str,
}

impl std::fmt::Display for Finding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.field, self.what)
    }
}

impl std::error::Error for Finding {}

impl ser::Error for Finding {
    // Only reached by a `Serialize` that fails by itself; derived ones do not.
    fn custom<T: std::fmt::Display>(_: T) -> Self {
        Self {
            field: "value",
            what: "cannot be read",
        }
    }
}

/// Bytes of a parameter's name or text, by the contract.
const PARAMETER_BYTES: u64 = 256;

/// The first thing wrong with a value, if anything is.
pub(crate) fn inspect(value: &impl Serialize, bounds: Bounds) -> Result<(), Finding> {
    value.serialize(&mut Inspector {
        bounds,
        owner: "",
        field: "action",
    })
}

struct Inspector {
    bounds: Bounds,
    /// The record that holds the field.
    owner: &'static str,
    field: &'static str,
}

impl Inspector {
    fn finding<T>(&self, what: &'static str) -> Result<T, Finding> {
        Err(Finding {
            field: self.field,
            what,
        })
    }

    fn text(&self, text: &str) -> Result<(), Finding> {
        let in_parameter = self.owner == "Param" || self.owner == "Scalar";
        let max = if in_parameter {
            self.bounds.text_bytes.min(PARAMETER_BYTES)
        } else {
            self.bounds.text_bytes
        };
        if text.len() as u64 > max {
            return self.finding("is too long");
        }
        if text.chars().any(crate::message::acts) {
            return self.finding("has control, format or direction characters");
        }
        Ok(())
    }

    fn number(&self, number: f64) -> Result<(), Finding> {
        if number.is_finite() {
            Ok(())
        } else {
            self.finding("is not a finite number")
        }
    }

    fn list(&self, items: Option<usize>) -> Result<(), Finding> {
        if items.is_some_and(|items| items as u64 > self.bounds.list_items) {
            return self.finding("has too many items");
        }
        Ok(())
    }
}

macro_rules! pass {
    ($($method:ident($ty:ty)),* $(,)?) => {
        $(fn $method(self, _: $ty) -> Result<(), Finding> { Ok(()) })*
    };
}

impl ser::Serializer for &mut Inspector {
    type Ok = ();
    type Error = Finding;
    type SerializeSeq = Self;
    type SerializeTuple = Self;
    type SerializeTupleStruct = Self;
    type SerializeTupleVariant = Self;
    type SerializeMap = Self;
    type SerializeStruct = Self;
    type SerializeStructVariant = Self;

    pass!(
        serialize_bool(bool),
        serialize_i8(i8),
        serialize_i16(i16),
        serialize_i32(i32),
        serialize_i64(i64),
        serialize_u8(u8),
        serialize_u16(u16),
        serialize_u32(u32),
        serialize_u64(u64),
        serialize_unit_struct(&'static str),
    );

    fn serialize_f32(self, number: f32) -> Result<(), Finding> {
        self.number(number.into())
    }

    fn serialize_f64(self, number: f64) -> Result<(), Finding> {
        self.number(number)
    }

    fn serialize_char(self, character: char) -> Result<(), Finding> {
        self.text(character.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, text: &str) -> Result<(), Finding> {
        self.text(text)
    }

    fn serialize_bytes(self, bytes: &[u8]) -> Result<(), Finding> {
        self.list(Some(bytes.len()))
    }

    fn serialize_none(self) -> Result<(), Finding> {
        Ok(())
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Finding> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), Finding> {
        Ok(())
    }

    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
    ) -> Result<(), Finding> {
        Ok(())
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<(), Finding> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        owner: &'static str,
        _: u32,
        _: &'static str,
        value: &T,
    ) -> Result<(), Finding> {
        self.owner = owner;
        value.serialize(self)
    }

    fn serialize_seq(self, items: Option<usize>) -> Result<Self, Finding> {
        self.list(items)?;
        Ok(self)
    }

    fn serialize_tuple(self, _: usize) -> Result<Self, Finding> {
        Ok(self)
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Self, Finding> {
        Ok(self)
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self, Finding> {
        Ok(self)
    }

    fn serialize_map(self, items: Option<usize>) -> Result<Self, Finding> {
        self.list(items)?;
        Ok(self)
    }

    fn serialize_struct(self, owner: &'static str, _: usize) -> Result<Self, Finding> {
        self.owner = owner;
        Ok(self)
    }

    fn serialize_struct_variant(
        self,
        owner: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self, Finding> {
        self.owner = owner;
        Ok(self)
    }
}

macro_rules! elements {
    ($($compound:ident::$method:ident),* $(,)?) => {
        $(impl ser::$compound for &mut Inspector {
            type Ok = ();
            type Error = Finding;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Finding> {
                // What lies inside an item must not change what its neighbour belongs to.
                let (owner, field) = (self.owner, self.field);
                let looked = value.serialize(&mut **self);
                (self.owner, self.field) = (owner, field);
                looked
            }

            fn end(self) -> Result<(), Finding> {
                Ok(())
            }
        })*
    };
}

elements!(
    SerializeSeq::serialize_element,
    SerializeTuple::serialize_element,
    SerializeTupleStruct::serialize_field,
    SerializeTupleVariant::serialize_field,
);

macro_rules! fields {
    ($($compound:ident),* $(,)?) => {
        $(impl ser::$compound for &mut Inspector {
            type Ok = ();
            type Error = Finding;

            fn serialize_field<T: Serialize + ?Sized>(
                &mut self,
                key: &'static str,
                value: &T,
            ) -> Result<(), Finding> {
                let (owner, field) = (self.owner, self.field);
                self.field = key;
                let looked = value.serialize(&mut **self);
                (self.owner, self.field) = (owner, field);
                looked
            }

            fn end(self) -> Result<(), Finding> {
                Ok(())
            }
        })*
    };
}

fields!(SerializeStruct, SerializeStructVariant);

impl ser::SerializeMap for &mut Inspector {
    type Ok = ();
    type Error = Finding;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Finding> {
        key.serialize(&mut **self)
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Finding> {
        value.serialize(&mut **self)
    }

    fn end(self) -> Result<(), Finding> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agent::{
        Action, DeadEnd, Decision, Direction, Reference, Section, Statement, Verdict,
    };
    use crate::bindings::types::Scalar;

    const BOUNDS: Bounds = Bounds {
        text_bytes: 2048,
        list_items: 3,
    };

    fn state(text: &str, refs: usize) -> Action {
        let reference = Reference {
            event: 1,
            pointer: "/Experiment/auroc/value".into(),
        };
        Action::State(Statement {
            section: Section::Data,
            text: text.into(),
            refs: vec![reference; refs],
        })
    }

    fn dead_end(value: Scalar) -> Action {
        Action::GiveVerdict(Verdict {
            result: 1,
            decision: Decision::DeadEnd,
            evidence: 1,
            dead_end: Some(DeadEnd {
                method: "x".into(),
                axis: "y".into(),
                direction: Direction::Equal,
                value,
            }),
            remark: String::new(),
        })
    }

    #[test]
    fn an_ordinary_action_passes() {
        assert_eq!(
            inspect(&state("the cohort has {0} rows", 1), BOUNDS),
            Ok(())
        );
        assert_eq!(inspect(&dead_end(Scalar::Number(0.5)), BOUNDS), Ok(()));
    }

    #[test]
    fn a_text_that_is_too_long_or_acts_is_found() {
        let finding = |field, what| Err(Finding { field, what });
        assert_eq!(
            inspect(&state(&"x".repeat(2049), 0), BOUNDS),
            finding("text", "is too long")
        );
        for text in ["a\x1b[2Jb", "a\nb", "a\u{202e}b"] {
            assert_eq!(
                inspect(&state(text, 0), BOUNDS),
                finding("text", "has control, format or direction characters")
            );
        }
        assert_eq!(
            inspect(&state("", 4), BOUNDS),
            finding("refs", "has too many items")
        );
    }

    #[test]
    fn parameters_are_held_to_the_contract() {
        let finding = |what| {
            Err(Finding {
                field: "value",
                what,
            })
        };
        let text = |n: usize| dead_end(Scalar::Text("x".repeat(n)));
        assert_eq!(inspect(&text(256), BOUNDS), Ok(()));
        assert_eq!(inspect(&text(257), BOUNDS), finding("is too long"));
        assert_eq!(
            inspect(&dead_end(Scalar::Number(f64::NAN)), BOUNDS),
            finding("is not a finite number")
        );
    }
}
