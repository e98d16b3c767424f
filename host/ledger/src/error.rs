//! What can go wrong with a ledger.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use crate::seal::SealError;

/// Why a ledger could not be made, opened, read or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LedgerError {
    /// There is one already; a new run never continues an old ledger by accident.
    #[error("{path} exists already; resume the run, or give the new run another name", path = .path.display())]
    Exists {
        /// Where.
        path: PathBuf,
    },
    /// Another process writes to it.
    #[error("{path} is being written by another process; wait until that run has ended", path = .path.display())]
    InUse {
        /// Where.
        path: PathBuf,
    },
    /// The chain does not hold.
    #[error("{path}: {tampered}; restore the ledger from a backup, do not continue the run", path = .path.display())]
    Tampered {
        /// Where.
        path: PathBuf,
        /// What is wrong.
        tampered: Tampered,
    },
    /// The chain holds, but its head is not what was signed.
    #[error("{path}: {why}; do not trust the run, find out who changed what", path = .path.display())]
    Seal {
        /// Where.
        path: PathBuf,
        /// What is wrong.
        why: SealError,
    },
    /// The operating system refused.
    #[error("cannot {action} {path}: {source}; the run must stop, because it would go on unrecorded", path = .path.display())]
    Io {
        /// What was being done.
        action: &'static str,
        /// Where.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// The entry is longer than a line may be.
    #[error(
        "an entry of {bytes} bytes is longer than the limit of {limit} bytes for one record; split it"
    )]
    TooLong {
        /// Bytes of the entry.
        bytes: usize,
        /// The limit.
        limit: usize,
    },
    /// An earlier append failed, so that nothing more may be recorded or done.
    #[error("an earlier record could not be written to {path}; nothing may go on unrecorded: free some space and resume the run", path = .path.display())]
    Stopped {
        /// Where.
        path: PathBuf,
    },
}

impl LedgerError {
    pub(crate) fn io(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io {
            action,
            path,
            source,
        }
    }
}

/// Where a chain breaks, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tampered {
    /// Number of the first record that is wrong, counted from 1; for a record that is gone, the
    /// number it had.
    pub record: u64,
    /// What is wrong with it.
    pub why: Reason,
}

impl fmt::Display for Tampered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "record {}: {}", self.record, self.why)
    }
}

impl std::error::Error for Tampered {}

/// What is wrong with a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Reason {
    /// The line does not have the form of a record.
    #[error("the line is not a record")]
    Malformed,
    /// The hash is not that of the line.
    #[error("its bytes are not those that were hashed")]
    Edited,
    /// The line is a whole record, but its number is not the next one.
    #[error("it is numbered {found} (a record is missing, repeated or out of order)")]
    OutOfOrder {
        /// The number that stands there.
        found: u64,
    },
    /// The line names another predecessor than the one before it.
    #[error("it does not follow the record before it (one was deleted, replaced or moved)")]
    Unchained,
    /// The last line has no end.
    #[error("the last line is not finished; `resume` cuts it off if it was never synced")]
    Torn,
    /// The head file names a record that is not there any more.
    #[error("the ledger ends before it, but it was synced (records were cut off the end)")]
    CutOff,
    /// The head file names another hash for that record.
    #[error("its hash is not the one in the head file")]
    OtherHead,
    /// There is no head file, or it cannot be read as one.
    #[error("the head file is missing or unreadable")]
    NoHead,
    /// The entry is of a kind that this host does not know.
    #[error("its entry is of a kind that this version of the host does not know")]
    UnknownEntry,
}
