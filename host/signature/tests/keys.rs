//! Key files: who may read them, and what is refused.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may fail")]

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};

use autods_signature::{KeyError, PublicKey, SecretKey, Signature, read_signature, sign};

fn written() -> (tempfile::TempDir, std::path::PathBuf, SecretKey) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("host.key");
    let key = SecretKey::generate().unwrap();
    key.write(&path, None).unwrap();
    (folder, path, key)
}

#[test]
fn a_secret_key_is_written_for_its_owner_only_and_comes_back() {
    let (_folder, path, key) = written();
    assert_eq!(
        fs::metadata(&path).unwrap().permissions().mode() & 0o7777,
        0o600
    );
    assert_eq!(SecretKey::read(&path, None).unwrap().public(), key.public());
}

#[test]
fn a_key_is_never_overwritten() {
    let (folder, path, key) = written();
    assert!(matches!(
        key.write(&path, None),
        Err(KeyError::Exists { .. })
    ));
    let public = folder.path().join("host.pub");
    key.public().write(&public).unwrap();
    assert!(matches!(
        key.public().write(&public),
        Err(KeyError::Exists { .. })
    ));
    let link = folder.path().join("link.key");
    symlink(folder.path().join("elsewhere"), &link).unwrap();
    assert!(matches!(
        key.write(&link, None),
        Err(KeyError::Exists { .. })
    ));
}

#[test]
fn a_secret_key_that_others_may_read_is_refused_with_what_to_do() {
    let (_folder, path, _) = written();
    for mode in [0o640, 0o604, 0o660, 0o644] {
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        let error = SecretKey::read(&path, None).unwrap_err();
        assert_eq!(error.code(), "key-exposed");
        let message = error.to_string();
        assert!(message.contains("chmod 600"), "{message}");
        assert!(message.contains(&format!("{mode:04o}")), "{message}");
    }
}

#[test]
fn a_symlink_to_a_secret_key_is_refused() {
    let (folder, path, _) = written();
    let link = folder.path().join("link.key");
    symlink(&path, &link).unwrap();
    assert_eq!(
        SecretKey::read(&link, None).unwrap_err().code(),
        "key-symlink"
    );
}

#[test]
fn what_is_no_regular_file_is_refused_and_not_waited_for() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(
        SecretKey::read(folder.path(), None).unwrap_err().code(),
        "key-not-a-file"
    );
    assert_eq!(
        PublicKey::read(folder.path()).unwrap_err().code(),
        "key-not-a-file"
    );
    assert_eq!(
        PublicKey::read("/dev/zero".as_ref()).unwrap_err().code(),
        "key-not-a-file"
    );
    assert_eq!(
        read_signature("/dev/zero".as_ref()).unwrap_err().code(),
        "signature-malformed"
    );
}

#[test]
fn a_file_over_eight_kibibytes_is_no_key_and_no_signature() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("long");
    fs::write(&path, "a".repeat(8193)).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    assert_eq!(
        SecretKey::read(&path, None).unwrap_err().code(),
        "key-too-long"
    );
    assert_eq!(PublicKey::read(&path).unwrap_err().code(), "key-too-long");
    assert_eq!(
        read_signature(&path).unwrap_err().code(),
        "signature-malformed"
    );
    assert_eq!(
        Signature::parse(&"a".repeat(8193)).unwrap_err().code(),
        "signature-malformed"
    );
}

#[test]
fn an_absent_signature_is_told_from_an_unreadable_one() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(read_signature(&folder.path().join("none")), Ok(None));
    let path = folder.path().join("file");
    fs::write(&path, [0xff, 0xfe]).unwrap();
    assert_eq!(
        read_signature(&path).unwrap_err().code(),
        "signature-malformed"
    );
    assert_eq!(
        read_signature(&path.join("below")).unwrap_err().code(),
        "signature-unreadable"
    );
}

#[test]
fn a_damaged_secret_key_is_refused() {
    let (_folder, path, _) = written();
    let text = fs::read_to_string(&path).unwrap();
    let line = text.lines().nth(1).unwrap();
    // From the key id on, every character matters.
    for place in 80..line.len() {
        let mut changed = line.as_bytes().to_vec();
        changed[place] = if changed[place] == b'A' { b'B' } else { b'A' };
        let changed = text.replace(line, std::str::from_utf8(&changed).unwrap());
        assert_eq!(
            SecretKey::parse(&changed, None).unwrap_err().code(),
            "key-malformed",
            "character {place}"
        );
    }
}

#[test]
fn no_message_and_no_debug_form_shows_a_key() {
    let (_folder, path, key) = written();
    let text = fs::read_to_string(&path).unwrap();
    let shown = format!("{key:?}");
    assert_eq!(shown, format!("SecretKey({})", key.id()));
    let error = SecretKey::parse(&text[..text.len() - 9], None).unwrap_err();
    assert!(
        !error
            .to_string()
            .contains(&text.lines().nth(1).unwrap()[80..100])
    );
}

#[test]
fn an_empty_password_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("host.key");
    let key = SecretKey::generate().unwrap();
    assert_eq!(
        key.write(&path, Some("")).unwrap_err().code(),
        "key-password-empty"
    );
    assert!(!path.exists());
}

#[test]
fn a_comment_of_more_than_one_plain_line_is_not_signed() {
    let key = SecretKey::generate().unwrap();
    for comment in [
        "two\nlines",
        "carriage\rreturn",
        "\u{1b}[2J",
        " outer",
        "outer ",
        &"x".repeat(1025),
    ] {
        assert_eq!(
            sign(&key, b"", comment).unwrap_err().code(),
            "signature-comment",
            "{comment:?}"
        );
    }
    let text = sign(&key, b"", "Grüße, 東京").unwrap();
    assert_eq!(
        Signature::parse(&text).unwrap().trusted_comment(),
        "Grüße, 東京"
    );
}

#[test]
fn weak_public_keys_are_refused() {
    // The points of small order that libsodium lists; under these, one signature fits many messages.
    for point in [
        [0; 32],
        {
            let mut one = [0; 32];
            one[0] = 1;
            one
        },
        {
            let mut minus_one = [0xff; 32];
            minus_one[0] = 0xec;
            minus_one[31] = 0x7f;
            minus_one
        },
    ] {
        use base64::Engine as _;
        let mut bytes = b"Edidididid".to_vec();
        bytes.extend(point);
        let text = base64::engine::general_purpose::STANDARD.encode(bytes);
        assert_eq!(PublicKey::parse(&text).unwrap_err().code(), "key-malformed");
    }
}
