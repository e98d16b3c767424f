//! Which columns can be read.

use parquet::basic::{ConvertedType, LogicalType, TimeUnit, Type};
use parquet::schema::types::{ColumnDescriptor, SchemaDescriptor};

/// What the values of a column count, beside what Parquet's own types say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    /// As the type says.
    AsTyped,
    /// Nanoseconds since 1970, which the older annotation of types has no word for.
    Nanoseconds,
}

/// The unit of every column; `None` where one is nested, or of a type that no column of the model
/// is stored as.
pub(super) fn units(schema: &SchemaDescriptor) -> Option<Vec<Unit>> {
    let fields = schema.root_schema().get_fields();
    if fields.len() != schema.num_columns() || fields.iter().any(|field| !field.is_primitive()) {
        return None;
    }
    let columns = schema.columns().iter();
    columns.map(|column| unit(column)).collect()
}

fn unit(column: &ColumnDescriptor) -> Option<Unit> {
    use ConvertedType as C;
    if column.max_rep_level() > 0 {
        return None;
    }
    let is_nanoseconds = matches!(
        column.logical_type_ref(),
        Some(LogicalType::Timestamp(timestamp)) if timestamp.unit == TimeUnit::NANOS
    );
    let is_read = match column.physical_type() {
        Type::BOOLEAN | Type::FLOAT | Type::DOUBLE | Type::INT96 => true,
        Type::INT32 => matches!(
            column.converted_type(),
            C::NONE
                | C::INT_8
                | C::INT_16
                | C::INT_32
                | C::UINT_8
                | C::UINT_16
                | C::UINT_32
                | C::DATE
                | C::DECIMAL
        ),
        Type::INT64 => matches!(
            column.converted_type(),
            C::NONE
                | C::INT_64
                | C::UINT_64
                | C::TIMESTAMP_MILLIS
                | C::TIMESTAMP_MICROS
                | C::DECIMAL
        ),
        Type::BYTE_ARRAY => matches!(
            column.converted_type(),
            C::NONE | C::UTF8 | C::ENUM | C::DECIMAL
        ),
        Type::FIXED_LEN_BYTE_ARRAY => column.converted_type() == C::DECIMAL,
    };
    match (is_read, is_nanoseconds) {
        (false, _) => None,
        (true, false) => Some(Unit::AsTyped),
        (true, true) => Some(Unit::Nanoseconds),
    }
}
