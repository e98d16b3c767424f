//! Rows across the plugin border: Arrow out, design matrix in.

use std::{io::Cursor, sync::Arc};

use arrow_array::{
    Array, ArrayRef, Float32Array, Float64Array, Int64Array, RecordBatch, UInt32Array,
    cast::AsArray as _, types::Float32Type,
};
use arrow_ipc::{reader::StreamReader, writer::StreamWriter};
use arrow_schema::{DataType, Field, Schema};
use autods_board::FeatureSet;
use autods_science::Design;
use autods_table::Table;

use crate::{
    error::{Result, RunError},
    session::columns_of,
};

pub(crate) const OUTCOME: &str = "__outcome";
pub(crate) const INNER_FOLD: &str = "__inner_fold";

/// The table's columns that a feature set reads, in the table's order.
pub(crate) fn sources(table: &Table, features: &FeatureSet) -> Vec<String> {
    let wanted = columns_of(features);
    table
        .columns()
        .iter()
        .map(|c| c.name.clone())
        .filter(|name| wanted.contains(name))
        .collect()
}

/// Rows of a table as one uncompressed Arrow IPC stream, with the outcome and inner folds where
/// the method may see them.
pub(crate) fn to_stream(
    table: &Table,
    columns: &[String],
    rows: &[u32],
    outcome: Option<Vec<f64>>,
    inner: Option<Vec<i64>>,
) -> Result<Vec<u8>> {
    let index = UInt32Array::from(rows.to_vec());
    let mut fields = Vec::new();
    let mut arrays: Vec<ArrayRef> = Vec::new();
    for name in columns {
        let array = table.array(name).map_err(RunError::internal)?;
        fields.push(Field::new(name, array.data_type().clone(), true));
        arrays.push(arrow_select::take::take(array, &index, None).map_err(RunError::internal)?);
    }
    if let Some(values) = outcome {
        fields.push(Field::new(OUTCOME, DataType::Float64, true));
        arrays.push(Arc::new(Float64Array::from(values)));
    }
    if let Some(values) = inner {
        fields.push(Field::new(INNER_FOLD, DataType::Int64, true));
        arrays.push(Arc::new(Int64Array::from(values)));
    }
    let schema = Arc::new(Schema::new(fields));
    let batch = RecordBatch::try_new(Arc::clone(&schema), arrays).map_err(RunError::internal)?;
    let mut writer = StreamWriter::try_new(Vec::new(), &schema).map_err(RunError::internal)?;
    writer.write(&batch).map_err(RunError::internal)?;
    writer.into_inner().map_err(RunError::internal)
}

/// A design matrix from the stream that a preparation method gave back (already validated by the
/// sandbox: Float32 columns only).
pub(crate) fn to_design(stream: &[u8], expected_rows: usize) -> Result<Design> {
    let reader = StreamReader::try_new(Cursor::new(stream), None).map_err(RunError::internal)?;
    let names: Vec<String> = reader
        .schema()
        .fields()
        .iter()
        .map(|f| f.name().clone())
        .collect();
    let width = names.len();
    let mut values = vec![f32::NAN; expected_rows * width];
    let mut start = 0;
    for batch in reader {
        let batch = batch.map_err(RunError::internal)?;
        for (j, array) in batch.columns().iter().enumerate() {
            let array: &Float32Array =
                array.as_primitive_opt::<Float32Type>().ok_or_else(|| {
                    RunError::Plugin(
                        "a preparation method gave back a column that is not Float32".to_owned(),
                    )
                })?;
            for (i, value) in array.iter().enumerate() {
                let at = (start + i) * width + j;
                if let (Some(value), Some(slot)) = (value, values.get_mut(at)) {
                    *slot = value;
                }
            }
        }
        start += batch.num_rows();
    }
    if start != expected_rows {
        return Err(RunError::Plugin(format!(
            "a preparation method gave back {start} rows for {expected_rows}"
        )));
    }
    Ok(Design::new(names, expected_rows, values)?)
}
