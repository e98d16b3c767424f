//! Whole records, one after the other, out of chunks.

use autods_sdk::loader::{Fault, FaultCode, SourceReader};

use crate::Dialect;
use crate::scanner::Scanner;

/// Bytes that one record may have: 16 MiB. More is a file that is something else.
pub(crate) const MAX_RECORD: usize = 16 << 20;

/// Reads records out of a range of a source.
pub(crate) struct Records<'h> {
    reader: SourceReader<'h>,
    source: u32,
    scanner: Scanner,
    buffer: Vec<u8>,
    /// Start of what is not yet read in `buffer`.
    at: usize,
    /// How much of the buffer the scanner has seen.
    seen: usize,
}

/// A record: its bytes without the line end, and its first line.
pub(crate) struct Record<'b> {
    pub(crate) bytes: &'b [u8],
    pub(crate) line: u64,
}

impl<'h> Records<'h> {
    pub(crate) fn new(
        reader: SourceReader<'h>,
        source: u32,
        dialect: Dialect,
        first_line: u64,
    ) -> Self {
        Self {
            reader,
            source,
            scanner: Scanner::new(dialect, first_line),
            buffer: Vec::new(),
            at: 0,
            seen: 0,
        }
    }

    /// Blank lines so far.
    pub(crate) fn blank_lines(&self) -> u64 {
        self.scanner.blank_lines()
    }

    /// The next record; `None` at the end of the range, which ends a record too.
    pub(crate) fn next(&mut self) -> Result<Option<Record<'_>>, Fault> {
        self.seen = self.at;
        loop {
            if self.scanner.is_between() {
                let blank = self.scanner.skip_blank(&self.buffer[self.seen..]);
                self.seen += blank;
                self.at = self.seen;
            }
            let from = self.seen;
            if let Some(end) = self.scanner.end_of_record(&self.buffer[from..]) {
                let start = self.at;
                self.at = from + end.next;
                return Ok(Some(Record {
                    bytes: &self.buffer[start..from + end.record],
                    line: end.line,
                }));
            }
            self.seen = self.buffer.len();
            if self.seen - self.at > MAX_RECORD {
                return Err(self.fault(FaultCode::Malformed, self.scanner.record_line()));
            }
            if !self.refill()? {
                break;
            }
        }
        if let Some(line) = self.scanner.open_quote() {
            return Err(self.fault(FaultCode::UnterminatedQuote, line));
        }
        if self.at == self.buffer.len() {
            return Ok(None);
        }
        let start = std::mem::replace(&mut self.at, self.buffer.len());
        Ok(Some(Record {
            bytes: &self.buffer[start..],
            line: self.scanner.record_line(),
        }))
    }

    /// Drops what was read and appends a chunk.
    fn refill(&mut self) -> Result<bool, Fault> {
        let Some(chunk) = self.reader.next_chunk()? else {
            return Ok(false);
        };
        if self.at == self.buffer.len() {
            self.buffer = chunk;
        } else {
            self.buffer.drain(..self.at);
            self.buffer.extend_from_slice(&chunk);
            self.seen -= self.at;
            self.at = 0;
            return Ok(true);
        }
        self.at = 0;
        self.seen = 0;
        Ok(true)
    }

    fn fault(&self, code: FaultCode, line: u64) -> Fault {
        Fault::from(code).in_source(self.source).at_line(line)
    }
}
