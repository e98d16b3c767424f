//! A span of wall time, written as `90s`, `10m` or `1h30m`.

use serde::de::{Deserialize, Deserializer, Error};
use serde::{Serialize, Serializer};
use std::fmt;
use std::str::FromStr;
use std::time::Duration;

/// A span of wall time. In YAML: whole numbers with `h`, `m` and `s`, largest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Wall(pub Duration);

impl FromStr for Wall {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong =
            || format!("`{text}` is not a span of time; write it as `90s`, `10m` or `1h30m`");
        let mut seconds = 0_u64;
        let mut rest = text.trim();
        let mut last = u64::MAX;
        if rest.is_empty() {
            return Err(wrong());
        }
        while !rest.is_empty() {
            let digits = rest.find(|c: char| !c.is_ascii_digit()).ok_or_else(wrong)?;
            let number: u64 = rest[..digits].parse().map_err(|_| wrong())?;
            let scale = match rest.as_bytes().get(digits) {
                Some(b'h') => 3600,
                Some(b'm') => 60,
                Some(b's') => 1,
                _ => return Err(wrong()),
            };
            if scale >= last {
                return Err(wrong());
            }
            last = scale;
            let more = number
                .checked_mul(scale)
                .and_then(|more| seconds.checked_add(more));
            seconds = more.ok_or_else(wrong)?;
            rest = &rest[digits + 1..];
        }
        Ok(Self(Duration::from_secs(seconds)))
    }
}

impl fmt::Display for Wall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.0.as_secs();
        let parts = [
            (seconds / 3600, "h"),
            (seconds / 60 % 60, "m"),
            (seconds % 60, "s"),
        ];
        if seconds == 0 {
            return f.write_str("0s");
        }
        for (number, unit) in parts {
            if number > 0 {
                write!(f, "{number}{unit}")?;
            }
        }
        Ok(())
    }
}

impl<'de> Deserialize<'de> for Wall {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(D::Error::custom)
    }
}

impl Serialize for Wall {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::Wall;

    #[test]
    fn what_is_written_is_read_again() {
        for text in ["90s", "10m", "1h30m", "2h", "1h1m1s"] {
            let wall: Wall = text.parse().unwrap();
            assert_eq!(wall.to_string().parse::<Wall>().unwrap(), wall);
        }
        assert_eq!("90s".parse::<Wall>().unwrap().0.as_secs(), 90);
    }

    #[test]
    fn anything_else_is_refused() {
        for text in [
            "",
            "10",
            "m",
            "10m5h",
            "5m5m",
            "1.5h",
            "99999999999999999999h",
            "18446744073709551615h",
        ] {
            assert!(text.parse::<Wall>().is_err(), "{text}");
        }
    }
}
