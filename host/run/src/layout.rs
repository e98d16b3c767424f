//! The run directory.

use std::{
    fs::{self, OpenOptions},
    io::Write as _,
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _},
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

use crate::error::{Result, RunError};

/// A run's directory. Mode 0700: it holds de-identified rows.
#[derive(Clone, Debug)]
pub struct RunDir(PathBuf);

/// `run.toml`: what runs. Written once, before anything else happens.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RunFile {
    /// Name of the run.
    pub(crate) name: String,
    /// Host version.
    pub(crate) host: String,
    /// Where the data were; empty for synthetic data.
    pub(crate) data: String,
    /// Whether the data are synthetic.
    pub(crate) synthetic: bool,
    /// The command as typed.
    pub(crate) command: String,
    /// SHA-256 of the frozen task.
    pub(crate) task_sha256: String,
    /// SHA-256 of the frozen runbook.
    pub(crate) runbook_sha256: String,
    /// SHA-256 of the policy in force.
    pub(crate) policy_sha256: String,
    /// Fingerprint of the run's key.
    pub(crate) key: String,
    /// File of the run's key.
    pub(crate) key_file: String,
    /// Compiled-code cache; empty: none.
    pub(crate) cache: String,
    /// Data files: name and SHA-256 as found.
    #[serde(default)]
    pub(crate) files: Vec<FileEntry>,
    /// Plugins: id and SHA-256.
    #[serde(default)]
    pub(crate) plugins: Vec<FileEntry>,
}

/// A file and its digest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FileEntry {
    pub(crate) name: String,
    pub(crate) sha256: String,
    pub(crate) bytes: u64,
}

impl RunDir {
    /// An existing run directory.
    ///
    /// # Errors
    /// If there is no `run.toml` in it.
    pub fn open(path: &Path) -> Result<Self, RunError> {
        if !path.join("run.toml").is_file() {
            return Err(RunError::Usage(format!(
                "{} is not a run: it holds no run.toml. Name the directory that `autods-host run` made.",
                path.display()
            )));
        }
        Ok(Self(path.to_owned()))
    }

    pub(crate) fn create(path: &Path, replace: bool) -> Result<Self> {
        if path.exists() {
            if !replace {
                return Err(RunError::Usage(format!(
                    "{0} exists already. Choose another --name, continue it with `autods-host resume {0}`, or start over with --replace.",
                    path.display()
                )));
            }
            // a start that was refused leaves a ledger and no run.toml
            if !path.join("run.toml").is_file()
                && !path.join("ledger.jsonl").is_file()
                && fs::read_dir(path).is_ok_and(|mut d| d.next().is_some())
            {
                return Err(RunError::Usage(format!(
                    "{} exists and is not a run (no run.toml in it): it is not replaced.",
                    path.display()
                )));
            }
            // nothing is destroyed: the earlier run moves aside, and only the one before it goes
            let aside = aside(path);
            if aside.join("run.toml").is_file() || aside.join("ledger.jsonl").is_file() {
                fs::remove_dir_all(&aside).map_err(|e| RunError::io("removing", &aside, e))?;
            }
            fs::rename(path, &aside).map_err(|e| RunError::io("moving aside", path, e))?;
        }
        make_dir(path)?;
        let dir = Self(path.to_owned());
        for sub in ["task", "plugins", "data", "artifacts", "report"] {
            make_dir(&dir.0.join(sub))?;
        }
        Ok(dir)
    }

    /// The directory.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0
    }

    pub(crate) fn board(&self) -> PathBuf {
        self.0.join("board.sqlite")
    }

    pub(crate) fn ledger(&self) -> PathBuf {
        self.0.join("ledger.jsonl")
    }

    pub(crate) fn task(&self) -> PathBuf {
        self.0.join("task")
    }

    pub(crate) fn plugins(&self) -> PathBuf {
        self.0.join("plugins")
    }

    pub(crate) fn runbook(&self) -> PathBuf {
        self.0.join("runbook.md")
    }

    pub(crate) fn artifacts(&self) -> PathBuf {
        self.0.join("artifacts")
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.0.join("data")
    }

    pub(crate) fn synthetic(&self) -> PathBuf {
        self.0.join("synthetic")
    }

    /// Where the report is.
    #[must_use]
    pub fn report(&self) -> PathBuf {
        self.0.join("report")
    }

    pub(crate) fn timing(&self) -> PathBuf {
        self.0.join("timing.json")
    }

    pub(crate) fn read_run_file(&self) -> Result<RunFile> {
        let path = self.0.join("run.toml");
        let text = fs::read_to_string(&path).map_err(|e| RunError::io("reading", &path, e))?;
        toml::from_str(&text).map_err(|e| {
            RunError::Integrity(format!(
                "{} is not what the host wrote: {}",
                path.display(),
                e.message()
            ))
        })
    }

    pub(crate) fn write_run_file(&self, text: &str) -> Result<()> {
        write_atomically(&self.0.join("run.toml"), text.as_bytes())
    }
}

/// Where an earlier run goes when its name is used again.
fn aside(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".previous");
    path.with_file_name(name)
}

/// Make a directory of mode 0700 (and its parents with the usual mode).
pub(crate) fn make_dir(path: &Path) -> Result<()> {
    if path.is_dir() {
        return fs::set_permissions(path, fs::Permissions::from_mode(0o700))
            .map_err(|e| RunError::io("making", path, e));
    }
    if let Some(parent) = path.parent().filter(|p| !p.as_os_str().is_empty()) {
        fs::create_dir_all(parent).map_err(|e| RunError::io("making", parent, e))?;
    }
    fs::DirBuilder::new()
        .mode(0o700)
        .create(path)
        .map_err(|e| RunError::io("making", path, e))
}

/// Write a file whole or not at all, mode 0600, and make it durable.
pub(crate) fn write_atomically(path: &Path, bytes: &[u8]) -> Result<()> {
    let mut temporary = path.as_os_str().to_owned();
    temporary.push(".part");
    let temporary = PathBuf::from(temporary);
    let write = || -> std::io::Result<()> {
        let mut file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&temporary)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&temporary, path)
    };
    write().map_err(|e| {
        // the half-written part is of no use to anybody
        let _ = fs::remove_file(&temporary);
        RunError::io("writing", path, e)
    })
}
