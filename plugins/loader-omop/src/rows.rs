//! The rows of a range of a source.

use autods_sdk::loader::{Fault, FaultCode, LoaderHost, SourceReader};

use crate::fields::Fields;
use crate::header::{Form, Header};
use crate::parquet::{File, GroupRows};
use crate::records::{Dialect, Records};

/// Reads row after row.
pub(crate) struct Rows<'h> {
    source: u32,
    width: usize,
    reader: Reader<'h>,
}

enum Reader<'h> {
    Text {
        records: Records<'h>,
        dialect: Dialect,
        fields: Fields,
    },
    Parquet {
        host: &'h dyn LoaderHost,
        file: &'h File,
        /// The row groups that are not yet read, from the last to the first.
        groups: Vec<usize>,
        open: Option<GroupRows>,
        texts: Vec<String>,
    },
}

/// A row: as many texts as the header has names.
#[derive(Clone, Copy)]
pub(crate) struct Row<'r> {
    texts: Texts<'r>,
    /// Its first line in the source; in Parquet its number, from 1.
    pub(crate) line: u64,
}

#[derive(Clone, Copy)]
enum Texts<'r> {
    Record(&'r str, &'r Fields),
    Values(&'r [String]),
}

impl<'h> Rows<'h> {
    /// The rows between two bytes of a source, the first of which begins that line.
    pub(crate) fn new(
        host: &'h dyn LoaderHost,
        header: &'h Header,
        source: u32,
        range: (u64, u64),
        first_line: u64,
    ) -> Self {
        let reader = match &header.form {
            Form::Text(dialect) => {
                let reader = SourceReader::new(host, source, range.0, range.1);
                Reader::Text {
                    records: Records::new(reader, source, *dialect, first_line),
                    dialect: *dialect,
                    fields: Fields::default(),
                }
            }
            Form::Parquet(file) => {
                let groups = file.groups.iter().enumerate().rev();
                let within = groups.filter(|(_, group)| (range.0..range.1).contains(&group.start));
                Reader::Parquet {
                    host,
                    file,
                    groups: within.map(|(index, _)| index).collect(),
                    open: None,
                    texts: Vec::new(),
                }
            }
        };
        Self {
            source,
            width: header.columns.len(),
            reader,
        }
    }

    /// The next row.
    pub(crate) fn next(&mut self) -> Result<Option<Row<'_>>, Fault> {
        match &mut self.reader {
            Reader::Text {
                records,
                dialect,
                fields,
            } => record(records, *dialect, fields, self.source, self.width),
            Reader::Parquet {
                host,
                file,
                groups,
                open,
                texts,
            } => loop {
                let line = match open {
                    Some(group) => group.next(texts)?,
                    None => None,
                };
                if let Some(line) = line {
                    let texts = Texts::Values(texts);
                    return Ok(Some(Row { texts, line }));
                }
                let Some(next) = groups.pop() else {
                    return Ok(None);
                };
                // the last one's room is free before the next is read
                *open = None;
                *open = Some(file.rows(*host, next)?);
            },
        }
    }
}

/// The next record of a delimited file, in its fields.
fn record<'r>(
    records: &'r mut Records<'_>,
    dialect: Dialect,
    fields: &'r mut Fields,
    source: u32,
    width: usize,
) -> Result<Option<Row<'r>>, Fault> {
    let Some(record) = records.next()? else {
        return Ok(None);
    };
    let fault = |code: FaultCode| Fault::from(code).in_source(source).at_line(record.line);
    let text = std::str::from_utf8(record.bytes).map_err(|_| fault(FaultCode::InvalidUtf8))?;
    fields.split(text, dialect);
    if fields.len() != width {
        let (expected, found) = (width as u64, fields.len() as u64);
        return Err(fault(FaultCode::RaggedRecord).expected_found(expected, found));
    }
    Ok(Some(Row::of_record(text, fields, record.line)))
}

impl<'r> Row<'r> {
    /// A record in its fields.
    pub(crate) fn of_record(text: &'r str, fields: &'r Fields, line: u64) -> Self {
        Self {
            texts: Texts::Record(text, fields),
            line,
        }
    }

    /// The text of a field.
    pub(crate) fn get(self, place: usize) -> &'r str {
        match self.texts {
            Texts::Record(text, fields) => fields.get(text, place).unwrap_or_default(),
            Texts::Values(texts) => texts.get(place).map_or("", String::as_str),
        }
    }

    /// The text of a field that the file has and that is not empty.
    pub(crate) fn text(self, place: Option<usize>) -> Option<&'r str> {
        place
            .map(|place| self.get(place))
            .filter(|text| !text.is_empty())
    }
}
