//! `status`.

use std::process::ExitCode;

use autods_run::RunDir;

use crate::{arguments::RunPath, exit::Failure, screen::say};

pub(crate) fn status(arguments: &RunPath) -> Result<ExitCode, Failure> {
    let status = autods_run::status(&RunDir::open(&arguments.run)?)?;
    if arguments.json {
        say(serde_json::to_string_pretty(&status)?);
        return Ok(ExitCode::SUCCESS);
    }
    say(format!("run:         {}", status.run));
    say(format!("task:        {}", status.task));
    say(format!("stage:       {}", status.stage));
    say(format!("events:      {}", status.events));
    say(format!("experiments: {}", status.experiments));
    if let Some(champion) = &status.champion {
        say(format!("champion:    {champion}"));
    }
    match (&status.outcome, status.open_tickets.len()) {
        (Some(outcome), _) => say(format!("closed:      {outcome}")),
        (None, n) => {
            say(format!("open tickets: {n}"));
            for ticket in &status.open_tickets {
                say(format!("  {ticket}"));
            }
            say(format!(
                "continue it with: autods-host resume {}",
                arguments.run.display()
            ));
        }
    }
    Ok(ExitCode::SUCCESS)
}
