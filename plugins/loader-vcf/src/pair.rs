//! Genotypes of three bytes: `0/1`, `1|1`, `./.`, and so nearly every genotype there is.

/// Two alleles of one digit, or points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Pair(u8);

/// What a point is in half a byte; what follows it in ASCII is the sign, and then the digits.
const POINT: u8 = b'.';
const ZERO: u8 = b'0' - POINT;

impl Pair {
    /// Reads three bytes; also says whether they are phased. `None` where they are anything else,
    /// or have an allele above `most`: then it is for [`Genotype`](crate::genotype::Genotype) to
    /// say what they are.
    pub(crate) fn read([first, sign, second]: [u8; 3], most: u8) -> Option<(Self, bool)> {
        let (first, second) = (first.wrapping_sub(POINT), second.wrapping_sub(POINT));
        let is_allele = |half: u8| half == 0 || (half >= ZERO && half <= most + ZERO);
        let holds = is_allele(first) && is_allele(second) && matches!(sign, b'/' | b'|');
        holds.then_some((Self(first << 4 | second), sign == b'|'))
    }

    /// The highest allele that a pair may have, where ALT has so many.
    pub(crate) fn most(alternates: Option<usize>) -> u8 {
        alternates.map_or(9, |number| u8::try_from(number).unwrap_or(9).min(9))
    }

    /// Both alleles; `None` is a point.
    pub(crate) fn alleles(self) -> [Option<u32>; 2] {
        let allele = |half: u8| half.checked_sub(ZERO).map(u32::from);
        [allele(self.0 >> 4), allele(self.0 & 15)]
    }
}

/// The pairs of a site, counted.
#[derive(Debug)]
pub(crate) struct Pairs {
    most: u8,
    /// By pair.
    counts: [u32; 256],
}

impl Default for Pairs {
    fn default() -> Self {
        Self {
            most: 0,
            counts: [0; 256],
        }
    }
}

impl Pairs {
    /// Begins with a site whose alleles are those.
    pub(crate) fn begin(&mut self, most: u8) {
        for pair in possible(self.most) {
            self.counts[usize::from(pair.0)] = 0;
        }
        self.most = most;
    }

    /// Counts a pair that was read with the alleles of the site.
    pub(crate) fn add(&mut self, pair: Pair) {
        self.counts[usize::from(pair.0)] += 1;
    }

    /// Counts the pairs at the beginning of the columns of samples, as far as each is all that its
    /// sample has, but no more than `samples`; gives their number. Each takes four bytes, with its
    /// tabulator.
    pub(crate) fn add_leading(&mut self, text: &[u8], samples: usize) -> usize {
        let (columns, last) = text.as_chunks::<4>();
        let mut found = 0;
        for &[first, sign, second, tab] in columns.iter().take(samples) {
            let pair = Pair::read([first, sign, second], self.most);
            let (b'\t', Some((pair, _))) = (tab, pair) else {
                return found;
            };
            self.add(pair);
            found += 1;
        }
        if found < samples
            && let Ok(last) = last.try_into()
            && let Some((pair, _)) = Pair::read(last, self.most)
        {
            self.add(pair);
            found += 1;
        }
        found
    }

    /// Each pair that was found, and how often.
    pub(crate) fn found(&self) -> impl Iterator<Item = (Pair, u64)> {
        let counted = |pair: Pair| (pair, u64::from(self.counts[usize::from(pair.0)]));
        possible(self.most)
            .map(counted)
            .filter(|(_, count)| *count > 0)
    }
}

/// All pairs of points and the alleles up to `most`.
fn possible(most: u8) -> impl Iterator<Item = Pair> {
    let halves = move || std::iter::once(0).chain(ZERO..=most + ZERO);
    halves().flat_map(move |first| halves().map(move |second| Pair(first << 4 | second)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::genotype::Genotype;

    #[test]
    fn pairs_are_what_the_specification_has_them_be() {
        let bytes: Vec<u8> = (0..128).collect();
        for alternates in [None, Some(1), Some(3), Some(12)] {
            let most = Pair::most(alternates);
            for (first, sign, second) in bytes
                .iter()
                .flat_map(|first| b"/|:\t".iter().map(move |sign| (first, sign)))
                .flat_map(|(first, sign)| bytes.iter().map(move |second| (first, sign, second)))
            {
                let three = [*first, *sign, *second];
                let text = std::str::from_utf8(&three).unwrap();
                let mut genotype = Genotype::default();
                let slowly = genotype.read(text, alternates, true);
                let Some((pair, phased)) = Pair::read(three, most) else {
                    // a sign in front, and so one allele less
                    assert!(slowly.is_err() || b"/|".contains(first), "{text:?}");
                    continue;
                };
                slowly.unwrap();
                assert_eq!(genotype.phased, phased, "{text:?}");
                assert!(genotype.alleles().eq(pair.alleles()), "{text:?}");
            }
        }
    }

    #[test]
    fn leading_pairs_end_at_the_first_sample_that_has_more_or_less() {
        for (text, samples, expected) in [
            ("0|0\t1|1\t./.", 3, 3),
            ("0|0\t1|1\t./.", 2, 2),
            ("0|0\t1|1\t", 3, 2),
            ("0|0\t1\t1|1", 3, 1),
            ("0|0\t0|1:3\t1|1", 3, 1),
            ("0|0\t1|2\t1|1", 3, 1),
            ("0|0", 1, 1),
            ("0|", 1, 0),
            ("", 1, 0),
            ("0|0\t1|1", 0, 0),
        ] {
            let mut pairs = Pairs::default();
            pairs.begin(1);
            let found = pairs.add_leading(text.as_bytes(), samples);
            assert_eq!(found, expected, "{text:?}");
            let counted: u64 = pairs.found().map(|(_, count)| count).sum();
            assert_eq!(counted, found as u64, "{text:?}");
        }
    }
}
