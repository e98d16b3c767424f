//! The table itself.

use std::collections::HashSet;
use std::fmt;

use arrow_array::{ArrayRef, RecordBatch, RecordBatchOptions};
use autods_spec::{Column, Role};

use crate::error::TableError;
use crate::storage::{schema, settle};

/// Rows with the dictionary that describes them.
///
/// The batch has one array for each column, in the dictionary's order, stored as
/// [`storage_type`](crate::storage_type) says. Rows are numbered from 0 and fewer than 2³² − 1.
#[derive(Clone, PartialEq)]
pub struct Table {
    name: String,
    columns: Vec<Column>,
    batch: RecordBatch,
}

impl Table {
    /// A table from one array for each column.
    ///
    /// # Errors
    /// [`TableError::NoColumns`], [`TableError::DuplicateColumn`], [`TableError::WrongType`],
    /// [`TableError::NotFinite`], [`TableError::Ragged`], [`TableError::TooLarge`].
    pub fn new(
        name: impl Into<String>,
        columns: Vec<Column>,
        arrays: Vec<ArrayRef>,
    ) -> Result<Self, TableError> {
        let name = name.into();
        check_names(&name, &columns)?;
        let rows = arrays.first().map_or(0, |array| array.len());
        if rows >= u32::MAX as usize {
            return Err(TableError::TooLarge {
                table: name,
                what: "rows",
                limit: u64::from(u32::MAX) - 1,
                requested: rows as u64,
            });
        }
        let mut settled = Vec::with_capacity(arrays.len());
        for (column, array) in columns.iter().zip(arrays) {
            if array.len() != rows {
                return Err(TableError::Ragged {
                    table: name,
                    column: column.name.clone(),
                    expected: rows,
                    found: array.len(),
                });
            }
            settled.push(settle(&name, column, array)?);
        }
        if settled.len() < columns.len() {
            return Err(TableError::Ragged {
                table: name,
                column: columns[settled.len()].name.clone(),
                expected: rows,
                found: 0,
            });
        }
        let options = RecordBatchOptions::new().with_row_count(Some(rows));
        let batch = RecordBatch::try_new_with_options(schema(&columns), settled, &options)
            .map_err(|_| TableError::Arrow {
                table: name.clone(),
                what: "assembling the columns",
            })?;
        Ok(Self {
            name,
            columns,
            batch,
        })
    }

    /// Its name in the task.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What the dictionary says about its columns, in order.
    #[must_use]
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// Its rows.
    #[must_use]
    pub fn batch(&self) -> &RecordBatch {
        &self.batch
    }

    /// Number of rows.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.batch.num_rows()
    }

    /// Position of a column.
    ///
    /// # Errors
    /// [`TableError::UnknownColumn`].
    pub fn position(&self, column: &str) -> Result<usize, TableError> {
        self.columns
            .iter()
            .position(|known| known.name == column)
            .ok_or_else(|| {
                let names: Vec<&str> = self
                    .columns
                    .iter()
                    .map(|known| known.name.as_str())
                    .take(12)
                    .collect();
                let more = self.columns.len().saturating_sub(names.len());
                let tail = if more > 0 {
                    format!(" and {more} more")
                } else {
                    String::new()
                };
                TableError::UnknownColumn {
                    table: self.name.clone(),
                    column: column.to_owned(),
                    hint: format!("it has {}{tail}", names.join(", ")),
                }
            })
    }

    /// What the dictionary says about a column.
    ///
    /// # Errors
    /// [`TableError::UnknownColumn`].
    pub fn column(&self, column: &str) -> Result<&Column, TableError> {
        Ok(&self.columns[self.position(column)?])
    }

    /// The values of a column.
    ///
    /// # Errors
    /// [`TableError::UnknownColumn`].
    pub fn array(&self, column: &str) -> Result<&ArrayRef, TableError> {
        Ok(self.batch.column(self.position(column)?))
    }

    /// The first column with a role.
    #[must_use]
    pub fn with_role(&self, role: Role) -> Option<&Column> {
        self.columns.iter().find(|column| column.role == role)
    }

    /// The table with one column's notes and values replaced by others, in the same place.
    ///
    /// # Errors
    /// [`TableError::UnknownColumn`], or as [`Table::new`].
    pub fn replace(&self, column: &str, with: Column, array: ArrayRef) -> Result<Self, TableError> {
        let position = self.position(column)?;
        let mut columns = self.columns.clone();
        let mut arrays = self.batch.columns().to_vec();
        columns[position] = with;
        arrays[position] = array;
        Self::new(self.name.clone(), columns, arrays)
    }

    /// The table with a further column at its end.
    ///
    /// # Errors
    /// As [`Table::new`].
    pub fn append(&self, column: Column, array: ArrayRef) -> Result<Self, TableError> {
        let mut columns = self.columns.clone();
        let mut arrays = self.batch.columns().to_vec();
        columns.push(column);
        arrays.push(array);
        Self::new(self.name.clone(), columns, arrays)
    }

    /// The table without some columns.
    ///
    /// # Errors
    /// [`TableError::UnknownColumn`]; [`TableError::NoColumns`] if none would be left.
    pub fn without(&self, columns: &[impl AsRef<str>]) -> Result<Self, TableError> {
        for column in columns {
            self.position(column.as_ref())?;
        }
        let kept: Vec<&str> = self
            .columns
            .iter()
            .map(|column| column.name.as_str())
            .filter(|name| !columns.iter().any(|column| column.as_ref() == *name))
            .collect();
        self.project(&kept)
    }

    /// Wraps a batch that is known to be in canonical form.
    pub(crate) fn canonical(name: String, columns: Vec<Column>, batch: RecordBatch) -> Self {
        Self {
            name,
            columns,
            batch,
        }
    }
}

/// Tables hold rows, and debug output ends up in logs: it shows the shape only.
impl fmt::Debug for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Table")
            .field("name", &self.name)
            .field("rows", &self.rows())
            .field("columns", &self.columns.len())
            .finish()
    }
}

pub(crate) fn check_names(table: &str, columns: &[Column]) -> Result<(), TableError> {
    if columns.is_empty() {
        return Err(TableError::NoColumns {
            table: table.to_owned(),
        });
    }
    let mut seen = HashSet::with_capacity(columns.len());
    match columns
        .iter()
        .find(|column| !seen.insert(column.name.as_str()))
    {
        Some(twice) => Err(TableError::DuplicateColumn {
            table: table.to_owned(),
            column: twice.name.clone(),
        }),
        None => Ok(()),
    }
}
