//! What stands before the entries of a matrix (NIST, "The Matrix Market Exchange Formats", 1996).

use autods_sdk::loader::{Fault, SourceReader};

use super::lines::Lines;
use crate::origin::Origin;

/// The header of a coordinate matrix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) features: u64,
    pub(super) cells: u64,
    pub(super) entries: u64,
    /// Whether entries are places alone, all of the value one.
    pub(super) is_pattern: bool,
    /// Where the first entry begins, and the number of its line.
    pub(super) end: u64,
    pub(super) line: u64,
}

/// Lines of comments that are read.
const MAX_COMMENTS: u64 = 10_000;

impl Header {
    pub(super) fn read(origin: Origin<'_>) -> Result<Self, Fault> {
        let mut lines = Lines::new(origin, 0, SourceReader::CHUNK >> 4);
        let broken = |rule: &str, line: u64| origin.malformed("the header", rule).at_line(line);
        let banner = lines.next()?.unwrap_or_default().to_ascii_lowercase();
        let words: Vec<&str> = banner.split_ascii_whitespace().collect();
        let is_pattern = match words.as_slice() {
            [
                "%%matrixmarket",
                "matrix",
                "coordinate",
                "integer" | "real",
                "general",
            ] => false,
            [
                "%%matrixmarket",
                "matrix",
                "coordinate",
                "pattern",
                "general",
            ] => true,
            _ => return Err(broken("no general coordinate matrix of real numbers", 1)),
        };
        for line in 2..MAX_COMMENTS {
            let Some(text) = lines.next()? else {
                return Err(broken("no sizes", line));
            };
            if text.starts_with('%') || text.trim().is_empty() {
                continue;
            }
            let sizes: Option<Vec<u64>> = text
                .split_ascii_whitespace()
                .map(|word| word.parse().ok())
                .collect();
            return match sizes.as_deref() {
                Some([features, cells, entries]) => Ok(Self {
                    features: *features,
                    cells: *cells,
                    entries: *entries,
                    is_pattern,
                    end: lines.offset,
                    line: line + 1,
                }),
                _ => Err(broken("three sizes are expected", line)),
            };
        }
        Err(broken("too many comments", MAX_COMMENTS))
    }
}
