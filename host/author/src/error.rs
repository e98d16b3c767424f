//! Why something cannot be done for an author, and what to do about it.

use std::path::{Path, PathBuf};

use autods_sandbox::Refusal;

/// Why something cannot be done for an author.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AuthorError {
    /// A name, a word or a folder that cannot be used.
    #[error("{0}")]
    Wrong(String),
    /// A file of the plugin is not what it should be.
    #[error("{}{}: {what}", .file.display(), .line.map_or_else(String::new, |line| format!(":{line}")))]
    File {
        /// Which file.
        file: PathBuf,
        /// Line, from 1, where there is one.
        line: Option<usize>,
        /// What is wrong and what would be right.
        what: String,
    },
    /// A file or folder cannot be read or written.
    #[error("{}: {kind}", .path.display())]
    Io {
        /// Which.
        path: PathBuf,
        /// What the operating system said, as a kind.
        kind: std::io::ErrorKind,
    },
    /// A program that is needed is not there, or too old.
    #[error("{program} is needed and {what}.\n{remedy}")]
    Tool {
        /// Which program.
        program: String,
        /// What is the matter with it.
        what: String,
        /// How to get it.
        remedy: String,
    },
    /// The toolchain failed; its own messages have been shown.
    #[error("`{command}` failed ({status}); its own messages are above")]
    Toolchain {
        /// The command.
        command: String,
        /// How it ended.
        status: String,
    },
    /// What the toolchain made cannot be a component.
    #[error("{0}")]
    Component(String),
    /// The host refuses the plugin.
    #[error("{}: {refusal} [{}; `autods-host explain {}` says more]", .file.display(), .refusal.code(), .refusal.code())]
    Refused {
        /// Which file.
        file: PathBuf,
        /// Why.
        refusal: Box<Refusal>,
    },
}

impl AuthorError {
    pub(crate) fn io(path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_owned();
        move |error| Self::Io {
            path,
            kind: error.kind(),
        }
    }

    pub(crate) fn file(file: &Path, what: impl Into<String>) -> Self {
        Self::File {
            file: file.to_owned(),
            line: None,
            what: what.into(),
        }
    }

    /// The exit code of the program that ends with this error (docs/exit-codes.md).
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Wrong(_) => 2,
            Self::Io { .. } => 8,
            _ => 5,
        }
    }
}
