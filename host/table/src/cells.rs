//! Every cell of a column as a small number: equal cells, equal numbers.

use std::collections::HashMap;
use std::hash::Hash;

use arrow_array::cast::AsArray;
use arrow_array::types::{Date32Type, Float64Type, Int64Type, TimestampMicrosecondType};
use arrow_array::{Array, ArrayRef};
use arrow_schema::DataType;

/// What stands for a missing cell.
pub(crate) const MISSING: u32 = u32::MAX;

/// A column, cell by cell, in codes that count from 0 in order of first appearance.
pub(crate) struct Cells {
    /// One code for each row; [`MISSING`] where there is no value.
    pub(crate) codes: Vec<u32>,
    /// For each code the first row that has it.
    pub(crate) first: Vec<u32>,
}

impl Cells {
    pub(crate) fn of(array: &ArrayRef) -> Self {
        match array.data_type() {
            DataType::Boolean => Self::collect(array.as_boolean().iter()),
            DataType::Int64 => Self::collect(array.as_primitive::<Int64Type>().iter()),
            // Adding zero makes the two zeros one.
            DataType::Float64 => Self::collect(
                array
                    .as_primitive::<Float64Type>()
                    .iter()
                    .map(|value| value.map(|number| (number + 0.0).to_bits())),
            ),
            DataType::Date32 => Self::collect(array.as_primitive::<Date32Type>().iter()),
            DataType::Timestamp(..) => {
                Self::collect(array.as_primitive::<TimestampMicrosecondType>().iter())
            }
            // Every other stored type is Utf8; see `storage_type`.
            _ => Self::collect(array.as_string::<i32>().iter()),
        }
    }

    /// Rows of each code, and of missing cells.
    pub(crate) fn counts(&self) -> (Vec<u64>, u64) {
        let mut counts = vec![0; self.first.len()];
        let mut missing = 0;
        for &code in &self.codes {
            match counts.get_mut(code as usize) {
                Some(count) => *count += 1,
                None => missing += 1,
            }
        }
        (counts, missing)
    }

    fn collect<T: Eq + Hash>(values: impl ExactSizeIterator<Item = Option<T>>) -> Self {
        let mut seen: HashMap<T, u32> = HashMap::new();
        let mut first = Vec::new();
        let codes = (0_u32..)
            .zip(values)
            .map(|(row, value)| match value {
                None => MISSING,
                Some(value) => *seen.entry(value).or_insert_with(|| {
                    first.push(row);
                    first.len() as u32 - 1
                }),
            })
            .collect();
        Self { codes, first }
    }
}
