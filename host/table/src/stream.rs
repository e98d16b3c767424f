//! Arrow IPC streams: what loaders emit and what methods are handed.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_buffer::Buffer;
use arrow_ipc::reader::StreamDecoder;
use arrow_ipc::writer::StreamWriter;
use autods_spec::Column;
use bytes::Bytes;

use crate::error::TableError;
use crate::frame;
use crate::select::joined;
use crate::storage::{schema, settle};
use crate::table::{Table, check_names};

impl Table {
    /// A table from the streams that a loader emitted, in that order, each in whatever owns its
    /// bytes; they are read where they lie. Columns are found by name;
    /// a stream may order them differently and may cut its rows into any batches.
    ///
    /// The bytes come from untrusted code: every length and every text in them is checked.
    ///
    /// # Errors
    /// [`TableError::Malformed`], [`TableError::MissingColumn`], [`TableError::WrongType`],
    /// [`TableError::NotFinite`], [`TableError::TooLarge`], [`TableError::NoColumns`],
    /// [`TableError::DuplicateColumn`].
    pub fn from_streams<S: AsRef<[u8]> + Send + 'static>(
        name: impl Into<String>,
        columns: &[Column],
        streams: Vec<S>,
    ) -> Result<Self, TableError> {
        let name = name.into();
        check_names(&name, columns)?;
        let mut batches = vec![RecordBatch::new_empty(schema(columns))];
        for (stream, bytes) in streams.into_iter().enumerate() {
            let malformed = |what| TableError::Malformed {
                table: name.clone(),
                stream,
                what,
            };
            // `frame::check` refuses all that is known to make the Arrow library panic; what is
            // not known must not take the run down either.
            let decoded = catch_unwind(AssertUnwindSafe(|| decode(Bytes::from_owner(bytes))))
                .unwrap_or(Err("its metadata contradicts itself"))
                .map_err(malformed)?;
            for batch in decoded {
                batches.push(arranged(&name, columns, stream, &batch)?);
            }
        }
        let batch = joined(&name, &batches.iter().collect::<Vec<_>>())?;
        Ok(Self::canonical(name, columns.to_vec(), batch))
    }

    /// Some columns of some rows as one uncompressed Arrow IPC stream of one batch.
    ///
    /// # Errors
    /// [`TableError::UnknownColumn`], [`TableError::NoSuchRow`], [`TableError::TooLarge`].
    pub fn to_ipc(&self, columns: &[impl AsRef<str>], rows: &[u32]) -> Result<Vec<u8>, TableError> {
        let projected = self.project(columns)?;
        let batch = self.taken(projected.batch(), rows)?;
        encode(&batch).map_err(|_| TableError::Arrow {
            table: self.name().to_owned(),
            what: "writing a stream",
        })
    }
}

fn encode(batch: &RecordBatch) -> Result<Vec<u8>, arrow_schema::ArrowError> {
    let mut bytes = Vec::with_capacity(batch.get_array_memory_size() + 4096);
    let mut writer = StreamWriter::try_new(&mut bytes, &batch.schema())?;
    writer.write(batch)?;
    writer.finish()?;
    drop(writer);
    Ok(bytes)
}

fn decode(bytes: Bytes) -> Result<Vec<RecordBatch>, &'static str> {
    if bytes.is_empty() {
        return Err("it is empty");
    }
    frame::check(&bytes)?;
    let mut buffer = Buffer::from(bytes);
    let mut decoder = StreamDecoder::new();
    let mut batches = Vec::new();
    while !buffer.is_empty() {
        match decoder.decode(&mut buffer) {
            Ok(Some(batch)) => batches.push(batch),
            Ok(None) => break,
            Err(_) => return Err("it cannot be decoded"),
        }
    }
    decoder
        .finish()
        .map_err(|_| "it ends before its last message does")?;
    if decoder.schema().is_none() {
        return Err("it has no schema");
    }
    Ok(batches)
}

/// The declared columns of a batch, in the declared order and in canonical form.
fn arranged(
    name: &str,
    columns: &[Column],
    stream: usize,
    batch: &RecordBatch,
) -> Result<RecordBatch, TableError> {
    if batch.num_columns() > columns.len() {
        return Err(TableError::Malformed {
            table: name.to_owned(),
            stream,
            what: "it has a column that the dictionary does not declare, or one twice",
        });
    }
    let mut arrays = Vec::with_capacity(columns.len());
    for column in columns {
        let Some(array) = batch.column_by_name(&column.name) else {
            return Err(TableError::MissingColumn {
                table: name.to_owned(),
                stream,
                column: column.name.clone(),
            });
        };
        arrays.push(settle(name, column, Arc::clone(array))?);
    }
    RecordBatch::try_new(schema(columns), arrays).map_err(|_| TableError::Arrow {
        table: name.to_owned(),
        what: "arranging columns",
    })
}
