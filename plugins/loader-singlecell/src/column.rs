//! Columns of a frame, read by ranges of rows.

use std::ops::Range;
use std::rc::Rc;

use autods_sdk::loader::Fault;

use crate::array::Array;
use crate::element::{Element, Value};

/// A column, as its format keeps it.
pub(crate) enum Column<'h> {
    /// An array of one dimension.
    Array(Array<'h>),
    /// The elements of that type at that place of every row of an array.
    Within {
        array: Rc<Array<'h>>,
        element: Element,
        offset: usize,
    },
    /// Codes into categories; a code below zero is a missing value.
    Coded {
        codes: Box<Column<'h>>,
        categories: Vec<Option<String>>,
    },
    /// Values of which those are missing whose mask is set.
    Masked {
        values: Box<Column<'h>>,
        mask: Array<'h>,
    },
    /// In memory.
    Texts(Rc<[String]>),
}

impl Column<'_> {
    /// The values of rows, as texts; `None` is a missing value.
    pub(crate) fn read(&self, rows: &Range<u64>) -> Result<Vec<Option<String>>, Fault> {
        let values = self.values(rows)?;
        Ok(values.into_iter().map(Value::into_text).collect())
    }

    fn values(&self, rows: &Range<u64>) -> Result<Vec<Value>, Fault> {
        let count = rows.end.saturating_sub(rows.start);
        match self {
            Self::Array(array) => array.values(rows.start, count),
            Self::Within {
                array,
                element,
                offset,
            } => array.member_values(element, *offset, rows.start, count),
            Self::Coded { codes, categories } => coded(codes, categories, rows),
            Self::Masked { values, mask } => {
                let flags = mask.values(rows.start, count)?;
                let values = values.values(rows)?.into_iter().zip(flags);
                let masked = |(value, flag)| match flag {
                    Value::Flag(false) | Value::Integer(0) => value,
                    _ => Value::Missing,
                };
                Ok(values.map(masked).collect())
            }
            Self::Texts(texts) => {
                let start = usize::try_from(rows.start).unwrap_or(usize::MAX);
                let end = usize::try_from(rows.end).unwrap_or(usize::MAX);
                let texts = texts.get(start..end).unwrap_or_default();
                Ok(texts.iter().cloned().map(Value::Text).collect())
            }
        }
    }

    /// The array that a fault of the column is about.
    fn array(&self) -> Option<&Array<'_>> {
        match self {
            Self::Array(array) => Some(array),
            Self::Within { array, .. } => Some(array),
            Self::Coded { codes, .. } => codes.array(),
            Self::Masked { values, .. } => values.array(),
            Self::Texts(_) => None,
        }
    }
}

fn coded(
    codes: &Column<'_>,
    categories: &[Option<String>],
    rows: &Range<u64>,
) -> Result<Vec<Value>, Fault> {
    let value = |code: Value| match code {
        Value::Missing | Value::Integer(..0) => Some(Value::Missing),
        Value::Integer(code) => {
            let category = categories.get(usize::try_from(code).ok()?)?;
            Some(category.clone().map_or(Value::Missing, Value::Text))
        }
        _ => None,
    };
    let values = codes.values(rows)?.into_iter().map(value);
    values.collect::<Option<_>>().ok_or_else(|| {
        let rule = "a code that no category has";
        match codes.array() {
            Some(array) => array.malformed(rule),
            None => autods_sdk::loader::FaultCode::Malformed.into(),
        }
    })
}
