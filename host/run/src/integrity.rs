//! Whether a run is what was written, and whether two runs say the same.

use std::{collections::BTreeMap, fs};

use autods_board::{Board, Body, Event, HostBody};
use autods_ledger::{Entry, HeadSignature, Ledger, Record, verify_seal};
use autods_signature::PublicKey;
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use crate::{
    error::{Result, RunError},
    layout::RunDir,
    session::board_error,
};

/// A verified run.
#[derive(Clone, Debug, Serialize)]
pub struct Verified {
    /// Records of the ledger, each chained to the one before.
    pub ledger_records: u64,
    /// Events of the board, each chained to the one before.
    pub events: u64,
    /// Files whose digest the ledger holds.
    pub files: u64,
    /// Whether the run came to its end.
    pub closed: bool,
    /// Whether the head of the ledger is signed, and by whom.
    pub signature: HeadSignature,
}

/// A difference between two runs.
#[derive(Clone, Debug, Serialize)]
pub struct Difference {
    /// Number of the event.
    pub event: u64,
    /// Its kind.
    pub kind: String,
    /// Where in it, and how it differs.
    pub what: String,
}

/// SHA-256, hex.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .map(|b| format!("{b:02x}"))
        .collect()
}

/// Check a run as [`verify_with`] does, without a public key.
///
/// # Errors
/// As [`verify_with`].
pub fn verify(run: &RunDir) -> Result<Verified, RunError> {
    verify_with(run, None)
}

/// Check the ledger's chain, the board's chain, that both belong together, every file whose
/// digest the ledger holds, and the signature of the ledger's head.
///
/// # Errors
/// [`RunError::Integrity`] names the first thing that is not as it was written; a closed run whose
/// head is not signed is one of these, and so is one that another key than `host` signed.
pub fn verify_with(run: &RunDir, host: Option<&PublicKey>) -> Result<Verified, RunError> {
    let broken = |what: String| RunError::Integrity(format!("{}: {what}", run.path().display()));
    let summary =
        Ledger::verify(&run.ledger()).map_err(|e| broken(format!("ledger.jsonl: {e}")))?;
    let records =
        autods_ledger::read(&run.ledger()).map_err(|e| broken(format!("ledger.jsonl: {e}")))?;
    let board =
        Board::open_read_only(&run.board()).map_err(|e| broken(format!("board.sqlite: {e}")))?;
    let events = board.events();
    let signature =
        verify_seal(&run.ledger(), host).map_err(|e| broken(format!("ledger.jsonl: {e}")))?;
    for record in &records {
        if let Entry::BoardHead { event, hash } = &record.entry {
            let at = usize::try_from(*event).unwrap_or(usize::MAX);
            let found = board.hash_at(*event).map_err(|e| board_error(&e))?;
            if at > events.len() || found.as_deref() != Some(hash) {
                return Err(broken(format!(
                    "board.sqlite: event {event} is not the one that ledger record {} saw",
                    record.seq
                )));
            }
        }
    }
    if signature == (HeadSignature::Open { signed: None }) {
        return Err(broken(
            "ledger.jsonl: the start of every run is signed, but ledger.head.minisig is missing"
                .to_owned(),
        ));
    }
    let closed = !matches!(signature, HeadSignature::Open { .. });
    let files = check_files(run)?;
    Ok(Verified {
        ledger_records: summary.records,
        events: events.len() as u64,
        files,
        closed,
        signature,
    })
}

/// Put the digest of every file below a directory of the run, or of one file, into the ledger.
pub(crate) fn record_tree(
    run: &RunDir,
    below: &str,
    ledger: impl Fn(&Entry) -> Result<()>,
) -> Result<()> {
    let mut found = Vec::new();
    let mut folders = vec![below.to_owned()];
    while let Some(name) = folders.pop() {
        let whole = run.path().join(&name);
        if whole.is_file() {
            found.push(name);
            continue;
        }
        for entry in fs::read_dir(&whole).map_err(|e| RunError::io("reading", &whole, e))? {
            let entry = entry.map_err(|e| RunError::io("reading", &whole, e))?;
            folders.push(format!("{name}/{}", entry.file_name().to_string_lossy()));
        }
    }
    found.sort();
    for name in found {
        let whole = run.path().join(&name);
        let bytes = fs::read(&whole).map_err(|e| RunError::io("reading", &whole, e))?;
        ledger(&Entry::Wrote {
            path: name,
            sha256: sha256(&bytes),
        })?;
    }
    Ok(())
}

/// Record, path and digest of every file that a ledger says was written.
fn written(records: &[Record]) -> impl Iterator<Item = (u64, &str, &str)> {
    records.iter().filter_map(|record| match &record.entry {
        Entry::Wrote { path, sha256 } => Some((record.seq, path.as_str(), sha256.as_str())),
        _ => None,
    })
}

/// The digest of a file of the run as it is now.
fn digest_of(run: &RunDir, path: &str) -> std::io::Result<String> {
    fs::read(run.path().join(path)).map(|bytes| sha256(&bytes))
}

/// What a run began with, as it is signed: files that nothing writes again.
const BEGINNING: [&str; 5] = ["run.toml", "runbook.md", "policy.toml", "task/", "plugins/"];

/// Check, before anything of a run is believed or added to, that the host's own key signed its
/// ledger up to where it stands or stood, and that what it began with is what was signed.
///
/// # Errors
/// [`RunError::Integrity`] names what is not.
pub(crate) fn check_beginning(run: &RunDir, host: &PublicKey) -> Result<HeadSignature> {
    let broken = |what: String| RunError::Integrity(format!("{}: {what}", run.path().display()));
    let signature =
        verify_seal(&run.ledger(), Some(host)).map_err(|e| broken(format!("ledger.jsonl: {e}")))?;
    let records =
        autods_ledger::read(&run.ledger()).map_err(|e| broken(format!("ledger.jsonl: {e}")))?;
    let signed = match signature {
        HeadSignature::Open { signed } => signed.unwrap_or(0),
        HeadSignature::Unchecked { .. } | HeadSignature::Checked { .. } => records.len() as u64,
    };
    let mut begun = false;
    for (seq, path, known) in written(&records) {
        let frozen =
            |name: &&str| path == *name || (name.ends_with('/') && path.starts_with(*name));
        if seq > signed || !BEGINNING.iter().any(frozen) {
            continue;
        }
        begun |= path == "run.toml";
        let found =
            digest_of(run, path).map_err(|e| RunError::io("reading", run.path().join(path), e))?;
        if found != known {
            return Err(broken(format!(
                "{path} is not what this run began with (ledger record {seq}, which is signed); start a new run"
            )));
        }
    }
    if !begun {
        return Err(broken(
            "its start is not signed by this host: it cannot be continued or added to".to_owned(),
        ));
    }
    Ok(signature)
}

/// Check every file whose digest the ledger holds; how many there are.
pub(crate) fn check_files(run: &RunDir) -> Result<u64> {
    let broken = |what: String| RunError::Integrity(format!("{}: {what}", run.path().display()));
    let records =
        autods_ledger::read(&run.ledger()).map_err(|e| broken(format!("ledger.jsonl: {e}")))?;
    // what was written last counts
    let files: BTreeMap<&str, (u64, &str)> = written(&records)
        .map(|(seq, path, known)| (path, (seq, known)))
        .collect();
    for (path, (seq, known)) in &files {
        let found = digest_of(run, path)
            .map_err(|e| broken(format!("{path}, written at ledger record {seq}: {e}")))?;
        if found != *known {
            return Err(broken(format!(
                "{path} is not the file that ledger record {seq} wrote"
            )));
        }
    }
    Ok(files.len() as u64)
}

/// Compare what two runs found, bit for bit: every event but for the run's name, command, plugin
/// and file bookkeeping, and the fingerprint of its key.
///
/// # Errors
/// If a board cannot be read.
pub fn compare(a: &RunDir, b: &RunDir) -> Result<Vec<Difference>, RunError> {
    let read = |run: &RunDir| -> Result<Vec<Event>> {
        Ok(Board::open_read_only(&run.board())
            .map_err(|e| board_error(&e))?
            .events()
            .to_vec())
    };
    let (a, b) = (read(a)?, read(b)?);
    let mut differences = Vec::new();
    for (x, y) in a.iter().zip(&b) {
        let (left, right) = (comparable(x)?, comparable(y)?);
        if left != right {
            differences.push(Difference {
                event: x.id,
                kind: kind(&left),
                what: first_difference(&left, &right, String::new()),
            });
        }
    }
    if a.len() != b.len() {
        differences.push(Difference {
            event: a.len().min(b.len()) as u64 + 1,
            kind: "end".to_owned(),
            what: format!("one run has {} events, the other {}", a.len(), b.len()),
        });
    }
    Ok(differences)
}

fn comparable(event: &Event) -> Result<serde_json::Value> {
    let mut event = event.clone();
    if let Body::Host(body) = &mut event.body {
        match &mut **body {
            HostBody::Started(s) => {
                s.run.clear();
                s.command.clear();
                s.plugins.clear();
            }
            HostBody::Deidentified(d) => d.key.clear(),
            _ => {}
        }
    }
    serde_json::to_value(&event).map_err(RunError::internal)
}

fn kind(event: &serde_json::Value) -> String {
    event
        .pointer("/body")
        .and_then(|b| b.as_object())
        .and_then(|b| b.keys().next().cloned())
        .unwrap_or_default()
}

fn first_difference(a: &serde_json::Value, b: &serde_json::Value, at: String) -> String {
    use serde_json::Value;
    match (a, b) {
        (Value::Object(x), Value::Object(y)) => {
            for (key, value) in x {
                match y.get(key) {
                    Some(other) if other == value => {}
                    Some(other) => return first_difference(value, other, format!("{at}/{key}")),
                    None => return format!("{at}/{key} is missing in the other"),
                }
            }
            format!("{at}: the other has more")
        }
        (Value::Array(x), Value::Array(y)) if x.len() == y.len() => x
            .iter()
            .zip(y)
            .enumerate()
            .find(|(_, (p, q))| p != q)
            .map(|(i, (p, q))| first_difference(p, q, format!("{at}/{i}")))
            .unwrap_or_default(),
        _ => format!("{at}: {a} here, {b} there"),
    }
}
