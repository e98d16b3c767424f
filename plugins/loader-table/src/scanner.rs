//! Where records end.

use memchr::{memchr2, memchr3};
use wide::u8x16;

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

/// Bytes that [`Scanner::pass_over`] looks at together: as many as a mask has bits.
const BLOCK: usize = 64;

/// Blocks whose line feeds are counted together: four to a lane and block, which holds 255.
const MOST: usize = 63;

/// Bytes of a vector.
const LANES: usize = 16;

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

    /// Passes over records whose ends nobody wants, as far as whole blocks of 64 bytes go and no
    /// carriage return stands alone. Gives the number of bytes; the present record may then be
    /// another one.
    ///
    /// What [`end_of_record`](Self::end_of_record) finds afterwards is what it would have found; blank
    /// lines among what was passed over are not counted as such.
    pub fn pass_over(&mut self, chunk: &[u8]) -> usize {
        // halves of line ends and of doubled quotes that a chunk cut in two are for the slow way
        if self.previous == Some(b'\r') || self.state == State::QuoteInQuoted {
            return 0;
        }
        let (blocks, _) = chunk.as_chunks::<BLOCK>();
        let mut left = blocks;
        loop {
            let (count, feeds) = plain(left, self.dialect.quote);
            let (over, rest) = left.split_at(count);
            if let Some(block) = over.last() {
                self.pass_plain(feeds, block[BLOCK - 1]);
            }
            left = rest;
            match left.split_first() {
                // as many as can be counted at a time
                Some(_) if count == MOST => {}
                Some((block, rest)) if self.pass_block(block) => left = rest,
                _ => return (blocks.len() - left.len()) * BLOCK,
            }
        }
    }

    /// Passes over bytes without a quote that end in `last` and have so many line ends.
    fn pass_plain(&mut self, feeds: u64, last: u8) {
        let quoted = self.state == State::Quoted;
        if !quoted && (feeds > 0 || self.state == State::Between) {
            self.record_line = self.line + feeds;
        }
        self.line += feeds;
        self.passed(quoted, last);
    }

    fn passed(&mut self, quoted: bool, last: u8) {
        self.previous = Some(last);
        self.state = match (quoted, last) {
            (true, _) => State::Quoted,
            (false, b'\n') => State::Between,
            (false, _) => State::Outside,
        };
    }

    /// Passes over one block; `false`, and nothing changed, where that cannot be done.
    fn pass_block(&mut self, block: &[u8; BLOCK]) -> bool {
        let marks = Marks::of(block, self.dialect);
        // a carriage return is half of a line end, or a line end of its own: that one is rare
        let alone = marks.returns & !(marks.feeds >> 1);
        if alone != 0 {
            return false;
        }
        if marks.quotes == 0 {
            self.pass_plain(u64::from(marks.feeds.count_ones()), block[BLOCK - 1]);
            return true;
        }
        // a quote at the very end may be the first of two
        if marks.quotes >> (BLOCK - 1) != 0 {
            return false;
        }
        let within = self.state == State::Quoted;
        // between an odd quote and the next even one, the odd one included
        let inside = prefix_xor(marks.quotes) ^ if within { u64::MAX } else { 0 };
        let opening = marks.quotes & inside;
        let first = match self.previous {
            Some(byte) => byte == b'\n' || byte == self.dialect.delimiter,
            None => true,
        };
        // a quote opens at the start of a field, or is the second of two
        let delimiters = places(block, self.dialect.delimiter);
        let may_open = ((delimiters | marks.feeds | marks.quotes) << 1) | u64::from(first);
        if opening & !may_open != 0 {
            return false;
        }
        let lines_to = |mask: u64| u64::from((marks.feeds & mask).count_ones());
        if self.state == State::Between {
            self.record_line = self.line;
        }
        let ends = marks.feeds & !inside;
        if ends != 0 {
            self.record_line = self.line + lines_to(u64::MAX >> ends.leading_zeros());
        }
        let opened = opening & !(marks.quotes << 1);
        if opened != 0 {
            self.quote_line = self.line + lines_to(u64::MAX >> opened.leading_zeros());
        }
        self.line += lines_to(u64::MAX);
        let quoted = inside >> (BLOCK - 1) != 0;
        self.passed(quoted, block[BLOCK - 1]);
        true
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

/// Where the bytes that matter are in a block: bit *i* for byte *i*.
#[derive(Clone, Copy, Default)]
struct Marks {
    feeds: u64,
    returns: u64,
    quotes: u64,
}

impl Marks {
    fn of(block: &[u8; BLOCK], dialect: Dialect) -> Self {
        let mut marks = Self::default();
        let [feed, carriage] = [b'\n', b'\r'].map(u8x16::splat);
        // without quotes: one that is looked for already
        let quote = u8x16::splat(dialect.quote.unwrap_or(b'\n'));
        for (at, part) in block.as_chunks::<LANES>().0.iter().enumerate() {
            let lanes = u8x16::new(*part);
            let shifted = |found: u8x16| u64::from(found.to_bitmask()) << (LANES * at);
            marks.feeds |= shifted(lanes.simd_eq(feed));
            marks.returns |= shifted(lanes.simd_eq(carriage));
            marks.quotes |= shifted(lanes.simd_eq(quote));
        }
        if dialect.quote.is_none() {
            marks.quotes = 0;
        }
        marks
    }
}

/// Where one byte is in a block.
fn places(block: &[u8; BLOCK], byte: u8) -> u64 {
    let byte = u8x16::splat(byte);
    let parts = block.as_chunks::<LANES>().0.iter().enumerate();
    parts.fold(0, |mask, (at, part)| {
        let found = u8x16::new(*part).simd_eq(byte).to_bitmask();
        mask | u64::from(found) << (LANES * at)
    })
}

/// Bit *i* is the parity of bits 0 to *i*.
fn prefix_xor(mut bits: u64) -> u64 {
    for by in [1, 2, 4, 8, 16, 32] {
        bits ^= bits << by;
    }
    bits
}

/// How many blocks follow each other without a quote, and without a carriage return that stands
/// alone or at a block's end; and the line feeds in them. Not more than [`MOST`].
///
/// A loop that ends at what it finds, one block at a time: compilers keep its few vectors in
/// registers, in WebAssembly too.
fn plain(blocks: &[[u8; BLOCK]], quote: Option<u8>) -> (usize, u64) {
    let [feed, carriage] = [b'\n', b'\r'].map(u8x16::splat);
    // without quotes: one that is looked for anyway
    let quote = u8x16::splat(quote.unwrap_or(b'\r'));
    let (mut count, mut feeds) = (0, u8x16::ZERO);
    for block in blocks.iter().take(MOST) {
        let (mut others, mut ends) = (u8x16::ZERO, u8x16::ZERO);
        for part in block.as_chunks::<LANES>().0 {
            let lanes = u8x16::new(*part);
            // a lane that is equal is −1; sums stay vectors of bytes, where compilers would take
            // "or" for one of bits, which WebAssembly does not have
            others += lanes.simd_eq(quote) + lanes.simd_eq(carriage);
            ends += lanes.simd_eq(feed);
        }
        if any(others) && !only_ends(block, quote) {
            break;
        }
        feeds -= ends;
        count += 1;
    }
    (count, sum(feeds))
}

/// Whether a block has no quote, and a line feed behind each of its carriage returns. A call: as a
/// part of the loop it would have everything that it might need kept for it.
#[inline(never)]
fn only_ends(block: &[u8; BLOCK], quote: u8x16) -> bool {
    let [feed, carriage] = [b'\n', b'\r'].map(u8x16::splat);
    let looks_for_quotes = quote != carriage;
    let (mut returns, mut ends, mut quotes) = (0_u64, 0_u64, 0_u64);
    for (at, part) in block.as_chunks::<LANES>().0.iter().enumerate() {
        let lanes = u8x16::new(*part);
        let shifted = |found: u8x16| u64::from(found.to_bitmask()) << (LANES * at);
        returns |= shifted(lanes.simd_eq(carriage));
        ends |= shifted(lanes.simd_eq(feed));
        quotes |= shifted(lanes.simd_eq(quote));
    }
    returns & !(ends >> 1) == 0 && !(looks_for_quotes && quotes != 0)
}

/// Whether a lane is set.
fn any(lanes: u8x16) -> bool {
    let [low, high] = words(lanes);
    low | high != 0
}

/// A vector as two words.
fn words(lanes: u8x16) -> [u64; 2] {
    let lanes = lanes.to_array();
    let (words, _) = lanes.as_chunks::<8>();
    [0, 1].map(|at| words.get(at).map_or(0, |word| u64::from_le_bytes(*word)))
}

/// Sum of all lanes: as four lanes of 16 bits, which a product then adds up.
fn sum(lanes: u8x16) -> u64 {
    const EVEN: u64 = 0x00ff_00ff_00ff_00ff;
    const ONES: u64 = 0x0001_0001_0001_0001;
    let pairs = |word: u64| (word & EVEN) + ((word >> 8) & EVEN);
    let [low, high] = words(lanes);
    (pairs(low) + pairs(high)).wrapping_mul(ONES) >> 48
}

fn is_line_end(byte: u8) -> bool {
    matches!(byte, b'\n' | b'\r')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn plain_blocks_end_at_what_is_not_plain_and_every_line_feed_counts() {
        for feeds in 0..=BLOCK {
            let mut block = [b'x'; BLOCK];
            // spread over all lanes: 37 has no factor in common with 64
            for at in 0..feeds {
                block[at * 37 % BLOCK] = b'\n';
            }
            let blocks = [block; MOST + 1];
            let quote = Some(b'"');
            assert_eq!(plain(&blocks, quote), (MOST, (MOST * feeds) as u64));
            for at in 0..BLOCK {
                let with = |byte: u8| {
                    let mut blocks = [block; 3];
                    blocks[1][at] = byte;
                    blocks
                };
                let whole = |blocks: &[[u8; BLOCK]; 3]| {
                    let bytes = blocks.as_flattened();
                    (
                        3,
                        bytes.iter().filter(|byte| **byte == b'\n').count() as u64,
                    )
                };
                assert_eq!(plain(&with(b'"'), quote), (1, feeds as u64));
                assert_eq!(plain(&with(b'"'), None), whole(&with(b'"')));
                let returns = with(b'\r');
                let alone = returns[1].get(at + 1) != Some(&b'\n');
                let expected = if alone {
                    (1, feeds as u64)
                } else {
                    whole(&returns)
                };
                assert_eq!(plain(&returns, quote), expected);
                assert_eq!(plain(&returns, None), expected);
            }
        }
    }

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

    proptest! {
        #[test]
        fn what_is_passed_over_changes_nothing(
            parts in proptest::collection::vec(
                prop_oneof![
                    8 => "[a,]{1,90}\n",
                    2 => "[a,]{0,600}",
                    1 => Just("\n".to_owned()),
                    1 => Just("\r\n".to_owned()),
                    1 => Just("\"".to_owned()),
                    1 => Just("\r".to_owned()),
                    2 => "[a,]{0,9}\r\n",
                    2 => "(\"[a,\n]{0,9}(\"\")?[a\r\n]{0,4}\",){1,9}\n",
                    1 => Just(",\"b\n,\"\"\",".to_owned()),
                ],
                0..40,
            ),
            jumps in proptest::collection::vec(0usize..4, 0..40),
        ) {
            let text = parts.concat();
            let bytes = text.as_bytes();
            // every end, without passing over anything
            let mut slow = Scanner::new(Dialect::CSV, 1);
            let mut ends = std::collections::BTreeMap::new();
            let mut at = 0;
            loop {
                at += slow.skip_blank(&bytes[at..]);
                let Some(end) = slow.end_of_record(&bytes[at..]) else { break };
                let start = at;
                at += end.next;
                ends.insert(start + end.record, (at, end.line, slow.line()));
            }
            let mut fast = Scanner::new(Dialect::CSV, 1);
            let mut at = 0;
            let mut jumps = jumps.into_iter();
            loop {
                if jumps.next().is_some_and(|jump| jump > 0) {
                    at += fast.pass_over(&bytes[at..]);
                }
                at += fast.skip_blank(&bytes[at..]);
                let start = at;
                let Some(end) = fast.end_of_record(&bytes[at..]) else { break };
                at += end.next;
                prop_assert_eq!(ends.get(&(start + end.record)), Some(&(at, end.line, fast.line())));
            }
            prop_assert_eq!(fast.is_between(), slow.is_between());
            prop_assert_eq!(fast.open_quote(), slow.open_quote());
            prop_assert_eq!(fast.line(), slow.line());
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
