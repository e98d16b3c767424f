//! Percent encoding of characters with a meaning (since 4.3, section 1.2).

/// The text with `%xx` decoded. What is no encoding stays as it stands, and so does a text that
/// would not be UTF-8.
pub(crate) fn decoded<'a>(text: &'a str, room: &'a mut String) -> &'a str {
    if memchr::memchr(b'%', text.as_bytes()).is_none() {
        return text;
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        rest = after;
        if let (b'%', [high, low, after @ ..]) = (first, after)
            && let (Some(high), Some(low)) = (digit(*high), digit(*low))
        {
            bytes.push(high << 4 | low);
            rest = after;
        } else {
            bytes.push(*first);
        }
    }
    match String::from_utf8(bytes) {
        Ok(decoded) => {
            *room = decoded;
            room
        }
        Err(_) => text,
    }
}

fn digit(byte: u8) -> Option<u8> {
    char::from(byte)
        .to_digit(16)
        .and_then(|digit| u8::try_from(digit).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings_are_decoded_and_nothing_else_is_touched() {
        for (text, expected) in [
            ("plain", "plain"),
            ("a%3Bb%2cc%25", "a;b,c%"),
            ("%C3%A9", "é"),
            ("%FF", "%FF"),
            ("50%", "50%"),
            ("%4", "%4"),
            ("%zz%3A", "%zz:"),
        ] {
            assert_eq!(decoded(text, &mut String::new()), expected);
        }
    }
}
