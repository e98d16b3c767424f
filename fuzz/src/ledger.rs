//! A ledger and its head file.
//!
//! Promise: no ledger is accepted that does not begin with every record that is known to be on
//! disk, byte for byte; a chain that is right is accepted; what was repaired is right; and an
//! entry means the same when it is written and read.

use std::{cell::OnceCell, fmt::Write as _, fs, path::PathBuf};

use autods_ledger::{Entry, Ledger, LedgerError, Outcome, read, verify};
use sha2::{Digest, Sha256};
use tempfile::TempDir;

use crate::assert_shown;

const GENESIS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// A ledger of a few records, all of them on disk.
struct Original {
    folder: TempDir,
    ledger: Vec<u8>,
    head: Vec<u8>,
}

impl Original {
    fn make() -> Self {
        // in memory where there is such a folder: thousands of files are written each second
        let memory = PathBuf::from("/dev/shm");
        let folder = if memory.is_dir() {
            tempfile::tempdir_in(memory)
        } else {
            tempfile::tempdir()
        }
        .expect("a folder for temporary files");
        let path = folder.path().join("original.jsonl");
        let ledger = Ledger::create(&path).expect("a new ledger");
        for entry in entries() {
            ledger.append(&entry).expect("a record");
        }
        ledger.sync().expect("a head");
        Self {
            ledger: fs::read(&path).expect("it was written"),
            head: fs::read(path.with_extension("head")).expect("it was written"),
            folder,
        }
    }

    fn lay(&self, ledger: &[u8], head: &[u8]) -> PathBuf {
        let path = self.folder.path().join("ledger.jsonl");
        fs::write(&path, ledger).expect("a temporary file");
        fs::write(path.with_extension("head"), head).expect("a temporary file");
        path
    }
}

thread_local! {
    static ORIGINAL: OnceCell<Original> = const { OnceCell::new() };
}

/// The first byte says what the rest is.
pub fn run(input: &[u8]) {
    let Some((way, rest)) = input.split_first() else {
        return;
    };
    ORIGINAL.with(|original| {
        let original = original.get_or_init(Original::make);
        match way % 4 {
            0 => raw(original, rest),
            1 => other_head(original, rest),
            2 => edited(original, rest),
            _ => chained(original, rest),
        }
    });
}

/// The ledger itself, of which nothing is known to be on disk.
fn raw(original: &Original, bytes: &[u8]) {
    let head = format!("{{\"seq\":0,\"hash\":\"{GENESIS}\"}}\n");
    let path = original.lay(bytes, head.as_bytes());
    judge(&path);
    // a torn last line is cut off, and the rest is right
    match Ledger::open(&path) {
        Ok(ledger) => {
            drop(ledger);
            verify(&path).expect("what was opened is right");
        }
        Err(error) => assert_shown("a refusal of a ledger", &error.to_string()),
    }
}

/// The head file.
fn other_head(original: &Original, head: &[u8]) {
    let path = original.lay(&original.ledger, head);
    if let Some(summary) = judge(&path) {
        assert!(summary.synced <= summary.records);
    }
}

/// Edits of a ledger that is on disk: operation, place, value; three bytes each.
fn edited(original: &Original, edits: &[u8]) {
    let mut bytes = original.ledger.clone();
    for edit in edits.chunks_exact(4).take(16) {
        let place = usize::from(u16::from_le_bytes([edit[1], edit[2]])) % (bytes.len() + 1);
        match edit[0] % 6 {
            0 if place < bytes.len() => bytes[place] = edit[3],
            1 => bytes.insert(place, edit[3]),
            2 => bytes.truncate(place),
            3 => {
                let end = (place + usize::from(edit[3])).min(bytes.len());
                bytes.drain(place..end);
            }
            4 => lines(&mut bytes, place, edit[3]),
            _ => bytes = rechained(&bytes),
        }
    }
    let path = original.lay(&bytes, &original.head);
    if judge(&path).is_some() {
        assert!(
            bytes.starts_with(&original.ledger),
            "a ledger is accepted that is not the one on disk"
        );
    }
}

/// Repeats, drops or moves a line.
fn lines(bytes: &mut Vec<u8>, place: usize, value: u8) {
    let mut lines: Vec<Vec<u8>> = bytes
        .split_inclusive(|byte| *byte == b'\n')
        .map(<[u8]>::to_vec)
        .collect();
    if lines.is_empty() {
        return;
    }
    let from = place % lines.len();
    let line = lines.remove(from);
    let to = usize::from(value >> 2) % (lines.len() + 1);
    match value % 3 {
        0 => lines.insert(to, line),
        1 => {
            lines.insert(from, line.clone());
            lines.insert(to, line);
        }
        _ => {}
    }
    *bytes = lines.concat();
}

/// What somebody does who knows the form: every line gets its number, predecessor and hash anew.
fn rechained(bytes: &[u8]) -> Vec<u8> {
    let entries: Vec<String> = bytes
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.is_empty())
        .map(|line| {
            let line = String::from_utf8_lossy(line);
            let entry = line.split_once("\"entry\":").map_or("{}", |(_, rest)| rest);
            let entry = entry
                .rsplit_once(",\"hash\"")
                .map_or(entry, |(entry, _)| entry);
            entry.to_owned()
        })
        .collect();
    chain(&entries)
}

fn chain<S: AsRef<str>>(entries: &[S]) -> Vec<u8> {
    let mut prev = GENESIS.to_owned();
    let mut text = String::new();
    for (at, entry) in entries.iter().enumerate() {
        let body = format!(
            "{{\"seq\":{},\"at\":\"2026-01-01T00:00:00Z\",\"prev\":\"{prev}\",\"entry\":{}",
            at + 1,
            entry.as_ref()
        );
        let mut hash = String::new();
        for byte in Sha256::digest(body.as_bytes()) {
            let _ = write!(hash, "{byte:02x}");
        }
        let _ = writeln!(text, "{body},\"hash\":\"{hash}\"}}");
        prev = hash;
    }
    text.into_bytes()
}

/// The input's lines as entries, in a chain that is right.
fn chained(original: &Original, entries: &[u8]) {
    let text = String::from_utf8_lossy(entries);
    let entries: Vec<&str> = text.lines().filter(|line| !line.is_empty()).collect();
    let ledger = chain(&entries);
    let head = format!("{{\"seq\":0,\"hash\":\"{GENESIS}\"}}\n");
    let path = original.lay(&ledger, head.as_bytes());
    let known: Vec<Entry> = entries
        .iter()
        .map_while(|entry| serde_json::from_str(entry).ok())
        .collect();
    for entry in &known {
        let text = serde_json::to_string(entry).expect("an entry can be written");
        let again: Entry = serde_json::from_str(&text).expect("what was written can be read");
        assert_eq!(&again, entry);
    }
    let summary = judge(&path);
    if known.len() == entries.len() {
        let summary = summary.expect("a chain that is right is accepted");
        assert_eq!(summary.records as usize, entries.len());
        let records = read(&path).expect("all entries are known");
        assert!(records.iter().map(|r| &r.entry).eq(&known));
    }
}

/// What `verify` says; `read` has to say the same of the chain.
fn judge(path: &std::path::Path) -> Option<autods_ledger::Summary> {
    let records = read(path);
    match verify(path) {
        Ok(summary) => {
            match records {
                Ok(records) => assert_eq!(records.len() as u64, summary.records),
                // the chain holds, an entry of it is not of this version
                Err(error) => assert!(matches!(error, LedgerError::Tampered { .. })),
            }
            Some(summary)
        }
        Err(error) => {
            assert!(records.is_err(), "`read` accepts what `verify` refuses");
            assert_shown("a refusal of a ledger", &error.to_string());
            None
        }
    }
}

fn entries() -> Vec<Entry> {
    vec![
        Entry::StageEntered {
            from: "ingest".into(),
            to: "govern".into(),
        },
        Entry::BoardHead {
            event: 7,
            hash: "a".repeat(64),
        },
        Entry::LockboxOpened { count: 1 },
        Entry::RunClosed {
            outcome: Outcome::Completed,
        },
    ]
}

pub fn seeds() -> Vec<Vec<u8>> {
    let original = Original::make();
    let path = original.lay(&original.ledger, &original.head);
    assert!(judge(&path).is_some(), "an honest ledger is refused");
    let texts: Vec<String> = entries()
        .iter()
        .map(|entry| serde_json::to_string(entry).expect("an entry can be written"))
        .collect();
    let with = |way: u8, rest: &[u8]| [vec![way], rest.to_vec()].concat();
    vec![
        with(0, &original.ledger),
        with(0, &original.ledger[..original.ledger.len() - 9]),
        with(1, &original.head),
        with(2, &[0, 10, 0, b'9']),
        with(2, &[2, 80, 1, 0, 5, 0, 0, 0]),
        with(2, &[4, 1, 0, 0, 5, 0, 0, 0]),
        with(3, texts.join("\n").as_bytes()),
        with(3, b"{\"kind\":\"unheard-of\"}"),
    ]
}
