//! `report`.

use std::process::ExitCode;

use autods_run::RunDir;

use crate::{arguments::RunPath, exit::Failure, screen::say};

pub(crate) fn report(arguments: &RunPath) -> Result<ExitCode, Failure> {
    let path = autods_run::write_report(&RunDir::open(&arguments.run)?)?;
    if arguments.json {
        say(serde_json::json!({ "report": path }).to_string());
    } else {
        say(format!("report: {}", path.display()));
    }
    Ok(ExitCode::SUCCESS)
}
