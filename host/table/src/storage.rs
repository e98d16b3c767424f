//! How each kind of column is stored.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::Float64Type;
use arrow_array::{Array, ArrayRef, Float64Array};
use arrow_schema::{DataType, Field, Schema, SchemaRef, TimeUnit};
use autods_spec::{Column, Kind};

use crate::error::TableError;

/// The Arrow type of a kind, as `wit/loader.wit` lays it down for `sink.emit`.
#[must_use]
pub fn storage_type(kind: Kind) -> DataType {
    match kind {
        Kind::Boolean => DataType::Boolean,
        Kind::Integer => DataType::Int64,
        Kind::Number => DataType::Float64,
        Kind::Category | Kind::Ordinal | Kind::Text | Kind::Identifier => DataType::Utf8,
        Kind::Date => DataType::Date32,
        Kind::Datetime => DataType::Timestamp(TimeUnit::Microsecond, None),
    }
}

/// The schema of a table: every field nullable, no metadata.
pub(crate) fn schema(columns: &[Column]) -> SchemaRef {
    let fields: Vec<Field> = columns
        .iter()
        .map(|column| Field::new(&column.name, storage_type(column.kind), true))
        .collect();
    Arc::new(Schema::new(fields))
}

/// A column in canonical form: of its declared type, NaN as missing, nothing infinite.
pub(crate) fn settle(
    table: &str,
    column: &Column,
    array: ArrayRef,
) -> Result<ArrayRef, TableError> {
    let expected = storage_type(column.kind);
    if *array.data_type() != expected {
        return Err(TableError::WrongType {
            table: table.to_owned(),
            column: column.name.clone(),
            kind: column.kind,
            expected: plain(&expected),
            found: plain(array.data_type()),
        });
    }
    if expected != DataType::Float64 {
        return Ok(array);
    }
    let numbers = array.as_primitive::<Float64Type>();
    let infinite = numbers
        .iter()
        .flatten()
        .filter(|value| value.is_infinite())
        .count();
    if infinite > 0 {
        return Err(TableError::NotFinite {
            table: table.to_owned(),
            column: column.name.clone(),
            rows: infinite as u64,
        });
    }
    if !numbers.iter().flatten().any(f64::is_nan) {
        return Ok(array);
    }
    let cleaned: Float64Array = numbers
        .iter()
        .map(|value| value.filter(|number| !number.is_nan()))
        .collect();
    Ok(Arc::new(cleaned))
}

/// The name of a type without anything nested in it, which a plugin might have named.
fn plain(data_type: &DataType) -> String {
    if data_type.is_nested() || matches!(data_type, DataType::Dictionary(..)) {
        "a nested or dictionary type".to_owned()
    } else if let DataType::Timestamp(unit, zone) = data_type {
        format!(
            "Timestamp({unit:?}, {})",
            if zone.is_some() {
                "with a zone"
            } else {
                "no zone"
            }
        )
    } else {
        data_type.to_string()
    }
}
