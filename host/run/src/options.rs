//! What the person who starts a run decides.

use std::path::PathBuf;

/// Options of `autods-host run`.
#[derive(Clone, Debug)]
pub struct RunOptions {
    /// The task's directory (`task-<name>/`).
    pub task: PathBuf,
    /// The run's name: letters, digits, `-` and `_`.
    pub name: String,
    /// Where the run directory is made; its parent must exist.
    pub out: PathBuf,
    /// The data's directory; `None`: `<task>/data`, or synthetic data where that holds none.
    pub data: Option<PathBuf>,
    /// Use the task's synthetic cohort.
    pub synthetic: bool,
    /// Where the plugins are.
    pub plugins: PathBuf,
    /// Site policy; `None`: the documented defaults.
    pub policy: Option<PathBuf>,
    /// Where run keys are kept (mode 0700), outside the run directory.
    pub keys: PathBuf,
    /// Compiled-code cache; `None`: compile every time.
    pub cache: Option<PathBuf>,
    /// Replace an existing run of that name.
    pub replace: bool,
    /// The command as it was typed, for the report.
    pub command: String,
    /// The protocol; `None`: the runbook built into the host.
    pub runbook: Option<PathBuf>,
}
