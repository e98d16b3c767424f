//! Which plugins a task would use, and which a run was begun with: for an audit of them.

use std::path::{Path, PathBuf};

use autods_spec::{Launch, Task};

use crate::{
    error::RunError,
    integrity::sha256,
    layout::RunDir,
    plugins::{Purposes, purposes},
};

/// A task's name, and what a run of it would want which plugins for.
///
/// # Errors
/// If TASK.md or LAUNCH.md is wrong.
pub fn plugins_of_task(task: &Path) -> Result<(String, Purposes), RunError> {
    let parsed = Task::read(task)?;
    let launch = Launch::read_for(task, &parsed)?;
    let purposes = purposes(&parsed, &launch)?;
    Ok((parsed.name, purposes))
}

/// What a run keeps of the plugins that it was begun with.
#[derive(Clone, Debug)]
pub struct Frozen {
    /// The run's name.
    pub run: String,
    /// Its policy.
    pub policy: PathBuf,
    /// The folder of its plugins.
    pub plugins: PathBuf,
    /// What it wants them for.
    pub purposes: Purposes,
}

/// The plugins and the policy of a run.
///
/// # Errors
/// [`RunError::Integrity`] if policy or components are not those that the run was begun with.
pub fn plugins_of_run(dir: &RunDir) -> Result<Frozen, RunError> {
    let file = dir.read_run_file()?;
    let unchanged = |path: &Path, digest: &str| match std::fs::read(path) {
        Ok(bytes) if sha256(&bytes) == digest => Ok(()),
        Ok(_) => Err(RunError::Integrity(format!(
            "{} is not what the run was begun with; `autods-host verify {}` says what else changed",
            path.display(),
            dir.path().display()
        ))),
        Err(e) => Err(RunError::io("reading", path, e)),
    };
    let policy = dir.path().join("policy.toml");
    unchanged(&policy, &file.policy_sha256)?;
    for plugin in &file.plugins {
        let component = dir.plugins().join(format!("{}.wasm", plugin.name));
        unchanged(&component, &plugin.sha256)?;
    }
    let (_, purposes) = plugins_of_task(&dir.task())?;
    Ok(Frozen {
        run: file.name,
        policy,
        plugins: dir.plugins(),
        purposes,
    })
}
