//! Lines of a source.

use autods_sdk::loader::{Fault, FaultCode, SourceReader};
use memchr::memchr;

/// Bytes that one line, or a document of many lines, may have: 64 MiB.
pub(crate) const MAX_LINE: usize = 64 << 20;

/// Gives line after line, with its line end; memory grows with the longest line only.
pub(crate) struct Lines<'h> {
    reader: SourceReader<'h>,
    source: u32,
    buffer: Vec<u8>,
    /// Start of the next line in `buffer`.
    at: usize,
    /// Its number in the source.
    line: u64,
    /// Its offset in the source.
    offset: u64,
}

/// A line of a source.
pub(crate) struct Line<'b> {
    /// Its bytes, and its line end where it has one.
    pub(crate) bytes: &'b [u8],
    /// Its number in the source, from 1.
    pub(crate) number: u64,
    /// One past its last byte in the source.
    pub(crate) end: u64,
}

impl Line<'_> {
    /// Whether it holds nothing but blanks.
    pub(crate) fn is_blank(&self) -> bool {
        self.bytes.iter().all(u8::is_ascii_whitespace)
    }
}

impl<'h> Lines<'h> {
    pub(crate) fn new(reader: SourceReader<'h>, source: u32, first_line: u64) -> Self {
        Self {
            offset: reader.offset(),
            reader,
            source,
            buffer: Vec::new(),
            at: 0,
            line: first_line,
        }
    }

    /// The next line; the end of the range ends one too.
    pub(crate) fn next(&mut self) -> Result<Option<Line<'_>>, Fault> {
        let mut seen = self.at;
        let end = loop {
            let found = memchr(b'\n', self.buffer.get(seen..).unwrap_or_default());
            if let Some(found) = found {
                break seen + found + 1;
            }
            if self.buffer.len() - self.at > MAX_LINE {
                let fault = Fault::from(FaultCode::Malformed);
                return Err(fault.in_source(self.source).at_line(self.line));
            }
            self.buffer.drain(..self.at);
            self.at = 0;
            seen = self.buffer.len();
            match self.reader.next_chunk()? {
                Some(chunk) if self.buffer.is_empty() => self.buffer = chunk,
                Some(chunk) => self.buffer.extend_from_slice(&chunk),
                None if self.buffer.is_empty() => return Ok(None),
                None => break self.buffer.len(),
            }
        };
        let start = std::mem::replace(&mut self.at, end);
        self.offset += (end - start) as u64;
        self.line += 1;
        Ok(Some(Line {
            bytes: self.buffer.get(start..end).unwrap_or_default(),
            number: self.line - 1,
            end: self.offset,
        }))
    }
}

#[cfg(test)]
mod tests {
    use autods_sdk::loader::Job;
    use autods_sdk::testkit::MemoryHost;

    use super::*;

    #[test]
    fn lines_are_the_same_whatever_the_chunks() {
        let text = "a\n\r\nbc\r\n\nd";
        let job = Job {
            tables: Vec::new(),
            params: Vec::new(),
        };
        let host = MemoryHost::new(&job).source("a", text);
        for chunk in 1..12 {
            let reader = SourceReader::new(&host, 0, 0, text.len() as u64).chunks_of(chunk);
            let mut lines = Lines::new(reader, 0, 1);
            let mut all = Vec::new();
            while let Some(line) = lines.next().unwrap() {
                all.push((line.number, line.end, line.bytes.to_vec(), line.is_blank()));
            }
            let expected = [
                (1, 2, b"a\n".to_vec(), false),
                (2, 4, b"\r\n".to_vec(), true),
                (3, 8, b"bc\r\n".to_vec(), false),
                (4, 9, b"\n".to_vec(), true),
                (5, 10, b"d".to_vec(), false),
            ];
            assert_eq!(all, expected);
        }
    }
}
