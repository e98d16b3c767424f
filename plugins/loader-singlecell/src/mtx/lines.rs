//! Lines of a source.

use autods_sdk::loader::{Fault, FaultCode, SourceReader};

use crate::origin::Origin;

/// Bytes that a line may have.
const MAX_LINE: usize = 64 << 10;

/// Lines of a source from a place on.
pub(super) struct Lines<'h> {
    origin: Origin<'h>,
    reader: SourceReader<'h>,
    buffer: Vec<u8>,
    /// Bytes of the buffer that were given out.
    used: usize,
    /// Where the next line begins.
    pub(super) offset: u64,
}

impl<'h> Lines<'h> {
    /// The lines that begin at `start`, read in chunks of that many bytes.
    pub(super) fn new(origin: Origin<'h>, start: u64, chunk: u32) -> Self {
        let reader = SourceReader::new(origin.host, origin.source, start, origin.size);
        Self {
            origin,
            reader: reader.chunks_of(chunk),
            buffer: Vec::new(),
            used: 0,
            offset: start,
        }
    }

    /// The next line without its end, which may be `\n` or `\r\n`; `None` at the end of the source.
    pub(super) fn next(&mut self) -> Result<Option<&str>, Fault> {
        let length = loop {
            let rest = self.buffer.get(self.used..).unwrap_or_default();
            if let Some(length) = memchr::memchr(b'\n', rest) {
                break length;
            }
            if rest.len() > MAX_LINE {
                return Err(self.origin.malformed("a line", "too long"));
            }
            self.buffer.drain(..self.used);
            self.used = 0;
            match self.reader.next_chunk()? {
                Some(chunk) => self.buffer.extend_from_slice(&chunk),
                None if self.buffer.is_empty() => return Ok(None),
                None => break self.buffer.len(),
            }
        };
        let start = self.used;
        let end = start + length;
        self.used = self.buffer.len().min(end + 1);
        self.offset += (self.used - start) as u64;
        let line = self.buffer.get(start..end).unwrap_or_default();
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let text = std::str::from_utf8(line);
        text.map(Some)
            .map_err(|_| self.origin.fault(FaultCode::InvalidUtf8))
    }
}
