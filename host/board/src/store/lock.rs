//! One writer at a time.

use super::BoardError;
use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

/// The right to write to a board, held as long as this lives. The operating system takes it back
/// when the process ends, however it ends.
#[derive(Debug)]
pub(super) struct WriterLock {
    /// Locked; unlocked when it is closed.
    _file: File,
}

impl WriterLock {
    /// Lock `<board>.lock` beside the board. Not the board itself, on which SQLite keeps locks of
    /// its own for readers.
    pub(super) fn take(board: &Path) -> Result<Self, BoardError> {
        let mut name = board.as_os_str().to_owned();
        name.push(".lock");
        let path = PathBuf::from(name);
        let file = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)
            .map_err(|source| BoardError::io(&path, source))?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(TryLockError::WouldBlock) => Err(BoardError::Locked {
                path: board.to_owned(),
            }),
            Err(TryLockError::Error(source)) => Err(BoardError::io(&path, source)),
        }
    }
}
