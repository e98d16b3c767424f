//! When something happened.

use serde::{Deserialize, Serialize};

/// Microseconds of a day.
const DAY: i64 = 86_400_000_000;

/// How days between two moments are counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Days {
    /// From date to date: from an evening to the next morning it is one day.
    #[default]
    Calendar,
    /// In spans of 24 hours that are over: from an evening to the next morning it is none.
    Elapsed,
}

/// A point in time: a day, or an instant of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment {
    micros: i64,
    is_instant: bool,
}

impl Moment {
    /// A day, counted from 1970-01-01; what hour it was is not known.
    #[must_use]
    pub fn day(day: i32) -> Self {
        Self {
            // days past the year 294246 all become its last one
            micros: i64::from(day).saturating_mul(DAY),
            is_instant: false,
        }
    }

    /// Microseconds since 1970-01-01T00:00:00.
    #[must_use]
    pub fn instant(micros: i64) -> Self {
        Self {
            micros,
            is_instant: true,
        }
    }

    /// Its day, counted from 1970-01-01.
    #[must_use]
    pub fn day_number(self) -> i64 {
        self.micros.div_euclid(DAY)
    }

    /// Days from another moment to this one. Days that `Elapsed` are counted where the hours of both
    /// are known; otherwise by the calendar.
    #[must_use]
    pub fn days_since(self, other: Self, count: Days) -> i64 {
        if count == Days::Elapsed && self.is_instant && other.is_instant {
            return self.micros.saturating_sub(other.micros).div_euclid(DAY);
        }
        self.day_number() - other.day_number()
    }

    /// So many days later, or earlier.
    pub(crate) fn shifted(self, days: i64) -> i64 {
        self.micros.saturating_add(days.saturating_mul(DAY))
    }

    pub(crate) fn micros(self) -> i64 {
        self.micros
    }

    /// Whether this is known to come before another: on an earlier day, or earlier on the same day
    /// where the hours of both are known.
    #[must_use]
    pub fn is_before(self, other: Self) -> bool {
        match self.day_number() - other.day_number() {
            0 => self.is_instant && other.is_instant && self.micros < other.micros,
            days => days < 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_within_a_day_is_known_only_of_instants() {
        let (morning, evening) = (Moment::instant(8), Moment::instant(20));
        assert!(morning.is_before(evening) && !evening.is_before(morning));
        assert!(!Moment::day(0).is_before(evening) && !morning.is_before(Moment::day(0)));
        assert!(Moment::day(-1).is_before(morning) && evening.is_before(Moment::day(1)));
        assert!(!morning.is_before(morning));
    }

    #[test]
    fn times_at_the_ends_of_what_can_be_written_are_no_trouble() {
        let ends = [
            Moment::day(i32::MIN),
            Moment::day(i32::MAX),
            Moment::instant(i64::MIN),
            Moment::instant(i64::MAX),
        ];
        for one in ends {
            for other in ends {
                for count in [Days::Calendar, Days::Elapsed] {
                    let days = one.days_since(other, count);
                    assert_eq!(days < 0, one.day_number() < other.day_number());
                }
                let _ = one.is_before(other);
            }
            let _ = (one.shifted(i64::MAX), one.shifted(i64::MIN));
        }
    }

    #[test]
    fn a_day_is_over_at_midnight_or_after_24_hours() {
        let hour = |hour: i64| Moment::instant(hour * DAY / 24);
        let between = |later: i64, earlier: i64| {
            [Days::Calendar, Days::Elapsed]
                .map(|count| hour(later).days_since(hour(earlier), count))
        };
        assert_eq!(between(30, 20), [1, 0]);
        assert_eq!(between(44, 20), [1, 1]);
        assert_eq!(between(20, 30), [-1, -1]);
        assert_eq!(between(23, 1), [0, 0]);
        assert_eq!(between(1, 23), [0, -1]);
    }

    #[test]
    fn days_before_1970_are_counted_down() {
        assert_eq!(Moment::instant(-1).day_number(), -1);
        assert_eq!(
            Moment::day(3).days_since(Moment::instant(-DAY), Days::Elapsed),
            4
        );
    }
}
