//! Shares, quantiles and moments.

use super::Disclosure;

/// Digits that a mean or a quantile keeps: enough to compare, too few to tell one person more or
/// less in a large group.
const DIGITS: i32 = 4;

impl Disclosure {
    /// The share of `part` in `whole`, rounded to 0.001; nothing if the share would give a small
    /// count away: of the whole, of the part, or of the rest.
    #[must_use]
    pub fn rate(&self, part: u64, whole: u64) -> Option<f64> {
        let rest = whole.checked_sub(part)?;
        let hidden =
            whole < self.threshold || whole == 0 || self.is_small(part) || self.is_small(rest);
        (!hidden).then(|| rounded(part as f64 / whole as f64))
    }

    /// What the share of `part` in `whole` is at most, rounded up to 0.001: the share itself where
    /// it may be shown, else what it would be with a part of one below the threshold. Nothing for
    /// a small whole. It tells "hardly anybody" without telling how many.
    #[must_use]
    pub fn rate_at_most(&self, part: u64, whole: u64) -> Option<f64> {
        let rest = whole.checked_sub(part)?;
        if whole < self.threshold || whole == 0 {
            return None;
        }
        let most = if self.is_small(part) {
            (self.threshold - 1).min(whole)
        } else if self.is_small(rest) {
            whole
        } else {
            part
        };
        Some((most as f64 / whole as f64 * 1000.0).ceil() / 1000.0)
    }

    /// Whether so many values lie on either side of this quantile that it is nobody's own.
    #[must_use]
    pub fn allows_quantile(&self, share: f64, values: u64) -> bool {
        let below = (share * values as f64).floor();
        let above = ((1.0 - share) * values as f64).floor();
        below >= self.threshold as f64 && above >= self.threshold as f64
    }
}

/// Rounded to 0.001.
pub(crate) fn rounded(share: f64) -> f64 {
    (share * 1000.0).round() / 1000.0
}

/// Rounded to four digits that count.
pub(crate) fn coarse(number: f64) -> f64 {
    if number == 0.0 || !number.is_finite() {
        return number;
    }
    let places = DIGITS - 1 - number.abs().log10().floor() as i32;
    if places > 300 {
        return 0.0;
    }
    let rounded = if places >= 0 {
        let scale = 10_f64.powi(places);
        (number * scale).round() / scale
    } else {
        let scale = 10_f64.powi(-places);
        (number / scale).round() * scale
    };
    if rounded.is_finite() { rounded } else { number }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn rates_are_rounded_and_small_parts_hidden() {
        let rules = Disclosure::default();
        assert_eq!(rules.rate(20, 60), Some(0.333));
        assert_eq!(rules.rate(0, 60), Some(0.0));
        assert_eq!(rules.rate(5, 60), None);
        assert_eq!(rules.rate(55, 60), None);
        assert_eq!(rules.rate(10, 10), None);
        assert_eq!(rules.rate(2, 1), None);
        assert_eq!(rules.rate(0, 0), None);
    }

    #[test]
    fn hardly_anybody_can_be_told_without_telling_how_many() {
        let rules = Disclosure::default();
        assert_eq!(rules.rate_at_most(1, 1000), rules.rate_at_most(10, 1000));
        assert_eq!(rules.rate_at_most(3, 1000), Some(0.01));
        assert_eq!(rules.rate_at_most(0, 1000), Some(0.0));
        assert_eq!(rules.rate_at_most(995, 1000), Some(1.0));
        assert_eq!(rules.rate_at_most(3, 9), None);
    }

    #[test]
    fn quantiles_need_enough_values_beyond_them() {
        let rules = Disclosure::default();
        assert!(!rules.allows_quantile(0.05, 219));
        assert!(rules.allows_quantile(0.05, 220));
        assert!(rules.allows_quantile(0.5, 22));
        assert!(!rules.allows_quantile(0.5, 21));
    }

    #[test]
    fn numbers_keep_four_digits() {
        assert_eq!(coarse(123_456.0), 123_500.0);
        assert_eq!(coarse(-0.001_234_56), -0.001_235);
        assert_eq!(coarse(0.0), 0.0);
        assert_eq!(coarse(4.0), 4.0);
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn a_shown_rate_hides_no_small_count(part in 0_u64..200, whole in 0_u64..200) {
            let rules = Disclosure::default();
            if let Some(rate) = rules.rate(part, whole) {
                prop_assert!(whole >= 11 && !(1..11).contains(&part) && !(1..11).contains(&(whole - part)));
                prop_assert!((rate - part as f64 / whole as f64).abs() <= 0.000_500_1);
            }
            if let (Some(most), true) = (rules.rate_at_most(part, whole), part <= whole) {
                prop_assert!(most >= part as f64 / whole as f64 - 1e-12);
            }
        }

        #[test]
        fn rounding_changes_little(number in prop::num::f64::NORMAL) {
            let coarse = coarse(number);
            prop_assert!(coarse.is_finite());
            prop_assert!(number.abs() < 1e-290 || (coarse - number).abs() <= number.abs() * 0.000_501);
        }
    }
}
