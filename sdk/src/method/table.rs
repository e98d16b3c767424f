//! A table as a method sees it.

use arrow_array::{Array, RecordBatch};

use super::bindings::exports::autods::plugin::fitting::TableData;
use super::{Fault, FaultCode};
use crate::ipc;

/// The name of the main table in every recipe.
pub const ROWS: &str = "rows";

/// A named table, decoded.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// Its name; the main table is [`ROWS`].
    pub name: String,
    /// Its rows.
    pub batch: RecordBatch,
}

impl Table {
    /// A table of that name.
    #[must_use]
    pub fn new(name: &str, batch: RecordBatch) -> Self {
        Self {
            name: name.to_owned(),
            batch,
        }
    }

    /// The column of that name as the Arrow array `A`.
    ///
    /// # Errors
    /// [`FaultCode::MissingInput`] where there is no such column, [`FaultCode::InvalidValue`]
    /// where it is of another type.
    pub fn column<A: Array + 'static>(&self, name: &str) -> Result<&A, Fault> {
        self.batch
            .column_by_name(name)
            .ok_or(FaultCode::MissingInput)?
            .as_any()
            .downcast_ref()
            .ok_or_else(|| FaultCode::InvalidValue.into())
    }
}

/// The table of that name.
///
/// # Errors
/// [`FaultCode::MissingInput`] where there is none.
pub fn find<'t>(tables: &'t [Table], name: &str) -> Result<&'t Table, Fault> {
    tables
        .iter()
        .find(|table| table.name == name)
        .ok_or_else(|| FaultCode::MissingInput.into())
}

/// Decodes tables from the border's frames.
#[doc(hidden)]
pub fn from_border(tables: Vec<TableData>) -> Result<Vec<Table>, Fault> {
    tables
        .into_iter()
        .map(|table| {
            let batch = ipc::decode(table.stream).map_err(|_| FaultCode::Malformed)?;
            Ok(Table {
                name: table.name,
                batch,
            })
        })
        .collect()
}

/// Encodes tables into the border's frames.
#[doc(hidden)]
pub fn to_border(tables: Vec<Table>) -> Result<Vec<TableData>, Fault> {
    tables
        .into_iter()
        .map(|table| {
            let stream = ipc::encode(&table.batch).map_err(|_| FaultCode::Internal)?;
            Ok(TableData {
                name: table.name,
                stream,
            })
        })
        .collect()
}
