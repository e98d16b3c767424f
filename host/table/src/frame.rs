//! The frames of an Arrow IPC stream, looked at before the Arrow library decodes them.
//!
//! The library trusts offsets and lengths in the metadata of a batch and panics where they point
//! outside the body or cut a value in two (arrow-ipc 60.1). A loader can write what it likes there,
//! so that they are checked first.

use arrow_ipc::convert::try_fb_to_schema;
use arrow_ipc::{Message, MessageHeader, root_as_message};
use arrow_schema::{DataType, SchemaRef};
use std::sync::Arc;

/// What begins a frame.
const CONTINUATION: [u8; 4] = [0xFF; 4];
const UNREADABLE: &str = "its metadata cannot be read";
const SHORT: &str = "it ends before its last message does";
const OUTSIDE: &str = "a batch points outside its body";

/// Whether the stream consists of one schema of flat columns and batches of it, uncompressed and
/// without dictionaries, whose metadata stay within their bodies.
pub(crate) fn check(stream: &[u8]) -> Result<(), &'static str> {
    let mut schema: Option<SchemaRef> = None;
    let mut rest = stream;
    while !rest.is_empty() {
        let (mark, after) = rest.split_at_checked(4).ok_or(SHORT)?;
        if mark != CONTINUATION {
            return Err("it does not begin a message where one must begin");
        }
        let (length, after) = after.split_first_chunk().ok_or(SHORT)?;
        let length = u32::from_le_bytes(*length) as usize;
        if length == 0 {
            return if after.is_empty() {
                Ok(())
            } else {
                Err("something follows its end")
            };
        }
        let (metadata, after) = after.split_at_checked(length).ok_or(SHORT)?;
        let message = root_as_message(metadata).map_err(|_| UNREADABLE)?;
        let body =
            usize::try_from(message.bodyLength()).map_err(|_| "a body has a negative length")?;
        let (_, after) = after.split_at_checked(body).ok_or(SHORT)?;
        match (message.header_type(), &schema) {
            (MessageHeader::Schema, None) => schema = Some(flat(&message)?),
            (MessageHeader::RecordBatch, Some(schema)) => batch(&message, schema, body)?,
            (MessageHeader::DictionaryBatch, _) => return Err("it has dictionaries"),
            _ => return Err("it has messages other than one schema and then batches"),
        }
        rest = after;
    }
    Ok(())
}

/// The schema, if all its columns are of types that have one value for each row.
fn flat(message: &Message<'_>) -> Result<SchemaRef, &'static str> {
    let schema = message.header_as_schema().ok_or(UNREADABLE)?;
    let schema = try_fb_to_schema(schema).map_err(|_| UNREADABLE)?;
    let flat = |data_type: &DataType| {
        matches!(data_type, DataType::Boolean | DataType::Utf8)
            || data_type.primitive_width().is_some()
    };
    if schema.fields().iter().all(|field| flat(field.data_type())) {
        Ok(Arc::new(schema))
    } else {
        Err("it has nested, dictionary or other columns that no kind is stored as")
    }
}

fn batch(message: &Message<'_>, schema: &SchemaRef, body: usize) -> Result<(), &'static str> {
    let batch = message.header_as_record_batch().ok_or(UNREADABLE)?;
    if batch.compression().is_some() {
        return Err("it is compressed");
    }
    let rows = usize::try_from(batch.length()).map_err(|_| OUTSIDE)?;
    // One bit for each row at the very least, so that a length is never taken on trust.
    if rows / 8 > body {
        return Err(OUTSIDE);
    }
    let mut buffers = Vec::new();
    for buffer in batch.buffers().iter().flatten() {
        let start = usize::try_from(buffer.offset()).map_err(|_| OUTSIDE)?;
        let length = usize::try_from(buffer.length()).map_err(|_| OUTSIDE)?;
        if start.checked_add(length).is_none_or(|end| end > body) {
            return Err(OUTSIDE);
        }
        buffers.push(length);
    }
    let mut buffers = buffers.into_iter();
    let nodes = batch.nodes().ok_or(UNREADABLE)?;
    if nodes.len() != schema.fields().len() {
        return Err("a batch has other columns than its schema");
    }
    for (node, field) in nodes.iter().zip(schema.fields()) {
        if node.length() != batch.length() || !(0..=node.length()).contains(&node.null_count()) {
            return Err("a batch has columns of different length");
        }
        let mut next = || buffers.next().ok_or("a batch lacks a buffer");
        let bits = rows.div_ceil(8);
        let valid = next()?;
        let values = next()?;
        let sound = (valid >= bits || (valid == 0 && node.null_count() == 0))
            && match (field.data_type(), field.data_type().primitive_width()) {
                (DataType::Boolean, _) => values >= bits,
                (_, Some(width)) => holds(values, rows, width),
                (_, None) => {
                    next()?;
                    (rows == 0 && values == 0) || holds(values, rows + 1, size_of::<i32>())
                }
            };
        if !sound {
            return Err("a batch has a buffer of the wrong length");
        }
    }
    match buffers.next() {
        None => Ok(()),
        Some(_) => Err("a batch has a buffer too many"),
    }
}

/// Whether so many bytes are whole values, and enough of them.
fn holds(bytes: usize, values: usize, width: usize) -> bool {
    bytes.is_multiple_of(width) && bytes / width >= values
}
