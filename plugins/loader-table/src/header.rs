//! The first record of a file.

use autods_sdk::loader::{Fault, FaultCode, LoaderHost, SourceReader, TableSpec};

use crate::Dialect;
use crate::fields::Fields;
use crate::records::Records;

/// A file's header, matched with the table's dictionary.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Header {
    /// All names, in the file's order.
    pub(crate) names: Vec<String>,
    /// Where each column of the dictionary stands in the file.
    pub(crate) places: Vec<usize>,
}

impl Header {
    /// Reads the header of a source and finds the dictionary's columns in it.
    pub(crate) fn read(
        host: &dyn LoaderHost,
        source: u32,
        size: u64,
        table: &TableSpec,
        dialect: Dialect,
    ) -> Result<Self, Fault> {
        let fault = |code: FaultCode| Fault::from(code).in_source(source);
        let start = byte_order_mark(host, source, size)?;
        let reader = SourceReader::new(host, source, start, size);
        let mut records = Records::new(reader, source, dialect, 1);
        let record = records
            .next()?
            .ok_or_else(|| fault(FaultCode::EmptyInput))?;
        let text = std::str::from_utf8(record.bytes)
            .map_err(|_| fault(FaultCode::InvalidUtf8).at_line(record.line))?;
        let mut fields = Fields::default();
        fields.split(text, dialect);
        let names: Vec<String> = (0..fields.len())
            .map(|at| fields.get(text, at).unwrap_or_default().to_owned())
            .collect();
        let mut places = Vec::with_capacity(table.columns.len());
        for (at, column) in table.columns.iter().enumerate() {
            let mut found = (0..names.len()).filter(|place| names[*place] == column.name);
            let place = found.next().ok_or_else(|| {
                fault(FaultCode::MissingColumn)
                    .at_line(record.line)
                    .in_column(at)
            })?;
            if found.next().is_some() {
                let duplicate = fault(FaultCode::DuplicateColumn).at_line(record.line);
                return Err(duplicate.in_column(at));
            }
            places.push(place);
        }
        Ok(Self { names, places })
    }

    /// Columns of the file that the dictionary does not declare.
    pub(crate) fn undeclared(&self) -> u32 {
        u32::try_from(self.names.len().saturating_sub(self.places.len())).unwrap_or(u32::MAX)
    }
}

/// Bytes of the byte order mark at the start of a source: 3 or none.
pub(crate) fn byte_order_mark(host: &dyn LoaderHost, source: u32, size: u64) -> Result<u64, Fault> {
    if size < 3 {
        return Ok(0);
    }
    let start = host
        .read_at(source, 0, 3)
        .map_err(|error| Fault::from(error).in_source(source))?;
    Ok(if start == b"\xEF\xBB\xBF" { 3 } else { 0 })
}
