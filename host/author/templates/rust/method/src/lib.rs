//! Centres and scales columns of numbers.
//!
//! `fit` learns the centre and the scale of every column from the training rows of one fold;
//! `apply` takes the one off and divides by the other. What `apply` sees of other rows never
//! changes what was learnt: that is all there is to "no leakage".
//!
//! With `robust` the centre is the median and the scale the interquartile range (Hyndman and Fan,
//! "Sample quantiles in statistical packages", 1996, definition 7); without, mean and standard
//! deviation (n − 1).

mod spread;
mod state;

use std::sync::Arc;

use autods_sdk::arrow::array::{ArrayRef, Float32Array, Float64Array, Int64Array, RecordBatch};
use autods_sdk::method::{Fault, FaultCode, Fitted, Method, ROWS, Recipe, Table, find};
use autods_sdk::params;

use spread::Spread;
use state::State;

/// The method.
pub struct CentreScale;

impl Method for CentreScale {
    /// The seed is not used: nothing here is random.
    fn fit(tables: &[Table], recipe: &Recipe, _seed: u64) -> Result<Fitted, Fault> {
        let rows = find(tables, ROWS)?;
        let mut columns = Vec::new();
        for (at, used) in recipe.columns.iter().enumerate() {
            let here = |fault: Fault| fault.in_column(at);
            let mut robust = false;
            for step in &used.steps {
                if step.name != "centre-scale" {
                    return Err(here(FaultCode::UnknownParameter.into()));
                }
                params::only(&step.params, &["robust"]).map_err(here)?;
                robust = params::flag(&step.params, "robust", false).map_err(here)?;
            }
            let values = numbers(rows, &used.column).map_err(here)?;
            let spread = if used.steps.is_empty() {
                Spread::AS_IT_IS
            } else {
                Spread::of(values.into_iter().flatten().collect(), robust)
                    .ok_or_else(|| here(FaultCode::InsufficientData.into()))?
            };
            columns.push((used.column.clone(), spread));
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
        for (at, (column, spread)) in State::from_bytes(state)?.columns.into_iter().enumerate() {
            let values = numbers(rows, &column).map_err(|fault| fault.in_column(at))?;
            // the design matrix is of 32-bit floats; a missing value stays missing
            let scaled = values.into_iter().map(|value| value.map(|value| spread.apply(value) as f32));
            made.push((column, Arc::new(scaled.collect::<Float32Array>())));
        }
        let batch = RecordBatch::try_from_iter(made).map_err(|_| FaultCode::Internal)?;
        Ok(vec![Table::new(ROWS, batch)])
    }
}

autods_sdk::export_method!(CentreScale);

/// A column of numbers, whole or not.
fn numbers(rows: &Table, name: &str) -> Result<Vec<Option<f64>>, Fault> {
    if let Ok(values) = rows.column::<Int64Array>(name) {
        return Ok(values.iter().map(|value| value.map(|value| value as f64)).collect());
    }
    let values = rows.column::<Float64Array>(name)?;
    debug_assert_eq!(values.len(), rows.batch.num_rows());
    Ok(values.iter().collect())
}
