//! Check digits and ranges that are given out.

/// Luhn's check (ISO/IEC 7812-1, annex B) over decimal digits.
pub(crate) fn luhn(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, digit)| {
            let value = u32::from(digit - b'0');
            if place % 2 == 0 {
                value
            } else {
                let double = 2 * value;
                if double > 9 { double - 9 } else { double }
            }
        })
        .sum();
    sum.is_multiple_of(10)
}

/// A National Provider Identifier: ten digits, the first 1 or 2, Luhn after the prefix 80840.
pub(crate) fn npi(text: &str) -> bool {
    text.len() == 10
        && text.bytes().all(|byte| byte.is_ascii_digit())
        && matches!(text.as_bytes()[0], b'1' | b'2')
        && luhn([b"80840", text.as_bytes()].concat().as_slice())
}

/// A payment card number: 13 to 19 digits, blanks and hyphens aside, that pass Luhn's check.
pub(crate) fn card(text: &str) -> bool {
    let digits: Vec<u8> = text
        .bytes()
        .filter(|byte| !matches!(byte, b' ' | b'-'))
        .collect();
    (13..=19).contains(&digits.len())
        && digits.iter().all(u8::is_ascii_digit)
        && digits.iter().any(|&digit| digit != b'0')
        && luhn(&digits)
}

/// Whether nine digits are a social security number that can have been given out: area not 000,
/// 666 or 900 and above, group not 00, serial not 0000.
pub(crate) fn ssn(digits: &[u8; 9]) -> bool {
    let number = |digits: &[u8]| {
        digits
            .iter()
            .fold(0_u32, |sum, digit| 10 * sum + u32::from(digit - b'0'))
    };
    let (area, group, serial) = (
        number(&digits[..3]),
        number(&digits[3..5]),
        number(&digits[5..]),
    );
    (1..900).contains(&area) && area != 666 && group != 0 && serial != 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_examples_pass() {
        assert!(npi("1234567893"), "the example of the NPI standard");
        assert!(!npi("1234567890"));
        assert!(card("4111 1111 1111 1111") && card("378282246310005"));
        assert!(!card("4111 1111 1111 1112") && !card("0000000000000000"));
    }

    #[test]
    fn social_security_numbers_out_of_range_are_told_apart() {
        assert!(ssn(b"078051120"));
        for never in [
            b"000121234",
            b"666121234",
            b"900121234",
            b"123001234",
            b"123450000",
        ] {
            assert!(!ssn(never));
        }
    }
}
