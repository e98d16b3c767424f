//! Where tasks and plugins are found.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use crate::error::RunError;

/// The directory of a task: a path as it is, or a name looked up in `$AUTODS_TASKS`, `./tasks`,
/// `.` and, for a host that runs from its build directory, the `tasks` of its checkout.
///
/// # Errors
/// If there is no `TASK.md` in any of them; the message lists where it looked.
pub fn find_task(name: &Path) -> Result<PathBuf, RunError> {
    let places: Vec<PathBuf> = std::iter::once(name.to_owned())
        .chain(roots().into_iter().map(|r| r.join(name)))
        .collect();
    places
        .iter()
        .find(|p| p.join("TASK.md").is_file())
        .cloned()
        .ok_or_else(|| {
            RunError::Usage(format!(
                "no task `{}`: none of these holds a TASK.md: {}. `autods-host task list` shows what there is; `autods-host task new` makes one.",
                name.display(),
                places.iter().map(|p| p.display().to_string()).collect::<Vec<_>>().join(", ")
            ))
        })
}

fn roots() -> Vec<PathBuf> {
    let mut roots = Vec::new();
    if let Some(path) = env::var_os("AUTODS_TASKS") {
        roots.extend(env::split_paths(&path));
    }
    roots.push(PathBuf::from("tasks"));
    roots.push(PathBuf::from("."));
    roots
}

/// Every task directory in the usual places, by name.
#[must_use]
pub fn tasks() -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = roots()
        .into_iter()
        .filter_map(|root| fs::read_dir(root).ok())
        .flatten()
        .filter_map(|entry| entry.ok().map(|e| e.path()))
        .filter(|path| {
            path.join("TASK.md").is_file()
                && path
                    .file_name()
                    .is_some_and(|n| n.to_string_lossy().starts_with("task-"))
        })
        .collect();
    found.sort();
    found.dedup_by(|a, b| a.canonicalize().ok() == b.canonicalize().ok());
    found
}

/// Where the plugins are: `$AUTODS_PLUGINS`, or `plugins` beside the program.
#[must_use]
pub fn plugins_dir() -> PathBuf {
    if let Some(path) = env::var_os("AUTODS_PLUGINS") {
        return PathBuf::from(path);
    }
    env::current_exe()
        .ok()
        .and_then(|exe| exe.parent().map(|p| p.join("plugins")))
        .unwrap_or_else(|| PathBuf::from("plugins"))
}
