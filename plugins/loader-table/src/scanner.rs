//! Where records end.

use memchr::{memchr2, memchr3};

use crate::Dialect;

/// Finds the ends of records in a stream of chunks, however they are cut.
///
/// A quote opens a quoted part only at the start of a field; inside it a doubled quote stands for
/// itself and a line end belongs to the field.
#[derive(Clone, Debug)]
pub struct Scanner {
    dialect: Dialect,
    state: State,
    /// The byte before this one.
    previous: Option<u8>,
    line: u64,
    record_line: u64,
    quote_line: u64,
    blank_lines: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Between records: nothing of the next one was seen.
    Between,
    /// In a record, outside quotes.
    Outside,
    /// Inside quotes.
    Quoted,
    /// After a quote inside quotes: it closed them, or it is the first of two.
    QuoteInQuoted,
}

/// A record ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct End {
    /// Bytes of the chunk up to the line end.
    pub record: usize,
    /// Bytes of the chunk with the line end, as far as it is in the chunk.
    pub next: usize,
    /// The record's first line.
    pub line: u64,
}

impl Scanner {
    /// A scanner at the start of a record on that line.
    #[must_use]
    pub fn new(dialect: Dialect, first_line: u64) -> Self {
        Self {
            dialect,
            state: State::Between,
            previous: None,
            line: first_line,
            record_line: first_line,
            quote_line: first_line,
            blank_lines: 0,
        }
    }

    /// The number of the present line.
    #[must_use]
    pub fn line(&self) -> u64 {
        self.line
    }

    /// Blank lines so far.
    #[must_use]
    pub fn blank_lines(&self) -> u64 {
        self.blank_lines
    }

    /// Whether nothing of a record was seen since the last one ended.
    #[must_use]
    pub fn is_between(&self) -> bool {
        self.state == State::Between
    }

    /// The line of the quote that is still open.
    #[must_use]
    pub fn open_quote(&self) -> Option<u64> {
        (self.state == State::Quoted).then_some(self.quote_line)
    }

    /// The first line of the record that is being read.
    #[must_use]
    pub fn record_line(&self) -> u64 {
        self.record_line
    }

    /// Reads on to the end of the present record; `None` when the chunk ends before it does. The
    /// next chunk then carries on where this one stopped.
    ///
    /// Between records [`skip_blank`](Self::skip_blank) comes first, or a blank line is a record.
    pub fn end_of_record(&mut self, chunk: &[u8]) -> Option<End> {
        let mut at = 0;
        while at < chunk.len() {
            match self.state {
                State::Between => {
                    self.record_line = self.line;
                    self.state = State::Outside;
                    if self.opens_quote(chunk[at], true) {
                        self.previous = Some(chunk[at]);
                        at += 1;
                    }
                }
                State::Outside => match self.find(&chunk[at..]) {
                    None => break,
                    Some(found) => {
                        let here = at + found;
                        let before = match here {
                            0 => self.previous,
                            _ => Some(chunk[here - 1]),
                        };
                        let byte = chunk[here];
                        self.previous = Some(byte);
                        at = here + 1;
                        if is_line_end(byte) {
                            let next = at + self.end_line(byte, &chunk[at..]);
                            self.state = State::Between;
                            return Some(End {
                                record: here,
                                next,
                                line: self.record_line,
                            });
                        }
                        self.opens_quote(byte, before == Some(self.dialect.delimiter));
                        continue;
                    }
                },
                State::Quoted => match self.find(&chunk[at..]) {
                    None => break,
                    Some(found) => {
                        let before = match at + found {
                            0 => self.previous,
                            here => Some(chunk[here - 1]),
                        };
                        let byte = chunk[at + found];
                        at += found + 1;
                        self.previous = Some(byte);
                        match byte {
                            // the second half of one line end
                            b'\n' if before == Some(b'\r') => {}
                            b'\n' | b'\r' => self.line += 1,
                            _ => self.state = State::QuoteInQuoted,
                        }
                    }
                },
                State::QuoteInQuoted => {
                    if Some(chunk[at]) == self.dialect.quote {
                        self.state = State::Quoted;
                        self.previous = Some(chunk[at]);
                        at += 1;
                    } else {
                        self.state = State::Outside;
                    }
                }
            }
        }
        if let Some(&last) = chunk.last() {
            self.previous = Some(last);
        }
        None
    }

    /// Passes over blank lines at the start of the chunk when between records, and over the rest of
    /// a line end that the last chunk cut in two; gives the number of bytes.
    pub fn skip_blank(&mut self, chunk: &[u8]) -> usize {
        let mut at = 0;
        if self.state == State::Between {
            while let Some(&byte) = chunk.get(at).filter(|byte| is_line_end(**byte)) {
                at += 1;
                let rest_of_line_end = byte == b'\n' && self.previous == Some(b'\r');
                self.previous = Some(byte);
                if !rest_of_line_end {
                    self.line += 1;
                    self.blank_lines += 1;
                }
            }
        }
        at
    }

    /// Counts a line end; gives the bytes of its second half, if that is in `rest`.
    fn end_line(&mut self, byte: u8, rest: &[u8]) -> usize {
        self.line += 1;
        if byte == b'\r' && rest.first() == Some(&b'\n') {
            self.previous = Some(b'\n');
            return 1;
        }
        0
    }

    fn opens_quote(&mut self, byte: u8, starts_field: bool) -> bool {
        let opens = starts_field && Some(byte) == self.dialect.quote;
        if opens {
            self.state = State::Quoted;
            self.quote_line = self.line;
        }
        opens
    }

    /// The next byte that can matter: a line end or a quote.
    fn find(&self, bytes: &[u8]) -> Option<usize> {
        match self.dialect.quote {
            Some(quote) => memchr3(b'\n', b'\r', quote, bytes),
            None => memchr2(b'\n', b'\r', bytes),
        }
    }
}

fn is_line_end(byte: u8) -> bool {
    matches!(byte, b'\n' | b'\r')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The records of a text that is read in chunks, with their first lines.
    fn records(chunks: &[&[u8]]) -> Vec<(Vec<u8>, u64)> {
        let mut scanner = Scanner::new(Dialect::CSV, 1);
        let mut found = Vec::new();
        let mut record = Vec::new();
        for chunk in chunks {
            let mut at = 0;
            loop {
                at += scanner.skip_blank(&chunk[at..]);
                let Some(end) = scanner.end_of_record(&chunk[at..]) else {
                    record.extend_from_slice(&chunk[at..]);
                    break;
                };
                record.extend_from_slice(&chunk[at..at + end.record]);
                found.push((std::mem::take(&mut record), end.line));
                at += end.next;
            }
        }
        if !scanner.is_between() {
            found.push((record, scanner.record_line()));
        }
        found
    }

    proptest! {
        #[test]
        fn records_are_the_same_however_the_text_is_cut(
            text in "[a,\"\r\n]{0,40}",
            cuts in proptest::collection::vec(0usize..40, 0..6),
        ) {
            let bytes = text.as_bytes();
            let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut.min(bytes.len())).collect();
            cuts.extend([0, bytes.len()]);
            cuts.sort_unstable();
            let chunks: Vec<&[u8]> =
                cuts.windows(2).map(|pair| &bytes[pair[0]..pair[1]]).collect();
            prop_assert_eq!(records(&chunks), records(&[bytes]));
        }
    }

    #[test]
    fn a_line_end_inside_quotes_ends_no_record_but_counts() {
        let text = b"a,b\n\"x\r\ny\",2\r\n\n5\" pipe,3\r\"q\",\"\"\"\"";
        let found = records(&[text]);
        let expected: [(&[u8], u64); 4] = [
            (b"a,b", 1),
            (b"\"x\r\ny\",2", 2),
            (b"5\" pipe,3", 5),
            (b"\"q\",\"\"\"\"", 6),
        ];
        assert_eq!(found.len(), expected.len());
        for (found, expected) in found.iter().zip(expected) {
            assert_eq!((found.0.as_slice(), found.1), expected);
        }
    }
}
