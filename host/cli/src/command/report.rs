//! `report`.

use std::process::ExitCode;

use autods_run::RunDir;

use crate::{arguments::Report, exit::Failure, screen::say};

pub(crate) fn report(arguments: &Report) -> Result<ExitCode, Failure> {
    let path = autods_run::write_report(
        &RunDir::open(&arguments.run)?,
        &super::run::keys(arguments.keys.as_deref())?,
    )?;
    if arguments.json {
        say(serde_json::json!({ "report": path }).to_string());
    } else {
        say(format!("report: {}", path.display()));
    }
    Ok(ExitCode::SUCCESS)
}
