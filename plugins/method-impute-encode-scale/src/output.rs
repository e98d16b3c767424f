//! The design matrix.

use std::collections::BTreeSet;
use std::sync::Arc;

use arrow_array::{ArrayRef, Float32Array, RecordBatch, RecordBatchOptions};
use arrow_schema::{DataType, Field, Schema};
use autods_sdk::method::{Fault, FaultCode, ROWS, Table};

use crate::recipe::Recode;

/// What comes after a column's name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Suffix {
    None,
    Word(&'static str),
    Level(String),
}

/// The name of an output column.
pub(crate) fn name(column: &str, recode: &[Recode], suffix: &Suffix) -> String {
    // levels of a recoded column are words of the step, not codes of the column
    let word = recode.last().map(|recode| recode.word());
    match (word, suffix) {
        (_, Suffix::None) => column.to_owned(),
        (None, Suffix::Word(word)) => format!("{column}:{word}"),
        (Some(step), Suffix::Word(word)) => format!("{column}:{step}-{word}"),
        (None, Suffix::Level(level)) => format!("{column}={level}"),
        (Some(step), Suffix::Level(level)) => format!("{column}:{step}={level}"),
    }
}

/// Columns of 32-bit floats under names that stand once each.
#[derive(Default)]
pub(crate) struct Matrix {
    names: BTreeSet<String>,
    fields: Vec<Field>,
    arrays: Vec<ArrayRef>,
}

impl Matrix {
    /// Appends a column of numbers; what is not finite is missing.
    pub(crate) fn push_numbers(&mut self, name: String, values: &[f64]) -> Result<(), Fault> {
        #[allow(
            clippy::cast_possible_truncation,
            reason = "the design matrix is of 32-bit floats"
        )]
        let narrow: Vec<f32> = values.iter().map(|value| *value as f32).collect();
        let missing = narrow.iter().any(|value| !value.is_finite());
        let nulls = missing.then(|| narrow.iter().map(|value| value.is_finite()).collect());
        self.push(name, Float32Array::new(narrow.into(), nulls))
    }

    /// Appends a column of zeros and ones.
    pub(crate) fn push_indicator(&mut self, name: String, values: Vec<f32>) -> Result<(), Fault> {
        self.push(name, Float32Array::new(values.into(), None))
    }

    fn push(&mut self, name: String, values: Float32Array) -> Result<(), Fault> {
        if !self.names.insert(name.clone()) {
            return Err(FaultCode::DuplicateColumn.into());
        }
        self.fields.push(Field::new(name, DataType::Float32, true));
        self.arrays.push(Arc::new(values));
        Ok(())
    }

    /// The table `rows`.
    pub(crate) fn finish(self, rows: usize) -> Result<Table, Fault> {
        let options = RecordBatchOptions::new().with_row_count(Some(rows));
        let schema = Arc::new(Schema::new(self.fields));
        let batch = RecordBatch::try_new_with_options(schema, self.arrays, &options)
            .map_err(|_| FaultCode::Internal)?;
        Ok(Table::new(ROWS, batch))
    }
}
