//! Values of Arrow buffers that a stranger filled, checked where they lie (Arrow columnar format,
//! "Validity bitmaps" and "Variable-size Binary Layout").

/// How many of `rows` a validity bitmap says are missing; `None` where it is too short.
pub(crate) fn missing(validity: &[u8], rows: usize) -> Option<usize> {
    let bits = validity.get(..rows.div_ceil(8))?;
    let (words, rest) = bits.split_at(rows / 64 * 8);
    let (words, _) = words.as_chunks::<8>();
    let mut present: usize = words
        .iter()
        .map(|word| u64::from_le_bytes(*word).count_ones() as usize)
        .sum();
    let mut left = rows % 64;
    for byte in rest {
        // bits past the last row are nobody's
        let mask = if left < 8 { (1_u8 << left) - 1 } else { 0xff };
        present += (byte & mask).count_ones() as usize;
        left = left.saturating_sub(8);
    }
    Some(rows - present)
}

/// Whether `offsets` cut `text` into `rows` texts: they begin inside, never go back, end inside,
/// and every piece is UTF-8.
pub(crate) fn are_texts(offsets: &[u8], rows: usize, text: &[u8]) -> bool {
    let (offsets, _) = offsets.as_chunks::<4>();
    if offsets.is_empty() {
        return rows == 0;
    }
    let Some(offsets) = offsets.get(..=rows) else {
        return false;
    };
    let at = |offset: &[u8; 4]| i32::from_le_bytes(*offset);
    let (Some(first), Some(last)) = (offsets.first().map(at), offsets.last().map(at)) else {
        return false;
    };
    // Without a branch for each: compilers make vectors of it.
    let backwards = offsets
        .iter()
        .zip(offsets.iter().skip(1))
        .fold(false, |found, (from, to)| found | (at(from) > at(to)));
    let (Ok(first), Ok(last)) = (usize::try_from(first), usize::try_from(last)) else {
        return false;
    };
    let Some(used) = text.get(first..last).filter(|_| !backwards) else {
        return false;
    };
    if used.is_ascii() {
        return true;
    }
    // All of it is UTF-8 and no cut is inside a character: then so is every piece, and the other
    // way round.
    std::str::from_utf8(used).is_ok_and(|used| {
        offsets.iter().all(|offset| {
            usize::try_from(at(offset)).is_ok_and(|at| used.is_char_boundary(at - first))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offsets(cuts: &[i32]) -> Vec<u8> {
        cuts.iter().flat_map(|cut| cut.to_le_bytes()).collect()
    }

    #[test]
    fn missing_values_are_counted_within_the_rows_only() {
        assert_eq!(missing(&[0b0000_0101], 3), Some(1));
        assert_eq!(missing(&[0b1111_1000], 3), Some(3));
        assert_eq!(missing(&[0xff; 8], 64), Some(0));
        let mut bits = vec![0xff; 17];
        bits[0] = 0;
        bits[16] = 0b1111_1110;
        assert_eq!(missing(&bits, 129), Some(9));
        assert_eq!(missing(&[], 0), Some(0));
        assert_eq!(missing(&[], 1), None);
    }

    #[test]
    fn texts_begin_inside_never_go_back_and_are_cut_between_characters() {
        let text = "aé€".as_bytes();
        assert!(are_texts(&offsets(&[0, 1, 3, 6]), 3, text));
        assert!(are_texts(&offsets(&[1, 1, 3, 3]), 3, text));
        assert!(are_texts(&[], 0, text));
        assert!(are_texts(&offsets(&[0, 1, 3, 6, 99]), 3, text));
        for (cuts, rows) in [
            (&[0, 2, 6][..], 2),
            (&[0, 3, 1], 2),
            (&[-1, 1], 1),
            (&[0, 7], 1),
            (&[0, 5], 1),
            (&[0], 1),
            (&[7], 0),
            (&[3, 1, 6], 2),
        ] {
            assert!(!are_texts(&offsets(cuts), rows, text), "{cuts:?}");
        }
        assert!(!are_texts(&offsets(&[0, 2]), 1, &[0xc3, 0x28]));
        assert!(!are_texts(&[], 1, text));
    }
}
