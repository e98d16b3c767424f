//! `plugin new|build`: words around `autods-author`.

mod arguments;

use std::process::ExitCode;

use autods_author::{AuthorError, NewPlugin, Project, Tell, language, new_plugin};
use autods_sandbox::{Policy, World};

pub(crate) use arguments::AuthorCommand;

use crate::exit::Failure;
use crate::screen::{note, say};

pub(crate) fn author(command: &AuthorCommand) -> Result<ExitCode, Failure> {
    match command {
        AuthorCommand::New {
            name,
            world,
            lang,
            r#in,
            sdk,
        } => {
            let world = World::from(*world);
            let made = new_plugin(&NewPlugin {
                name,
                world,
                language: language(lang)?,
                parent: r#in,
                sdk: sdk.as_deref(),
            })?;
            let shown = made.display();
            say(format!("made {shown}"));
            say(format!("needs: {}", language(lang)?.needs()));
            say(format!(
                "next: read {shown}/README.md, then\n  autods-host plugin build {shown}\n  autods-host plugin test {shown}"
            ));
            Ok(ExitCode::SUCCESS)
        }
        AuthorCommand::Build { dir, policy } => {
            let project = Project::open(dir)?;
            let built = autods_author::build(&project, &policy_of(policy.as_deref())?, &Screen)?;
            say(built.audit.to_string());
            say(format!("made {}", built.component.display()));
            Ok(verdict(built.audit.admitted()))
        }
    }
}

fn verdict(good: bool) -> ExitCode {
    if good {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(5)
    }
}

fn policy_of(file: Option<&std::path::Path>) -> Result<Policy, Failure> {
    match file {
        None => Ok(Policy::default()),
        Some(file) => Policy::read(file).map_err(|error| Failure::new(3, error.to_string())),
    }
}

/// What is being done, on standard error: standard output is for results.
struct Screen;

impl Tell for Screen {
    fn tell(&self, line: &str) {
        note(line);
    }
}

impl From<AuthorError> for Failure {
    fn from(error: AuthorError) -> Self {
        Self::new(error.exit_code(), error.to_string())
    }
}
