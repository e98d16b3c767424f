//! Words that may stand in quotes: `age`, `'age in years'`, `"it\'s"`.

use std::borrow::Cow;

/// The first word of a text, and what follows it; `None` where there is none, or its quote stays
/// open.
pub(crate) fn first_word(text: &str) -> Option<(String, &str)> {
    let text = text.trim_start();
    match text.chars().next()? {
        quote @ ('\'' | '"') => {
            let (word, rest) = closed(&text[1..], quote)?;
            Some((word.into_owned(), rest))
        }
        _ => {
            let end = text.find([' ', '\t', '{']).unwrap_or(text.len());
            Some((text[..end].to_owned(), &text[end..]))
        }
    }
}

/// A field of a record.
#[derive(Debug, PartialEq)]
pub(crate) enum Field<'t> {
    /// A question mark without quotes.
    Missing,
    /// Anything else, without its quotes.
    Value(Cow<'t, str>),
}

/// The next field of a record, and what follows the comma behind it: `None` behind the last one.
/// `Err` where a quote stays open, or something stands behind it.
pub(crate) fn next_field(text: &str) -> Result<(Field<'_>, Option<&str>), ()> {
    let text = text.trim_start();
    if let Some(quote @ ('\'' | '"')) = text.chars().next() {
        let (value, rest) = closed(&text[1..], quote).ok_or(())?;
        let rest = rest.trim();
        let rest = match rest.strip_prefix(',') {
            Some(next) => Some(next),
            None if rest.is_empty() => None,
            None => return Err(()),
        };
        return Ok((Field::Value(value), rest));
    }
    let (value, rest) = match text.split_once(',') {
        Some((value, rest)) => (value, Some(rest)),
        None => (text, None),
    };
    let value = match value.trim_end() {
        "?" => Field::Missing,
        value => Field::Value(Cow::Borrowed(value)),
    };
    Ok((value, rest))
}

/// The text up to the quote that closes it, and what follows. A backslash takes the next character
/// as it is.
fn closed(text: &str, quote: char) -> Option<(Cow<'_, str>, &str)> {
    let mut word = String::new();
    let mut letters = text.char_indices();
    let mut plain = true;
    while let Some((at, letter)) = letters.next() {
        if letter == quote {
            let rest = &text[at + letter.len_utf8()..];
            let word = if plain { Cow::Borrowed(&text[..at]) } else { Cow::Owned(word) };
            return Some((word, rest));
        }
        if letter == '\\' {
            plain = false;
            word.push(letters.next()?.1);
        } else {
            word.push(letter);
        }
    }
    None
}
