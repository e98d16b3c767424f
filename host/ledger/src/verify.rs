//! Walking a chain and saying where it breaks.

use std::fs;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::chain::{GENESIS, unseal};
use crate::entry::Entry;
use crate::error::{LedgerError, Reason, Tampered};
use crate::head::Head;

/// One record, as it stands in the ledger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// Its number, from 1 without gaps.
    pub seq: u64,
    /// When it was written, RFC 3339, UTC.
    pub at: String,
    /// Hash of the record before it; 64 zeros for the first.
    pub prev: String,
    /// What it says.
    pub entry: Entry,
    /// Its hash.
    pub hash: String,
}

/// A ledger whose chain holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    /// Records.
    pub records: u64,
    /// The last one.
    pub head: Head,
    /// Records that are known to be on disk, as the head file says; the rest came after the last
    /// [`sync`](crate::Ledger::sync).
    pub synced: u64,
}

/// Check a ledger and its head file.
///
/// # Errors
/// [`LedgerError::Io`] if it cannot be read; [`LedgerError::Tampered`] with the number of the first
/// record that is wrong and why: edited, deleted, moved, torn, or cut off the end.
pub fn verify(path: &Path) -> Result<Summary, LedgerError> {
    let walk = walk(path)?;
    let summary = Summary {
        records: walk.head.seq,
        head: walk.head.clone(),
        synced: walk.synced,
    };
    if walk.torn > 0 {
        return Err(tampered(path, walk.head.seq + 1, Reason::Torn));
    }
    Ok(summary)
}

/// Check a ledger as [`verify`] does and give back its records.
///
/// # Errors
/// As [`verify`]; also [`Reason::UnknownEntry`] for a record of a kind that this host does not
/// know.
pub fn read(path: &Path) -> Result<Vec<Record>, LedgerError> {
    let walk = walk(path)?;
    if walk.torn > 0 {
        return Err(tampered(path, walk.head.seq + 1, Reason::Torn));
    }
    let mut records = Vec::new();
    for line in walk
        .bytes
        .split(|&byte| byte == b'\n')
        .filter(|line| !line.is_empty())
    {
        let seq = records.len() as u64 + 1;
        let record: Record =
            serde_json::from_slice(line).map_err(|_| tampered(path, seq, Reason::UnknownEntry))?;
        records.push(record);
    }
    Ok(records)
}

/// A chain that holds up to a last line that may be torn.
pub(crate) struct Walk {
    bytes: Vec<u8>,
    /// The last whole record.
    pub(crate) head: Head,
    /// Bytes of the whole records.
    pub(crate) whole: u64,
    /// Bytes of a torn last line.
    pub(crate) torn: u64,
    synced: u64,
}

/// The fields that the chain itself needs; whatever the entry says.
#[derive(Deserialize)]
struct Link<'a> {
    seq: u64,
    #[serde(borrow)]
    prev: &'a str,
}

pub(crate) fn walk(path: &Path) -> Result<Walk, LedgerError> {
    // The head first: a ledger that is being written may grow between the two reads, which is
    // no contradiction, whereas a head that is newer than the records would look like one.
    let stored = Head::recall(path);
    let bytes = fs::read(path).map_err(LedgerError::io("read", path))?;
    let stored = stored.map_err(|Tampered { record, why }| tampered(path, record, why))?;
    if stored.seq == 0 && stored.hash != GENESIS {
        return Err(tampered(path, 0, Reason::OtherHead));
    }

    let mut head = Head::genesis();
    let mut whole = 0;
    let mut rest = bytes.as_slice();
    while let Some(end) = rest.iter().position(|&byte| byte == b'\n') {
        let seq = head.seq + 1;
        head = follow(&head, &rest[..end]).map_err(|why| tampered(path, seq, why))?;
        if head.seq == stored.seq && head.hash != stored.hash {
            return Err(tampered(path, seq, Reason::OtherHead));
        }
        whole += end as u64 + 1;
        rest = &rest[end + 1..];
    }
    let torn = rest.len() as u64;
    if stored.seq > head.seq {
        return Err(tampered(
            path,
            head.seq + 1,
            if torn > 0 {
                Reason::Torn
            } else {
                Reason::CutOff
            },
        ));
    }
    Ok(Walk {
        head,
        whole,
        torn,
        synced: stored.seq,
        bytes,
    })
}

fn follow(head: &Head, line: &[u8]) -> Result<Head, Reason> {
    let (body, hash) = unseal(line)?;
    let mut object = body.to_vec();
    object.push(b'}');
    let Ok(link) = serde_json::from_slice::<Link<'_>>(&object) else {
        return Err(Reason::Malformed);
    };
    if link.seq != head.seq + 1 {
        return Err(Reason::OutOfOrder { found: link.seq });
    }
    if link.prev != head.hash {
        return Err(Reason::Unchained);
    }
    Ok(Head {
        seq: link.seq,
        hash: hash.to_owned(),
    })
}

fn tampered(path: &Path, record: u64, why: Reason) -> LedgerError {
    LedgerError::Tampered {
        path: path.to_owned(),
        tampered: Tampered { record, why },
    }
}
