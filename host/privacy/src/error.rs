//! What can go wrong.

use std::io;
use std::path::{Path, PathBuf};

use autods_table::TableError;

/// Why identifiers could not be treated. No message holds a value.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PrivacyError {
    /// A policy that makes no sense.
    #[error("privacy policy: `{key}` must be {limit}")]
    Policy {
        /// The key.
        key: &'static str,
        /// What it may be.
        limit: &'static str,
    },
    /// A key file that others can read.
    #[error("{path} can be read by others (mode {mode:03o}); make a new key, this one may be known: then `chmod 600` it", path = .path.display())]
    Exposed {
        /// Where.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// Something that is not a key.
    #[error("{path} is not a key of 32 random bytes; the pseudonyms of this run cannot be made again without it", path = .path.display())]
    NotAKey {
        /// Where.
        path: PathBuf,
    },
    /// The operating system refused.
    #[error("cannot {action} {path}: {source}", path = .path.display())]
    Io {
        /// What was being done.
        action: &'static str,
        /// Where.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// No randomness to be had.
    #[error("the operating system gives no random bytes for a key; nothing can be pseudonymised")]
    NoRandomness,
    /// Nothing would be left.
    #[error(
        "table `{table}` holds nothing but identifiers that are removed; declare a column that is none, or leave the table out"
    )]
    NothingLeft {
        /// The table.
        table: String,
    },
    /// The table refused.
    #[error(transparent)]
    Table(#[from] TableError),
}

impl PrivacyError {
    pub(crate) fn io(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io {
            action,
            path,
            source,
        }
    }
}
