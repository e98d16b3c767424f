//! Pseudonyms and date offsets.

use crate::key::{Key, hex};

/// How a pseudonym begins.
const PREFIX: &str = "p_";
/// Bytes of the code that a pseudonym keeps: 128 bits, so that two values never meet.
const KEPT: usize = 16;

/// The pseudonym of a value: `p_` and 32 hexadecimal digits. Surrounding blanks do not count.
pub(crate) fn pseudonym(key: &Key, purpose: &str, value: &str) -> String {
    format!("{PREFIX}{}", hex(&key.code(purpose, value.trim())[..KEPT]))
}

/// Whether a text has the form of a pseudonym.
pub(crate) fn is_pseudonym(text: &str) -> bool {
    text.strip_prefix(PREFIX).is_some_and(|digits| {
        digits.len() == 2 * KEPT
            && digits
                .bytes()
                .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
    })
}

/// By how many days the dates of a subject move: 1 to `days` either way, never 0.
pub(crate) fn offset(key: &Key, subject: &str, days: u32) -> i32 {
    let code = key.code("date-shift", subject.trim());
    let mut first = [0; 8];
    first.copy_from_slice(&code[..8]);
    // The policy keeps `days` far below 2³¹, and 2⁶⁴ so far above it that no offset is favoured.
    let days = days.clamp(1, 1 << 30);
    let place = (u64::from_le_bytes(first) % (2 * u64::from(days))) as i64;
    let days = i64::from(days);
    (if place < days {
        place - days
    } else {
        place - days + 1
    }) as i32
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn offsets_use_the_whole_range() {
        let key = Key::of(1);
        let mut seen: Vec<i32> = (0..2000)
            .map(|subject| offset(&key, &subject.to_string(), 3))
            .collect();
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen, [-3, -2, -1, 1, 2, 3]);
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn an_offset_is_never_zero_and_keeps_within_its_range(subject in ".*", days in 1_u32..4000) {
            let offset = offset(&Key::of(2), &subject, days);
            prop_assert!(offset != 0 && offset.unsigned_abs() <= days);
        }

        #[test]
        fn pseudonyms_have_their_form_and_depend_on_key_and_purpose(value in ".{0,20}") {
            let one = pseudonym(&Key::of(1), "subject", &value);
            prop_assert!(is_pseudonym(&one));
            prop_assert_eq!(&one, &pseudonym(&Key::of(1), "subject", &value));
            prop_assert_ne!(&one, &pseudonym(&Key::of(2), "subject", &value));
            prop_assert_ne!(&one, &pseudonym(&Key::of(1), "record-id", &value));
        }
    }
}
