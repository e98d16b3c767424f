//! `audit --run`: what a run did, from its ledger.

use std::{fs, path::Path, process::ExitCode};

use autods_audit::run::{RunAudit, html, json, sarif, table};
use autods_run::RunDir;
use autods_signature::PublicKey;

use crate::{
    arguments::{Format, HostKey},
    exit::Failure,
    screen::say,
};

/// Say what a run did; exit code 7 if its ledger or the signature of its head does not hold.
pub(crate) fn audit_run(
    run: &Path,
    format: Format,
    out: Option<&Path>,
    host_key: &HostKey,
) -> Result<ExitCode, Failure> {
    // a start that was refused left a ledger and nothing else
    if !run.join("ledger.jsonl").is_file() {
        RunDir::open(run)?;
    }
    let key = host_key.read()?;
    let audited = RunAudit::read(&run.join("ledger.jsonl"), key.as_ref());
    let (text, code) = match (format, audited) {
        // a ledger that does not hold is a finding for a build server
        (Format::Sarif, audited) => {
            let code = if audited.is_ok() { 0 } else { 7 };
            (sarif(&audited)?, code)
        }
        (_, Err(error)) => return Err(Failure::new(7, error.to_string())),
        (Format::Table, Ok(audit)) => (table(&audit).trim_end().to_owned(), 0),
        (Format::Json, Ok(audit)) => (json(&audit)?, 0),
        (Format::Html, Ok(audit)) => (
            html(&audit).map_err(|e| Failure::new(1, format!("internal error: {e}")))?,
            0,
        ),
    };
    match out {
        Some(out) => {
            fs::write(out, text + "\n")
                .map_err(|e| Failure::new(8, format!("writing {}: {e}", out.display())))?;
            say(format!("written to {}", out.display()));
        }
        None => say(text),
    }
    Ok(ExitCode::from(code))
}

impl HostKey {
    /// The public key to check signed heads with: the one that was named, or else `host.pub` of
    /// the keys directory, or none. Where the run itself says its keys are is not asked: whoever
    /// changed the run could have changed that too.
    pub(crate) fn read(&self) -> Result<Option<PublicKey>, Failure> {
        let path = match &self.host_key {
            Some(named) => named.clone(),
            None => match super::run::keys_directory(self.keys.as_deref()) {
                Some(directory) if directory.join("host.pub").is_file() => {
                    directory.join("host.pub")
                }
                _ => return Ok(None),
            },
        };
        PublicKey::read(&path)
            .map(Some)
            .map_err(|e| Failure::new(2, format!("the host's public key: {e}")))
    }
}
