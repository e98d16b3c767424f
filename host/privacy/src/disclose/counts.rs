//! Counts in a row, with their sum.

use super::Disclosure;

impl Disclosure {
    /// The counts of a partition whose total is published, in order; nothing where a count is
    /// hidden. Either none is hidden, or so many that
    /// - they are at least two, and
    /// - each of them could, as far as the total tells, also be as large as the threshold.
    ///
    /// A total below the threshold must itself be hidden: ask [`Disclosure::count`].
    #[must_use]
    pub fn counts(&self, counts: &[u64]) -> Vec<Option<u64>> {
        let mut hidden: Vec<bool> = counts.iter().map(|&count| self.is_small(count)).collect();
        if hidden.contains(&true) {
            let mut candidates: Vec<usize> = (0..counts.len())
                .filter(|&cell| !hidden[cell] && counts[cell] > 0)
                .collect();
            // The smallest first: it costs least. Equal ones from the end.
            candidates.sort_by_key(|&cell| (counts[cell], counts.len() - cell));
            let mut candidates = candidates.into_iter();
            while !self.is_safe(counts, &hidden) {
                match candidates.next() {
                    Some(cell) => hidden[cell] = true,
                    // Only zeros are left, which nobody would hide, so that hiding them puts
                    // every count in doubt.
                    None => {
                        hidden.fill(true);
                        break;
                    }
                }
            }
        }
        counts
            .iter()
            .zip(hidden)
            .map(|(&count, hidden)| (!hidden).then_some(count))
            .collect()
    }

    fn is_safe(&self, counts: &[u64], hidden: &[bool]) -> bool {
        let cells = hidden.iter().filter(|&&hidden| hidden).count() as u64;
        let sum: u64 = counts
            .iter()
            .zip(hidden)
            .filter(|(_, hidden)| **hidden)
            .fold(0, |sum, (&count, _)| sum.saturating_add(count));
        // What one of them can be at most, when all others are the least they can be.
        let most = sum.saturating_sub(self.least().saturating_mul(cells.saturating_sub(1)));
        cells >= 2 && most >= self.threshold
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const ELEVEN: Disclosure = Disclosure {
        threshold: 11,
        hide_zeros: false,
    };

    #[test]
    fn large_counts_and_zeros_are_shown() {
        assert_eq!(ELEVEN.counts(&[11, 200, 0]), [Some(11), Some(200), Some(0)]);
        assert_eq!(ELEVEN.counts(&[]), Vec::<Option<u64>>::new());
    }

    #[test]
    fn a_small_count_takes_the_smallest_other_one_with_it() {
        assert_eq!(
            ELEVEN.counts(&[500, 4, 60, 70]),
            [Some(500), None, None, Some(70)]
        );
        assert_eq!(ELEVEN.counts(&[5, 95]), [None, None]);
    }

    #[test]
    fn two_small_counts_whose_sum_gives_them_away_take_a_third() {
        assert_eq!(ELEVEN.counts(&[1, 1, 60, 70]), [None, None, None, Some(70)]);
        assert_eq!(ELEVEN.counts(&[9, 9, 60]), [None, None, Some(60)]);
    }

    #[test]
    fn with_nothing_left_to_hide_zeros_are_hidden_too() {
        assert_eq!(ELEVEN.counts(&[5, 0, 0]), [None, None, None]);
        assert_eq!(ELEVEN.counts(&[3]), [None]);
    }

    #[test]
    fn zeros_are_hidden_where_the_policy_says_so() {
        let strict = Disclosure {
            hide_zeros: true,
            ..ELEVEN
        };
        assert_eq!(strict.counts(&[0, 50, 60]), [None, None, Some(60)]);
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn no_total_gives_a_hidden_count_back(
            counts in prop::collection::vec(prop_oneof![Just(0_u64), 1_u64..14, 11_u64..300], 0..9),
            threshold in 2_u64..15,
            hide_zeros in any::<bool>(),
        ) {
            let rules = Disclosure { threshold, hide_zeros };
            let shown = rules.counts(&counts);
            let total: u64 = counts.iter().sum();
            let hidden: Vec<usize> = (0..counts.len()).filter(|&cell| shown[cell].is_none()).collect();
            for (cell, count) in counts.iter().enumerate() {
                prop_assert!(shown[cell].is_none_or(|value| value == *count && !rules.is_small(value)));
            }
            // Whoever publishes a total has asked whether it is large enough.
            if rules.count(total).is_none() || total == 0 || hidden.is_empty() {
                return Ok(());
            }
            prop_assert!(hidden.len() >= 2 || counts.len() == 1);
            let rest = total - shown.iter().flatten().sum::<u64>();
            // Once everything is hidden, zeros may be among it.
            let least = if hidden.len() == counts.len() { 0 } else { rules.least() };
            if counts.len() > 1 {
                let most = rest - least * (hidden.len() as u64 - 1);
                prop_assert!(most >= threshold, "at most {most}");
                prop_assert!(least < threshold);
                prop_assert!(most > least);
            }
        }
    }
}
