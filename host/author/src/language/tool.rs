//! Programs of toolchains that live in a plugin's folder or on the path.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::Tool;
use crate::AuthorError;

/// A program as a build finds it.
pub(super) struct Program {
    /// What is started.
    pub(super) name: &'static str,
    /// Where in a plugin's folder it may be.
    pub(super) inside: &'static str,
    /// How to get it.
    pub(super) remedy: &'static str,
}

impl Program {
    /// The one in the folder, or else the one on the path.
    pub(super) fn command(&self, folder: &Path) -> Command {
        let own: PathBuf = folder.join(self.inside);
        // a folder may be given by a path that is not absolute, and the program runs inside it
        let own = own.canonicalize().unwrap_or(own);
        let mut command = Command::new(if own.is_file() {
            own.as_path()
        } else {
            Path::new(self.name)
        });
        command.current_dir(folder);
        command
    }

    /// Its version: the last word of what `--version` says.
    pub(super) fn version(&self, folder: &Path) -> Result<Tool, AuthorError> {
        let output = self
            .command(folder)
            .arg("--version")
            .stderr(Stdio::null())
            .output()
            .map_err(|error| self.missing(&error))?;
        let text = String::from_utf8_lossy(&output.stdout);
        Ok(Tool {
            name: self.name.into(),
            version: text.split_whitespace().last().unwrap_or("?").into(),
        })
    }

    pub(super) fn missing(&self, error: &std::io::Error) -> AuthorError {
        AuthorError::Tool {
            program: self.name.into(),
            what: format!(
                "is neither {} in the plugin's folder nor on the path ({})",
                self.inside,
                error.kind()
            ),
            remedy: self.remedy.into(),
        }
    }

    /// Runs it; its messages go to the terminal.
    pub(super) fn run(&self, folder: &Path, arguments: &[&str]) -> Result<(), AuthorError> {
        let status = self
            .command(folder)
            .args(arguments)
            .stdout(Stdio::null())
            .status()
            .map_err(|error| self.missing(&error))?;
        if status.success() {
            return Ok(());
        }
        Err(AuthorError::Toolchain {
            command: format!("{} {}", self.name, arguments.join(" ")),
            status: status.to_string(),
        })
    }
}
