//! A file's footer and its row groups.

use autods_sdk::loader::{Fault, FaultCode, LoaderHost, LogLevel, SourceReader};
use bytes::Bytes;
use parquet::basic::Compression;
use parquet::file::metadata::RowGroupMetaData;
use parquet::file::reader::FileReader;
use parquet::file::serialized_reader::{ReadOptionsBuilder, SerializedFileReader};
use parquet::record::reader::RowIter;

use super::schema::{Unit, units};
use super::text;
use super::window::Window;

/// Bytes that a footer, or a row group as it is stored, may have: 256 MiB.
const MAX_PART: u64 = 256 << 20;

/// A row group: its bytes in the file and its rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Group {
    pub(crate) start: u64,
    pub(crate) end: u64,
    /// The number of its first row, from 1.
    pub(crate) first_row: u64,
    pub(crate) rows: u64,
}

/// A file, without its rows.
#[derive(Clone, Debug)]
pub(crate) struct File {
    source: u32,
    footer: Window,
    units: Vec<Unit>,
    /// The names of its columns.
    pub(crate) names: Vec<String>,
    /// Its row groups, in order.
    pub(crate) groups: Vec<Group>,
}

impl File {
    /// Reads the footer of a source.
    pub(crate) fn open(host: &dyn LoaderHost, source: u32, size: u64) -> Result<Self, Fault> {
        let malformed = || Fault::from(FaultCode::Malformed).in_source(source);
        let tail = read(
            host,
            source,
            size.checked_sub(8).ok_or_else(malformed)?,
            size,
        )?;
        let length = match tail.first_chunk::<4>() {
            Some(length) if tail.ends_with(b"PAR1") => u64::from(u32::from_le_bytes(*length)),
            _ => return Err(malformed()),
        };
        let start = size.checked_sub(length + 8).filter(|_| length <= MAX_PART);
        let start = start.ok_or_else(malformed)?;
        let footer = Window {
            size,
            parts: vec![(start, read(host, source, start, size)?)],
        };
        let reader = SerializedFileReader::new(footer.clone()).map_err(|_| malformed())?;
        let metadata = reader.metadata();
        if !metadata.row_groups().iter().all(can_inflate) {
            host.log(
                LogLevel::Warn,
                "pages are compressed, and neither by Snappy nor by gzip",
            );
            return Err(malformed());
        }
        let schema = metadata.file_metadata().schema_descr();
        let names = schema
            .columns()
            .iter()
            .map(|column| column.name().to_owned());
        Ok(Self {
            source,
            units: units(schema).ok_or_else(malformed)?,
            names: names.collect(),
            groups: groups(metadata.row_groups(), start).ok_or_else(malformed)?,
            footer,
        })
    }

    /// Reads the rows of one of the groups.
    pub(crate) fn rows(&self, host: &dyn LoaderHost, index: usize) -> Result<GroupRows, Fault> {
        let group = self.groups.get(index).ok_or(FaultCode::Internal)?;
        let fault = || {
            let fault = Fault::from(FaultCode::Malformed).in_source(self.source);
            fault.at_line(group.first_row)
        };
        let mut window = self.footer.clone();
        let bytes = read(host, self.source, group.start, group.end)?;
        window.parts.push((group.start, bytes));
        let only = Box::new(move |_: &RowGroupMetaData, at: usize| at == index);
        let options = ReadOptionsBuilder::new().with_predicate(only).build();
        let reader = SerializedFileReader::new_with_options(window, options);
        let reader = reader.map_err(|_| fault())?;
        Ok(GroupRows {
            rows: RowIter::from_file_into(Box::new(reader)),
            units: self.units.clone(),
            source: self.source,
            row: group.first_row,
            left: group.rows,
        })
    }
}

/// Whether the pages of a row group are plain, or compressed as this crate is built for.
fn can_inflate(group: &RowGroupMetaData) -> bool {
    group.columns().iter().all(|column| {
        matches!(
            column.compression(),
            Compression::UNCOMPRESSED | Compression::SNAPPY | Compression::GZIP(_)
        )
    })
}

/// Where the row groups are: one after the other, before the footer.
fn groups(all: &[RowGroupMetaData], footer: u64) -> Option<Vec<Group>> {
    let mut groups: Vec<Group> = Vec::with_capacity(all.len());
    let (mut least, mut first_row) = (0, 1_u64);
    for group in all {
        let (mut start, mut end) = (footer, least);
        for column in group.columns() {
            let first = column.dictionary_page_offset().unwrap_or(i64::MAX);
            let first = u64::try_from(first.min(column.data_page_offset())).ok()?;
            let length = u64::try_from(column.compressed_size()).ok()?;
            start = start.min(first);
            end = end.max(first.checked_add(length)?);
        }
        let rows = u64::try_from(group.num_rows()).ok()?;
        if rows == 0 {
            continue;
        }
        if start < least || start >= end || end > footer || end - start > MAX_PART {
            return None;
        }
        groups.push(Group {
            start,
            end,
            first_row,
            rows,
        });
        least = end;
        first_row = first_row.checked_add(rows)?;
    }
    Some(groups)
}

/// The bytes of a range.
fn read(host: &dyn LoaderHost, source: u32, start: u64, end: u64) -> Result<Bytes, Fault> {
    let mut reader = SourceReader::new(host, source, start, end);
    let mut bytes = Vec::new();
    while let Some(chunk) = reader.next_chunk()? {
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes.into())
}

/// The rows of a row group.
pub(crate) struct GroupRows {
    rows: RowIter<'static>,
    units: Vec<Unit>,
    source: u32,
    row: u64,
    left: u64,
}

impl GroupRows {
    /// The texts of the next row, and its number; `None` after the last.
    pub(crate) fn next(&mut self, texts: &mut Vec<String>) -> Result<Option<u64>, Fault> {
        let fault = Fault::from(FaultCode::Malformed).in_source(self.source);
        let fault = fault.at_line(self.row);
        let row = match self.rows.next() {
            None if self.left == 0 => return Ok(None),
            Some(Ok(row)) if self.left > 0 => row,
            _ => return Err(fault),
        };
        texts.resize_with(self.units.len(), String::new);
        for ((_, value), (text, unit)) in
            row.get_column_iter().zip(texts.iter_mut().zip(&self.units))
        {
            text.clear();
            text::write(value, *unit, text).ok_or(fault)?;
        }
        self.left -= 1;
        self.row += 1;
        Ok(Some(self.row - 1))
    }
}
