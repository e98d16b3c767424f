//! Rows of text into typed batches.

use std::collections::HashSet;
use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_schema::{DataType, Field, Schema, SchemaRef, TimeUnit};

use super::values::Values;
use super::{ColumnSpec, Fault, FaultCode, LoaderHost, TableSpec, ValueKind};
use crate::ipc;

/// Rows that a [`TableWriter`] gathers before it emits them.
pub const BATCH_ROWS: usize = 8192;

/// Bytes of text that a [`TableWriter`] gathers at most before it emits them.
const BATCH_TEXT: usize = 16 << 20;

/// How a table is stored: its columns in the dictionary's order, all of them nullable.
#[must_use]
pub fn schema(table: &TableSpec) -> SchemaRef {
    let fields: Vec<Field> = table
        .columns
        .iter()
        .map(|column| Field::new(&column.name, storage(column.kind), true))
        .collect();
    Arc::new(Schema::new(fields))
}

fn storage(kind: ValueKind) -> DataType {
    match kind {
        ValueKind::Boolean => DataType::Boolean,
        ValueKind::Integer => DataType::Int64,
        ValueKind::Number => DataType::Float64,
        ValueKind::Date => DataType::Date32,
        ValueKind::Datetime => DataType::Timestamp(TimeUnit::Microsecond, None),
        ValueKind::Category | ValueKind::Ordinal | ValueKind::Text | ValueKind::Identifier => {
            DataType::Utf8
        }
    }
}

/// Builds a table row by row and emits it in batches of [`BATCH_ROWS`].
///
/// Every row gives every column of the dictionary exactly one [`cell`](TableWriter::cell) or
/// [`missing`](TableWriter::missing), and then [`end_row`](TableWriter::end_row)s.
pub struct TableWriter<'j> {
    host: &'j dyn LoaderHost,
    table: &'j TableSpec,
    schema: SchemaRef,
    columns: Vec<ColumnWriter<'j>>,
    rows: usize,
    text: usize,
    emitted: u64,
}

impl<'j> TableWriter<'j> {
    /// A writer for that table of the job.
    #[must_use]
    pub fn new(host: &'j dyn LoaderHost, table: &'j TableSpec) -> Self {
        Self {
            host,
            table,
            schema: schema(table),
            columns: table
                .columns
                .iter()
                .map(|column| ColumnWriter::new(table, column))
                .collect(),
            rows: 0,
            text: 0,
            emitted: 0,
        }
    }

    /// The value of a column in the present row. An empty text is a missing value, and so is every
    /// text that the dictionary lists as such; nothing is trimmed.
    ///
    /// # Errors
    /// [`FaultCode::InvalidValue`] where the text is not of the declared kind,
    /// [`FaultCode::UnknownCode`] where the dictionary lists codes and the text is none of them,
    /// [`FaultCode::Internal`] where the table has no such column.
    pub fn cell(&mut self, column: usize, text: &str) -> Result<(), FaultCode> {
        self.text += text.len();
        self.columns
            .get_mut(column)
            .ok_or(FaultCode::Internal)?
            .push(text)
    }

    /// No value for a column in the present row.
    ///
    /// # Errors
    /// [`FaultCode::Internal`] where the table has no such column.
    pub fn missing(&mut self, column: usize) -> Result<(), FaultCode> {
        self.columns
            .get_mut(column)
            .ok_or(FaultCode::Internal)?
            .values
            .push_null();
        Ok(())
    }

    /// Ends the present row; emits a batch when enough rows are gathered.
    ///
    /// # Errors
    /// [`FaultCode::HostRefused`] where the host refuses the batch.
    pub fn end_row(&mut self) -> Result<(), Fault> {
        self.rows += 1;
        if self.rows >= BATCH_ROWS || self.text >= BATCH_TEXT {
            self.flush()?;
        }
        Ok(())
    }

    /// Emits what is left; gives the number of rows emitted.
    ///
    /// # Errors
    /// [`FaultCode::HostRefused`] where the host refuses the batch.
    pub fn finish(mut self) -> Result<u64, Fault> {
        self.flush()?;
        Ok(self.emitted)
    }

    fn flush(&mut self) -> Result<(), Fault> {
        if self.rows == 0 {
            return Ok(());
        }
        let arrays = self
            .columns
            .iter_mut()
            .map(|column| column.values.finish())
            .collect();
        // fails where a row did not give every column one value
        let batch = RecordBatch::try_new(Arc::clone(&self.schema), arrays)
            .map_err(|_| FaultCode::Internal)?;
        let stream = ipc::encode(&batch).map_err(|_| FaultCode::Internal)?;
        self.host.emit(&self.table.name, &stream)?;
        self.emitted += self.rows as u64;
        self.rows = 0;
        self.text = 0;
        Ok(())
    }
}

struct ColumnWriter<'j> {
    missing: Vec<&'j str>,
    codes: Codes<'j>,
    values: Values,
}

impl<'j> ColumnWriter<'j> {
    fn new(table: &'j TableSpec, column: &'j ColumnSpec) -> Self {
        let missing = table.missing.iter().chain(&column.missing);
        Self {
            missing: missing.map(String::as_str).collect(),
            codes: Codes::new(column),
            values: Values::new(column.kind),
        }
    }

    fn push(&mut self, text: &str) -> Result<(), FaultCode> {
        if text.is_empty() || self.missing.iter().any(|missing| same(missing, text)) {
            self.values.push_null();
            return Ok(());
        }
        if !self.codes.allow(text) {
            return Err(FaultCode::UnknownCode);
        }
        self.values.push(text).ok_or(FaultCode::InvalidValue)
    }
}

/// Whether two texts are the same; settled by lengths and first bytes as a rule, because comparing
/// the rest is a call.
fn same(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    one.len() == other.len() && one.first() == other.first() && one == other
}

/// The codes that a category may have.
enum Codes<'j> {
    Any,
    /// Few: looked through.
    Few(Vec<&'j str>),
    /// Many: looked up.
    Many(HashSet<&'j str>),
}

impl<'j> Codes<'j> {
    fn new(column: &'j ColumnSpec) -> Self {
        let coded = matches!(column.kind, ValueKind::Category | ValueKind::Ordinal);
        if !coded || column.codings.is_empty() {
            return Self::Any;
        }
        let codes = column.codings.iter().map(|coding| coding.code.as_str());
        if column.codings.len() <= 8 {
            Self::Few(codes.collect())
        } else {
            Self::Many(codes.collect())
        }
    }

    fn allow(&self, text: &str) -> bool {
        match self {
            Self::Any => true,
            Self::Few(codes) => codes.iter().any(|code| same(code, text)),
            Self::Many(codes) => codes.contains(text),
        }
    }
}
