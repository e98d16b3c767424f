//! Whatever a file holds, reading it gives an answer.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may fail")]

use autods_signature::{KeyId, PublicKey, Revoked, SecretKey, Signature, Signers};
use proptest::prelude::*;

const SIGNATURE: &str = include_str!("fixtures/plain.minisig");
const PUBLIC: &str = include_str!("fixtures/plain.pub");
const SECRET: &str = include_str!("fixtures/plain.key");

/// A text near a valid one: something cut out, something put in.
fn near(text: &'static str) -> impl Strategy<Value = String> {
    (0..=text.len(), 0..=text.len(), ".{0,100}").prop_map(|(a, b, put)| {
        let (a, b) = (a.min(b), a.max(b));
        format!("{}{put}{}", &text[..a], &text[b..])
    })
}

/// Lines of the right shape with any bytes in the base64.
fn shaped(bytes: usize) -> impl Strategy<Value = String> {
    proptest::collection::vec(any::<u8>(), bytes).prop_map(|bytes| {
        use base64::Engine as _;
        base64::engine::general_purpose::STANDARD.encode(bytes)
    })
}

proptest! {
    #[test]
    fn no_text_makes_a_reader_panic(text in prop_oneof![any::<String>(), near(SIGNATURE), near(PUBLIC), near(SECRET)]) {
        let _ = Signature::parse(&text);
        let _ = PublicKey::parse(&text);
        let _ = SecretKey::parse(&text, None);
        let _ = text.parse::<KeyId>();
        let _ = Signers::new(vec![], Revoked::default()).unwrap().check(b"bytes", Some(&text));
    }

    #[test]
    fn no_bytes_in_lines_of_the_right_shape_are_a_key_or_a_signature_by_chance(
        signature in shaped(74), global in shaped(64), key in shaped(42), secret in shaped(158),
    ) {
        let text = format!("untrusted comment: x\n{signature}\ntrusted comment: y\n{global}\n");
        prop_assert!(Signature::parse(&text).is_err());
        let _ = PublicKey::parse(&format!("untrusted comment: x\n{key}\n"));
        let text = format!("untrusted comment: x\n{secret}\n");
        prop_assert!(SecretKey::parse(&text, None).is_err());
    }

    #[test]
    fn a_signature_that_differs_in_text_alone_is_still_one_signature(crlf in any::<bool>(), blank in 0_usize..4) {
        let text = if crlf { SIGNATURE.replace('\n', "\r\n") } else { SIGNATURE.to_owned() };
        let text = format!("{text}{}", "\n".repeat(blank));
        prop_assert_eq!(Signature::parse(&text).unwrap(), Signature::parse(SIGNATURE).unwrap());
    }
}
