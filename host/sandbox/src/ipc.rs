//! Arrow IPC streams from a plugin: bytes of a stranger until they were checked.
//!
//! First every message is checked by its metadata alone: framing, header kind, no compression, no
//! dictionary, no nesting, no extension type, no metadata of the plugin's own, and every buffer
//! inside its body and large enough for its column. Then its values, where they lie, without a
//! copy: null counts, offsets, UTF-8. A stream that passes is one that the Arrow reader takes with
//! its full validation, which a property test holds it to; so nothing that Arrow would have to
//! allocate or index on a stranger's word is left to it.

use arrow_ipc::{
    DateUnit, Endianness, Field, Message, MessageHeader, MetadataVersion, Precision, TimeUnit,
    Type, root_as_message,
};

use crate::values;

/// How a column is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Storage {
    /// Bits.
    Boolean,
    /// 64-bit integers.
    Int64,
    /// 32-bit floats.
    Float32,
    /// 64-bit floats.
    Float64,
    /// UTF-8 text with 32-bit offsets.
    Utf8,
    /// Days since 1970-01-01.
    Date32,
    /// Microseconds since 1970-01-01T00:00, without a zone.
    TimestampMicros,
}

/// What is wrong with a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Flaw {
    /// It is not a valid Arrow IPC stream.
    #[error("not a valid Arrow IPC stream")]
    Malformed,
    /// It is compressed, or has dictionaries, nesting, extension types or metadata.
    #[error("compressed, or with dictionaries, nesting, extension types or metadata")]
    Unsupported,
    /// It has a column that nobody asked for.
    #[error("column {column} was not asked for")]
    Undeclared {
        /// Its index in the stream.
        column: u32,
    },
    /// A column that was asked for is absent, or not at its place.
    #[error("column {column} is missing or not at its place")]
    Missing {
        /// Its index in the job.
        column: u32,
    },
    /// A column's type is not the one that its kind is stored as.
    #[error("column {column} has the wrong Arrow type")]
    WrongType {
        /// Its index in the stream.
        column: u32,
    },
    /// It has more rows than are left of the budget.
    #[error("more rows than `limits.output-rows` leaves")]
    TooManyRows,
    /// It has more columns than a table may have.
    #[error("more columns than `limits.output-columns` gives")]
    TooManyColumns,
}

/// A column as the stream's schema declares it; its name is still the plugin's own text.
pub(crate) struct Declared<'a> {
    pub name: &'a str,
    /// `None`: a flat type, but not one that we store.
    pub storage: Option<Storage>,
    /// Whether it may have missing values.
    pub nullable: bool,
}

/// Bounds on a stream.
pub(crate) struct Bounds {
    pub rows: u64,
    pub columns: u64,
}

/// Checks a stream and counts its rows. `schema` judges its columns.
pub(crate) fn check(
    stream: &[u8],
    bounds: &Bounds,
    schema: impl FnOnce(&[Declared<'_>]) -> Result<(), Flaw>,
) -> Result<u64, Flaw> {
    let mut frames = Frames { rest: stream };
    let (head, body) = frames.next()?.ok_or(Flaw::Malformed)?;
    plain(&head)?;
    if head.header_type() != MessageHeader::Schema || !body.is_empty() {
        return Err(Flaw::Malformed);
    }
    let columns = columns(&head, bounds)?;
    schema(&columns)?;
    let mut rows: u64 = 0;
    while let Some((message, body)) = frames.next()? {
        plain(&message)?;
        let left = bounds.rows - rows;
        rows += check_batch(&message, body, &columns, left)?;
    }
    Ok(rows)
}

/// Rows of a stream that the host made itself.
pub(crate) fn rows(stream: &[u8]) -> Result<u64, Flaw> {
    let mut frames = Frames { rest: stream };
    let mut rows: u64 = 0;
    while let Some((message, _)) = frames.next()? {
        if let Some(batch) = message.header_as_record_batch() {
            rows = rows.saturating_add(u64::try_from(batch.length()).map_err(|_| Flaw::Malformed)?);
        }
    }
    Ok(rows)
}

/// Whether a message is of the current version and carries no metadata of the plugin's own.
fn plain(message: &Message<'_>) -> Result<(), Flaw> {
    let bare = message
        .custom_metadata()
        .is_none_or(|metadata| metadata.is_empty());
    if bare && message.version() == MetadataVersion::V5 {
        Ok(())
    } else {
        Err(Flaw::Unsupported)
    }
}

/// The messages of a stream, each with its body.
struct Frames<'a> {
    rest: &'a [u8],
}

impl<'a> Frames<'a> {
    fn next(&mut self) -> Result<Option<(Message<'a>, &'a [u8])>, Flaw> {
        if self.rest.is_empty() {
            return Ok(None);
        }
        let head = self.take(8)?;
        let (mark, length) = head.split_at(4);
        if mark != [0xff; 4] {
            return Err(Flaw::Malformed);
        }
        let length = i32::from_le_bytes(length.try_into().map_err(|_| Flaw::Malformed)?);
        if length == 0 {
            // End of stream: nothing may follow.
            return if self.rest.is_empty() {
                Ok(None)
            } else {
                Err(Flaw::Malformed)
            };
        }
        let metadata = self.take(usize::try_from(length).map_err(|_| Flaw::Malformed)?)?;
        let message = root_as_message(metadata).map_err(|_| Flaw::Malformed)?;
        let body =
            self.take(usize::try_from(message.bodyLength()).map_err(|_| Flaw::Malformed)?)?;
        Ok(Some((message, body)))
    }

    fn take(&mut self, length: usize) -> Result<&'a [u8], Flaw> {
        let (taken, rest) = self.rest.split_at_checked(length).ok_or(Flaw::Malformed)?;
        self.rest = rest;
        Ok(taken)
    }
}

fn columns<'a>(head: &Message<'a>, bounds: &Bounds) -> Result<Vec<Declared<'a>>, Flaw> {
    let schema = head.header_as_schema().ok_or(Flaw::Malformed)?;
    if schema.endianness() != Endianness::Little
        || schema
            .custom_metadata()
            .is_some_and(|metadata| !metadata.is_empty())
        || schema
            .features()
            .is_some_and(|features| !features.is_empty())
    {
        return Err(Flaw::Unsupported);
    }
    let fields = schema.fields().ok_or(Flaw::Malformed)?;
    if fields.len() as u64 > bounds.columns {
        return Err(Flaw::TooManyColumns);
    }
    fields
        .iter()
        .map(|field| {
            let name = field.name().ok_or(Flaw::Malformed)?;
            Ok(Declared {
                name,
                storage: storage(&field)?,
                nullable: field.nullable(),
            })
        })
        .collect()
}

fn storage(field: &Field<'_>) -> Result<Option<Storage>, Flaw> {
    if field.dictionary().is_some()
        || field
            .children()
            .is_some_and(|children| !children.is_empty())
        || field
            .custom_metadata()
            .is_some_and(|metadata| !metadata.is_empty())
    {
        return Err(Flaw::Unsupported);
    }
    Ok(match field.type_type() {
        Type::Bool => Some(Storage::Boolean),
        Type::Utf8 => Some(Storage::Utf8),
        Type::Int => {
            let int = field.type_as_int().ok_or(Flaw::Malformed)?;
            (int.bitWidth() == 64 && int.is_signed()).then_some(Storage::Int64)
        }
        Type::FloatingPoint => {
            match field
                .type_as_floating_point()
                .ok_or(Flaw::Malformed)?
                .precision()
            {
                Precision::SINGLE => Some(Storage::Float32),
                Precision::DOUBLE => Some(Storage::Float64),
                _ => None,
            }
        }
        Type::Date => {
            let date = field.type_as_date().ok_or(Flaw::Malformed)?;
            (date.unit() == DateUnit::DAY).then_some(Storage::Date32)
        }
        Type::Timestamp => {
            let timestamp = field.type_as_timestamp().ok_or(Flaw::Malformed)?;
            (timestamp.unit() == TimeUnit::MICROSECOND && timestamp.timezone().is_none())
                .then_some(Storage::TimestampMicros)
        }
        Type::List
        | Type::LargeList
        | Type::FixedSizeList
        | Type::ListView
        | Type::LargeListView
        | Type::Struct_
        | Type::Map
        | Type::Union
        | Type::RunEndEncoded => return Err(Flaw::Unsupported),
        _ => None,
    })
}

/// Checks a record batch, first by its metadata, then its values; gives its rows.
fn check_batch(
    message: &Message<'_>,
    body: &[u8],
    columns: &[Declared<'_>],
    left: u64,
) -> Result<u64, Flaw> {
    match message.header_type() {
        MessageHeader::RecordBatch => {}
        MessageHeader::DictionaryBatch => return Err(Flaw::Unsupported),
        _ => return Err(Flaw::Malformed),
    }
    let batch = message.header_as_record_batch().ok_or(Flaw::Malformed)?;
    if batch.compression().is_some()
        || batch
            .variadicBufferCounts()
            .is_some_and(|counts| !counts.is_empty())
    {
        return Err(Flaw::Unsupported);
    }
    let rows = u64::try_from(batch.length()).map_err(|_| Flaw::Malformed)?;
    if rows > left {
        return Err(Flaw::TooManyRows);
    }
    // Arrow counts with machine words and 32-bit offsets: leave it room.
    if rows > i32::MAX as u64 {
        return Err(Flaw::Malformed);
    }
    let nodes = batch.nodes().ok_or(Flaw::Malformed)?;
    let buffers = batch.buffers().ok_or(Flaw::Malformed)?;
    if nodes.len() != columns.len() {
        return Err(Flaw::Malformed);
    }
    let mut buffers = buffers.iter();
    let mut claimed: usize = 0;
    // The next buffer, once it is known to lie inside the body, aligned.
    let mut next = || -> Result<&[u8], Flaw> {
        let buffer = buffers.next().ok_or(Flaw::Malformed)?;
        let offset = usize::try_from(buffer.offset()).map_err(|_| Flaw::Malformed)?;
        let length = usize::try_from(buffer.length()).map_err(|_| Flaw::Malformed)?;
        // Buffers that overlap could claim more than the body holds.
        claimed = claimed.checked_add(length).ok_or(Flaw::Malformed)?;
        let end = offset.checked_add(length).ok_or(Flaw::Malformed)?;
        if claimed > body.len() || offset % 8 != 0 {
            return Err(Flaw::Malformed);
        }
        body.get(offset..end).ok_or(Flaw::Malformed)
    };
    let rows_here = usize::try_from(rows).map_err(|_| Flaw::Malformed)?;
    for (node, column) in nodes.iter().zip(columns) {
        let nulls = usize::try_from(node.null_count()).map_err(|_| Flaw::Malformed)?;
        if u64::try_from(node.length()) != Ok(rows) || (nulls > 0 && !column.nullable) {
            return Err(Flaw::Malformed);
        }
        let validity = next()?;
        if nulls > 0 && values::missing(validity, rows_here) != Some(nulls) {
            return Err(Flaw::Malformed);
        }
        // `schema` has refused every other type; without one there is no size to check.
        let Some(storage) = column.storage else {
            return Err(Flaw::Malformed);
        };
        let (needed, width) = match storage {
            Storage::Boolean => (rows_here.div_ceil(8), 1),
            Storage::Float32 | Storage::Date32 => (rows_here * 4, 4),
            Storage::Int64 | Storage::Float64 | Storage::TimestampMicros => (rows_here * 8, 8),
            Storage::Utf8 if rows_here == 0 => (0, 4),
            Storage::Utf8 => ((rows_here + 1) * 4, 4),
        };
        let fixed = next()?;
        // The reader panics on a buffer that ends inside an element.
        if fixed.len() < needed || fixed.len() % width != 0 {
            return Err(Flaw::Malformed);
        }
        if storage == Storage::Utf8 && !values::are_texts(fixed, rows_here, next()?) {
            return Err(Flaw::Malformed);
        }
    }
    if buffers.next().is_some() {
        return Err(Flaw::Malformed);
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow_array::{
        ArrayRef, BooleanArray, Date32Array, Float64Array, Int64Array, RecordBatch, StringArray,
        TimestampMicrosecondArray,
    };
    use arrow_ipc::reader::StreamReader;
    use arrow_ipc::writer::StreamWriter;
    use proptest::prelude::*;

    use super::*;

    /// Two batches of `n` rows with a column of every kind.
    fn stream(n: usize) -> Vec<u8> {
        let some = |i: usize| !i.is_multiple_of(3);
        let numbers = || (0..n).map(move |i| some(i).then_some(i as i64));
        let columns: Vec<(&str, ArrayRef)> = vec![
            (
                "b",
                Arc::new(
                    (0..n)
                        .map(|i| some(i).then_some(i % 2 == 0))
                        .collect::<BooleanArray>(),
                ),
            ),
            ("i", Arc::new(numbers().collect::<Int64Array>())),
            (
                "f",
                Arc::new((0..n).map(|i| Some(i as f64)).collect::<Float64Array>()),
            ),
            (
                "s",
                Arc::new(
                    (0..n)
                        .map(|i| some(i).then(|| format!("é{i}")))
                        .collect::<StringArray>(),
                ),
            ),
            (
                "d",
                Arc::new(
                    (0..n)
                        .map(|i| some(i).then_some(i as i32))
                        .collect::<Date32Array>(),
                ),
            ),
            (
                "t",
                Arc::new(numbers().collect::<TimestampMicrosecondArray>()),
            ),
        ];
        let batch = RecordBatch::try_from_iter(columns).unwrap();
        let mut writer = StreamWriter::try_new(Vec::new(), &batch.schema()).unwrap();
        writer.write(&batch).unwrap();
        writer.write(&batch).unwrap();
        writer.finish().unwrap();
        writer.into_inner().unwrap()
    }

    const BOUNDS: Bounds = Bounds {
        rows: 1000,
        columns: 10,
    };

    fn known(columns: &[Declared<'_>]) -> Result<(), Flaw> {
        if columns.iter().all(|column| column.storage.is_some()) {
            Ok(())
        } else {
            Err(Flaw::Malformed)
        }
    }

    #[test]
    fn every_kind_of_column_is_recognised() {
        for n in [0, 1, 9, 64] {
            let mut found = Vec::new();
            let checked = check(&stream(n), &BOUNDS, |columns| {
                found = columns.iter().filter_map(|column| column.storage).collect();
                Ok(())
            });
            assert_eq!(checked, Ok(2 * n as u64));
            assert_eq!(rows(&stream(n)), Ok(2 * n as u64));
            use Storage::*;
            assert_eq!(
                found,
                [Boolean, Int64, Float64, Utf8, Date32, TimestampMicros]
            );
        }
    }

    #[test]
    fn the_budget_of_rows_is_over_all_batches() {
        let tight = |rows| check(&stream(9), &Bounds { rows, columns: 10 }, known);
        assert_eq!(tight(18), Ok(18));
        assert_eq!(tight(17), Err(Flaw::TooManyRows));
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 4000, failure_persistence: None, ..ProptestConfig::default() })]

        /// What passes is what the Arrow reader takes with its full validation, without a panic.
        #[test]
        fn what_passes_the_check_passes_the_reader_and_gives_as_many_rows(
            changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
            rows in 0_usize..20,
        ) {
            let mut stream = stream(rows);
            for (at, byte) in changes {
                let at = at.index(stream.len());
                stream[at] = byte;
            }
            if let Ok(rows) = check(&stream, &BOUNDS, known) {
                prop_assert_eq!(read(&stream), Ok(rows));
            }
        }

        /// And what it refuses of values, the reader refuses as well: the check is not stricter.
        #[test]
        fn a_batch_whose_values_are_refused_is_refused_by_the_reader(
            changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
        ) {
            let whole = stream(20);
            let body = body_of_first_batch(&whole);
            let mut stream = whole;
            for (at, byte) in changes {
                let at = body.start + at.index(body.len());
                stream[at] = byte;
            }
            prop_assert_eq!(check(&stream, &BOUNDS, known).is_ok(), read(&stream).is_ok());
        }
    }

    fn body_of_first_batch(stream: &[u8]) -> std::ops::Range<usize> {
        let mut frames = Frames { rest: stream };
        frames.next().unwrap();
        let (_, body) = frames.next().unwrap().unwrap();
        let start = body.as_ptr() as usize - stream.as_ptr() as usize;
        start..start + body.len()
    }

    /// Rows that the Arrow reader finds, validating everything.
    fn read(stream: &[u8]) -> Result<u64, String> {
        let reader = StreamReader::try_new(stream, None).map_err(|error| error.to_string())?;
        let mut rows = 0;
        for batch in reader {
            rows += batch.map_err(|error| error.to_string())?.num_rows() as u64;
        }
        Ok(rows)
    }
}
