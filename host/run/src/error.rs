//! What can go wrong in a run, and what the process says to its caller.

use std::path::PathBuf;

/// Why a run stopped. Messages hold names, counts and places, never a value of a row.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// TASK.md, LAUNCH.md or runbook.md is wrong.
    #[error(transparent)]
    Spec(#[from] autods_spec::SpecError),
    /// The input data are missing, malformed or not what the dictionary says.
    #[error("{0}")]
    Data(String),
    /// A plugin is missing, refused or failed.
    #[error("{0}")]
    Plugin(String),
    /// The site policy is wrong.
    #[error("{0}")]
    Policy(String),
    /// The kernel does not confine the host as the site policy wants.
    #[error("{0}")]
    Confinement(String),
    /// A gate stayed shut.
    #[error("the run stopped at stage `{stage}`: {because}")]
    Gate {
        /// The stage whose gate stayed shut.
        stage: String,
        /// The conditions that were not met.
        because: String,
    },
    /// The log, the ledger or a file of the run is not what was written.
    #[error("{0}")]
    Integrity(String),
    /// A file could not be read or written.
    #[error("{doing} {path}: {source}{hint}", hint = hint(.source))]
    Io {
        /// What was tried.
        doing: &'static str,
        /// On which file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The ledger, the board, the rows or the report could not be written; the message says which.
    #[error("{0}")]
    Unwritable(String),
    /// A wrong use of the command.
    #[error("{0}")]
    Usage(String),
    /// A state that the host believes impossible; please report it.
    #[error("internal error: {0}")]
    Internal(String),
}

fn hint(source: &std::io::Error) -> &'static str {
    match source.kind() {
        std::io::ErrorKind::StorageFull => {
            " (the disk is full: free some space, then `autods-host resume` the run)"
        }
        std::io::ErrorKind::PermissionDenied => " (check who may read and write there)",
        _ => "",
    }
}

impl RunError {
    /// The documented exit code of `autods-host`.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Internal(_) => 1,
            Self::Usage(_) => 2,
            Self::Spec(_) | Self::Policy(_) => 3,
            Self::Confinement(_) => 9,
            Self::Data(_) => 4,
            Self::Plugin(_) => 5,
            Self::Gate { .. } => 6,
            Self::Integrity(_) => 7,
            Self::Io { .. } | Self::Unwritable(_) => 8,
        }
    }

    /// An I/O error with its place.
    pub(crate) fn io(
        doing: &'static str,
        path: impl Into<PathBuf>,
        source: std::io::Error,
    ) -> Self {
        Self::Io {
            doing,
            path: path.into(),
            source,
        }
    }

    pub(crate) fn internal(what: impl std::fmt::Display) -> Self {
        Self::Internal(what.to_string())
    }
}

impl From<autods_science::StatisticError> for RunError {
    fn from(error: autods_science::StatisticError) -> Self {
        Self::Data(format!(
            "a statistic cannot be computed: {error}. Check the population, the endpoint's codes and the number of rows in TASK.md."
        ))
    }
}

impl From<autods_science::LearnerError> for RunError {
    fn from(error: autods_science::LearnerError) -> Self {
        Self::Data(format!("a model cannot be fitted: {error}"))
    }
}

impl From<autods_table::TableError> for RunError {
    fn from(error: autods_table::TableError) -> Self {
        Self::Data(error.to_string())
    }
}

/// Shorthand of this crate.
pub(crate) type Result<T, E = RunError> = std::result::Result<T, E>;
