//! Why a board cannot be used.

use crate::invariant::Invariant;
use crate::vocabulary::EventId;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// Why a board cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum BoardError {
    /// The file system says no.
    #[error("{path}: {source}")]
    Io {
        /// The file.
        path: PathBuf,
        /// Its reason.
        source: std::io::Error,
    },
    /// SQLite says no.
    #[error("{path}: {source}; if the disk is full, make room and resume the run")]
    Database {
        /// The file.
        path: PathBuf,
        /// Its reason.
        source: rusqlite::Error,
    },
    /// Another process writes to the board.
    #[error(
        "{path}: another process is writing to this board; a run has one writer. Wait for it to end, or stop it"
    )]
    Locked {
        /// The file.
        path: PathBuf,
    },
    /// The file is empty.
    #[error(
        "{path}: an empty file, not a board; the run was stopped before it began. Start it anew"
    )]
    Empty {
        /// The file.
        path: PathBuf,
    },
    /// The file is a board of another version, or none.
    #[error("{path}: board version {found}, this host reads version {known}")]
    Version {
        /// The file.
        path: PathBuf,
        /// Its version.
        found: i64,
        /// The version this host knows.
        known: i64,
    },
    /// An event is not what was written.
    #[error("{path}: event {event} was changed after it was written: {why}")]
    Tampered {
        /// The file.
        path: PathBuf,
        /// The event.
        event: EventId,
        /// How it shows.
        why: &'static str,
    },
    /// The board was opened for reading.
    #[error("{path}: opened for reading only")]
    ReadOnly {
        /// The file.
        path: PathBuf,
    },
    /// The event holds something that cannot be written and read again, such as NaN.
    #[error(
        "the event holds a number that is not finite, or something else that cannot be written"
    )]
    Unwritable,
    /// The event must not be.
    #[error(transparent)]
    Invariant(#[from] Invariant),
    /// Somebody else runs the plan.
    #[error("plan {plan} is claimed by `{holder}`; the claim runs out unless it is renewed")]
    Claimed {
        /// The plan.
        plan: EventId,
        /// Who holds it.
        holder: String,
        /// Until when.
        expires: SystemTime,
    },
    /// The claim was lost to somebody else.
    #[error(
        "the claim on plan {plan} by `{holder}` (attempt {attempt}) ran out and was taken over"
    )]
    ClaimLost {
        /// The plan.
        plan: EventId,
        /// Who held it.
        holder: String,
        /// Which attempt.
        attempt: u32,
    },
}

impl BoardError {
    pub(super) fn io(path: &Path, source: std::io::Error) -> Self {
        Self::Io {
            path: path.to_owned(),
            source,
        }
    }

    pub(super) fn database(path: &Path, source: rusqlite::Error) -> Self {
        Self::Database {
            path: path.to_owned(),
            source,
        }
    }
}
