//! Winsorises columns of numbers: values in the tails become the value where the tail begins,
//! missing values the median, and all are centred and scaled.
//!
//! `fit` learns tails, median, mean and standard deviation from the training rows of one fold;
//! `apply` uses them on other rows. What `apply` sees never changes what was learnt: that is all
//! there is to "no leakage".

mod state;
mod tails;

use std::sync::Arc;

use autods_sdk::arrow::array::{ArrayRef, Float32Array, Float64Array, Int64Array, RecordBatch};
use autods_sdk::method::{ColumnUse, Fault, FaultCode, Fitted, Method, ROWS, Recipe, Table, find};
use autods_sdk::params;

use state::State;
use tails::Tails;

/// The method.
pub struct Winsorise;

impl Method for Winsorise {
    /// The seed is not used: nothing here is random.
    fn fit(tables: &[Table], recipe: &Recipe, _seed: u64) -> Result<Fitted, Fault> {
        let rows = find(tables, ROWS)?;
        let mut columns = Vec::new();
        for (at, used) in recipe.columns.iter().enumerate() {
            let learnt = share(used).and_then(|share| {
                Tails::of(&numbers(rows, &used.column)?, share)
                    .ok_or_else(|| FaultCode::InsufficientData.into())
            });
            columns.push((used.column.clone(), learnt.map_err(|fault| fault.in_column(at))?));
        }
        Ok(Fitted {
            state: State { columns }.to_bytes(),
            // the training rows as `apply` gives them
            train: Vec::new(),
        })
    }

    fn apply(state: &[u8], tables: &[Table]) -> Result<Vec<Table>, Fault> {
        let rows = find(tables, ROWS)?;
        let mut made: Vec<(String, ArrayRef)> = Vec::new();
        for (at, (column, tails)) in State::from_bytes(state)?.columns.into_iter().enumerate() {
            let values = numbers(rows, &column).map_err(|fault| fault.in_column(at))?;
            // the design matrix is of 32-bit floats
            let values = values.into_iter().map(|value| tails.apply(value) as f32);
            made.push((column, Arc::new(Float32Array::from_iter_values(values))));
        }
        let batch = RecordBatch::try_from_iter(made).map_err(|_| FaultCode::Internal)?;
        Ok(vec![Table::new(ROWS, batch)])
    }
}

autods_sdk::export_method!(Winsorise);

/// The share in either tail that the one step of a column asks for.
fn share(used: &ColumnUse) -> Result<f64, Fault> {
    match used.steps.as_slice() {
        [step] if step.name == "winsorise" => {
            params::only(&step.params, &["share"])?;
            params::number(&step.params, "share", 0.01, 0.0, 0.25)
        }
        _ => Err(FaultCode::UnknownParameter.into()),
    }
}

/// A column of numbers, whole or not.
fn numbers(rows: &Table, name: &str) -> Result<Vec<Option<f64>>, Fault> {
    if let Ok(values) = rows.column::<Int64Array>(name) {
        return Ok(values.iter().map(|value| value.map(|value| value as f64)).collect());
    }
    Ok(rows.column::<Float64Array>(name)?.iter().collect())
}
