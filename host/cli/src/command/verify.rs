//! `verify`.

use std::process::ExitCode;

use autods_ledger::HeadSignature;
use autods_run::RunDir;

use crate::{arguments::Verify, exit::Failure, screen::say};

pub(crate) fn verify(arguments: &Verify) -> Result<ExitCode, Failure> {
    let run = RunDir::open(&arguments.run)?;
    let key = arguments.host_key.read()?;
    let verified = autods_run::verify_with(&run, key.as_ref())?;
    let differences = match &arguments.against {
        Some(other) => {
            let other = RunDir::open(other)?;
            autods_run::verify(&other)?;
            Some(autods_run::compare(&run, &other)?)
        }
        None => None,
    };
    if arguments.json {
        say(serde_json::to_string_pretty(&serde_json::json!({
            "verified": verified,
            "differences": differences,
        }))?);
    } else {
        say(format!(
            "{}: {} ledger records, {} events, {} files: all as they were written",
            arguments.run.display(),
            verified.ledger_records,
            verified.events,
            verified.files
        ));
        match &verified.signature {
            HeadSignature::Open { signed } => say(format!(
                "the run is not closed: it can be resumed. Its ledger is signed up to record {}; what follows is only chained",
                signed.unwrap_or_default()
            )),
            HeadSignature::Unchecked { key } => say(format!(
                "signed by key {key}, not checked: no public key given (--host-key FILE)"
            )),
            HeadSignature::Checked { key, .. } => {
                say(format!("signed by key {key}, checked with its public key"));
            }
        }
        match &differences {
            Some(d) if d.is_empty() => say(format!(
                "the same numbers, bit for bit, in {} events",
                verified.events
            )),
            Some(d) => {
                for difference in d.iter().take(20) {
                    say(format!(
                        "differs: event {} ({}): {}",
                        difference.event, difference.kind, difference.what
                    ));
                }
                say(format!("{} differences", d.len()));
            }
            None => {}
        }
    }
    Ok(match differences {
        Some(d) if !d.is_empty() => ExitCode::from(7),
        _ => ExitCode::SUCCESS,
    })
}
