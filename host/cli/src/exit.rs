//! Exit codes: documented in `--help` and in docs/exit-codes.md.

use autods_run::RunError;

/// Said at the end of `autods-host --help`.
pub(crate) const HELP: &str = "\
Exit codes:
  0  done
  1  internal error (please report it)
  2  wrong use of the command
  3  TASK.md, LAUNCH.md, runbook.md or policy.toml is wrong
  4  the data are missing, malformed or not what the dictionary says
  5  a plugin is missing, refused or failed
  6  a gate stayed shut: the run stopped before its end
  7  integrity: a log, ledger or file is not what was written, or two runs differ
  8  a file could not be read or written (a full disk, for example)
  9  the kernel does not confine the host as the policy wants

A run that was killed loses nothing: continue it with `autods-host resume DIR`.";

/// An exit code in words: what it means, and what to do.
pub(crate) fn explained(code: u8) -> Option<(&'static str, &'static str)> {
    Some(match code {
        0 => ("done", "nothing"),
        1 => ("internal error", "please report it"),
        2 => ("wrong use of the command", "see `--help`"),
        3 => (
            "TASK.md, LAUNCH.md, runbook.md or the site policy is wrong",
            "the file, at the line that the message names",
        ),
        4 => (
            "the data are missing, malformed or not what the dictionary says",
            "the file of data or the dictionary; the message names table, file, line and column, never a value",
        ),
        5 => (
            "a plugin is missing, was refused or failed",
            "`autods-host audit` says why a plugin is refused, and `autods-host explain` what its code means",
        ),
        6 => (
            "a gate stayed shut: the run stopped before its end",
            "the message names the condition; the board holds why",
        ),
        7 => (
            "integrity: a log, ledger or file is not what was written, or two runs differ",
            "do not trust the run; find out who changed what",
        ),
        8 => (
            "a file could not be read or written",
            "free the disk or mend the permissions, then `autods-host resume`",
        ),
        9 => (
            "the kernel does not confine the host as the site policy wants",
            "a kernel with Landlock (Linux 6.2 or later) and seccomp, or `confinement.kernel` in the site policy",
        ),
        _ => return None,
    })
}

/// A failure, ready to be said.
pub(crate) struct Failure {
    pub(crate) code: u8,
    pub(crate) message: String,
}

impl Failure {
    pub(crate) fn new(code: u8, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
        }
    }
}

impl From<RunError> for Failure {
    fn from(error: RunError) -> Self {
        Self::new(error.exit_code(), error.to_string())
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self::new(8, error.to_string())
    }
}

impl From<serde_json::Error> for Failure {
    fn from(error: serde_json::Error) -> Self {
        Self::new(1, format!("internal error: {error}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_exit_code_of_the_help_is_explained_and_no_other() {
        for code in 0..=u8::MAX {
            let stated = HELP
                .lines()
                .any(|line| line.starts_with(&format!("  {code}  ")));
            assert_eq!(stated, explained(code).is_some(), "{code}");
        }
    }
}
