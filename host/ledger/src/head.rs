//! The head of a chain and the side file that remembers it.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::chain::GENESIS;
use crate::error::{Reason, Tampered};

/// The last record of a chain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Head {
    /// Its number; 0 for a chain without records.
    pub seq: u64,
    /// Its hash, 64 hexadecimal digits; all zero for a chain without records.
    pub hash: String,
}

impl Head {
    /// The head of a chain without records.
    pub(crate) fn genesis() -> Self {
        Self {
            seq: 0,
            hash: GENESIS.to_owned(),
        }
    }

    /// Where the head of the ledger at `ledger` is remembered: the same name ending in `.head`.
    #[must_use]
    pub fn path(ledger: &Path) -> PathBuf {
        ledger.with_extension("head")
    }

    /// Replace the head file of a ledger as one step.
    pub(crate) fn store(&self, ledger: &Path) -> io::Result<()> {
        let path = Self::path(ledger);
        let temporary = ledger.with_extension("head.new");
        match fs::remove_file(&temporary) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
        let mut options = File::options();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&temporary)?;
        let written = file
            .write_all(self.line().as_bytes())
            .and_then(|()| file.sync_all());
        drop(file);
        if let Err(error) = written.and_then(|()| fs::rename(&temporary, &path)) {
            // The old head is still in place; what is left of the new one is of no use.
            let _ = fs::remove_file(&temporary);
            return Err(error);
        }
        sync_folder(&path)
    }

    /// The head that was stored for a ledger.
    pub(crate) fn recall(ledger: &Path) -> Result<Self, Tampered> {
        let absent = Tampered {
            record: 0,
            why: Reason::NoHead,
        };
        let text = fs::read_to_string(Self::path(ledger)).map_err(|_| absent)?;
        let head: Self = serde_json::from_str(&text).map_err(|_| absent)?;
        if head.line() == text {
            Ok(head)
        } else {
            Err(absent)
        }
    }

    /// The text of the head file: what is signed.
    pub(crate) fn line(&self) -> String {
        format!("{{\"seq\":{},\"hash\":\"{}\"}}\n", self.seq, self.hash)
    }
}

/// Make a rename durable.
pub(crate) fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    #[cfg(unix)]
    File::open(folder)?.sync_all()?;
    #[cfg(not(unix))]
    let _ = folder;
    Ok(())
}
