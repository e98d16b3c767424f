//! The same cases natively, beside the sandbox: what the sandbox costs.

use std::path::{Path, PathBuf};

use autods_sandbox::{Plugin, Sandbox};

use crate::case::{Case, Timed, timed};
use crate::{AuthorError, Project, Tell};

/// A case as a language does it natively.
pub struct NativeCase {
    pub(crate) name: String,
    pub(crate) input: PathBuf,
    pub(crate) job: Timed,
}

/// What cases take natively.
#[derive(Clone, Debug, PartialEq)]
pub enum Native {
    /// Median milliseconds, by the case's name.
    Measured(Vec<(String, f64)>),
    /// They were not measured: why.
    NotMeasured(String),
}

/// Has the language do the cases natively that [`bench_case`](crate::bench_case) times in the
/// sandbox.
///
/// # Errors
/// Where a case is wrong, or files cannot be written. A language that cannot do it is none.
pub fn bench_native(
    project: &Project,
    sandbox: &Sandbox,
    plugin: &Plugin,
    cases: &[Case],
    repeat: u32,
    tell: &dyn Tell,
) -> Result<Native, AuthorError> {
    let mut native = Vec::new();
    for case in cases {
        if let Some(job) = timed(sandbox, plugin, case)? {
            native.push(NativeCase {
                name: case.name.clone(),
                input: absolute(&case.folder.join("input"))?,
                job,
            });
        }
    }
    project
        .language()
        .native_times(project, &native, repeat.max(1), tell)
}

pub(crate) fn absolute(path: &Path) -> Result<PathBuf, AuthorError> {
    path.canonicalize().map_err(AuthorError::io(path))
}
