//! Lists of trusted signers.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may fail")]

use autods_signature::{Digest, Revoked, SecretKey, SignatureError, Signer, Signers, sign};

const MANIFEST: &[u8] = b"id = \"lab-csv\"";

struct Case {
    key: SecretKey,
    text: String,
}

impl Case {
    fn new() -> Self {
        let key = SecretKey::generate().unwrap();
        let text = sign(&key, MANIFEST, "lab-csv 1.0.0").unwrap();
        Self { key, text }
    }

    fn signer(&self, name: &str) -> Signer {
        Signer {
            name: name.to_owned(),
            key: self.key.public(),
            plugins: None,
            worlds: None,
        }
    }

    fn signers(&self, revoked: Revoked) -> Signers {
        Signers::new(
            vec![Case::new().signer("other"), self.signer("lab")],
            revoked,
        )
        .unwrap()
    }
}

#[test]
fn a_trusted_signature_names_its_signer() {
    let case = Case::new();
    let signers = case.signers(Revoked::default());
    assert_eq!(
        signers.check(MANIFEST, Some(&case.text)).unwrap().name,
        "lab"
    );
}

#[test]
fn nobody_is_trusted_by_default() {
    let case = Case::new();
    assert_eq!(
        Signers::default().check(MANIFEST, Some(&case.text)),
        Err(SignatureError::UnknownKey(case.key.id()))
    );
}

#[test]
fn each_refusal_has_its_own_code() {
    let case = Case::new();
    let id = case.key.id();
    let signers = case.signers(Revoked::default());
    let code = |signers: &Signers, bytes: &[u8], text: Option<&str>| {
        signers.check(bytes, text).unwrap_err().code()
    };
    assert_eq!(code(&signers, MANIFEST, None), "signature-missing");
    assert_eq!(code(&signers, MANIFEST, Some(" \n")), "signature-missing");
    assert_eq!(
        code(&signers, MANIFEST, Some("hello")),
        "signature-malformed"
    );
    assert_eq!(
        code(&signers, b"changed", Some(&case.text)),
        "signature-bad"
    );
    let stranger = Case::new();
    assert_eq!(
        code(&signers, MANIFEST, Some(&stranger.text)),
        "signature-unknown-key"
    );
    let revoked = case.signers(Revoked {
        keys: vec![id],
        sha256: vec![],
    });
    assert_eq!(
        revoked.check(MANIFEST, Some(&case.text)),
        Err(SignatureError::Revoked(id))
    );
    let revoked = case.signers(Revoked {
        keys: vec![],
        sha256: vec![Digest::of(MANIFEST)],
    });
    assert_eq!(
        code(&revoked, MANIFEST, Some(&case.text)),
        "signature-revoked-digest"
    );
    assert!(
        revoked
            .not_revoked(&Digest::of(MANIFEST).as_str().to_uppercase())
            .is_err()
    );
    assert!(revoked.not_revoked(Digest::of(b"x").as_str()).is_ok());
}

#[test]
fn a_key_with_a_trusted_id_but_other_bytes_is_not_that_key() {
    // Ids are chosen by whoever makes a key: take ours and put another key behind it.
    let case = Case::new();
    let signers = case.signers(Revoked::default());
    let forger = Case::new();
    let forged = sign(&forger.key, MANIFEST, "lab-csv 1.0.0").unwrap();
    let mut lines: Vec<String> = forged.lines().map(str::to_owned).collect();
    use base64::Engine as _;
    let base64 = base64::engine::general_purpose::STANDARD;
    let mut bytes = base64.decode(&lines[1]).unwrap();
    let ours = base64.decode(case.text.lines().nth(1).unwrap()).unwrap();
    bytes[2..10].copy_from_slice(&ours[2..10]);
    lines[1] = base64.encode(bytes);
    assert_eq!(
        signers.check(MANIFEST, Some(&lines.join("\n"))),
        Err(SignatureError::Bad(case.key.id()))
    );
}

#[test]
fn a_signer_signs_only_the_plugins_and_worlds_it_is_trusted_with() {
    let case = Case::new();
    let mut signer = case.signer("lab");
    assert_eq!(signer.may_sign("anything", "agent"), Ok(()));
    signer.plugins = Some(vec!["lab-*".into()]);
    signer.worlds = Some(vec!["loader".into()]);
    assert_eq!(signer.may_sign("lab-csv", "loader"), Ok(()));
    for (plugin, world) in [("csv", "loader"), ("lab-csv", "agent")] {
        let error = signer.may_sign(plugin, world).unwrap_err();
        assert_eq!(error.code(), "signature-not-allowed");
        assert_eq!(error.key_id(), Some(case.key.id()));
    }
    signer.plugins = Some(vec![]);
    assert!(signer.may_sign("lab-csv", "loader").is_err());
}

#[test]
fn two_signers_with_one_name_or_one_key_are_refused() {
    let case = Case::new();
    let list = |signers| Signers::new(signers, Revoked::default());
    assert!(list(vec![case.signer("a"), Case::new().signer("a")]).is_err());
    assert!(list(vec![case.signer("a"), case.signer("b")]).is_err());
    assert!(list(vec![case.signer("")]).is_err());
    assert!(list(vec![case.signer("a\u{7}b")]).is_err());
}

#[test]
fn a_list_is_read_from_a_policy_and_unknown_keys_are_errors() {
    let key = SecretKey::generate().unwrap().public();
    let text = format!(
        "[[signers]]\nname = \"lab\"\nkey = \"{key}\"\nplugins = [\"lab-*\"]\nworlds = [\"loader\"]\n\
         [revoked]\nkeys = [\"2EA8A7CF2A1EA82\"]\nsha256 = [\"{}\"]\n",
        Digest::of(b"x")
    );
    let signers: Signers = toml::from_str(&text).unwrap();
    assert_eq!(signers.signers()[0].key, key);
    assert_eq!(signers.revoked().keys[0].to_string(), "02EA8A7CF2A1EA82");
    let again: Signers = toml::from_str(&toml::to_string(&signers).unwrap()).unwrap();
    assert_eq!(again, signers);
    for (from, to) in [
        ("worlds", "world"),
        ("keys = ", "key-ids = "),
        ("2EA8A7CF2A1EA82", "not-a-key-id"),
        (&key.to_string()[..8], "AAAAAAAA"),
        ("[[signers]]", "[[signer]]"),
    ] {
        assert!(
            toml::from_str::<Signers>(&text.replace(from, to)).is_err(),
            "{to}"
        );
    }
}
