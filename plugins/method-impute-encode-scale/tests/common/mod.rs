//! Tables and recipes for the tests.
#![allow(dead_code, reason = "every test uses a part of it")]

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::Float32Type;
use arrow_array::{ArrayRef, Float64Array, Int64Array, RecordBatch, StringArray};
use autods_sdk::method::{ColumnUse, Param, ROWS, Recipe, Step, Table};

/// A step with parameters.
pub fn step(name: &str, params: Vec<Param>) -> Step {
    Step {
        name: name.to_owned(),
        params,
    }
}

/// A step without parameters.
pub fn plain(name: &str) -> Step {
    step(name, Vec::new())
}

/// A recipe; `y` is the outcome, `fold` the inner fold.
pub fn recipe(columns: &[(&str, Vec<Step>)]) -> Recipe {
    let columns = columns.iter().map(|(column, steps)| ColumnUse {
        column: (*column).to_owned(),
        steps: steps.clone(),
    });
    Recipe {
        columns: columns.collect(),
        outcome: Some("y".to_owned()),
        inner_fold: Some("fold".to_owned()),
        params: Vec::new(),
    }
}

/// A column of text.
pub fn texts<'a>(values: impl IntoIterator<Item = Option<&'a str>>) -> ArrayRef {
    Arc::new(values.into_iter().collect::<StringArray>())
}

/// A column of numbers.
pub fn numbers(values: impl IntoIterator<Item = Option<f64>>) -> ArrayRef {
    Arc::new(values.into_iter().collect::<Float64Array>())
}

/// A column of whole numbers.
pub fn integers(values: impl IntoIterator<Item = i64>) -> ArrayRef {
    Arc::new(Int64Array::from_iter_values(values))
}

/// The table `rows`.
pub fn rows(columns: Vec<(&str, ArrayRef)>) -> Vec<Table> {
    vec![Table::new(
        ROWS,
        RecordBatch::try_from_iter(columns).unwrap(),
    )]
}

/// Names of the columns of the only table.
pub fn names(tables: &[Table]) -> Vec<String> {
    assert_eq!((tables.len(), tables[0].name.as_str()), (1, ROWS));
    let schema = tables[0].batch.schema();
    schema
        .fields()
        .iter()
        .map(|field| field.name().clone())
        .collect()
}

/// A column of the output.
pub fn output(tables: &[Table], name: &str) -> Vec<Option<f32>> {
    let column = tables[0].batch.column_by_name(name);
    let column = column.unwrap_or_else(|| panic!("no column {name}: {:?}", names(tables)));
    column.as_primitive::<Float32Type>().iter().collect()
}
