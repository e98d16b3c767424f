//! Which plugins a task would use, and which a run did use: for an audit of them.

use std::path::{Path, PathBuf};

use autods_spec::{Launch, Task};

use crate::{
    error::{Result, RunError},
    integrity::sha256,
    layout::RunDir,
    start::needed_plugins,
};

/// A task's name and the ids of the plugins that a run of it would use, in order.
///
/// # Errors
/// If TASK.md or LAUNCH.md is wrong.
pub fn plugins_of_task(task: &Path) -> Result<(String, Vec<String>), RunError> {
    let parsed = Task::read(task)?;
    let launch = Launch::read_for(task, &parsed)?;
    let needed = needed_plugins(&parsed, &launch).into_iter().collect();
    Ok((parsed.name, needed))
}

/// What a run froze for itself: its policy, and the plugins that it was begun with.
#[derive(Clone, Debug)]
pub struct Frozen {
    /// The run's name.
    pub run: String,
    /// Its policy.
    pub policy: PathBuf,
    /// The components of its plugins.
    pub components: Vec<PathBuf>,
}

/// The plugins and the policy of a run.
///
/// # Errors
/// [`RunError::Integrity`] if one of them is not what the run was begun with.
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
    let mut components = Vec::new();
    for plugin in &file.plugins {
        let component = dir.plugins().join(format!("{}.wasm", plugin.name));
        unchanged(&component, &plugin.sha256)?;
        components.push(component);
    }
    Ok(Frozen {
        run: file.name,
        policy,
        components,
    })
}
