//! `autods-host`: arguments in, words out. No logic of its own.

mod arguments;
mod command;
mod exit;
mod screen;

use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{CommandFactory as _, Parser as _};

use crate::arguments::{Arguments, Command, Explain};

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    tracing_subscriber::fmt()
        .with_env_filter(
            tracing_subscriber::EnvFilter::try_from_env("AUTODS_LOG")
                .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn")),
        )
        .with_writer(std::io::stderr)
        .without_time()
        .init();
    let asked = arguments.explain.map(|code| {
        Command::Explain(Explain {
            code: Some(code),
            json: false,
        })
    });
    let Some(command) = asked.or(arguments.command) else {
        let error = Arguments::command().error(
            ErrorKind::MissingSubcommand,
            "there is no command; `autods-host --help` lists them",
        );
        error.exit();
    };
    let done = match command {
        Command::Run(a) => command::run::run(&a),
        Command::Resume(a) => command::run::resume(&a),
        Command::Status(a) => command::status::status(&a),
        Command::Report(a) => command::report::report(&a),
        Command::Verify(a) => command::verify::verify(&a),
        Command::Task(a) => command::task::task(&a),
        Command::Plugin(a) => command::plugin::plugin(&a),
        Command::Audit(a) => command::audit::audit(&a),
        Command::Policy(a) => command::policy::policy(&a),
        Command::Key(a) => command::key::key(&a),
        Command::Explain(a) => command::explain::explain(&a),
    };
    match done {
        Ok(code) => code,
        Err(failure) => {
            screen::error(&failure.message);
            ExitCode::from(failure.code)
        }
    }
}
