//! Texts read as the kinds of a data dictionary.

/// `true`/`false`, `yes`/`no`, `1`/`0`, in any case.
#[must_use]
pub fn boolean(text: &str) -> Option<bool> {
    let is = |word: &str| text.eq_ignore_ascii_case(word);
    if is("1") || is("true") || is("yes") {
        Some(true)
    } else if is("0") || is("false") || is("no") {
        Some(false)
    } else {
        None
    }
}

/// A whole number of 64 bits.
#[must_use]
pub fn integer(text: &str) -> Option<i64> {
    let (negative, digits) = sign(text.as_bytes());
    // Eighteen digits fit; what is longer or odd is for the standard library to judge.
    if !(1..=18).contains(&digits.len()) {
        return text.parse().ok();
    }
    let mut value = 0_i64;
    for byte in digits {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return text.parse().ok();
        }
        // Below 10^18. Nothing can wrap; to check it would take a product of 128 bits.
        value = value.wrapping_mul(10).wrapping_add(i64::from(digit));
    }
    Some(if negative { -value } else { value })
}

/// A finite number with a point as its decimal mark. `NaN` and `inf` are no numbers here: a
/// dictionary that means "missing" by them lists them.
#[must_use]
pub fn number(text: &str) -> Option<f64> {
    short_number(text.as_bytes())
        .or_else(|| text.parse().ok())
        .filter(|value: &f64| value.is_finite())
}

/// A number of at most fifteen digits without an exponent: its digits as a whole number and the
/// power of ten that divides it are both exact in 64 bits, so that one division rounds once, to the
/// same value that the standard library gives (Clinger, "How to read floating point numbers
/// accurately", 1990).
fn short_number(text: &[u8]) -> Option<f64> {
    const TENS: [f64; 16] = [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
    ];
    let (negative, text) = sign(text);
    if text.len() > 16 {
        return None;
    }
    let (mut digits, mut whole, mut point) = (0_usize, 0_i64, None);
    for byte in text {
        let digit = byte.wrapping_sub(b'0');
        if digit <= 9 {
            // At most sixteen digits: nothing can wrap.
            whole = whole.wrapping_mul(10).wrapping_add(i64::from(digit));
            digits += 1;
        } else if *byte == b'.' && point.is_none() {
            point = Some(digits);
        } else {
            return None;
        }
    }
    if !(1..=15).contains(&digits) {
        return None;
    }
    let decimals = digits - point.unwrap_or(digits);
    #[allow(clippy::cast_precision_loss, reason = "below 10^15, hence exact")]
    let value = whole as f64 / TENS.get(decimals)?;
    Some(if negative { -value } else { value })
}

fn sign(text: &[u8]) -> (bool, &[u8]) {
    match text {
        [b'-', rest @ ..] => (true, rest),
        _ => (false, text),
    }
}

/// Days since 1970-01-01 of an ISO 8601 calendar date `YYYY-MM-DD`, years 0001 to 9999.
#[must_use]
pub fn date(text: &str) -> Option<i32> {
    let bytes = text.as_bytes();
    if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' {
        return None;
    }
    let year = digits(&bytes[0..4])?;
    let month = digits(&bytes[5..7])?;
    let day = digits(&bytes[8..10])?;
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let last = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    if year == 0 || !(1..=last).contains(&day) {
        return None;
    }
    Some(days_from_civil(year, month, day))
}

/// Microseconds since 1970-01-01T00:00:00 of an ISO 8601 date and time
/// `YYYY-MM-DD[T| ]hh:mm[:ss[.ffffff]][Z|±hh[:]mm]`. A time with an offset is brought to UTC, one
/// without is taken as it stands; a date alone is its midnight; digits past the microsecond are
/// cut off.
#[must_use]
pub fn datetime(text: &str) -> Option<i64> {
    const SECOND: i64 = 1_000_000;
    let days = i64::from(date(text.get(..10)?)?);
    let midnight = days * 86_400 * SECOND;
    let rest = &text[10..];
    if rest.is_empty() {
        return Some(midnight);
    }
    let rest = rest.strip_prefix(['T', 't', ' '])?;
    let (time, offset) = split_offset(rest)?;
    let bytes = time.as_bytes();
    if bytes.len() < 5 || bytes[2] != b':' {
        return None;
    }
    let hour = digits(&bytes[0..2])?;
    let minute = digits(&bytes[3..5])?;
    let (second, micros) = match bytes.get(5..) {
        None | Some([]) => (0, 0),
        Some([b':', tens, ones]) => (digits(&[*tens, *ones])?, 0),
        Some([b':', tens, ones, b'.' | b',', fraction @ ..]) if !fraction.is_empty() => {
            (digits(&[*tens, *ones])?, fraction_micros(fraction)?)
        }
        Some(_) => return None,
    };
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let of_day = i64::from(hour * 3600 + minute * 60 + second) * SECOND + micros;
    Some(midnight + of_day - offset * 60 * SECOND)
}

/// A time of day without its offset, and the offset in minutes.
fn split_offset(text: &str) -> Option<(&str, i64)> {
    if let Some(time) = text.strip_suffix(['Z', 'z']) {
        return Some((time, 0));
    }
    let Some(at) = text.rfind(['+', '-']) else {
        return Some((text, 0));
    };
    let (time, offset) = text.split_at(at);
    let bytes = offset.as_bytes();
    let (hours, minutes) = match bytes.len() {
        3 => (digits(&bytes[1..3])?, 0),
        5 => (digits(&bytes[1..3])?, digits(&bytes[3..5])?),
        6 if bytes[3] == b':' => (digits(&bytes[1..3])?, digits(&bytes[4..6])?),
        _ => return None,
    };
    if hours > 23 || minutes > 59 {
        return None;
    }
    let total = i64::from(hours * 60 + minutes);
    Some((time, if bytes[0] == b'-' { -total } else { total }))
}

fn fraction_micros(fraction: &[u8]) -> Option<i64> {
    let mut micros = 0;
    for at in 0..6.max(fraction.len()) {
        let digit = *fraction.get(at).unwrap_or(&b'0');
        if !digit.is_ascii_digit() {
            return None;
        }
        if at < 6 {
            micros = micros * 10 + i64::from(digit - b'0');
        }
    }
    Some(micros)
}

/// At most four ASCII digits as a number.
fn digits(bytes: &[u8]) -> Option<i32> {
    bytes.iter().try_fold(0, |value, byte| {
        byte.is_ascii_digit()
            .then(|| value * 10 + i32::from(byte - b'0'))
    })
}

/// Days since 1970-01-01 in the proleptic Gregorian calendar (Hinnant, "chrono-compatible
/// low-level date algorithms", `days_from_civil`); `year` is at least 1.
fn days_from_civil(year: i32, month: i32, day: i32) -> i32 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year / 400;
    let year_of_era = year % 400;
    let day_of_year = (153 * (if month > 2 { month - 3 } else { month + 9 }) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4000))]
        #[test]
        fn numbers_are_read_as_the_standard_library_reads_them(
            text in "[-+]?[0-9]{0,20}(\\.[0-9]{0,20})?(e[-+]?[0-9]{1,3})?",
        ) {
            let expected = text.parse::<f64>().ok().filter(|value| value.is_finite());
            prop_assert_eq!(number(&text).map(f64::to_bits), expected.map(f64::to_bits));
            prop_assert_eq!(integer(&text), text.parse::<i64>().ok());
        }
    }

    #[test]
    fn a_date_counts_days_from_1970_and_must_exist() {
        assert_eq!(date("1970-01-01"), Some(0));
        assert_eq!(date("2000-02-29"), Some(11_016));
        assert_eq!(date("1969-12-31"), Some(-1));
        assert_eq!(date("0001-01-01"), Some(-719_162));
        assert_eq!(date("9999-12-31"), Some(2_932_896));
        for wrong in [
            "1900-02-29",
            "2001-04-31",
            "2001-13-01",
            "2001-00-10",
            "0000-01-01",
            "01-01-2001",
            "2001/01/01",
            "2001-1-1",
            "20010101",
            "2001-01-01 ",
            "２００１",
            "",
        ] {
            assert_eq!(date(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn days_grow_by_one_from_day_to_day() {
        let mut expected = -719_162;
        for year in 1..=2400 {
            for month in 1..=12 {
                for day in 1..=31 {
                    if let Some(days) = date(&format!("{year:04}-{month:02}-{day:02}")) {
                        assert_eq!(days, expected, "{year}-{month}-{day}");
                        expected += 1;
                    }
                }
            }
        }
    }

    #[test]
    fn a_datetime_is_brought_to_utc_only_where_it_has_an_offset() {
        let noon = 43_200_000_000;
        assert_eq!(datetime("1970-01-01T12:00"), Some(noon));
        assert_eq!(datetime("1970-01-01 12:00:00Z"), Some(noon));
        assert_eq!(datetime("1970-01-01T14:00:00+02:00"), Some(noon));
        assert_eq!(datetime("1970-01-01T08:30:00-0330"), Some(noon));
        assert_eq!(datetime("1970-01-01T12:00:00.5"), Some(noon + 500_000));
        assert_eq!(
            datetime("1970-01-01T12:00:00.1234567"),
            Some(noon + 123_456)
        );
        assert_eq!(datetime("1970-01-02"), Some(86_400_000_000));
        for wrong in [
            "1970-01-01T24:00",
            "1970-01-01T12",
            "1970-01-01T12:60",
            "1970-01-01T12:00:00.",
            "1970-01-01T12:00:0",
            "1970-01-01x12:00",
            "1970-01-01T12:00+2",
            "1970-01-01T12:00:00.12a",
            "1970-01-0é",
        ] {
            assert_eq!(datetime(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn numbers_and_flags_are_read_strictly() {
        assert_eq!(number("1e3"), Some(1000.0));
        assert_eq!(number("-.5"), Some(-0.5));
        for wrong in ["NaN", "inf", "1e999", "1,5", " 1", "", "0x10"] {
            assert_eq!(number(wrong), None, "{wrong}");
        }
        assert_eq!(integer("-7"), Some(-7));
        assert_eq!(integer("7.0"), None);
        assert_eq!(integer("9223372036854775808"), None);
        assert_eq!(boolean("Yes"), Some(true));
        assert_eq!(boolean("0"), Some(false));
        assert_eq!(boolean("y"), None);
    }
}
