//! Lines out of chunks.

use autods_sdk::loader::{Fault, FaultCode, SourceReader};
use memchr::memchr;

/// Bytes that one line may have: 32 MiB, a million samples with all that callers say of each.
const MAX_LINE: usize = 32 << 20;

/// Reads a range of a source line by line; memory grows with the longest line only.
pub(crate) struct Lines<'h> {
    reader: SourceReader<'h>,
    source: u32,
    buffer: Vec<u8>,
    /// Start of what was not given out yet.
    at: usize,
    /// Where in the source that is.
    offset: u64,
    line: u64,
}

/// A line without its end.
pub(crate) struct Line<'b> {
    pub(crate) bytes: &'b [u8],
    pub(crate) number: u64,
    /// Where the next line starts in the source.
    pub(crate) end: u64,
}

impl<'h> Lines<'h> {
    /// Lines from where the reader is, which is the start of that line.
    pub(crate) fn new(reader: SourceReader<'h>, source: u32, first_line: u64) -> Self {
        let offset = reader.offset();
        Self {
            reader,
            source,
            buffer: Vec::new(),
            at: 0,
            offset,
            line: first_line,
        }
    }

    /// The next line; `None` at the end of the range, which ends a line too.
    pub(crate) fn next(&mut self) -> Result<Option<Line<'_>>, Fault> {
        let mut seen = self.at;
        let (end, next) = loop {
            let unseen = self.buffer.get(seen..).unwrap_or_default();
            if let Some(found) = memchr(b'\n', unseen) {
                break (seen + found, seen + found + 1);
            }
            seen = self.buffer.len();
            if seen - self.at > MAX_LINE {
                let fault = Fault::from(FaultCode::Malformed);
                return Err(fault.in_source(self.source).at_line(self.line));
            }
            seen -= self.at;
            let Some(chunk) = self.reader.next_chunk()? else {
                if seen == 0 {
                    return Ok(None);
                }
                break (self.buffer.len(), self.buffer.len());
            };
            if seen == 0 {
                self.buffer = chunk;
            } else {
                self.buffer.drain(..self.at);
                self.buffer.extend_from_slice(&chunk);
            }
            self.at = 0;
        };
        let start = self.at;
        self.at = next;
        self.offset += (next - start) as u64;
        let number = self.line;
        self.line += 1;
        let bytes = self.buffer.get(start..end).unwrap_or_default();
        Ok(Some(Line {
            bytes: bytes.strip_suffix(b"\r").unwrap_or(bytes),
            number,
            end: self.offset,
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use autods_sdk::loader::Job;
    use autods_sdk::testkit::MemoryHost;

    #[test]
    fn lines_are_the_same_in_chunks_of_any_size() {
        let text = "one\r\n\ntwo three\n\rfour\nfive";
        let job = Job {
            tables: Vec::new(),
            params: Vec::new(),
        };
        let host = MemoryHost::new(&job).source("a.vcf", text);
        let expected = [
            ("one", 7, 5),
            ("", 8, 6),
            ("two three", 9, 16),
            ("\rfour", 10, 22),
            ("five", 11, 26),
        ];
        for chunk in 1..40 {
            let reader = SourceReader::new(&host, 0, 0, text.len() as u64).chunks_of(chunk);
            let mut lines = Lines::new(reader, 0, 7);
            for (text, number, end) in expected {
                let line = lines.next().unwrap().unwrap();
                assert_eq!(
                    (line.bytes, line.number, line.end),
                    (text.as_bytes(), number, end)
                );
            }
            assert!(lines.next().unwrap().is_none());
        }
    }
}
