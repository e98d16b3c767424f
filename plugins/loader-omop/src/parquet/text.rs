//! Values of Parquet as the texts that a delimited file would have.

use std::fmt::Write;

use parquet::data_type::Decimal;
use parquet::record::Field;

use super::schema::Unit;

const DAY: i64 = 86_400_000_000;

/// Writes a value; nothing for a null. `None` where it has no text.
pub(super) fn write(value: &Field, unit: Unit, text: &mut String) -> Option<()> {
    let written = match value {
        Field::Null => return Some(()),
        Field::Long(nanos) if unit == Unit::Nanoseconds => {
            return time(nanos.div_euclid(1000), text);
        }
        Field::Bool(value) => write!(text, "{value}"),
        Field::Byte(value) => write!(text, "{value}"),
        Field::Short(value) => write!(text, "{value}"),
        Field::Int(value) => write!(text, "{value}"),
        Field::Long(value) => write!(text, "{value}"),
        Field::UByte(value) => write!(text, "{value}"),
        Field::UShort(value) => write!(text, "{value}"),
        Field::UInt(value) => write!(text, "{value}"),
        Field::ULong(value) => write!(text, "{value}"),
        // a whole number has no point here, and a column of whole numbers with gaps is often one
        // of floating-point numbers, in which they are NaN
        Field::Float(value) if value.is_nan() => return Some(()),
        Field::Double(value) if value.is_nan() => return Some(()),
        Field::Float(value) => write!(text, "{value}"),
        Field::Double(value) => write!(text, "{value}"),
        Field::Decimal(value) => return decimal(value, text),
        Field::Str(value) => {
            text.push_str(value);
            Ok(())
        }
        Field::Bytes(value) => {
            text.push_str(std::str::from_utf8(value.data()).ok()?);
            Ok(())
        }
        Field::Date(days) => {
            date(i64::from(*days), text);
            Ok(())
        }
        Field::TimestampMillis(millis) => return time(millis.checked_mul(1000)?, text),
        Field::TimestampMicros(micros) => return time(*micros, text),
        _ => return None,
    };
    written.ok()
}

/// A date and time, without fractions of a second where there are none.
fn time(micros: i64, text: &mut String) -> Option<()> {
    date(micros.div_euclid(DAY), text);
    let of_day = micros.rem_euclid(DAY);
    let (seconds, fraction) = (of_day / 1_000_000, of_day % 1_000_000);
    let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    write!(text, " {hour:02}:{minute:02}:{second:02}").ok()?;
    if fraction != 0 {
        write!(text, ".{fraction:06}").ok()?;
    }
    Some(())
}

/// The calendar date of a day since 1970-01-01 (Hinnant, "chrono-Compatible Low-Level Date
/// Algorithms", `civil_from_days`).
fn date(days: i64, text: &mut String) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = year + era * 400 + i64::from(month <= 2);
    // writing to a text does not fail
    let _ = write!(text, "{year:04}-{month:02}-{day:02}");
}

fn decimal(value: &Decimal, text: &mut String) -> Option<()> {
    let scale = usize::try_from(value.scale())
        .ok()
        .filter(|scale| *scale <= 38)?;
    let bytes = value.data();
    if bytes.len() > 16 {
        return None;
    }
    let is_negative = bytes.first().is_some_and(|byte| *byte >= 0x80);
    let start = if is_negative { -1 } else { 0 };
    let whole = bytes
        .iter()
        .fold(start, |whole: i128, byte| (whole << 8) | i128::from(*byte));
    let digits = format!("{:0width$}", whole.unsigned_abs(), width = scale + 1);
    let (before, after) = digits.split_at_checked(digits.len() - scale)?;
    if is_negative {
        text.push('-');
    }
    text.push_str(before);
    if !after.is_empty() {
        text.push('.');
        text.push_str(after);
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(value: &Field, unit: Unit) -> Option<String> {
        let mut text = String::new();
        write(value, unit, &mut text).map(|()| text)
    }

    #[test]
    fn values_have_the_texts_of_delimited_files() {
        for (value, expected) in [
            (Field::Null, ""),
            (Field::Double(8507.0), "8507"),
            (Field::Double(0.5), "0.5"),
            (Field::Double(f64::NAN), ""),
            (Field::Date(0), "1970-01-01"),
            (Field::Date(-1), "1969-12-31"),
            (Field::Date(18_321), "2020-02-29"),
            (Field::TimestampMillis(-1), "1969-12-31 23:59:59.999000"),
            (
                Field::TimestampMicros(1_582_934_400_000_000),
                "2020-02-29 00:00:00",
            ),
            (Field::Decimal(Decimal::from_i32(-125, 5, 2)), "-1.25"),
            (Field::Decimal(Decimal::from_i64(5, 5, 2)), "0.05"),
            (Field::Decimal(Decimal::from_i64(7, 5, 0)), "7"),
        ] {
            assert_eq!(text(&value, Unit::AsTyped).as_deref(), Some(expected));
        }
        let nanos = Field::Long(1_000_000_000);
        let found = text(&nanos, Unit::Nanoseconds);
        assert_eq!(found.as_deref(), Some("1970-01-01 00:00:01"));
    }
}
