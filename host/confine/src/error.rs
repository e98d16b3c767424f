//! Why a process was not confined.

use std::{io, path::PathBuf};

use crate::Missing;

/// Why a process was not confined.
///
/// After [`Kernel`](Self::Kernel) it may be confined in part, which cannot be undone: the only
/// thing left to do is to end.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConfineError {
    /// Policy requires what this kernel or this moment does not offer. Nothing was changed.
    #[error(
        "the host cannot be confined as policy requires: {}; run it where that is given, or have \
         the administrator set `kernel = \"preferred\"` under `[confinement]` in the policy",
        list(.missing)
    )]
    Missing {
        /// What is missing.
        missing: Vec<Missing>,
    },
    /// A path of the rules cannot be opened.
    #[error(
        "cannot confine the host to {}: {source}; make it, or leave it out of the rules",
        path.display()
    )]
    Path {
        /// Which.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// The kernel refused.
    #[error("the kernel did not take the {what}: {why}; the host must not go on")]
    Kernel {
        /// Which part.
        what: &'static str,
        /// What it said.
        why: String,
    },
}

fn list(missing: &[Missing]) -> String {
    missing
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join("; ")
}
