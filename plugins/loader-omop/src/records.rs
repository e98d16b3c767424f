//! Records of delimited text, one after the other, out of chunks.

use autods_sdk::loader::{Fault, FaultCode, SourceReader};
use memchr::{memchr, memchr2};

/// Bytes that one record may have: 16 MiB. More is a file that is something else.
pub(crate) const MAX_RECORD: usize = 16 << 20;

/// How a file separates its fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// RFC 4180: commas, and double quotes around fields that need them.
    Csv,
    /// As Athena delivers vocabularies: tabulators, and a quote is a character as any other.
    Tabs,
}

impl Dialect {
    /// The character between fields.
    pub(crate) fn delimiter(self) -> u8 {
        match self {
            Self::Csv => b',',
            Self::Tabs => b'\t',
        }
    }
}

/// Reads records out of a range of a source.
pub(crate) struct Records<'h> {
    reader: SourceReader<'h>,
    source: u32,
    dialect: Dialect,
    buffer: Vec<u8>,
    /// Start of what is not yet read in `buffer`.
    at: usize,
    /// Its number in the source.
    line: u64,
    /// Its offset in the source.
    offset: u64,
}

/// A record.
pub(crate) struct Record<'b> {
    /// Its bytes, without the line end.
    pub(crate) bytes: &'b [u8],
    /// Its first line, from 1.
    pub(crate) line: u64,
    /// One past its last byte in the source, with the line end.
    pub(crate) end: u64,
    /// The line after it.
    pub(crate) next_line: u64,
}

/// Where the first record of some bytes ends.
enum End {
    /// Before the line feed that is there.
    At(usize),
    /// Not in these bytes; whether a quote is open.
    Open { quoted: bool },
}

impl<'h> Records<'h> {
    pub(crate) fn new(
        reader: SourceReader<'h>,
        source: u32,
        dialect: Dialect,
        first_line: u64,
    ) -> Self {
        Self {
            offset: reader.offset(),
            reader,
            source,
            dialect,
            buffer: Vec::new(),
            at: 0,
            line: first_line,
        }
    }

    /// The next record; the end of the range ends one too. Blank lines are passed over.
    pub(crate) fn next(&mut self) -> Result<Option<Record<'_>>, Fault> {
        loop {
            let Some((length, taken)) = self.measure()? else {
                return Ok(None);
            };
            let start = self.at;
            let whole = self.buffer.get(start..start + taken).unwrap_or_default();
            let (line, lines) = (self.line, count_lines(whole));
            self.at += taken;
            self.offset += taken as u64;
            self.line += lines;
            let bytes = self.buffer.get(start..start + length).unwrap_or_default();
            if !matches!(bytes, [] | [b'\r']) {
                // borrowed anew: the loop may not hold on to it
                let bytes = self.buffer.get(start..start + length).unwrap_or_default();
                return Ok(Some(Record {
                    bytes: bytes.strip_suffix(b"\r").unwrap_or(bytes),
                    line,
                    end: self.offset,
                    next_line: self.line,
                }));
            }
        }
    }

    /// Length of the next record without and with its line feed.
    fn measure(&mut self) -> Result<Option<(usize, usize)>, Fault> {
        loop {
            let rest = self.buffer.get(self.at..).unwrap_or_default();
            let quoted = match end_of_record(rest, self.dialect) {
                End::At(length) => return Ok(Some((length, length + 1))),
                End::Open { quoted } => quoted,
            };
            if rest.len() > MAX_RECORD {
                return Err(self.fault(FaultCode::Malformed));
            }
            self.buffer.drain(..self.at);
            self.at = 0;
            // as much again, so that a long record is not looked at chunk by chunk
            let wanted = self.buffer.len().max(1);
            let before = self.buffer.len();
            while self.buffer.len() - before < wanted {
                match self.reader.next_chunk()? {
                    Some(chunk) => self.buffer.extend_from_slice(&chunk),
                    None => break,
                }
            }
            if self.buffer.len() > before {
                continue;
            }
            return match self.buffer.len() {
                0 => Ok(None),
                _ if quoted => Err(self.fault(FaultCode::UnterminatedQuote)),
                all => Ok(Some((all, all))),
            };
        }
    }

    fn fault(&self, code: FaultCode) -> Fault {
        Fault::from(code).in_source(self.source).at_line(self.line)
    }
}

fn count_lines(bytes: &[u8]) -> u64 {
    memchr::memchr_iter(b'\n', bytes).count() as u64
}

/// A quote opens a quoted part only at the start of a field; inside it a doubled quote stands for
/// itself and a line feed belongs to the field.
fn end_of_record(bytes: &[u8], dialect: Dialect) -> End {
    let line = memchr(b'\n', bytes);
    let first = bytes.get(..line.unwrap_or(bytes.len())).unwrap_or_default();
    if dialect == Dialect::Tabs || memchr(b'"', first).is_none() {
        return line.map_or(End::Open { quoted: false }, End::At);
    }
    let mut at = 0;
    loop {
        // at the start of a field
        while bytes.get(at) == Some(&b'"') {
            let Some(close) = memchr(b'"', bytes.get(at + 1..).unwrap_or_default()) else {
                return End::Open { quoted: true };
            };
            // a quote right after it is the second of two, and opens again
            at += close + 2;
        }
        match memchr2(b',', b'\n', bytes.get(at..).unwrap_or_default()) {
            None => return End::Open { quoted: false },
            Some(found) if bytes.get(at + found) == Some(&b'\n') => return End::At(at + found),
            Some(found) => at += found + 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use autods_sdk::loader::Job;
    use autods_sdk::testkit::MemoryHost;

    use super::*;

    fn records(text: &str, chunk: u32) -> Result<Vec<(u64, u64, String)>, Fault> {
        let job = Job {
            tables: Vec::new(),
            params: Vec::new(),
        };
        let host = MemoryHost::new(&job).source("a", text);
        let reader = SourceReader::new(&host, 0, 0, text.len() as u64).chunks_of(chunk);
        let mut records = Records::new(reader, 0, Dialect::Csv, 1);
        let mut all = Vec::new();
        while let Some(record) = records.next()? {
            let text = String::from_utf8(record.bytes.to_vec()).unwrap();
            all.push((record.line, record.end, text));
        }
        Ok(all)
    }

    #[test]
    fn records_are_the_same_whatever_the_chunks() {
        let text = "a,b\r\n\"x\n\"\"y\",\"\"\n\n5\" gauge,\"z\"\n\"a\"b,1\r\nend";
        for chunk in 1..20 {
            let expected = [
                (1, 5, "a,b"),
                (2, 16, "\"x\n\"\"y\",\"\""),
                (5, 30, "5\" gauge,\"z\""),
                (6, 38, "\"a\"b,1"),
                (7, 41, "end"),
            ]
            .map(|(line, end, text)| (line, end, text.to_owned()));
            assert_eq!(records(text, chunk).unwrap(), expected, "{chunk}");
        }
    }

    #[test]
    fn a_quote_that_stays_open_is_a_fault_at_its_record() {
        let fault = records("a\nb,\"c\nd", 3).unwrap_err();
        assert_eq!(fault.code, FaultCode::UnterminatedQuote);
        assert_eq!(fault.line, Some(2));
    }
}
