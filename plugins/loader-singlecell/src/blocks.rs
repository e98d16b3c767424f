//! Ranges a block at a time.

use std::ops::Range;

/// The range in blocks of at most `size`, which counts as one at least.
pub(crate) fn blocks(range: Range<u64>, size: u64) -> impl Iterator<Item = Range<u64>> {
    let size = size.max(1);
    let mut next = range.start;
    std::iter::from_fn(move || {
        let start = next;
        next = start.saturating_add(size).min(range.end);
        (start < range.end).then_some(start..next)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_cover_their_range() {
        assert_eq!(blocks(3..8, 2).collect::<Vec<_>>(), [3..5, 5..7, 7..8]);
        assert_eq!(blocks(3..3, 2).count(), 0);
        assert_eq!(blocks(0..2, 0).count(), 2);
        assert_eq!(blocks(u64::MAX - 1..u64::MAX, 9).count(), 1);
    }
}
