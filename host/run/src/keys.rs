//! Where a run's key lives: outside the run directory.

use std::path::{Path, PathBuf};

use autods_privacy::Key;

use crate::{
    error::{Result, RunError},
    layout::make_dir,
};

/// The key of a new run, written to a file of mode 0600.
pub(crate) fn create(directory: &Path, run: &str) -> Result<(Key, PathBuf)> {
    if !directory.is_dir() {
        make_dir(directory)?;
    }
    let key = Key::generate().map_err(RunError::internal)?;
    let path = directory.join(format!("{run}-{}.key", key.fingerprint()));
    key.write_new(&path)
        .map_err(|e| RunError::Data(format!("writing the run's key to {}: {e}", path.display())))?;
    Ok((key, path))
}

/// The key of an earlier run.
pub(crate) fn read(path: &Path) -> Result<Key> {
    Key::read(path).map_err(|e| {
        RunError::Data(format!(
            "reading the run's key from {}: {e}. Without its key a run that is not past `govern` cannot be resumed; start it anew.",
            path.display()
        ))
    })
}
