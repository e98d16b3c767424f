//! The form of values: addresses, numbers and names that can be told by looking at them.

use std::net::{Ipv4Addr, Ipv6Addr};

use crate::detect::checksum;

/// What can be seen in a text, anywhere in it unless said otherwise.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Shape {
    pub(crate) email: bool,
    pub(crate) url: bool,
    pub(crate) ip: bool,
    /// A hardware address.
    pub(crate) mac: bool,
    pub(crate) phone: bool,
    /// Digits grouped as in a social security number.
    pub(crate) ssn: bool,
    /// That number can have been given out.
    pub(crate) ssn_in_range: bool,
    /// A form of address and a name, such as `Dr Smith`.
    pub(crate) titled_name: bool,
    /// The whole text: two to four capitalised words.
    pub(crate) person: bool,
    /// The whole text: a universally unique identifier.
    pub(crate) uuid: bool,
    /// The whole text: a provider number with its check digit.
    pub(crate) npi: bool,
    /// The whole text: a card number with its check digit.
    pub(crate) card: bool,
    /// The whole text: five digits, a hyphen, four digits.
    pub(crate) zip_plus_four: bool,
    /// Words.
    pub(crate) words: usize,
}

/// Longer texts are looked at up to here; they are free text anyway.
const LIMIT: usize = 4096;

pub(crate) fn shape(text: &str) -> Shape {
    let text = text.trim();
    let mut end = text.len().min(LIMIT);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let text = &text[..end];
    let mut shape = Shape {
        words: text.split_whitespace().count(),
        ..Shape::default()
    };
    if text.len() < 3 {
        return shape;
    }
    let tokens: Vec<&str> = text
        .split(|letter: char| {
            letter.is_whitespace()
                || matches!(letter, ',' | ';' | '(' | ')' | '<' | '>' | '"' | '|')
        })
        .map(|token| {
            token
                .trim_end_matches(['.', '!', '?', ':', '\''])
                .trim_start_matches('\'')
        })
        .filter(|token| !token.is_empty())
        .collect();
    for token in &tokens {
        shape.email |= is_email(token);
        shape.url |= is_url(token);
        shape.ip |= is_ip(token);
        shape.mac |= is_mac(token);
        if let Some(in_range) = ssn(token) {
            shape.ssn = true;
            shape.ssn_in_range |= in_range;
        }
    }
    shape.phone = has_phone(text.as_bytes());
    shape.titled_name = tokens
        .windows(2)
        .any(|pair| is_title(pair[0]) && is_capitalised(pair[1]));
    shape.person = is_person(text);
    shape.uuid = is_uuid(text);
    shape.npi = checksum::npi(text);
    shape.card = checksum::card(text);
    shape.zip_plus_four = matches!(text.as_bytes(), [zip @ .., b'-', a, b, c, d]
        if zip.len() == 5 && zip.iter().chain([a, b, c, d]).all(u8::is_ascii_digit));
    shape
}

fn is_email(token: &str) -> bool {
    let token = token.strip_prefix("mailto:").unwrap_or(token);
    let Some((local, domain)) = token.split_once('@') else {
        return false;
    };
    let Some((host, top)) = domain.rsplit_once('.') else {
        return false;
    };
    !local.is_empty()
        && !host.is_empty()
        && top.len() >= 2
        && top.bytes().all(|byte| byte.is_ascii_alphabetic())
        && domain
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-'))
        && local
            .chars()
            .all(|letter| letter.is_alphanumeric() || "._%+-'".contains(letter))
}

fn is_url(token: &str) -> bool {
    let token = token.to_ascii_lowercase();
    let named = |rest: &str| {
        rest.split(['/', ':', '?'])
            .next()
            .is_some_and(|host| host.len() > 3 && host.contains('.'))
    };
    ["http://", "https://", "ftp://"].iter().any(|scheme| {
        token
            .strip_prefix(scheme)
            .is_some_and(|rest| !rest.is_empty())
    }) || token.starts_with("www.") && named(&token)
}

fn is_ip(token: &str) -> bool {
    let v4 = |text: &str| {
        text.split(['/', ':'])
            .next()
            .is_some_and(|host| host.parse::<Ipv4Addr>().is_ok())
    };
    let v6 = token.len() >= 6
        && token.matches(':').count() >= 2
        && token
            .split(['/', '%'])
            .next()
            .is_some_and(|host| host.parse::<Ipv6Addr>().is_ok());
    v4(token) || v6
}

fn is_mac(token: &str) -> bool {
    token.len() == 17
        && token
            .bytes()
            .enumerate()
            .all(|(place, byte)| match place % 3 {
                2 => byte == token.as_bytes()[2] && matches!(byte, b':' | b'-'),
                _ => byte.is_ascii_hexdigit(),
            })
}

/// Three, two and four digits with hyphens; whether the number can have been given out.
fn ssn(token: &str) -> Option<bool> {
    let bytes = token.as_bytes();
    if bytes.len() != 11 || bytes[3] != b'-' || bytes[6] != b'-' {
        return None;
    }
    let digits: Vec<u8> = bytes.iter().copied().filter(u8::is_ascii_digit).collect();
    let digits: [u8; 9] = digits.try_into().ok()?;
    Some(checksum::ssn(&digits))
}

/// A North American number with separators, or an international one with its plus sign.
fn has_phone(text: &[u8]) -> bool {
    (0..text.len()).any(|start| {
        let before = start.checked_sub(1).map(|place| text[place]);
        let free = !before
            .is_some_and(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'/'));
        free && (north_american(&text[start..]) || international(&text[start..]))
    })
}

fn north_american(text: &[u8]) -> bool {
    let digits = |text: &[u8], count: usize| {
        text.len() >= count && text[..count].iter().all(u8::is_ascii_digit)
    };
    let (open, text) = match text.strip_prefix(b"(") {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    if !digits(text, 3) {
        return false;
    }
    let mut rest = &text[3..];
    if open {
        let Some(after) = rest.strip_prefix(b")") else {
            return false;
        };
        rest = after
            .strip_prefix(b" ")
            .or_else(|| after.strip_prefix(b"-"))
            .unwrap_or(after);
    } else {
        let Some((separator, after)) = rest.split_first() else {
            return false;
        };
        if !matches!(separator, b'-' | b'.' | b' ') {
            return false;
        }
        rest = after;
    }
    if !digits(rest, 3) {
        return false;
    }
    let Some((separator, last)) = rest[3..].split_first() else {
        return false;
    };
    matches!(separator, b'-' | b'.' | b' ')
        && digits(last, 4)
        && !last
            .get(4)
            .is_some_and(|byte| byte.is_ascii_digit() || *byte == b'-')
}

/// A plus sign, then 8 to 15 digits (ITU-T E.164), separators aside, at least one of them set or
/// ten digits and more.
fn international(text: &[u8]) -> bool {
    let Some(rest) = text.strip_prefix(b"+") else {
        return false;
    };
    if !rest.first().is_some_and(|byte| matches!(byte, b'1'..=b'9')) {
        return false;
    }
    let end = rest
        .iter()
        .position(|byte| !(byte.is_ascii_digit() || b" -.()".contains(byte)))
        .unwrap_or(rest.len());
    let count = rest[..end]
        .iter()
        .filter(|byte| byte.is_ascii_digit())
        .count();
    (9..=15).contains(&count)
}

fn is_title(word: &str) -> bool {
    matches!(
        word.trim_end_matches('.'),
        "Dr" | "Mr" | "Mrs" | "Ms" | "Miss" | "Prof" | "Sr" | "Sra" | "Mme" | "Herr" | "Frau"
    )
}

fn is_capitalised(word: &str) -> bool {
    let mut letters = word.chars();
    letters.next().is_some_and(char::is_uppercase)
        && letters.clone().any(char::is_lowercase)
        && letters.all(|letter| letter.is_alphabetic() || matches!(letter, '\'' | '-' | '\u{2019}'))
}

fn is_person(text: &str) -> bool {
    let text = text.replace(',', " ");
    let words: Vec<&str> = text.split_whitespace().collect();
    let initial = |word: &str| {
        let letters = word.trim_end_matches('.');
        letters.chars().count() == 1 && letters.chars().all(char::is_uppercase)
    };
    (2..=4).contains(&words.len())
        && words
            .iter()
            .all(|word| is_capitalised(word) || initial(word))
        && words.iter().filter(|word| is_capitalised(word)).count() >= 2
}

fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(place, byte)| match place {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_and_numbers_are_seen_wherever_they_stand() {
        for text in [
            "jo.o'neill@example.org",
            "write to <a@b-c.example.com>, please",
            "mailto:x@y.io",
        ] {
            assert!(shape(text).email, "{text}");
        }
        for text in ["https://example.org/a?b", "see www.example.org.", "ftp://x"] {
            assert!(shape(text).url, "{text}");
        }
        for text in [
            "192.0.2.1",
            "from 198.51.100.7:8080",
            "2001:db8::1",
            "fe80::1%eth0",
        ] {
            assert!(shape(text).ip, "{text}");
        }
        for text in [
            "555-978-4581",
            "(555) 978-4581",
            "call 555.978.4581 now",
            "+44 20 7946 0958",
            "1 555 978 4581",
        ] {
            assert!(shape(text).phone, "{text}");
        }
        assert!(shape("00:1B:44:11:3a:B7").mac);
        assert!(shape("SSN 078-05-1120").ssn_in_range);
        assert!(shape("999-22-1962").ssn && !shape("999-22-1962").ssn_in_range);
        assert!(shape("seen by Dr Castellano").titled_name);
        assert!(shape("Ad\u{e1}n Portillo").person && shape("O'Brien, Mary K.").person);
        assert!(shape("123e4567-e89b-12d3-a456-426614174000").uuid);
        assert!(shape("02134-1000").zip_plus_four);
    }

    #[test]
    fn clinical_codes_are_none_of_it() {
        for text in [
            "250.01",
            "V58.61",
            "E885.9",
            "[90-100)",
            ">300",
            "<30",
            "?",
            "0002-8215-01",
            "12345-6",
            "10.2.3",
            "120/80",
            "3.5e-10",
            "InternalMedicine",
            "Family/GeneralPractice",
            "Emergency/Trauma",
            "None",
            "Ch",
            "2024-01-31",
            "12:30:45",
            "1234567890",
            "+",
            "1.2.3",
            "rs123456",
            "NM_000546.6:c.215C>G",
            "A1C@baseline",
        ] {
            let found = shape(text);
            let silent = Shape {
                words: found.words,
                ..Shape::default()
            };
            assert_eq!(found, silent, "{text}");
        }
    }

    #[test]
    fn odd_texts_do_not_panic() {
        for text in [
            "\u{e9}",
            "@",
            "a@",
            "((((",
            "+1",
            "\u{1F600}-\u{1F600}-\u{1F600}\u{1F600}",
            "---",
            "p_",
            "\0\0\0\0",
        ] {
            let _ = shape(text);
        }
        let _ = shape(&"\u{e9}x".repeat(5000));
    }
}
