//! Record batches to and from uncompressed Arrow IPC streams, the frames of the plugin border.

use std::collections::HashMap;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowPrimitiveType, Date32Type, Float32Type, Float64Type, Int64Type, TimestampMicrosecondType,
};
use arrow_array::{ArrayRef, BooleanArray, PrimitiveArray, RecordBatch, StringArray};
use arrow_buffer::Buffer;
use arrow_ipc::convert::try_fb_to_schema;
use arrow_ipc::reader::read_record_batch;
use arrow_ipc::writer::StreamWriter;
use arrow_ipc::{MessageHeader, root_as_message};
use arrow_schema::{ArrowError, DataType, SchemaRef, TimeUnit};

/// Writes one batch as one stream.
///
/// # Errors
/// Where Arrow cannot write one of the column types.
pub fn encode(batch: &RecordBatch) -> Result<Vec<u8>, ArrowError> {
    let room = batch.get_array_memory_size() + 1024 + 256 * batch.num_columns();
    let mut writer = StreamWriter::try_new(Vec::with_capacity(room), &batch.schema())?;
    writer.write(batch)?;
    writer.into_inner()
}

/// Reads a stream into one batch; its buffers are shared, not copied, where there is one batch.
///
/// Dictionaries do not cross the border, so this does without `arrow_ipc`'s `StreamDecoder`: what
/// it brings along to merge them would be half of a method's component.
///
/// # Errors
/// Where the bytes are not one whole stream, are compressed, or hold a dictionary.
pub fn decode(stream: Vec<u8>) -> Result<RecordBatch, ArrowError> {
    let mut frames = Frames(Buffer::from_vec(stream));
    let mut schema: Option<SchemaRef> = None;
    let mut batches = Vec::new();
    while let Some(head) = frames.head()? {
        let message = root_as_message(&head)
            .map_err(|_| ArrowError::IpcError("a message is malformed".to_owned()))?;
        let length = usize::try_from(message.bodyLength()).map_err(|_| cut_off())?;
        let body = frames.take(length)?;
        match (message.header_type(), &schema) {
            (MessageHeader::Schema, None) => {
                let header = message.header_as_schema().ok_or_else(cut_off)?;
                schema = Some(Arc::new(try_fb_to_schema(header)?));
            }
            (MessageHeader::RecordBatch, Some(schema)) => {
                let header = message.header_as_record_batch().ok_or_else(cut_off)?;
                describes(schema, &header, body.len())?;
                batches.push(read_record_batch(
                    &body,
                    header,
                    Arc::clone(schema),
                    &HashMap::new(),
                    None,
                    &message.version(),
                )?);
            }
            _ => {
                return Err(ArrowError::IpcError(
                    "a message is neither the schema nor a batch after it".to_owned(),
                ));
            }
        }
    }
    let schema =
        schema.ok_or_else(|| ArrowError::IpcError("the stream has no schema".to_owned()))?;
    match batches.len() {
        0 => Ok(RecordBatch::new_empty(schema)),
        1 => Ok(batches.remove(0)),
        _ => concat(&schema, &batches),
    }
}

/// What of a batch's head `arrow_ipc` takes on trust and slices the body by: where each buffer
/// stands, whether numbers can be read there, and whether it holds as many as there are rows.
fn describes(
    schema: &SchemaRef,
    header: &arrow_ipc::RecordBatch<'_>,
    body: usize,
) -> Result<(), ArrowError> {
    let rows = usize::try_from(header.length()).map_err(|_| unfit())?;
    let mut nodes = header.nodes().into_iter().flatten();
    let mut buffers = header.buffers().into_iter().flatten();
    let mut buffer = |least: Option<usize>, unit: usize| {
        let (offset, length) = buffers
            .next()
            .and_then(|b| {
                let offset = usize::try_from(b.offset()).ok()?;
                Some((offset, usize::try_from(b.length()).ok()?))
            })
            .ok_or_else(unfit)?;
        let whole = offset % 8 == 0 && length % unit == 0;
        let inside = offset.checked_add(length).is_some_and(|end| end <= body);
        let enough = least.is_some_and(|least| length >= least);
        (whole && inside && enough).then_some(()).ok_or_else(unfit)
    };
    let bits = rows.div_ceil(8);
    for field in schema.fields() {
        let node = nodes.next().ok_or_else(unfit)?;
        let nulls = usize::try_from(node.null_count()).map_err(|_| unfit())?;
        if usize::try_from(node.length()) != Ok(rows) || nulls > rows {
            return Err(unfit());
        }
        // a column without gaps may leave its validity out
        buffer(Some(if nulls == 0 { 0 } else { bits }), 1)?;
        match field.data_type() {
            DataType::Boolean => buffer(Some(bits), 1)?,
            DataType::Utf8 | DataType::Binary => texts(&mut buffer, rows, 4)?,
            DataType::LargeUtf8 | DataType::LargeBinary => texts(&mut buffer, rows, 8)?,
            other => {
                let width = other.primitive_width().ok_or_else(foreign)?;
                buffer(rows.checked_mul(width), width)?;
            }
        }
    }
    Ok(())
}

/// Texts: `width` bytes for where each of them begins and for where the last one ends, and the
/// characters.
fn texts(
    mut buffer: impl FnMut(Option<usize>, usize) -> Result<(), ArrowError>,
    rows: usize,
    width: usize,
) -> Result<(), ArrowError> {
    // a column without rows may leave its one offset out
    let ends = if rows == 0 {
        Some(0)
    } else {
        rows.checked_add(1)
    };
    buffer(ends.and_then(|ends| ends.checked_mul(width)), width)?;
    buffer(Some(0), 1)
}

fn unfit() -> ArrowError {
    ArrowError::IpcError("the head of a batch does not fit its body".to_owned())
}

fn foreign() -> ArrowError {
    ArrowError::NotYetImplemented("a column of this type is not in the contract".to_owned())
}

/// The messages of a stream (Arrow columnar format, "Encapsulated message format").
struct Frames(Buffer);

impl Frames {
    /// The head of the next message; `None` at the mark of the end.
    fn head(&mut self) -> Result<Option<Buffer>, ArrowError> {
        const CONTINUATION: u32 = u32::MAX;
        let mut length = self.number()?;
        if length == CONTINUATION {
            length = self.number()?;
        }
        if length == 0 {
            return Ok(None);
        }
        self.take(length as usize).map(Some)
    }

    fn number(&mut self) -> Result<u32, ArrowError> {
        match self.take(4)?.as_slice() {
            &[a, b, c, d] => Ok(u32::from_le_bytes([a, b, c, d])),
            _ => Err(cut_off()),
        }
    }

    fn take(&mut self, length: usize) -> Result<Buffer, ArrowError> {
        if length > self.0.len() {
            return Err(cut_off());
        }
        let taken = self.0.slice_with_length(0, length);
        self.0.advance(length);
        Ok(taken)
    }
}

fn cut_off() -> ArrowError {
    ArrowError::IpcError("the stream ends inside a message".to_owned())
}

/// Several batches of one schema as one, for the types that the contract stores columns as.
///
/// # Errors
/// Where a column is of another type.
pub fn concat(schema: &SchemaRef, batches: &[RecordBatch]) -> Result<RecordBatch, ArrowError> {
    let columns = schema.fields().iter().enumerate().map(|(at, field)| {
        let parts = || batches.iter().map(move |batch| batch.column(at));
        Ok(match field.data_type() {
            DataType::Boolean => {
                let joined: BooleanArray = parts().flat_map(|part| part.as_boolean()).collect();
                Arc::new(joined) as ArrayRef
            }
            DataType::Utf8 => {
                let joined: StringArray =
                    parts().flat_map(|part| part.as_string::<i32>()).collect();
                Arc::new(joined)
            }
            DataType::Int64 => primitive::<Int64Type>(parts()),
            DataType::Float32 => primitive::<Float32Type>(parts()),
            DataType::Float64 => primitive::<Float64Type>(parts()),
            DataType::Date32 => primitive::<Date32Type>(parts()),
            DataType::Timestamp(TimeUnit::Microsecond, None) => {
                primitive::<TimestampMicrosecondType>(parts())
            }
            _ => return Err(foreign()),
        })
    });
    let columns = columns.collect::<Result<Vec<_>, _>>()?;
    RecordBatch::try_new(Arc::clone(schema), columns)
}

fn primitive<'a, T: ArrowPrimitiveType>(parts: impl Iterator<Item = &'a ArrayRef>) -> ArrayRef {
    let joined: PrimitiveArray<T> = parts.flat_map(|part| part.as_primitive::<T>()).collect();
    Arc::new(joined)
}

#[cfg(test)]
mod tests {
    use arrow_array::Float64Array;
    use proptest::prelude::*;

    use super::*;

    fn batch() -> RecordBatch {
        RecordBatch::try_from_iter([
            (
                "x",
                Arc::new(Float64Array::from(vec![Some(1.5), None])) as ArrayRef,
            ),
            (
                "c",
                Arc::new(StringArray::from(vec![None, Some("a")])) as ArrayRef,
            ),
        ])
        .unwrap()
    }

    #[test]
    fn a_batch_survives_the_border() {
        assert_eq!(decode(encode(&batch()).unwrap()).unwrap(), batch());
        let none = batch().slice(0, 0);
        assert_eq!(decode(encode(&none).unwrap()).unwrap().num_rows(), 0);
    }

    #[test]
    fn a_stream_of_several_batches_is_one_table() {
        let whole = batch();
        let mut writer = StreamWriter::try_new(Vec::new(), &whole.schema()).unwrap();
        for row in 0..2 {
            writer.write(&whole.slice(row, 1)).unwrap();
        }
        assert_eq!(decode(writer.into_inner().unwrap()).unwrap(), whole);
    }

    #[test]
    fn a_cut_off_stream_is_an_error_and_no_panic() {
        let bytes = encode(&batch()).unwrap();
        for length in 0..bytes.len() - 8 {
            assert!(decode(bytes[..length].to_vec()).is_err(), "{length}");
        }
    }

    #[test]
    fn a_batch_that_claims_more_rows_than_it_holds_is_an_error() {
        // the highest byte of a row count of 2: arrow-ipc would slice 3,098,476,543,630,901,250
        // rows out of a buffer of one byte
        let whole = encode(&batch()).unwrap();
        let mut refused = 0;
        for at in 0..whole.len() {
            for value in [0x2b, 0x7f, 0xff] {
                let mut bytes = whole.clone();
                bytes[at] = value;
                refused += usize::from(decode(bytes).is_err());
            }
        }
        assert!(refused > 100, "{refused}");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4000))]
        #[test]
        fn damaged_bytes_are_an_error_or_a_table_but_no_panic(
            damage in proptest::collection::vec((any::<proptest::sample::Index>(), any::<u8>()), 1..4),
        ) {
            let mut bytes = encode(&batch()).unwrap();
            for (place, value) in damage {
                let at = place.index(bytes.len());
                bytes[at] = value;
            }
            let _ = decode(bytes);
        }
    }
}
