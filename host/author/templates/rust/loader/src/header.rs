//! The first line of a file: `#keys id age sex`.

use autods_sdk::loader::{Fault, FaultCode, LoaderHost, TableSpec};

use crate::lines::Lines;

/// The keys of a file, and where the dictionary wants them.
pub(crate) struct Header {
    /// Every key of the file, with the index of its column in the dictionary if it has one.
    pub(crate) keys: Vec<(String, Option<usize>)>,
    /// Columns in the dictionary.
    pub(crate) columns: usize,
    /// Keys that the dictionary does not declare.
    pub(crate) undeclared: u32,
    /// First byte behind the line.
    pub(crate) end: u64,
}

impl Header {
    /// Reads the header of a source.
    pub(crate) fn read(
        host: &dyn LoaderHost,
        source: u32,
        size: u64,
        table: &TableSpec,
    ) -> Result<Self, Fault> {
        let fault = |code: FaultCode| Fault::from(code).in_source(source).at_line(1);
        let mut lines = Lines::new(host, source, 0, size, 1);
        let line = lines.next()?.ok_or_else(|| fault(FaultCode::EmptyInput))?;
        let text = std::str::from_utf8(line.text).map_err(|_| fault(FaultCode::InvalidUtf8))?;
        let words = text.strip_prefix("#keys ").ok_or_else(|| fault(FaultCode::Malformed))?;
        let mut keys: Vec<(String, Option<usize>)> = Vec::new();
        for key in words.split_whitespace() {
            let column = table.columns.iter().position(|column| column.name == key);
            if keys.iter().any(|(other, _)| other == key) {
                // a fault is codes and numbers: the column's index, never its text
                let fault = fault(FaultCode::DuplicateColumn);
                return Err(column.map_or(fault, |column| fault.in_column(column)));
            }
            keys.push((key.to_owned(), column));
        }
        for column in 0..table.columns.len() {
            if !keys.iter().any(|(_, of)| *of == Some(column)) {
                return Err(fault(FaultCode::MissingColumn).in_column(column));
            }
        }
        let undeclared = keys.iter().filter(|(_, column)| column.is_none()).count();
        Ok(Self {
            columns: table.columns.len(),
            undeclared: u32::try_from(undeclared).unwrap_or(u32::MAX),
            keys,
            end: line.end,
        })
    }

    /// The column of a key: `None` for a key that the header does not name, `Some(None)` for one
    /// that the dictionary does not declare.
    pub(crate) fn column(&self, key: &str) -> Option<Option<usize>> {
        self.keys.iter().find(|(name, _)| name == key).map(|(_, column)| *column)
    }
}
