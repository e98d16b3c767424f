//! `plugin new|build|check|test|bench|pack|install|remove`: words around `autods-author`.

mod arguments;
mod move_in;
mod try_out;

use std::path::Path;
use std::process::ExitCode;

use autods_author::{
    AuthorError, Finding, NewPlugin, Project, Tell, Weight, before_install, check_component,
    check_folder, language, new_plugin,
};
use autods_sandbox::{Policy, Profile, World};

pub(crate) use arguments::AuthorCommand;

use super::policy::named;
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
        } => new(name, World::from(*world), lang, r#in, sdk.as_deref()),
        AuthorCommand::Build { dir, policy } => build(dir, policy.as_deref()),
        AuthorCommand::Check {
            plugin,
            policy,
            json,
        } => check(plugin, policy.as_deref(), *json),
        AuthorCommand::Test(test) => try_out::test(test),
        AuthorCommand::Bench(bench) => try_out::bench(bench),
        AuthorCommand::Pack(pack) => move_in::pack(pack),
        AuthorCommand::Install(install) => move_in::install(install),
        AuthorCommand::Remove { id, from } => move_in::remove(id, from.as_deref()),
    }
}

fn new(
    name: &str,
    world: World,
    lang: &str,
    parent: &Path,
    sdk: Option<&Path>,
) -> Result<ExitCode, Failure> {
    let language = language(lang)?;
    let made = new_plugin(&NewPlugin {
        name,
        world,
        language,
        parent,
        sdk,
    })?;
    let shown = made.display();
    say(format!("made {shown}"));
    say(format!("it needs {}", language.needs()));
    say(format!(
        "next: read {shown}/README.md, then\n  autods-host plugin build {shown}\n  autods-host plugin test {shown}"
    ));
    Ok(ExitCode::SUCCESS)
}

fn build(dir: &Path, policy: Option<&Path>) -> Result<ExitCode, Failure> {
    let project = Project::open(dir)?;
    let policy = before_install(&of_author(policy)?);
    let built = autods_author::build(&project, &policy, &Screen)?;
    say(built.audit.to_string());
    say(format!("made {}", built.component.display()));
    Ok(verdict(built.audit.admitted()))
}

fn check(plugin: &Path, policy: Option<&Path>, json: bool) -> Result<ExitCode, Failure> {
    let policy = named(policy)?;
    let findings = if plugin.is_dir() {
        check_folder(plugin, &policy)?
    } else {
        check_component(plugin, &policy)
    };
    let refused = findings
        .iter()
        .any(|finding| finding.weight == Weight::Refused);
    if json {
        say(serde_json::to_string_pretty(&findings)?);
        return Ok(verdict(!refused));
    }
    for finding in &findings {
        say(line(finding));
    }
    let count = |weight| findings.iter().filter(|f| f.weight == weight).count();
    say(match (count(Weight::Refused), count(Weight::Missing)) {
        (0, 0) => "nothing to do: the host takes it, and nothing is missing".to_owned(),
        (0, missing) => format!("the host takes it; {missing} missing"),
        (refusals, missing) => {
            format!("the host refuses it: {refusals} refused, {missing} missing")
        }
    });
    Ok(verdict(!refused))
}

fn line(finding: &Finding) -> String {
    let weight = match finding.weight {
        Weight::Refused => "refused",
        Weight::Missing => "missing",
    };
    let line = finding
        .line
        .map_or_else(String::new, |line| format!(":{line}"));
    let code = finding
        .code
        .as_ref()
        .map_or_else(String::new, |code| format!(" [{code}]"));
    format!(
        "{weight}  {}{line}: {}{code}",
        finding.file.display(),
        finding.what
    )
}

fn verdict(good: bool) -> ExitCode {
    if good {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(5)
    }
}

/// The policy that an author named, or the one made for authors.
fn of_author(policy: Option<&Path>) -> Result<Policy, Failure> {
    match policy {
        None => Ok(Policy::of(Profile::Development)),
        named_as => named(named_as),
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
