//! The rows of a range of a source.

use autods_sdk::loader::{Fault, FaultCode, LoaderHost, SourceReader};

use crate::fields::Fields;
use crate::header::Header;
use crate::records::{Dialect, Records};

/// Reads row after row.
pub(crate) struct Rows<'h> {
    records: Records<'h>,
    source: u32,
    dialect: Dialect,
    width: usize,
    fields: Fields,
}

/// A row: as many texts as the header has names.
#[derive(Clone, Copy)]
pub(crate) struct Row<'r> {
    text: &'r str,
    fields: &'r Fields,
    /// Its first line in the source.
    pub(crate) line: u64,
}

impl<'h> Rows<'h> {
    /// The rows between two bytes of a source, the first of which begins that line.
    pub(crate) fn new(
        host: &'h dyn LoaderHost,
        header: &Header,
        source: u32,
        range: (u64, u64),
        first_line: u64,
    ) -> Self {
        let reader = SourceReader::new(host, source, range.0, range.1);
        Self {
            records: Records::new(reader, source, header.dialect, first_line),
            source,
            dialect: header.dialect,
            width: header.columns.len(),
            fields: Fields::default(),
        }
    }

    /// The next row.
    pub(crate) fn next(&mut self) -> Result<Option<Row<'_>>, Fault> {
        let Some(record) = self.records.next()? else {
            return Ok(None);
        };
        let fault = |code: FaultCode| {
            Fault::from(code)
                .in_source(self.source)
                .at_line(record.line)
        };
        let text = std::str::from_utf8(record.bytes).map_err(|_| fault(FaultCode::InvalidUtf8))?;
        self.fields.split(text, self.dialect);
        if self.fields.len() != self.width {
            let (expected, found) = (self.width as u64, self.fields.len() as u64);
            return Err(fault(FaultCode::RaggedRecord).expected_found(expected, found));
        }
        Ok(Some(Row {
            text,
            fields: &self.fields,
            line: record.line,
        }))
    }
}

impl<'r> Row<'r> {
    /// The text of a field.
    pub(crate) fn get(self, place: usize) -> &'r str {
        self.fields.get(self.text, place).unwrap_or_default()
    }

    /// The text of a field that the file has and that is not empty.
    pub(crate) fn text(self, place: Option<usize>) -> Option<&'r str> {
        place
            .map(|place| self.get(place))
            .filter(|text| !text.is_empty())
    }
}
