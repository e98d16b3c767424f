//! Where things are, and how cargo is called.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

/// The checkout and its build output.
pub(crate) struct Workspace {
    /// The checkout.
    pub(crate) root: PathBuf,
    /// Build output.
    pub(crate) target: PathBuf,
}

impl Workspace {
    /// The workspace that cargo runs this program for. Asked when it runs, not when it is built:
    /// two checkouts may share a target directory, and with it this program.
    pub(crate) fn here() -> Self {
        let manifest = std::env::var_os("CARGO_MANIFEST_DIR")
            .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
        let manifest = manifest.as_path();
        let root = manifest.parent().unwrap_or(manifest).to_owned();
        let target = match std::env::var_os("CARGO_TARGET_DIR") {
            Some(target) if !target.is_empty() => {
                std::path::absolute(&target).unwrap_or(target.into())
            }
            _ => root.join("target"),
        };
        Self { root, target }
    }

    /// Where `cargo build --release` puts programs.
    pub(crate) fn release(&self) -> PathBuf {
        self.target.join("release")
    }

    /// Where the components go: beside the program that runs them.
    pub(crate) fn components(&self) -> PathBuf {
        self.release().join("plugins")
    }

    /// Runs cargo here with its output on the terminal.
    pub(crate) fn cargo<S: AsRef<OsStr>>(&self, arguments: &[S]) -> Result<()> {
        self.cargo_with(arguments, &[])
    }

    /// The same, with environment variables.
    pub(crate) fn cargo_with<S: AsRef<OsStr>>(
        &self,
        arguments: &[S],
        environment: &[(&str, &OsStr)],
    ) -> Result<()> {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut command = Command::new(cargo);
        command
            .args(arguments)
            .current_dir(&self.root)
            .env("CARGO_TARGET_DIR", &self.target)
            .envs(environment.iter().copied());
        run(&mut command)
    }

    /// Whether a tool answers to `arguments` (such as `cargo nextest --version`).
    pub(crate) fn has(&self, program: &str, arguments: &[&str]) -> bool {
        Command::new(program)
            .args(arguments)
            .current_dir(&self.root)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .is_ok_and(|status| status.success())
    }

    /// Packages of a folder of the workspace, sorted.
    pub(crate) fn packages(&self, folder: &str) -> Result<Vec<PathBuf>> {
        let folder = self.root.join(folder);
        let entries =
            std::fs::read_dir(&folder).with_context(|| format!("reading {}", folder.display()))?;
        let mut found = Vec::new();
        for entry in entries {
            let path = entry?.path();
            if path.join("Cargo.toml").is_file() {
                found.push(path);
            }
        }
        found.sort();
        Ok(found)
    }
}

/// Runs a command with its output on the terminal.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let words = || {
        let program = Path::new(command.get_program())
            .file_name()
            .unwrap_or_default();
        let mut words = vec![program.to_string_lossy().into_owned()];
        words.extend(
            command
                .get_args()
                .map(|word| word.to_string_lossy().into_owned()),
        );
        words.join(" ")
    };
    let line = words();
    let status = command
        .status()
        .with_context(|| format!("starting `{line}`"))?;
    if !status.success() {
        bail!("`{line}` failed ({status}); its own messages are above");
    }
    Ok(())
}
