//! Lines of a range of a source, a chunk of bytes at a time.

use autods_sdk::loader::{Fault, FaultCode, LoaderHost, SourceReader};

/// Bytes of a line at most: memory does not grow with the file.
const LONGEST: usize = 1 << 20;

/// A line without its end.
pub(crate) struct Line<'l> {
    /// Its bytes.
    pub(crate) text: &'l [u8],
    /// Its number in the file, from 1.
    pub(crate) number: u64,
    /// First byte behind it in the file, its `\n` included.
    pub(crate) end: u64,
}

/// Reads line after line.
pub(crate) struct Lines<'h> {
    reader: SourceReader<'h>,
    source: u32,
    buffer: Vec<u8>,
    /// Where the next line begins in the buffer, and in the file.
    at: usize,
    offset: u64,
    number: u64,
}

impl<'h> Lines<'h> {
    /// The lines of the bytes `start .. end`; the first one has the number `number`.
    pub(crate) fn new(
        host: &'h dyn LoaderHost,
        source: u32,
        start: u64,
        end: u64,
        number: u64,
    ) -> Self {
        Self {
            reader: SourceReader::new(host, source, start, end),
            source,
            buffer: Vec::new(),
            at: 0,
            offset: start,
            number,
        }
    }

    /// The next line, or `None` at the end.
    pub(crate) fn next(&mut self) -> Result<Option<Line<'_>>, Fault> {
        let mut searched = self.at;
        let (end, behind) = loop {
            if let Some(found) = self.buffer[searched..].iter().position(|byte| *byte == b'\n') {
                break (searched + found, searched + found + 1);
            }
            if self.buffer.len() - self.at > LONGEST {
                let fault = Fault::from(FaultCode::Malformed);
                return Err(fault.in_source(self.source).at_line(self.number));
            }
            searched = self.buffer.len() - self.at;
            self.buffer.drain(..self.at);
            self.at = 0;
            match self.reader.next_chunk()? {
                Some(chunk) => self.buffer.extend_from_slice(&chunk),
                None if self.buffer.is_empty() => return Ok(None),
                // the last line may have no end
                None => break (self.buffer.len(), self.buffer.len()),
            }
        };
        let text = &self.buffer[self.at..end];
        self.offset += (behind - self.at) as u64;
        self.at = behind;
        self.number += 1;
        Ok(Some(Line {
            text: text.strip_suffix(b"\r").unwrap_or(text),
            number: self.number - 1,
            end: self.offset,
        }))
    }
}
