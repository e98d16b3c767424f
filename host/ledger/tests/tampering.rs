//! What an attacker, a crash or a full disk can do to a ledger, and what is noticed.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs;
use std::path::{Path, PathBuf};

use autods_ledger::{Entry, Ledger, LedgerError, Outcome, Reason, Repair, Tampered, read, verify};
use proptest::prelude::*;
use tempfile::TempDir;

fn entry(number: u64) -> Entry {
    match number % 3 {
        0 => Entry::StageEntered {
            from: "ingest".into(),
            to: "govern".into(),
        },
        1 => Entry::Call {
            plugin: "loader-table".into(),
            sha256: "ab".repeat(32),
            export: "load".into(),
            micros: number,
            bytes_in: 10,
            bytes_out: 20,
            host_calls: 3,
            log_bytes: 0,
        },
        _ => Entry::RunClosed {
            outcome: Outcome::Completed,
        },
    }
}

fn ledger(records: u64) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.jsonl");
    let ledger = Ledger::create(&path).unwrap();
    for number in 0..records {
        ledger.append(&entry(number)).unwrap();
    }
    ledger.sync().unwrap();
    (folder, path)
}

fn lines(path: &Path) -> Vec<String> {
    fs::read_to_string(path)
        .unwrap()
        .lines()
        .map(|line| format!("{line}\n"))
        .collect()
}

fn found(path: &Path) -> Tampered {
    match verify(path) {
        Err(LedgerError::Tampered { tampered, .. }) => tampered,
        other => panic!("not noticed: {other:?}"),
    }
}

#[test]
fn an_untouched_ledger_verifies_and_reads_back() {
    let (_folder, path) = ledger(7);
    let summary = verify(&path).unwrap();
    assert_eq!((summary.records, summary.synced), (7, 7));
    let records = read(&path).unwrap();
    assert_eq!(records.len(), 7);
    assert!(
        records
            .iter()
            .zip(0..)
            .all(|(record, number)| record.entry == entry(number))
    );
    assert_eq!(records[6].hash, summary.head.hash);
}

#[test]
fn a_ledger_without_records_verifies() {
    let (_folder, path) = ledger(0);
    assert_eq!(verify(&path).unwrap().records, 0);
}

#[test]
fn an_edited_record_is_found_by_number() {
    let (_folder, path) = ledger(5);
    let edited = fs::read_to_string(&path)
        .unwrap()
        .replacen("\"micros\":1,", "\"micros\":2,", 1);
    fs::write(&path, edited).unwrap();
    assert_eq!(
        found(&path),
        Tampered {
            record: 2,
            why: Reason::Edited
        }
    );
}

#[test]
fn a_deleted_record_is_found() {
    let (_folder, path) = ledger(5);
    let mut lines = lines(&path);
    lines.remove(2);
    fs::write(&path, lines.concat()).unwrap();
    assert_eq!(
        found(&path),
        Tampered {
            record: 3,
            why: Reason::OutOfOrder { found: 4 }
        }
    );
}

#[test]
fn swapped_records_are_found() {
    let (_folder, path) = ledger(5);
    let mut lines = lines(&path);
    lines.swap(1, 2);
    fs::write(&path, lines.concat()).unwrap();
    assert_eq!(
        found(&path),
        Tampered {
            record: 2,
            why: Reason::OutOfOrder { found: 3 }
        }
    );
}

#[test]
fn a_record_of_another_ledger_is_found() {
    let (_folder, path) = ledger(5);
    let (_other_folder, other) = ledger(5);
    let mut mixed = lines(&path);
    mixed[3] = lines(&other)[3].clone();
    fs::write(&path, mixed.concat()).unwrap();
    assert_eq!(
        found(&path),
        Tampered {
            record: 4,
            why: Reason::Unchained
        }
    );
}

#[test]
fn records_cut_off_the_end_are_found() {
    let (_folder, path) = ledger(5);
    let kept = lines(&path)[..3].concat();
    fs::write(&path, kept).unwrap();
    assert_eq!(
        found(&path),
        Tampered {
            record: 4,
            why: Reason::CutOff
        }
    );
    assert!(matches!(
        Ledger::open(&path),
        Err(LedgerError::Tampered { .. })
    ));
}

#[test]
fn an_emptied_ledger_is_found() {
    let (_folder, path) = ledger(5);
    fs::write(&path, "").unwrap();
    assert_eq!(
        found(&path),
        Tampered {
            record: 1,
            why: Reason::CutOff
        }
    );
}

#[test]
fn a_piece_cut_out_of_the_middle_is_found() {
    let (_folder, path) = ledger(5);
    let mut bytes = fs::read(&path).unwrap();
    let middle = bytes.len() / 2;
    bytes.drain(middle..middle + 40);
    fs::write(&path, bytes).unwrap();
    assert!(matches!(
        found(&path).why,
        Reason::Edited | Reason::Malformed
    ));
}

#[test]
fn a_torn_synced_record_is_not_repaired() {
    let (_folder, path) = ledger(5);
    let bytes = fs::read(&path).unwrap();
    fs::write(&path, &bytes[..bytes.len() - 9]).unwrap();
    assert_eq!(
        found(&path),
        Tampered {
            record: 5,
            why: Reason::Torn
        }
    );
    assert!(matches!(
        Ledger::open(&path),
        Err(LedgerError::Tampered { .. })
    ));
}

#[test]
fn a_torn_record_after_a_crash_is_cut_off_and_recorded() {
    let (_folder, path) = ledger(5);
    let mut bytes = fs::read(&path).unwrap();
    bytes.extend_from_slice(b"{\"seq\":6,\"at\":\"20");
    fs::write(&path, bytes).unwrap();
    assert_eq!(
        found(&path),
        Tampered {
            record: 6,
            why: Reason::Torn
        }
    );

    let ledger = Ledger::open(&path).unwrap();
    ledger.append(&entry(0)).unwrap();
    drop(ledger);
    let records = read(&path).unwrap();
    assert_eq!(records.len(), 7);
    assert_eq!(
        records[5].entry,
        Entry::Recovered {
            repair: Repair::TornRecord,
            bytes: 17
        }
    );
}

#[test]
fn records_after_the_last_sync_survive_the_process() {
    let (_folder, path) = ledger(2);
    let ledger = Ledger::open(&path).unwrap();
    ledger.append(&entry(0)).unwrap();
    drop(ledger);
    let summary = verify(&path).unwrap();
    assert_eq!((summary.records, summary.synced), (3, 2));
    assert_eq!(Ledger::open(&path).unwrap().head().seq, 3);
}

#[test]
fn a_missing_or_changed_head_file_is_found() {
    let (_folder, path) = ledger(3);
    let head = path.with_extension("head");
    let text = fs::read_to_string(&head).unwrap();
    fs::write(&head, text.replace("\"seq\":3", "\"seq\":2")).unwrap();
    assert_eq!(
        found(&path),
        Tampered {
            record: 2,
            why: Reason::OtherHead
        }
    );
    fs::remove_file(&head).unwrap();
    assert_eq!(found(&path).why, Reason::NoHead);
}

#[test]
fn a_second_writer_is_kept_out() {
    let (_folder, path) = ledger(1);
    let _first = Ledger::open(&path).unwrap();
    assert!(matches!(
        Ledger::open(&path),
        Err(LedgerError::InUse { .. })
    ));
}

#[test]
fn an_existing_ledger_is_never_overwritten() {
    let (_folder, path) = ledger(1);
    assert!(matches!(
        Ledger::create(&path),
        Err(LedgerError::Exists { .. })
    ));
    assert_eq!(verify(&path).unwrap().records, 1);
}

#[test]
fn an_entry_that_is_too_long_is_refused_and_the_ledger_goes_on() {
    let (_folder, path) = ledger(1);
    let ledger = Ledger::open(&path).unwrap();
    let long = Entry::Wrote {
        path: "x".repeat(2 << 20),
        sha256: String::new(),
    };
    assert!(matches!(
        ledger.append(&long),
        Err(LedgerError::TooLong { .. })
    ));
    assert_eq!(ledger.append(&entry(0)).unwrap().seq, 2);
}

#[cfg(unix)]
#[test]
fn both_files_are_for_their_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let (_folder, path) = ledger(1);
    for file in [path.clone(), path.with_extension("head")] {
        assert_eq!(
            fs::metadata(file).unwrap().permissions().mode() & 0o777,
            0o600
        );
    }
}

#[test]
fn records_of_several_threads_are_put_in_one_order() {
    let (_folder, path) = ledger(0);
    let ledger = Ledger::open(&path).unwrap();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| (0..50).for_each(|number| drop(ledger.append(&entry(number)).unwrap())));
        }
    });
    ledger.sync().unwrap();
    assert_eq!(verify(&path).unwrap().records, 200);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_changed_byte_is_found(position in any::<prop::sample::Index>(), change in 1_u8..=255) {
        let (_folder, path) = ledger(4);
        let mut bytes = fs::read(&path).unwrap();
        let position = position.index(bytes.len());
        bytes[position] ^= change;
        fs::write(&path, bytes).unwrap();
        prop_assert!(verify(&path).is_err());
    }

    #[test]
    fn any_changed_byte_of_the_head_is_found(position in any::<prop::sample::Index>(), change in 1_u8..=255) {
        let (_folder, path) = ledger(2);
        let head = path.with_extension("head");
        let mut bytes = fs::read(&head).unwrap();
        let position = position.index(bytes.len());
        bytes[position] ^= change;
        fs::write(&head, bytes).unwrap();
        prop_assert!(verify(&path).is_err());
    }

    #[test]
    fn any_bytes_in_place_of_a_ledger_are_an_error_not_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let (_folder, path) = ledger(1);
        fs::write(&path, bytes).unwrap();
        prop_assert!(verify(&path).is_err());
        prop_assert!(Ledger::open(&path).is_err());
    }
}

/// What is done to one record, and to which one `verify` must point.
#[derive(Clone, Copy, Debug)]
enum Deed {
    Edit,
    Delete,
    Swap,
    Repeat,
    CutOff,
}

proptest! {
    #[test]
    fn whatever_is_done_to_a_record_is_found_at_that_record(
        records in 3_u64..30,
        place in any::<prop::sample::Index>(),
        deed in prop_oneof![
            Just(Deed::Edit), Just(Deed::Delete), Just(Deed::Swap), Just(Deed::Repeat), Just(Deed::CutOff)
        ],
    ) {
        let (_folder, path) = ledger(records);
        let mut lines = lines(&path);
        // One that has a record after it.
        let index = place.index(lines.len() - 1);
        let number = index as u64 + 1;
        let expected = match deed {
            Deed::Edit => {
                lines[index] = lines[index].replacen("\"at\":\"2", "\"at\":\"3", 1);
                number
            }
            Deed::Delete => {
                lines.remove(index);
                number
            }
            Deed::Swap => {
                lines.swap(index, index + 1);
                number
            }
            Deed::Repeat => {
                let line = lines[index].clone();
                lines.insert(index, line);
                number + 1
            }
            Deed::CutOff => {
                lines.truncate(index);
                number
            }
        };
        fs::write(&path, lines.concat()).unwrap();
        prop_assert_eq!(found(&path).record, expected, "{:?}", deed);
    }
}
