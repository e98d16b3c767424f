//! What form a source has: a resource a line, or one document of many lines.

use autods_sdk::loader::{Fault, FaultCode, LoaderHost, SourceReader};
use serde::de::IgnoredAny;

use crate::lines::Lines;

/// How the resources of a source are written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// NDJSON: every line a resource, or a whole Bundle.
    Lines,
    /// One resource or Bundle that spans lines.
    Document,
}

/// Bytes of a UTF-8 byte order mark.
const MARK: &[u8] = b"\xef\xbb\xbf";

/// Where a source's first line begins: after its byte order mark.
pub(crate) fn start(host: &dyn LoaderHost, source: u32, size: u64) -> Result<u64, Fault> {
    if size < 3 {
        return Ok(0);
    }
    let head = host
        .read_at(source, 0, 3)
        .map_err(|refused| Fault::from(refused).in_source(source))?;
    Ok(if head == MARK { 3 } else { 0 })
}

/// The form of a source, by the first line that is not blank: a value that it does not end is a
/// document's.
pub(crate) fn form(
    host: &dyn LoaderHost,
    source: u32,
    start: u64,
    size: u64,
) -> Result<Form, Fault> {
    let mut lines = Lines::new(SourceReader::new(host, source, start, size), source, 1);
    while let Some(line) = lines.next()? {
        if line.is_blank() {
            continue;
        }
        let end = line.end;
        let is_open = serde_json::from_slice::<IgnoredAny>(line.bytes)
            .is_err_and(|error| error.is_eof() && end < size);
        return Ok(if is_open { Form::Document } else { Form::Lines });
    }
    Err(Fault::from(FaultCode::EmptyInput).in_source(source))
}
