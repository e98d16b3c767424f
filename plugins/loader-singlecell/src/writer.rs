//! Rows on their way out, with the places of their faults.

use autods_sdk::loader::{Fault, LoaderHost, TableSpec, TableWriter};

/// Writes the rows of one source.
pub(crate) struct Writer<'j> {
    table: TableWriter<'j>,
    source: u32,
}

impl<'j> Writer<'j> {
    pub(crate) fn new(host: &'j dyn LoaderHost, table: &'j TableSpec, source: u32) -> Self {
        Self {
            table: TableWriter::new(host, table),
            source,
        }
    }

    /// The value of a column; `line` is the number of the row in its file, from 1.
    pub(crate) fn cell(
        &mut self,
        column: usize,
        text: Option<&str>,
        line: u64,
    ) -> Result<(), Fault> {
        let written = match text {
            Some(text) => self.table.cell(column, text),
            None => self.table.missing(column),
        };
        written.map_err(|code| {
            let fault = Fault::from(code).in_source(self.source);
            fault.at_line(line).in_column(column)
        })
    }

    pub(crate) fn end_row(&mut self) -> Result<(), Fault> {
        self.table
            .end_row()
            .map_err(|fault| fault.in_source(self.source))
    }

    /// Emits what is left; gives the rows that were emitted.
    pub(crate) fn finish(self) -> Result<u64, Fault> {
        self.table
            .finish()
            .map_err(|fault| fault.in_source(self.source))
    }
}

/// A number as a text that is read back as the same number; `None` where it is none.
pub(crate) fn number(value: f64) -> Option<String> {
    value.is_finite().then(|| value.to_string())
}
