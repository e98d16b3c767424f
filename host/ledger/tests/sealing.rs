//! What the signed head of a ledger proves, also against somebody who rewrote all of it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs;
use std::path::{Path, PathBuf};

use autods_ledger::{
    Entry, Head, HeadSignature, KeyAction, KeyKind, Ledger, LedgerError, Outcome, SealError, seal,
    signature_path, verify, verify_seal,
};
use autods_signature::{PublicKey, SecretKey};
use tempfile::TempDir;

struct Run {
    _folder: TempDir,
    path: PathBuf,
    key: SecretKey,
}

fn started(run: &str) -> Entry {
    Entry::RunStarted {
        run: run.into(),
        host: "0.1.0".into(),
        runtime: "wasmtime 48".into(),
        task: "ab".repeat(32),
        launch: "cd".repeat(32),
        runbook: "ef".repeat(32),
        policy: "01".repeat(32),
        seeds: vec![1],
    }
}

fn write(path: &Path, entries: &[Entry]) {
    let ledger = Ledger::create(path).unwrap();
    for entry in entries {
        ledger.record(entry).unwrap();
    }
    ledger.sync().unwrap();
}

fn entries(name: &str) -> Vec<Entry> {
    vec![
        started(name),
        Entry::KeyUsed {
            key: KeyKind::Host,
            action: KeyAction::Read,
            fingerprint: "0123456789ABCDEF".into(),
        },
        Entry::RunClosed {
            outcome: Outcome::Completed,
        },
    ]
}

fn signed() -> Run {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.jsonl");
    write(&path, &entries("first"));
    let key = SecretKey::generate().unwrap();
    seal(&path, &key, "a test").unwrap();
    Run {
        _folder: folder,
        path,
        key,
    }
}

impl Run {
    fn checked(&self, key: Option<&PublicKey>) -> Result<HeadSignature, SealError> {
        match verify_seal(&self.path, key) {
            Ok(found) => Ok(found),
            Err(LedgerError::Seal { why, .. }) => Err(why),
            Err(other) => panic!("not the seal: {other}"),
        }
    }
}

#[test]
fn a_signed_head_is_checked_with_the_public_key() {
    let run = signed();
    assert_eq!(
        run.checked(Some(&run.key.public())),
        Ok(HeadSignature::Checked {
            key: run.key.id(),
            comment: "a test, head of record 3".into()
        })
    );
}

#[test]
fn without_a_public_key_the_signature_is_said_to_be_unchecked() {
    let run = signed();
    assert_eq!(
        run.checked(None),
        Ok(HeadSignature::Unchecked { key: run.key.id() })
    );
}

#[test]
fn a_closed_run_without_a_signature_is_found() {
    let run = signed();
    fs::remove_file(signature_path(&run.path)).unwrap();
    assert_eq!(run.checked(None), Err(SealError::Missing));
    fs::write(signature_path(&run.path), "").unwrap();
    assert!(matches!(run.checked(None), Err(SealError::Signature(_))));
}

#[test]
fn a_chain_that_was_rewritten_whole_is_found() {
    let run = signed();
    for path in [run.path.clone(), Head::path(&run.path)] {
        fs::remove_file(path).unwrap();
    }
    // The chain and its head hold: only the signature knows.
    write(&run.path, &entries("rewritten"));
    verify(&run.path).unwrap();
    assert_eq!(
        run.checked(Some(&run.key.public())),
        Err(SealError::Changed(run.key.id()))
    );
}

#[test]
fn a_rewritten_chain_signed_by_another_key_is_found() {
    let run = signed();
    for path in [run.path.clone(), Head::path(&run.path)] {
        fs::remove_file(path).unwrap();
    }
    write(&run.path, &entries("rewritten"));
    let forger = SecretKey::generate().unwrap();
    seal(&run.path, &forger, "a test").unwrap();
    assert_eq!(
        run.checked(Some(&run.key.public())),
        Err(SealError::OtherKey {
            signed: forger.id(),
            expected: run.key.id()
        })
    );
}

#[test]
fn records_after_the_signed_head_are_found() {
    let run = signed();
    let ledger = Ledger::open(&run.path).unwrap();
    ledger
        .append(&Entry::Wrote {
            path: "report/report.html".into(),
            sha256: "ab".repeat(32),
        })
        .unwrap();
    drop(ledger);
    assert_eq!(
        run.checked(Some(&run.key.public())),
        Err(SealError::Grown {
            signed: 3,
            records: 4
        })
    );
    Ledger::open(&run.path).unwrap().sync().unwrap();
    assert!(run.checked(Some(&run.key.public())).is_err());
}

#[test]
fn every_changed_byte_of_the_signature_is_found_but_for_the_untrusted_comment() {
    let run = signed();
    let path = signature_path(&run.path);
    let text = fs::read(&path).unwrap();
    let from = text.iter().position(|&byte| byte == b'\n').unwrap() + 1;
    for place in from..text.len() {
        let mut changed = text.clone();
        changed[place] ^= 1;
        fs::write(&path, &changed).unwrap();
        assert!(
            run.checked(Some(&run.key.public())).is_err(),
            "byte {place}"
        );
    }
}

#[test]
fn a_run_that_is_taken_up_again_is_open_until_it_closes_and_is_signed_again() {
    let run = signed();
    let ledger = Ledger::open(&run.path).unwrap();
    ledger
        .record(&Entry::RunResumed {
            host: "0.1.0".into(),
            runtime: "wasmtime 48".into(),
            policy: "01".repeat(32),
            events: 1,
        })
        .unwrap();
    // what was signed before it went on still holds
    assert_eq!(
        run.checked(Some(&run.key.public())),
        Ok(HeadSignature::Open { signed: Some(3) })
    );
    ledger
        .record(&Entry::RunClosed {
            outcome: Outcome::Failed,
        })
        .unwrap();
    drop(ledger);
    assert!(run.checked(Some(&run.key.public())).is_err());
    seal(&run.path, &run.key, "again").unwrap();
    assert!(matches!(
        run.checked(Some(&run.key.public())),
        Ok(HeadSignature::Checked { .. })
    ));
}

#[test]
fn a_closed_run_cannot_be_made_an_open_one() {
    let run = signed();
    for path in [run.path.clone(), Head::path(&run.path)] {
        fs::remove_file(path).unwrap();
    }
    // without its end, and the chain made anew
    write(&run.path, &entries("first")[..2]);
    let key = run.key.public();
    let cut = SealError::Cut {
        signed: 3,
        records: 2,
    };
    assert_eq!(run.checked(Some(&key)), Err(cut.clone()));
    assert_eq!(run.checked(None), Err(cut));
    // with something else in its place
    let mut more = entries("first");
    more[2] = more[1].clone();
    for path in [run.path.clone(), Head::path(&run.path)] {
        fs::remove_file(path).unwrap();
    }
    write(&run.path, &more);
    assert_eq!(run.checked(Some(&key)), Err(SealError::Changed(key.id())));
    fs::remove_file(signature_path(&run.path)).unwrap();
    assert_eq!(
        run.checked(Some(&key)),
        Ok(HeadSignature::Open { signed: None })
    );
}

#[test]
fn what_changes_the_state_of_a_run_is_on_disk_when_recorded() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.jsonl");
    let ledger = Ledger::create(&path).unwrap();
    ledger.record(&started("x")).unwrap();
    assert_eq!(verify(&path).unwrap().synced, 1);
    ledger
        .record(&Entry::Wrote {
            path: "a".into(),
            sha256: "b".into(),
        })
        .unwrap();
    assert_eq!(verify(&path).unwrap().synced, 1);
    ledger.record(&Entry::LockboxOpened { count: 1 }).unwrap();
    assert_eq!(verify(&path).unwrap().synced, 3);
}
