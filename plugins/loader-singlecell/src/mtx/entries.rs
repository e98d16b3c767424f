//! The entries of a coordinate matrix: a feature, a cell, and a value a line.

use std::ops::Range;

use autods_sdk::loader::{Fault, SourceReader, cell};

use super::header::Header;
use super::lines::Lines;
use crate::matrix::See;
use crate::origin::Origin;

/// Bytes that a look at one line reads.
const PROBE: u32 = 256;

/// The entries of a file.
pub(crate) struct Entries<'h> {
    origin: Origin<'h>,
    header: Header,
    /// Whether they are in the order of their cells.
    pub(crate) is_ordered: bool,
}

/// One of them, with places from 0.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Entry {
    feature: u64,
    cell: u64,
    value: f64,
}

impl<'h> Entries<'h> {
    /// Reads the header and, where the file is taken as a whole, all entries: whether there are as
    /// many as it says, and in which order. Who reads a part of a file knows that it is ordered.
    pub(crate) fn open(origin: Origin<'h>, is_whole: bool) -> Result<Self, Fault> {
        let header = Header::read(origin)?;
        let mut entries = Self {
            origin,
            header,
            is_ordered: true,
        };
        if is_whole {
            entries.is_ordered = entries.check()?;
        }
        Ok(entries)
    }

    /// Features and cells.
    pub(crate) fn shape(&self) -> [u64; 2] {
        [self.header.features, self.header.cells]
    }

    /// Whether the entries are in order; a fault has its line.
    fn check(&self) -> Result<bool, Fault> {
        let mut lines = Lines::new(self.origin, self.header.end, SourceReader::CHUNK);
        let (mut line, mut last, mut found) = (self.header.line, 0, 0);
        let mut is_ordered = true;
        while let Some(text) = lines.next()? {
            if let Some(entry) = self.entry(text).map_err(|fault| fault.at_line(line))? {
                is_ordered &= last <= entry.cell;
                last = entry.cell;
                found += 1;
            }
            line += 1;
        }
        if found == self.header.entries {
            return Ok(is_ordered);
        }
        let fault = self
            .origin
            .malformed("the matrix", "another number of entries");
        Err(fault.expected_found(self.header.entries, found))
    }

    /// Every entry of those cells, in the order of the file, if the file is ordered.
    pub(crate) fn visit_cells(&self, cells: &Range<u64>, see: &mut See<'_>) -> Result<(), Fault> {
        let start = self.find(cells.start)?;
        let mut lines = Lines::new(self.origin, start, SourceReader::CHUNK);
        let mut last = cells.start;
        while let Some(text) = lines.next()? {
            let Some(entry) = self.entry(text)? else {
                continue;
            };
            if entry.cell < last {
                return Err(self.origin.malformed("the matrix", "entries out of order"));
            }
            last = entry.cell;
            if entry.cell >= cells.end {
                break;
            }
            if entry.value != 0.0 {
                see(entry.cell, entry.feature, entry.value)?;
            }
        }
        Ok(())
    }

    /// Every entry of those features, in the order of the file.
    pub(crate) fn visit_features(
        &self,
        features: &Range<u64>,
        see: &mut See<'_>,
    ) -> Result<(), Fault> {
        let mut lines = Lines::new(self.origin, self.header.end, SourceReader::CHUNK);
        while let Some(text) = lines.next()? {
            let entry = self.entry(text)?.filter(|entry| entry.value != 0.0);
            if let Some(entry) = entry.filter(|entry| features.contains(&entry.feature)) {
                see(entry.feature, entry.cell, entry.value)?;
            }
        }
        Ok(())
    }

    /// Where the first line begins whose cell is that one or a later one.
    fn find(&self, cell: u64) -> Result<u64, Fault> {
        // lines that begin before `low` are of earlier cells, those at `high` or after are not
        let (mut low, mut high) = (self.header.end, self.origin.size);
        while low < high {
            let middle = low + (high - low) / 2;
            match self.look(middle)? {
                Some((begin, end, found)) if begin < high && found < cell => low = end,
                _ => high = middle,
            }
        }
        Ok(low)
    }

    /// The first entry whose line begins at that place or after it: where its line begins and ends,
    /// and its cell.
    fn look(&self, at: u64) -> Result<Option<(u64, u64, u64)>, Fault> {
        let mut lines = Lines::new(self.origin, at, PROBE);
        if at > self.header.end {
            lines = Lines::new(self.origin, at - 1, PROBE);
            // the end of the line before
            lines.next()?;
        }
        loop {
            let begin = lines.offset;
            let Some(text) = lines.next()? else {
                return Ok(None);
            };
            let entry = self.entry(text)?;
            if let Some(entry) = entry {
                return Ok(Some((begin, lines.offset, entry.cell)));
            }
        }
    }

    /// Reads a line; a blank one has no entry.
    fn entry(&self, text: &str) -> Result<Option<Entry>, Fault> {
        let mut words = text.split_ascii_whitespace();
        let Some(first) = words.next() else {
            return Ok(None);
        };
        let place = |word: Option<&str>, size: u64| {
            let place = word?.parse::<u64>().ok()?.checked_sub(1)?;
            (place < size).then_some(place)
        };
        let mut entry = || {
            let feature = place(Some(first), self.header.features)?;
            let cell = place(words.next(), self.header.cells)?;
            let value = if self.header.is_pattern {
                1.0
            } else {
                number(words.next()?)?
            };
            let is_whole = words.next().is_none();
            is_whole.then_some(Entry {
                feature,
                cell,
                value,
            })
        };
        let broken = || {
            self.origin
                .malformed("an entry", "two places and a value are expected")
        };
        entry().map(Some).ok_or_else(broken)
    }
}

/// A number, which may be none or infinite as C prints it.
fn number(word: &str) -> Option<f64> {
    cell::number(word).or_else(|| word.parse().ok())
}
