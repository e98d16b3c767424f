//! The values of a column in the form that the lab needs.

use std::collections::HashMap;

use arrow_array::cast::AsArray;
use arrow_array::types::{Date32Type, Float64Type, Int64Type, TimestampMicrosecondType};
use arrow_array::{Array, ArrayRef};
use arrow_schema::DataType;

use crate::cells::{Cells, MISSING};
use crate::error::TableError;
use crate::table::Table;

/// A column as codes into a list of levels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Codes {
    /// One index into `levels` for each row; [`Codes::MISSING`] where there is no value.
    pub rows: Vec<u32>,
    /// The levels: those that the dictionary lists, in its order, whether or not a row has them;
    /// then the others, sorted by their text (numbers by value).
    pub levels: Vec<String>,
    /// How many of the levels the dictionary lists.
    pub declared: usize,
}

impl Codes {
    /// What stands for a missing value.
    pub const MISSING: u32 = MISSING;

    /// Rows of each level, and rows without a value.
    #[must_use]
    pub fn counts(&self) -> (Vec<u64>, u64) {
        let mut counts = vec![0; self.levels.len()];
        let mut missing = 0;
        for &code in &self.rows {
            match counts.get_mut(code as usize) {
                Some(count) => *count += 1,
                None => missing += 1,
            }
        }
        (counts, missing)
    }
}

impl Table {
    /// A column as numbers, NaN where missing: booleans as 0 and 1, dates and times as days since
    /// 1970-01-01.
    ///
    /// # Errors
    /// [`TableError::UnknownColumn`]; [`TableError::WrongKind`] for text.
    pub fn numbers(&self, column: &str) -> Result<Vec<f64>, TableError> {
        const MICROS_PER_DAY: f64 = 86_400e6;
        let array = self.array(column)?;
        let gap = |value: Option<f64>| value.unwrap_or(f64::NAN);
        Ok(match array.data_type() {
            DataType::Boolean => array
                .as_boolean()
                .iter()
                .map(|value| gap(value.map(f64::from)))
                .collect(),
            DataType::Int64 => array
                .as_primitive::<Int64Type>()
                .iter()
                .map(|value| gap(value.map(|number| number as f64)))
                .collect(),
            DataType::Float64 => array
                .as_primitive::<Float64Type>()
                .iter()
                .map(gap)
                .collect(),
            DataType::Date32 => array
                .as_primitive::<Date32Type>()
                .iter()
                .map(|value| gap(value.map(f64::from)))
                .collect(),
            DataType::Timestamp(..) => array
                .as_primitive::<TimestampMicrosecondType>()
                .iter()
                .map(|value| gap(value.map(|micros| micros as f64 / MICROS_PER_DAY)))
                .collect(),
            _ => return Err(self.wrong_kind(column, "numbers")),
        })
    }

    /// A column of text, row by row.
    ///
    /// # Errors
    /// [`TableError::UnknownColumn`]; [`TableError::WrongKind`] for anything that is not stored as
    /// text.
    pub fn texts(
        &self,
        column: &str,
    ) -> Result<impl ExactSizeIterator<Item = Option<&str>>, TableError> {
        match self.array(column)?.as_string_opt::<i32>() {
            Some(texts) => Ok(texts.iter()),
            None => Err(self.wrong_kind(column, "text")),
        }
    }

    /// A column as codes into its levels, whatever its kind. Booleans read `true` and `false`,
    /// numbers in their shortest form, dates as days and times as microseconds since 1970-01-01.
    ///
    /// # Errors
    /// [`TableError::UnknownColumn`].
    pub fn codes(&self, column: &str) -> Result<Codes, TableError> {
        let position = self.position(column)?;
        let array = self.batch().column(position);
        let cells = Cells::of(array);
        let found: Vec<String> = cells
            .first
            .iter()
            .map(|&row| shown(array, row as usize))
            .collect();

        let mut levels: Vec<String> = self.columns()[position]
            .codings
            .iter()
            .map(|coding| coding.code.clone())
            .collect();
        let declared = levels.len();
        let mut others: Vec<String> = found
            .iter()
            .filter(|text| !levels.contains(text))
            .cloned()
            .collect();
        if is_number(array) {
            others.sort_by_cached_key(|text| Ordered(text.parse().unwrap_or(f64::NAN)));
        } else {
            others.sort_unstable();
        }
        levels.extend(others);

        let mut places: HashMap<&str, u32> = HashMap::with_capacity(levels.len());
        for (level, place) in levels.iter().zip(0_u32..) {
            places.entry(level).or_insert(place);
        }
        let translate: Vec<u32> = found
            .iter()
            .map(|text| places.get(text.as_str()).copied().unwrap_or(MISSING))
            .collect();
        let rows = cells
            .codes
            .iter()
            .map(|&code| translate.get(code as usize).copied().unwrap_or(MISSING))
            .collect();
        Ok(Codes {
            rows,
            levels,
            declared,
        })
    }

    pub(crate) fn wrong_kind(&self, column: &str, wanted: &'static str) -> TableError {
        match self.column(column) {
            Ok(known) => TableError::WrongKind {
                table: self.name().to_owned(),
                column: column.to_owned(),
                kind: known.kind,
                wanted,
            },
            Err(unknown) => unknown,
        }
    }
}

/// Numbers in their total order.
#[derive(PartialEq)]
struct Ordered(f64);

impl Eq for Ordered {}

impl PartialOrd for Ordered {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Ordered {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.total_cmp(&other.0)
    }
}

fn is_number(array: &ArrayRef) -> bool {
    matches!(
        array.data_type(),
        DataType::Int64 | DataType::Float64 | DataType::Date32 | DataType::Timestamp(..)
    )
}

/// A present cell as text.
fn shown(array: &ArrayRef, row: usize) -> String {
    match array.data_type() {
        DataType::Boolean => array.as_boolean().value(row).to_string(),
        DataType::Int64 => array.as_primitive::<Int64Type>().value(row).to_string(),
        DataType::Float64 => (array.as_primitive::<Float64Type>().value(row) + 0.0).to_string(),
        DataType::Date32 => array.as_primitive::<Date32Type>().value(row).to_string(),
        DataType::Timestamp(..) => array
            .as_primitive::<TimestampMicrosecondType>()
            .value(row)
            .to_string(),
        _ => array.as_string::<i32>().value(row).to_owned(),
    }
}
