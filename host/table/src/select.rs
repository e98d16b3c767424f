//! Rows and columns of a table, and tables end to end.

use arrow_array::cast::AsArray;
use arrow_array::{BooleanArray, RecordBatch, RecordBatchOptions, UInt32Array};
use arrow_schema::DataType;
use arrow_select::concat::concat_batches;
use arrow_select::filter::filter_record_batch;
use arrow_select::take::take_record_batch;

use crate::error::TableError;
use crate::storage::schema;
use crate::table::Table;

impl Table {
    /// The rows with these numbers, in this order; a number may stand more than once.
    ///
    /// # Errors
    /// [`TableError::NoSuchRow`]; [`TableError::TooLarge`].
    pub fn take(&self, rows: &[u32]) -> Result<Self, TableError> {
        let batch = self.taken(self.batch(), rows)?;
        Ok(Self::canonical(
            self.name().to_owned(),
            self.columns().to_vec(),
            batch,
        ))
    }

    pub(crate) fn taken(
        &self,
        batch: &RecordBatch,
        rows: &[u32],
    ) -> Result<RecordBatch, TableError> {
        if let Some(&row) = rows.iter().find(|&&row| row as usize >= self.rows()) {
            return Err(TableError::NoSuchRow {
                table: self.name().to_owned(),
                row: u64::from(row),
                rows: self.rows() as u64,
            });
        }
        // Rows may be repeated, so that text may outgrow the 31-bit offsets of a column.
        for array in batch
            .columns()
            .iter()
            .filter(|array| *array.data_type() == DataType::Utf8)
        {
            let offsets = array.as_string::<i32>().value_offsets();
            let bytes: u64 = rows
                .iter()
                .map(|&row| {
                    u64::from((offsets[row as usize + 1] - offsets[row as usize]).unsigned_abs())
                })
                .sum();
            check_text(self.name(), bytes)?;
        }
        take_record_batch(batch, &UInt32Array::from(rows.to_vec())).map_err(|_| TableError::Arrow {
            table: self.name().to_owned(),
            what: "taking rows",
        })
    }

    /// The rows where `keep` is true, in order.
    ///
    /// # Errors
    /// [`TableError::NoSuchRow`] if `keep` has another length than the table.
    pub fn filter(&self, keep: &[bool]) -> Result<Self, TableError> {
        if keep.len() != self.rows() {
            return Err(TableError::NoSuchRow {
                table: self.name().to_owned(),
                row: keep.len() as u64,
                rows: self.rows() as u64,
            });
        }
        let batch = filter_record_batch(self.batch(), &BooleanArray::from(keep.to_vec())).map_err(
            |_| TableError::Arrow {
                table: self.name().to_owned(),
                what: "filtering rows",
            },
        )?;
        Ok(Self::canonical(
            self.name().to_owned(),
            self.columns().to_vec(),
            batch,
        ))
    }

    /// Some columns, in this order.
    ///
    /// # Errors
    /// [`TableError::UnknownColumn`], [`TableError::DuplicateColumn`], [`TableError::NoColumns`].
    pub fn project(&self, columns: &[impl AsRef<str>]) -> Result<Self, TableError> {
        let mut notes = Vec::with_capacity(columns.len());
        let mut arrays = Vec::with_capacity(columns.len());
        for column in columns {
            let position = self.position(column.as_ref())?;
            notes.push(self.columns()[position].clone());
            arrays.push(self.batch().column(position).clone());
        }
        crate::table::check_names(self.name(), &notes)?;
        let options = RecordBatchOptions::new().with_row_count(Some(self.rows()));
        let batch =
            RecordBatch::try_new_with_options(schema(&notes), arrays, &options).map_err(|_| {
                TableError::Arrow {
                    table: self.name().to_owned(),
                    what: "choosing columns",
                }
            })?;
        Ok(Self::canonical(self.name().to_owned(), notes, batch))
    }

    /// This table's rows, then those of the others. Notes and name are those of this table.
    ///
    /// # Errors
    /// [`TableError::Different`] if names or kinds of columns differ; [`TableError::TooLarge`].
    pub fn concat(&self, others: &[Self]) -> Result<Self, TableError> {
        let shape = |table: &Self| -> Vec<_> {
            table
                .columns()
                .iter()
                .map(|column| (column.name.clone(), column.kind))
                .collect()
        };
        let own = shape(self);
        if let Some(other) = others.iter().find(|other| shape(other) != own) {
            return Err(TableError::Different {
                table: self.name().to_owned(),
                other: other.name().to_owned(),
            });
        }
        let batches: Vec<&RecordBatch> = std::iter::once(self.batch())
            .chain(others.iter().map(Self::batch))
            .collect();
        let batch = joined(self.name(), &batches)?;
        Ok(Self::canonical(
            self.name().to_owned(),
            self.columns().to_vec(),
            batch,
        ))
    }
}

/// Batches of one schema, end to end, within what a table can hold.
pub(crate) fn joined(table: &str, batches: &[&RecordBatch]) -> Result<RecordBatch, TableError> {
    let Some(first) = batches.first() else {
        return Err(TableError::NoColumns {
            table: table.to_owned(),
        });
    };
    let rows: u64 = batches.iter().map(|batch| batch.num_rows() as u64).sum();
    if rows >= u64::from(u32::MAX) {
        return Err(TableError::TooLarge {
            table: table.to_owned(),
            what: "rows",
            limit: u64::from(u32::MAX) - 1,
            requested: rows,
        });
    }
    for (position, field) in first.schema().fields().iter().enumerate() {
        if *field.data_type() == DataType::Utf8 {
            let bytes = batches
                .iter()
                .map(|batch| {
                    let offsets = batch.column(position).as_string::<i32>().value_offsets();
                    u64::from((offsets[offsets.len() - 1] - offsets[0]).unsigned_abs())
                })
                .sum();
            check_text(table, bytes)?;
        }
    }
    concat_batches(&first.schema(), batches.iter().copied()).map_err(|_| TableError::Arrow {
        table: table.to_owned(),
        what: "joining batches",
    })
}

fn check_text(table: &str, bytes: u64) -> Result<(), TableError> {
    let limit = i32::MAX as u64;
    if bytes <= limit {
        return Ok(());
    }
    Err(TableError::TooLarge {
        table: table.to_owned(),
        what: "bytes of text in one column",
        limit,
        requested: bytes,
    })
}
