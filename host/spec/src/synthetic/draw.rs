//! Random draws from ChaCha8, the same on every platform.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use sha2::{Digest, Sha256};

/// A stream of random numbers of its own for each purpose: a further column does not change
/// the values of the others.
pub(super) struct Stream(ChaCha8Rng);

impl Stream {
    pub(super) fn new(seed: u64, purpose: &str) -> Self {
        let mut hash = Sha256::new();
        hash.update(b"autods-synthetic-1");
        hash.update(seed.to_le_bytes());
        hash.update(purpose.as_bytes());
        Self(ChaCha8Rng::from_seed(hash.finalize().into()))
    }

    /// Uniform on [0, 1), 53 bits.
    pub(super) fn uniform(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Uniform on 0 .. `n`; `n` is at most 2³².
    pub(super) fn below(&mut self, n: u64) -> u64 {
        ((u128::from(self.0.next_u64()) * u128::from(n)) >> 64) as u64
    }

    /// Standard normal (Box and Muller 1958; the second value is not used).
    pub(super) fn normal(&mut self) -> f64 {
        let u = 1.0 - self.uniform();
        let v = self.uniform();
        (-2.0 * u.ln()).sqrt() * (std::f64::consts::TAU * v).cos()
    }

    /// Gamma with the given shape and scale 1 (Marsaglia and Tsang 2000).
    pub(super) fn gamma(&mut self, shape: f64) -> f64 {
        if shape < 1.0 {
            let u = 1.0 - self.uniform();
            return self.gamma(shape + 1.0) * u.powf(1.0 / shape);
        }
        let d = shape - 1.0 / 3.0;
        let c = 1.0 / (9.0 * d).sqrt();
        loop {
            let x = self.normal();
            let v = (1.0 + c * x).powi(3);
            let u = 1.0 - self.uniform();
            if v > 0.0 && u.ln() < 0.5 * x * x + d - d * v + d * v.ln() {
                return d * v;
            }
        }
    }

    /// Poisson (Knuth's product of uniforms, in pieces of mean 16).
    pub(super) fn poisson(&mut self, mean: f64) -> u64 {
        let mut rest = mean;
        let mut count = 0;
        while rest > 0.0 {
            let limit = (-rest.min(16.0)).exp();
            rest -= 16.0;
            let mut product = 1.0 - self.uniform();
            while product > limit {
                count += 1;
                product *= 1.0 - self.uniform();
            }
        }
        count
    }

    /// Geometric on 1, 2, … with the given mean, at most 1000.
    pub(super) fn geometric(&mut self, mean: f64) -> u32 {
        let stop = 1.0 / mean;
        let mut n = 1;
        while n < 1000 && self.uniform() >= stop {
            n += 1;
        }
        n
    }

    /// An index with probability proportional to its weight.
    pub(super) fn weighted(&mut self, weights: &[f64]) -> usize {
        let total: f64 = weights.iter().sum();
        let mut left = self.uniform() * total;
        let mut last = 0;
        for (i, weight) in weights.iter().enumerate() {
            if *weight > 0.0 {
                last = i;
                left -= weight;
                if left < 0.0 {
                    return i;
                }
            }
        }
        last
    }

    /// A permutation (Fisher and Yates).
    pub(super) fn shuffle<T>(&mut self, items: &mut [T]) {
        for i in (1..items.len()).rev() {
            items.swap(i, self.below(i as u64 + 1) as usize);
        }
    }
}

/// Days since 1970-01-01 of `YYYY-MM-DD` in the Gregorian calendar.
pub(super) fn day_number(text: &str) -> Option<i64> {
    let bytes = text.as_bytes();
    if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' || !text.is_ascii() {
        return None;
    }
    let (year, month, day): (i64, i64, i64) = (
        text[..4].parse().ok()?,
        text[5..7].parse().ok()?,
        text[8..].parse().ok()?,
    );
    let number = days(year, month, day);
    // a day such as 02-30 does not come back as itself
    (day_text(number) == text).then_some(number)
}

/// Civil date to days (H. Hinnant, "chrono-compatible low-level date algorithms").
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// Days to `YYYY-MM-DD`.
pub(super) fn day_text(number: i64) -> String {
    let shifted = number + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 {
        shifted_month + 3
    } else {
        shifted_month - 9
    };
    let year = era * 400 + year_of_era + i64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}

#[cfg(test)]
mod tests {
    use super::{Stream, day_number, day_text};

    #[test]
    fn days_are_those_of_the_calendar() {
        assert_eq!(day_number("1970-01-01"), Some(0));
        assert_eq!(day_number("2000-02-29"), Some(11_016));
        assert_eq!(day_text(11_016), "2000-02-29");
        for wrong in [
            "2001-02-29",
            "2001-13-01",
            "2001-1-1",
            "2001/01/01",
            "",
            "2001-00-10",
        ] {
            assert_eq!(day_number(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn draws_have_the_moments_they_should() {
        let mut stream = Stream::new(1, "moments");
        let n = 20_000;
        let mut mean_of = |draw: &mut dyn FnMut(&mut Stream) -> f64| {
            (0..n).map(|_| draw(&mut stream)).sum::<f64>() / f64::from(n)
        };
        assert!((mean_of(&mut |s| s.uniform()) - 0.5).abs() < 0.01);
        assert!(mean_of(&mut |s| s.normal()).abs() < 0.03);
        assert!((mean_of(&mut |s| s.normal().powi(2)) - 1.0).abs() < 0.05);
        assert!((mean_of(&mut |s| s.gamma(0.4)) - 0.4).abs() < 0.03);
        assert!((mean_of(&mut |s| s.gamma(7.0)) - 7.0).abs() < 0.1);
        assert!((mean_of(&mut |s| s.poisson(43.0) as f64) - 43.0).abs() < 0.3);
        assert!((mean_of(&mut |s| f64::from(s.geometric(1.4))) - 1.4).abs() < 0.03);
    }
}
