//! What must be true of a plugin's files before anything of it is compiled: digests, signature,
//! lock, revocation, plain files.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "a test may fail"
)]
#![allow(dead_code, reason = "the builder is shared with the hostile plugins")]

#[path = "evil/build.rs"]
mod build;

use std::fs;
use std::path::{Path, PathBuf};

use autods_sandbox::policy::{LockRule, Requirement};
use autods_sandbox::{
    Capability, Lock, LockState, Papers, PluginFile, Policy, Profile, Purpose, Refusal, Sandbox,
    Seal, World,
};
use autods_signature::{Revoked, SecretKey, Signer, sign};
use build::Module;
use sha2::{Digest, Sha256};
use tempfile::TempDir;

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// A plugin folder with one loader, `loader-x`, whose manifest names its component.
struct Folder(TempDir);

impl Folder {
    fn new() -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        let component = Module::default().component("loader");
        fs::write(folder.component(), &component).unwrap();
        folder.write_manifest(&sha256(&component));
        folder
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn component(&self) -> PathBuf {
        self.path().join("loader-x.wasm")
    }

    fn manifest(&self) -> PathBuf {
        self.path().join("loader-x.toml")
    }

    fn write_manifest(&self, component: &str) {
        let text = format!(
            "[plugin]\nid = \"loader-x\"\nversion = \"1.0.0\"\nworld = \"loader\"\ncontract = \"0.1.0\"\n\
             [component]\nsha256 = \"{component}\"\n\
             [capabilities]\nrequires = [\"log\", \"read-sources\", \"emit-rows\"]\n\
             [tables]\n\"*\" = [\"*\"]\n"
        );
        fs::write(self.manifest(), text).unwrap();
    }

    fn sign(&self, key: &SecretKey) {
        let text = sign(key, &fs::read(self.manifest()).unwrap(), "loader-x 1.0.0").unwrap();
        fs::write(self.path().join("loader-x.toml.minisig"), text).unwrap();
    }

    fn lock(&self, policy: &Policy) {
        let file = PluginFile::read_to_pin(&self.component(), policy).unwrap();
        let mut lock = Lock::of_folder(self.path()).unwrap();
        lock.pin(file.audit());
        lock.write(self.path()).unwrap();
    }

    fn sign_lock(&self, key: &SecretKey) {
        let text = sign(
            key,
            &fs::read(self.path().join(Lock::FILE)).unwrap(),
            "autods.lock",
        )
        .unwrap();
        fs::write(self.path().join("autods.lock.minisig"), text).unwrap();
    }

    fn read(&self, policy: &Policy) -> Result<PluginFile, Refusal> {
        PluginFile::read(&self.component(), policy)
    }

    /// Codes of everything that is wrong.
    fn refusals(&self, policy: &Policy) -> Vec<&'static str> {
        match self.read(policy) {
            Ok(file) => file.audit().refusals.iter().map(Refusal::code).collect(),
            Err(refusal) => vec![refusal.code()],
        }
    }
}

fn signer(key: &SecretKey) -> Signer {
    Signer {
        name: "Data office".into(),
        key: key.public(),
        plugins: None,
        worlds: None,
    }
}

fn trusting(profile: Profile, key: &SecretKey) -> Policy {
    Policy {
        signers: vec![signer(key)],
        ..Policy::of(profile)
    }
}

#[test]
fn under_strict_a_signed_plugin_under_a_signed_lock_is_admitted_and_nothing_less() {
    let key = SecretKey::generate().unwrap();
    let policy = trusting(Profile::Strict, &key);
    let folder = Folder::new();
    assert_eq!(
        folder.refusals(&policy),
        ["signature-missing", "not-locked"]
    );
    folder.sign(&key);
    assert_eq!(folder.refusals(&policy), ["not-locked"]);
    folder.lock(&policy);
    assert_eq!(folder.refusals(&policy), ["signature-missing"]);
    folder.sign_lock(&key);
    assert_eq!(folder.refusals(&policy), Vec::<&str>::new());
    let file = folder.read(&policy).unwrap();
    assert_eq!(file.audit().lock, LockState::Pinned);
    assert!(
        matches!(&file.audit().signature, Seal::Signed { signer, .. } if signer == "Data office")
    );
    assert!(Sandbox::new(policy, None).unwrap().admit(file).is_ok());
}

#[test]
fn the_shipped_strict_policy_trusts_nobody() {
    let key = SecretKey::generate().unwrap();
    let folder = Folder::new();
    folder.sign(&key);
    let codes = folder.refusals(&Policy::of(Profile::Strict));
    assert!(codes.contains(&"signature-unknown-key"), "{codes:?}");
}

#[test]
fn under_standard_a_plugin_must_be_pinned_and_under_development_it_need_not() {
    let folder = Folder::new();
    let standard = Policy::default();
    assert_eq!(folder.refusals(&standard), ["not-locked"]);
    assert!(
        folder
            .refusals(&Policy::of(Profile::Development))
            .is_empty()
    );
    folder.lock(&standard);
    assert!(folder.refusals(&standard).is_empty());
}

#[test]
fn a_component_that_was_exchanged_is_refused_whoever_pinned_or_signed_the_other() {
    let key = SecretKey::generate().unwrap();
    let policy = trusting(Profile::Strict, &key);
    let folder = Folder::new();
    folder.sign(&key);
    folder.lock(&policy);
    folder.sign_lock(&key);
    let other = Module::first("unreachable").component("loader");
    fs::write(folder.component(), &other).unwrap();
    let codes = folder.refusals(&policy);
    assert!(
        codes.starts_with(&["other-component", "other-than-locked"]),
        "{codes:?}"
    );
    // Its manifest exchanged as well: now the signature is not of it.
    folder.write_manifest(&sha256(&other));
    let codes = folder.refusals(&policy);
    assert!(codes.contains(&"signature-bad"), "{codes:?}");
    assert!(codes.contains(&"other-than-locked"), "{codes:?}");
}

#[test]
fn a_lock_that_was_edited_is_refused_even_if_it_pins_what_is_there() {
    let policy = Policy::default();
    let folder = Folder::new();
    folder.lock(&policy);
    let place = folder.path().join(Lock::FILE);
    let text = fs::read_to_string(&place).unwrap();
    let other = Module::first("unreachable").component("loader");
    let edited = text.replace(
        &sha256(&fs::read(folder.component()).unwrap()),
        &sha256(&other),
    );
    assert_ne!(text, edited);
    fs::write(folder.component(), &other).unwrap();
    fs::write(&place, edited).unwrap();
    assert!(folder.refusals(&policy).contains(&"bad-lock"));
    // Cut short, emptied or replaced by something else.
    for text in [&text[..text.len() / 2], "", "version = 1\n", "\u{0}"] {
        fs::write(&place, text).unwrap();
        assert!(folder.refusals(&policy).contains(&"bad-lock"), "{text:?}");
    }
}

#[test]
fn a_lock_signed_by_another_or_changed_after_signing_is_refused() {
    let (key, stranger) = (
        SecretKey::generate().unwrap(),
        SecretKey::generate().unwrap(),
    );
    let policy = trusting(Profile::Strict, &key);
    let folder = Folder::new();
    folder.sign(&key);
    folder.lock(&policy);
    folder.sign_lock(&stranger);
    assert_eq!(folder.refusals(&policy), ["signature-unknown-key"]);
    folder.sign_lock(&key);
    let place = folder.path().join(Lock::FILE);
    let text = fs::read_to_string(&place).unwrap();
    fs::write(&place, text.replace("wall-ms = 300000", "wall-ms = 300001")).unwrap();
    assert_eq!(folder.refusals(&policy), ["signature-bad"]);
}

#[test]
fn a_signer_signs_only_what_the_policy_lets_them() {
    let key = SecretKey::generate().unwrap();
    let folder = Folder::new();
    folder.sign(&key);
    let refused = |signer: Signer| {
        let mut policy = Policy::of(Profile::Development);
        policy.plugins.signature = Requirement::Required;
        policy.signers = vec![signer];
        folder.refusals(&policy)
    };
    let trusted = signer(&key);
    assert!(refused(trusted.clone()).is_empty());
    let other_id = Signer {
        plugins: Some(vec!["loader-y".into()]),
        ..trusted.clone()
    };
    assert_eq!(refused(other_id), ["signature-not-allowed"]);
    let other_world = Signer {
        worlds: Some(vec!["agent".into()]),
        ..trusted.clone()
    };
    assert_eq!(refused(other_world), ["signature-not-allowed"]);
    // Who may sign plugins by name may not sign the whole folder.
    let mut policy = Policy::default();
    policy.plugins.lock = LockRule::Signed;
    policy.signers = vec![Signer {
        plugins: Some(vec!["loader-*".into()]),
        ..trusted
    }];
    folder.lock(&policy);
    folder.sign_lock(&key);
    assert_eq!(folder.refusals(&policy), ["signature-not-allowed"]);
}

#[test]
fn a_revoked_key_or_digest_is_refused_under_every_policy() {
    let key = SecretKey::generate().unwrap();
    let folder = Folder::new();
    folder.sign(&key);
    for profile in Profile::ALL {
        let mut policy = trusting(profile, &key);
        policy.revoked = Revoked {
            keys: vec![key.id()],
            sha256: vec![],
        };
        let codes = folder.refusals(&policy);
        assert!(codes.contains(&"signature-revoked-key"), "{codes:?}");
        for file in [folder.component(), folder.manifest()] {
            let digest = sha256(&fs::read(file).unwrap());
            policy.revoked = Revoked {
                keys: vec![],
                sha256: vec![digest.try_into().unwrap()],
            };
            let codes = folder.refusals(&policy);
            assert_eq!(codes.first(), Some(&"revoked"), "{codes:?}");
        }
    }
}

#[test]
fn a_wrong_signature_is_refused_even_where_none_is_needed() {
    let key = SecretKey::generate().unwrap();
    let mut policy = trusting(Profile::Development, &key);
    let folder = Folder::new();
    folder.sign(&key);
    let text = fs::read_to_string(folder.manifest()).unwrap();
    fs::write(folder.manifest(), format!("{text}# a word more\n")).unwrap();
    assert_eq!(folder.refusals(&policy), ["signature-bad"]);
    // A stranger's is as good as none.
    policy.signers.clear();
    assert!(folder.refusals(&policy).is_empty());
    let file = folder.read(&policy).unwrap();
    assert!(matches!(
        &file.audit().signature,
        Seal::NotTrusted { key: Some(_) }
    ));
    fs::write(folder.path().join("loader-x.toml.minisig"), "hello").unwrap();
    assert_eq!(folder.refusals(&policy), ["signature-malformed"]);
}

#[test]
fn a_signature_over_a_manifest_that_names_no_component_says_nothing() {
    let key = SecretKey::generate().unwrap();
    let policy = trusting(Profile::Development, &key);
    let folder = Folder::new();
    let text = fs::read_to_string(folder.manifest()).unwrap();
    let start = text.find("[component]").unwrap();
    let end = text.find("[capabilities]").unwrap();
    fs::write(
        folder.manifest(),
        format!("{}{}", &text[..start], &text[end..]),
    )
    .unwrap();
    folder.sign(&key);
    assert_eq!(folder.refusals(&policy), ["signed-without-digest"]);
}

#[cfg(unix)]
#[test]
fn a_link_in_a_plugin_folder_is_refused() {
    let elsewhere = Folder::new();
    for name in [
        "loader-x.wasm",
        "loader-x.toml",
        "loader-x.toml.minisig",
        "autods.lock",
    ] {
        let folder = Folder::new();
        let place = folder.path().join(name);
        let _ = fs::remove_file(&place);
        let target = elsewhere.path().join(name);
        std::os::unix::fs::symlink(target, place).unwrap();
        let policy = Policy::of(Profile::Development);
        assert_eq!(folder.refusals(&policy), ["not-a-plain-file"], "{name}");
    }
}

#[cfg(unix)]
#[test]
fn a_folder_or_device_in_the_place_of_a_file_is_refused() {
    let folder = Folder::new();
    fs::remove_file(folder.component()).unwrap();
    fs::create_dir(folder.component()).unwrap();
    assert_eq!(
        folder.refusals(&Policy::of(Profile::Development)),
        ["not-a-plain-file"]
    );
}

#[test]
fn the_limits_of_a_lock_stay_when_the_policy_becomes_more_generous() {
    let mut policy = Policy::default();
    policy.limits.memory_mib = 64;
    let folder = Folder::new();
    folder.lock(&policy);
    policy.limits.memory_mib = 512;
    policy.limits.wall_ms = 1000;
    let file = folder.read(&policy).unwrap();
    assert!(file.audit().admitted());
    assert_eq!(file.audit().limits.memory_mib, 64);
    assert_eq!(file.audit().limits.wall_ms, 1000);
}

#[test]
fn each_of_the_four_can_deny_and_the_refusal_says_who() {
    let folder = Folder::new();
    let said = |policy: &Policy, purpose: Purpose| {
        let file = folder.read(policy).unwrap().for_purpose(purpose);
        file.audit()
            .refusals
            .iter()
            .map(|refusal| format!("{}: {refusal}", refusal.code()))
            .collect::<Vec<_>>()
    };
    let open = Policy::of(Profile::Development);
    assert!(said(&open, Purpose::ANY).is_empty());

    let mut narrow = open.clone();
    narrow.grants.loader = vec![Capability::ReadSources, Capability::EmitRows];
    assert_eq!(
        said(&narrow, Purpose::ANY),
        [
            "not-granted: it needs `log`, which the policy does not give; who is responsible for the site may add it to `grants` in policy.toml"
        ]
    );
    let withholding = Purpose {
        withheld: vec![Capability::Log],
        ..Purpose::ANY
    };
    assert_eq!(
        said(&open, withholding),
        [
            "not-granted: it needs `log`, which the task does not give; who wrote the task withholds it (`withhold` in LAUNCH.md)"
        ]
    );
    let misused = Purpose {
        world: Some(World::Agent),
        ..Purpose::ANY
    };
    assert_eq!(
        said(&open, misused),
        [
            "wrong-use: the task uses it as agent, its manifest says loader; correct the id in TASK.md or LAUNCH.md"
        ]
    );
    let text = fs::read_to_string(folder.manifest()).unwrap();
    fs::write(folder.manifest(), text.replace("\"log\", ", "")).unwrap();
    assert_eq!(
        said(&open, Purpose::ANY),
        [
            "undeclared-capability: it uses `log`, for which its manifest does not ask; its author must add it to `capabilities.requires`, so that who installs it can see it"
        ]
    );
}

#[test]
fn capabilities_that_are_kept_apart_never_meet() {
    let mut policy = Policy::of(Profile::Development);
    // Not even a policy that was put together in memory gets past it.
    policy.never_together.sets = vec![vec![Capability::ReadSources, Capability::EmitRows]];
    let folder = Folder::new();
    assert_eq!(folder.refusals(&policy), ["never-together"]);
    assert!(Sandbox::new(policy, None).is_err());
}

#[test]
fn bytes_that_were_read_are_the_bytes_that_are_loaded() {
    let policy = Policy::of(Profile::Development);
    let folder = Folder::new();
    let file = folder.read(&policy).unwrap();
    let digest = file.sha256().to_owned();
    // Exchanged between check and load.
    fs::write(folder.component(), b"something else").unwrap();
    let plugin = Sandbox::new(policy, None).unwrap().admit(file).unwrap();
    assert_eq!(plugin.sha256(), digest);
}

#[test]
fn papers_are_kept_as_they_were_read() {
    let policy = Policy::of(Profile::Development);
    let folder = Folder::new();
    folder.lock(&policy);
    let file = folder.read(&policy).unwrap();
    let expected = Papers {
        manifest: fs::read_to_string(folder.manifest()).unwrap(),
        signature: None,
        lock: Some(fs::read_to_string(folder.path().join(Lock::FILE)).unwrap()),
        lock_signature: None,
    };
    assert_eq!(*file.papers(), expected);
}

#[test]
fn only_what_would_be_admitted_is_pinned() {
    let folder = Folder::new();
    folder.write_manifest(&"0".repeat(64));
    let refused = PluginFile::read_to_pin(&folder.component(), &Policy::default());
    assert_eq!(
        refused.err().map(|refusal| refusal.code()),
        Some("other-component")
    );
}

#[test]
fn a_lock_says_the_same_however_often_it_is_written() {
    let folder = Folder::new();
    folder.lock(&Policy::default());
    let first = fs::read_to_string(folder.path().join(Lock::FILE)).unwrap();
    folder.lock(&Policy::default());
    assert_eq!(
        fs::read_to_string(folder.path().join(Lock::FILE)).unwrap(),
        first
    );
    let mut lock = Lock::parse("autods.lock", &first).unwrap();
    assert_eq!(lock.to_text(), first);
    assert!(lock.unpin("loader-x"));
    assert!(!lock.unpin("loader-x"));
    assert!(lock.get("loader-x").is_none());
}

#[test]
fn a_new_lock_takes_the_signature_of_the_old_one_away() {
    let key = SecretKey::generate().unwrap();
    let folder = Folder::new();
    folder.lock(&Policy::default());
    folder.sign_lock(&key);
    folder.lock(&Policy::default());
    assert!(!folder.path().join("autods.lock.minisig").exists());
}
