//! Rows laid over the bytes of their file.

use std::ops::Range;

/// `rows` rows laid evenly over `bytes` bytes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RowsOf {
    pub(crate) rows: u64,
    pub(crate) bytes: u64,
}

impl RowsOf {
    /// The rows before that byte: none before the first, all before the end, never fewer before a
    /// later one. So neighbouring ranges of bytes hold neighbouring ranges of rows.
    pub(crate) fn before(self, byte: u64) -> u64 {
        if byte >= self.bytes {
            return self.rows;
        }
        let product = u128::from(byte) * u128::from(self.rows);
        u64::try_from(product / u128::from(self.bytes)).unwrap_or(self.rows)
    }

    /// The rows of a range of bytes.
    pub(crate) fn within(self, bytes: Range<u64>) -> Range<u64> {
        let start = self.before(bytes.start);
        start..self.before(bytes.end).max(start)
    }

    /// The first byte before which there are more rows than before that one; the end if none is.
    pub(crate) fn next(self, byte: u64) -> u64 {
        let wanted = u128::from(self.before(byte)) + 1;
        if wanted >= u128::from(self.rows) {
            return self.bytes;
        }
        let next = (wanted * u128::from(self.bytes)).div_ceil(u128::from(self.rows));
        u64::try_from(next).unwrap_or(self.bytes).min(self.bytes)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn any_cuts_hold_every_row_once(
            rows in 0_u64..10_000, bytes in 1_u64..10_000, cuts in proptest::collection::vec(0_u64..10_000, 0..9),
        ) {
            let of = RowsOf { rows, bytes };
            let mut cuts: Vec<u64> = cuts.into_iter().map(|cut| cut % (bytes + 1)).collect();
            cuts.extend([0, bytes]);
            cuts.sort_unstable();
            let mut next = 0;
            for pair in cuts.windows(2) {
                let range = of.within(pair[0]..pair[1]);
                prop_assert_eq!(range.start, next);
                next = range.end;
            }
            prop_assert_eq!(next, rows);
        }

        #[test]
        fn the_next_cut_is_the_first_that_holds_a_row(
            rows in 1_u64..1000, bytes in 1_u64..1000, byte in 0_u64..1000,
        ) {
            let of = RowsOf { rows, bytes };
            let byte = byte % bytes;
            let next = of.next(byte);
            prop_assert!(next > byte && next <= bytes);
            prop_assert!(of.before(next) > of.before(byte));
            prop_assert!(next == bytes || of.before(next - 1) == of.before(byte));
        }
    }

    #[test]
    fn the_largest_file_does_not_overflow() {
        let of = RowsOf {
            rows: u64::MAX,
            bytes: u64::MAX,
        };
        assert_eq!(of.before(u64::MAX - 1), u64::MAX - 1);
        assert_eq!(of.next(u64::MAX - 2), u64::MAX - 1);
    }
}
