//! What is written on a group or an array.

/// A value of an attribute.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Attribute {
    Text(String),
    Integers(Vec<i64>),
    /// Of any other kind.
    Other,
}

impl Attribute {
    pub(crate) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// A pair of sizes.
    pub(crate) fn shape(&self) -> Option<[u64; 2]> {
        match self {
            Self::Integers(sizes) => match sizes.as_slice() {
                [rows, columns] => {
                    Some([u64::try_from(*rows).ok()?, u64::try_from(*columns).ok()?])
                }
                _ => None,
            },
            _ => None,
        }
    }
}
