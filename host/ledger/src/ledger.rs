//! The ledger of a run, open for appending.

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::{Timestamp, Unit};

use crate::chain::{Chain, LINE_LIMIT, Stuck};
use crate::entry::Entry;
use crate::error::LedgerError;
use crate::head::{Head, sync_folder};
use crate::kinds::Repair;
use crate::verify::{Summary, verify, walk};

/// The ledger of a run, open for appending; one writer at a time, enforced by a file lock.
///
/// All methods take `&self`: records of several threads are put in one order.
#[derive(Debug)]
pub struct Ledger {
    path: PathBuf,
    chain: Mutex<Chain<File>>,
}

impl Ledger {
    /// Make a new ledger, mode 0600, with its head file beside it.
    ///
    /// # Errors
    /// [`LedgerError::Exists`] if there is one already; [`LedgerError::Io`].
    pub fn create(path: &Path) -> Result<Self, LedgerError> {
        if fs::symlink_metadata(path).is_ok() {
            return Err(LedgerError::Exists {
                path: path.to_owned(),
            });
        }
        // The head comes first: whoever dies in between leaves a head that claims nothing.
        Head::genesis()
            .store(path)
            .map_err(LedgerError::io("write the head of", path))?;
        let mut options = File::options();
        options.append(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(path).map_err(|source| match source.kind() {
            std::io::ErrorKind::AlreadyExists => LedgerError::Exists {
                path: path.to_owned(),
            },
            _ => LedgerError::Io {
                action: "create",
                path: path.to_owned(),
                source,
            },
        })?;
        lock(&file, path)?;
        file.sync_all().map_err(LedgerError::io("sync", path))?;
        sync_folder(path).map_err(LedgerError::io("sync the folder of", path))?;
        Ok(Self::new(path, file, Head::genesis(), 0))
    }

    /// Open a ledger to continue it. The whole chain is checked first. A last line that a crash
    /// left unfinished is cut off, and that is recorded as [`Entry::Recovered`].
    ///
    /// # Errors
    /// [`LedgerError::InUse`]; [`LedgerError::Tampered`]; [`LedgerError::Io`].
    pub fn open(path: &Path) -> Result<Self, LedgerError> {
        let file = File::options()
            .append(true)
            .open(path)
            .map_err(LedgerError::io("open", path))?;
        lock(&file, path)?;
        let walk = walk(path)?;
        if walk.torn > 0 {
            file.set_len(walk.whole)
                .map_err(LedgerError::io("cut the unfinished record off", path))?;
        }
        let ledger = Self::new(path, file, walk.head, walk.whole);
        if walk.torn > 0 {
            ledger.append(&Entry::Recovered {
                repair: Repair::TornRecord,
                bytes: walk.torn,
            })?;
        }
        ledger.sync()?;
        Ok(ledger)
    }

    /// Append one record. It is in the file when this returns, and on disk after [`Self::sync`].
    ///
    /// # Errors
    /// [`LedgerError::Io`], for instance on a full disk: the record is not there, and every
    /// further append fails with [`LedgerError::Stopped`]. [`LedgerError::TooLong`].
    pub fn append(&self, entry: &Entry) -> Result<Head, LedgerError> {
        let now = Timestamp::now();
        let at = now.round(Unit::Microsecond).unwrap_or(now);
        let mut chain = self.chain();
        chain
            .append(&at.to_string(), entry)
            .map_err(|stuck| match stuck {
                Stuck::Broken => LedgerError::Stopped {
                    path: self.path.clone(),
                },
                Stuck::TooLong(bytes) => LedgerError::TooLong {
                    bytes,
                    limit: LINE_LIMIT,
                },
                Stuck::Io(source) => {
                    // Nothing half-written stays behind; if even that fails, `open` repairs it.
                    let _ = chain.writer.set_len(chain.bytes);
                    LedgerError::Io {
                        action: "append to",
                        path: self.path.clone(),
                        source,
                    }
                }
            })
    }

    /// Append one record, and put it on disk with all before it if it
    /// [changes the state](Entry::is_state_change) of the run.
    ///
    /// # Errors
    /// As [`Self::append`] and [`Self::sync`].
    pub fn record(&self, entry: &Entry) -> Result<Head, LedgerError> {
        let head = self.append(entry)?;
        if entry.is_state_change() {
            self.sync()
        } else {
            Ok(head)
        }
    }

    /// Put every record on disk and remember the last one in the head file.
    ///
    /// # Errors
    /// [`LedgerError::Io`], after which nothing can be appended; [`LedgerError::Stopped`].
    pub fn sync(&self) -> Result<Head, LedgerError> {
        let mut chain = self.chain();
        if chain.broken {
            return Err(LedgerError::Stopped {
                path: self.path.clone(),
            });
        }
        let synced = chain
            .writer
            .sync_all()
            .and_then(|()| chain.head.store(&self.path));
        if let Err(source) = synced {
            chain.broken = true;
            return Err(LedgerError::Io {
                action: "sync",
                path: self.path.clone(),
                source,
            });
        }
        Ok(chain.head.clone())
    }

    /// The last record.
    #[must_use]
    pub fn head(&self) -> Head {
        self.chain().head.clone()
    }

    /// Where the ledger lies.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Check the ledger at `path`; see [`verify`].
    ///
    /// # Errors
    /// As [`verify`].
    pub fn verify(path: &Path) -> Result<Summary, LedgerError> {
        verify(path)
    }

    fn new(path: &Path, file: File, head: Head, bytes: u64) -> Self {
        Self {
            path: path.to_owned(),
            chain: Mutex::new(Chain::new(file, head, bytes)),
        }
    }

    fn chain(&self) -> MutexGuard<'_, Chain<File>> {
        // A thread that died while appending left the chain as it was before or after the record.
        self.chain.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn lock(file: &File, path: &Path) -> Result<(), LedgerError> {
    file.try_lock().map_err(|error| match error {
        TryLockError::WouldBlock => LedgerError::InUse {
            path: path.to_owned(),
        },
        TryLockError::Error(source) => LedgerError::Io {
            action: "lock",
            path: path.to_owned(),
            source,
        },
    })
}
