//! minisign's files: signatures, public keys, secret keys without a password.
//!
//! Promise: nothing but the one genuine signature of the one message under the one key is taken
//! for it; and a key that is read is the same when it is written and read.

use std::sync::LazyLock;

use autods_signature::{PublicKey, SecretKey, Signature, verify};

use crate::assert_shown;

/// What was signed once, by a key that nobody has any more.
const MESSAGE: &[u8] = b"bytes";
const SIGNATURE: &str = include_str!("genuine.minisig");
const KEY: &str = include_str!("genuine.pub");

struct Genuine {
    key: PublicKey,
    signature: Signature,
}

static GENUINE: LazyLock<Genuine> = LazyLock::new(|| {
    let genuine = Genuine {
        key: PublicKey::parse(KEY).expect("the key beside this file"),
        signature: Signature::parse(SIGNATURE).expect("the signature beside this file"),
    };
    verify(MESSAGE, &genuine.signature, &genuine.key).expect("it is genuine");
    genuine
});

pub fn run(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else {
        return;
    };
    match Signature::parse(text) {
        Ok(signature) => {
            forged(&signature);
        }
        Err(error) => assert_shown("a refusal of a signature", &error.to_string()),
    }
    edited(text);
    match PublicKey::parse(text) {
        Ok(key) => {
            assert_eq!(PublicKey::parse(&key.to_string()).ok(), Some(key));
            assert_eq!(PublicKey::parse(&key.to_file()).ok(), Some(key));
            assert!(
                verify(MESSAGE, &GENUINE.signature, &key).is_err() || key == GENUINE.key,
                "another key verifies our signature"
            );
        }
        Err(error) => assert_shown("a refusal of a public key", &error.to_string()),
    }
    if let Err(error) = SecretKey::parse(text, None) {
        assert_shown("a refusal of a secret key", &error.to_string());
    }
}

/// The input as edits of the genuine signature: pairs of place and character.
fn edited(edits: &str) {
    let mut text: Vec<char> = SIGNATURE.chars().collect();
    let mut edits = edits.chars();
    while let (Some(place), Some(character)) = (edits.next(), edits.next()) {
        let place = place as usize % (text.len() + 1);
        match text.get_mut(place) {
            Some(at) => *at = character,
            None => text.push(character),
        }
    }
    let text: String = text.into_iter().collect();
    if let Ok(signature) = Signature::parse(&text) {
        forged(&signature);
    }
}

fn forged(signature: &Signature) {
    if *signature != GENUINE.signature {
        assert!(
            verify(MESSAGE, signature, &GENUINE.key).is_err(),
            "another signature than the genuine one is taken for it"
        );
    }
}

pub fn seeds() -> Vec<Vec<u8>> {
    vec![
        SIGNATURE.into(),
        KEY.into(),
        GENUINE.key.to_string().into_bytes(),
        // the key of minisign's own releases
        b"RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3".to_vec(),
        b"\x00x".to_vec(),
    ]
}
