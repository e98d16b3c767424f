//! What minisign writes is read here, and what is written here is read by minisign.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may fail")]

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use autods_signature::{
    PublicKey, SecretKey, Signature, SignatureError, read_signature, sign, verify, write_signature,
};

const MESSAGE: &[u8] = include_bytes!("fixtures/message.txt");
const PLAIN: &str = include_str!("fixtures/plain.minisig");

fn fixture(name: &str) -> std::path::PathBuf {
    // tests run in the folder of their package
    Path::new("tests/fixtures").join(name)
}

#[test]
fn a_signature_by_the_real_minisign_is_verified() {
    for (name, comment) in [
        ("plain", "signed without a password"),
        ("protected", "signed with a password"),
    ] {
        let key = PublicKey::read(&fixture(&format!("{name}.pub"))).unwrap();
        let text = read_signature(&fixture(&format!("{name}.minisig")))
            .unwrap()
            .unwrap();
        let signature = Signature::parse(&text).unwrap();
        assert_eq!(signature.key_id(), key.id());
        assert_eq!(signature.trusted_comment(), comment);
        verify(MESSAGE, &signature, &key).unwrap();
    }
}

#[test]
fn a_key_id_is_minisigns_number() {
    let file = fs::read_to_string(fixture("plain.pub")).unwrap();
    let key = PublicKey::parse(&file).unwrap();
    let named = file.lines().next().unwrap().rsplit(' ').next().unwrap();
    assert_eq!(key.id().to_string(), format!("{named:0>16}"));
    assert_eq!(named.parse::<autods_signature::KeyId>().unwrap(), key.id());
}

#[test]
fn keys_of_the_real_minisign_sign_here() {
    for (name, password) in [("plain", None), ("protected", Some("correct horse"))] {
        let text = fs::read_to_string(fixture(&format!("{name}.key"))).unwrap();
        let secret = SecretKey::parse(&text, password).unwrap();
        let public = PublicKey::read(&fixture(&format!("{name}.pub"))).unwrap();
        assert_eq!(secret.public(), public);
        let text = sign(&secret, b"bytes", "comment").unwrap();
        verify(b"bytes", &Signature::parse(&text).unwrap(), &public).unwrap();
    }
}

#[test]
fn a_protected_key_does_not_open_without_its_password() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("protected.key");
    let key = SecretKey::generate().unwrap();
    key.write(&path, Some("correct horse")).unwrap();
    let code = |password| SecretKey::read(&path, password).unwrap_err().code();
    assert_eq!(code(None), "key-password-needed");
    assert_eq!(code(Some("wrong horse")), "key-password-wrong");
}

#[test]
fn a_signature_of_the_old_kind_is_refused_by_name() {
    let text = fs::read_to_string(fixture("legacy.minisig")).unwrap();
    let key = PublicKey::read(&fixture("plain.pub")).unwrap();
    let error = Signature::parse(&text).unwrap_err();
    assert_eq!(error, SignatureError::Legacy(key.id()));
    assert_eq!(error.code(), "signature-legacy");
    assert!(error.to_string().contains("without `-l`"));
}

#[test]
fn minisigns_author_s_library_verifies_what_is_signed_here() {
    let key = SecretKey::generate().unwrap();
    let text = sign(&key, b"bytes", "comment").unwrap();
    let theirs = minisign_verify::PublicKey::decode(&key.public().to_file()).unwrap();
    let signature = minisign_verify::Signature::decode(&text).unwrap();
    theirs.verify(b"bytes", &signature, false).unwrap();
    assert!(theirs.verify(b"bytez", &signature, false).is_err());
    let theirs = minisign_verify::PublicKey::from_base64(&key.public().to_string()).unwrap();
    theirs.verify(b"bytes", &signature, false).unwrap();
}

/// Any one bit of the message, the signature, its comment or the key, turned over.
#[test]
fn a_flipped_bit_anywhere_is_refused() {
    let key = PublicKey::read(&fixture("plain.pub")).unwrap();
    let signature = Signature::parse(PLAIN).unwrap();
    for place in 0..MESSAGE.len() * 8 {
        let mut message = MESSAGE.to_vec();
        message[place / 8] ^= 1 << (place % 8);
        assert_eq!(
            verify(&message, &signature, &key),
            Err(SignatureError::Bad(key.id()))
        );
    }
    let untrusted = PLAIN.find('\n').unwrap() + 1;
    let mut accepted = Vec::new();
    for place in untrusted * 8..PLAIN.len() * 8 {
        let mut text = PLAIN.as_bytes().to_vec();
        text[place / 8] ^= 1 << (place % 8);
        let Ok(text) = String::from_utf8(text) else {
            continue;
        };
        if let Ok(signature) = Signature::parse(&text)
            && verify(MESSAGE, &signature, &key).is_ok()
        {
            accepted.push(place / 8);
        }
    }
    assert!(accepted.is_empty(), "changed bytes at {accepted:?} passed");
    let text = key.to_string();
    for place in 0..text.len() * 8 {
        let mut text = text.as_bytes().to_vec();
        text[place / 8] ^= 1 << (place % 8);
        let Some(key) = String::from_utf8(text)
            .ok()
            .and_then(|text| PublicKey::parse(&text).ok())
        else {
            continue;
        };
        assert!(verify(MESSAGE, &signature, &key).is_err());
    }
}

/// The tool, where it is installed.
fn tool() -> Option<Command> {
    if Command::new("minisign").arg("-v").output().is_ok() {
        return Some(Command::new("minisign"));
    }
    // Straight to the stream, so that it is seen although the test passes.
    let _ = writeln!(
        std::io::stderr(),
        "SKIPPED: minisign is not installed (`apt-get install minisign`), so nobody else has checked our signatures"
    );
    None
}

#[test]
fn the_real_minisign_verifies_what_is_signed_here() {
    let Some(mut minisign) = tool() else { return };
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("message");
    let public = folder.path().join("key.pub");
    fs::write(&file, MESSAGE).unwrap();
    let key = SecretKey::generate().unwrap();
    key.public().write(&public).unwrap();
    let text = sign(&key, MESSAGE, "what it is for").unwrap();
    write_signature(&folder.path().join("message.minisig"), &text).unwrap();
    let answer = minisign
        .args(["-V", "-p"])
        .arg(&public)
        .arg("-m")
        .arg(&file)
        .output()
        .unwrap();
    assert!(answer.status.success(), "{answer:?}");
    assert!(String::from_utf8_lossy(&answer.stdout).contains("what it is for"));
    fs::write(&file, b"something else").unwrap();
    let answer = tool()
        .unwrap()
        .args(["-V", "-P", &key.public().to_string(), "-m"])
        .arg(&file)
        .output()
        .unwrap();
    assert!(!answer.status.success(), "{answer:?}");
}

#[test]
fn the_real_minisign_signs_with_keys_made_here() {
    if tool().is_none() {
        return;
    }
    for password in [None, Some("correct horse")] {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("message");
        fs::write(&file, MESSAGE).unwrap();
        let secret = folder.path().join("secret.key");
        let key = SecretKey::generate().unwrap();
        key.write(&secret, password).unwrap();
        assert_eq!(
            SecretKey::read(&secret, password).unwrap().public(),
            key.public()
        );
        let mut child = tool()
            .unwrap()
            .args(["-S", "-s"])
            .arg(&secret)
            .arg("-m")
            .arg(&file)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdin = child.stdin.take().unwrap();
        if let Some(password) = password {
            writeln!(stdin, "{password}").unwrap();
        }
        drop(stdin);
        let answer = child.wait_with_output().unwrap();
        assert!(answer.status.success(), "{answer:?}");
        let text = read_signature(&folder.path().join("message.minisig"))
            .unwrap()
            .unwrap();
        verify(MESSAGE, &Signature::parse(&text).unwrap(), &key.public()).unwrap();
    }
}
