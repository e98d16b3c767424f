//! Dates written as text.

use jiff::civil::Date;
use jiff::{Span, ToSpan};

/// How a date is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// `2001-02-03`, perhaps with a time after a blank or `T`.
    Iso,
    /// `20010203`, only where the column's name speaks for it.
    Compact,
    /// `2/3/2001` or `02-03-2001`: month first, or day first where only that can be.
    Numeric {
        /// What stands between the numbers.
        separator: char,
        /// Whether the day comes first.
        day_first: bool,
        /// Whether months and days have two digits.
        padded: bool,
    },
    /// `03-Feb-2001`, `3 February 2001`.
    Named,
    /// `February 3, 2001`.
    NamedFirst,
}

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// Read a date; what follows it (a time) is given back too.
pub(crate) fn parse(text: &str) -> Option<(Date, Form, &str)> {
    let text = text.trim();
    iso(text).or_else(|| numeric(text)).or_else(|| named(text))
}

/// Read a date without separators.
pub(crate) fn parse_compact(text: &str) -> Option<Date> {
    let text = text.trim();
    (text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit()))
        .then(|| date(text.get(..4)?, text.get(4..6)?, text.get(6..)?))
        .flatten()
}

/// Move a date that is written as text, and write it in the same form. Nothing if it cannot be
/// read or the day does not exist.
pub(crate) fn shift(text: &str, days: i32) -> Option<String> {
    let (day, form, rest) = match parse(text) {
        Some(found) => found,
        None => (parse_compact(text)?, Form::Compact, ""),
    };
    let span: Span = i64::from(days).days();
    let moved = day.checked_add(span).ok()?;
    let (year, month, day) = (moved.year(), moved.month(), moved.day());
    Some(match form {
        Form::Iso => format!("{moved}{rest}"),
        Form::Compact => format!("{year:04}{month:02}{day:02}"),
        Form::Numeric {
            separator,
            day_first,
            padded,
        } => {
            let (first, second) = if day_first {
                (day, month)
            } else {
                (month, day)
            };
            if padded {
                format!("{first:02}{separator}{second:02}{separator}{year:04}{rest}")
            } else {
                format!("{first}{separator}{second}{separator}{year:04}{rest}")
            }
        }
        // Words are not worth keeping.
        Form::Named | Form::NamedFirst => moved.to_string(),
    })
}

fn date(year: &str, month: &str, day: &str) -> Option<Date> {
    let year: i16 = year.parse().ok()?;
    (1800..=2200).contains(&year).then_some(())?;
    Date::new(year, month.parse().ok()?, day.parse().ok()?).ok()
}

/// A time after a date, or nothing.
fn is_time(rest: &str) -> bool {
    let Some(mark) = rest.chars().next() else {
        return true;
    };
    let time = &rest[mark.len_utf8()..];
    matches!(mark, 'T' | ' ')
        && time.starts_with(|first: char| first.is_ascii_digit())
        && time.contains(':')
        && time.chars().all(|letter| {
            letter.is_ascii_digit()
                || matches!(letter, ':' | '.' | '+' | '-' | 'Z' | ' ' | 'A' | 'P' | 'M')
        })
}

fn iso(text: &str) -> Option<(Date, Form, &str)> {
    let (head, rest) = (text.get(..10)?, text.get(10..)?);
    let bytes = head.as_bytes();
    let shape = bytes.iter().enumerate().all(|(place, byte)| match place {
        4 | 7 => matches!(byte, b'-' | b'/'),
        _ => byte.is_ascii_digit(),
    });
    if !shape || !is_time(rest) {
        return None;
    }
    Some((date(&head[..4], &head[5..7], &head[8..])?, Form::Iso, rest))
}

fn numeric(text: &str) -> Option<(Date, Form, &str)> {
    let end = text
        .char_indices()
        .find(|(_, letter)| !letter.is_ascii_digit() && !matches!(letter, '/' | '-' | '.'))
        .map_or(text.len(), |(place, _)| place);
    let (head, rest) = text.split_at(end);
    let separator = head.chars().find(|letter| !letter.is_ascii_digit())?;
    let mut parts = head.split(separator);
    let (first, second, year) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || year.len() != 4 || !is_time(rest) {
        return None;
    }
    if [first, second]
        .iter()
        .any(|part| part.is_empty() || part.len() > 2)
    {
        return None;
    }
    let padded = first.len() == 2 && second.len() == 2;
    let form = |day_first| Form::Numeric {
        separator,
        day_first,
        padded,
    };
    date(year, first, second)
        .map(|found| (found, form(separator == '.'), rest))
        .filter(|_| separator != '.')
        .or_else(|| Some((date(year, second, first)?, form(true), rest)))
}

fn named(text: &str) -> Option<(Date, Form, &str)> {
    let words: Vec<&str> = text
        .split([' ', '-', '/', ','])
        .filter(|word| !word.is_empty())
        .collect();
    let [first, second, year] = words[..] else {
        return None;
    };
    if year.len() != 4 {
        return None;
    }
    let month = |word: &str| -> Option<String> {
        let word = word.trim_end_matches('.').to_ascii_lowercase();
        if word.len() < 3 {
            return None;
        }
        let place = MONTHS.iter().position(|month| month.starts_with(&word))?;
        Some((place + 1).to_string())
    };
    if let Some(month) = month(second) {
        return Some((date(year, &month, first)?, Form::Named, ""));
    }
    Some((date(year, &month(first)?, second)?, Form::NamedFirst, ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_in_the_usual_forms_and_keep_them() {
        for (before, after) in [
            ("2001-02-27", "2001-03-01"),
            ("2001-02-27 13:45:00", "2001-03-01 13:45:00"),
            ("2001-02-27T13:45:00Z", "2001-03-01T13:45:00Z"),
            ("2/27/2001", "3/1/2001"),
            ("02/27/2001", "03/01/2001"),
            ("27.02.2001", "01.03.2001"),
            ("27/02/2001", "01/03/2001"),
            ("20010227", "20010301"),
            ("27-Feb-2001", "2001-03-01"),
            ("February 27, 2001", "2001-03-01"),
        ] {
            assert_eq!(shift(before, 2).as_deref(), Some(after), "{before}");
        }
    }

    #[test]
    fn codes_and_numbers_are_not_dates() {
        for text in [
            "250.01",
            "V58.61",
            "[50-60)",
            "120/80",
            "2001",
            "13/13/2001",
            "2001-02-30",
            "1-2-3",
            "10-20",
            "12.5.3",
            "E10.9",
            "May",
            "",
            "2001-02-27 or so",
            "1234567890",
        ] {
            assert!(parse(text).is_none(), "{text}");
        }
    }
}
