//! Partial dates.

use std::borrow::Cow;

/// A `YYYY` or `YYYY-MM` completed to its first day, and whether it was one; anything else as it
/// stands. A leap second becomes the second before it, because a day has 86,400 here.
pub(crate) fn complete(text: &str) -> (Cow<'_, str>, bool) {
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    match text.len() {
        4 if is_digits(text) => (Cow::Owned(format!("{text}-01-01")), true),
        7 => match text.split_once('-') {
            Some((year, month)) if year.len() == 4 && is_digits(year) && is_digits(month) => {
                (Cow::Owned(format!("{text}-01")), true)
            }
            _ => (Cow::Borrowed(text), false),
        },
        19.. if text.get(16..19) == Some(":60") => {
            let (day, rest) = (text.get(..16), text.get(19..));
            let time = format!("{}:59{}", day.unwrap_or_default(), rest.unwrap_or_default());
            (Cow::Owned(time), false)
        }
        _ => (Cow::Borrowed(text), false),
    }
}

#[cfg(test)]
mod tests {
    use super::complete;

    #[test]
    fn partial_dates_begin_at_their_first_day() {
        for (text, expected, is_partial) in [
            ("1987", "1987-01-01", true),
            ("1987-06", "1987-06-01", true),
            ("1987-06-05", "1987-06-05", false),
            ("2016-12-31T23:59:60Z", "2016-12-31T23:59:59Z", false),
            ("198x", "198x", false),
            ("19-8706", "19-8706", false),
            ("", "", false),
        ] {
            assert_eq!(complete(text), (expected.into(), is_partial), "{text}");
        }
    }
}
