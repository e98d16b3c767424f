//! An author's cases: input, what a task asks of it, and what must come out. They are run against
//! the compiled component in the real sandbox, under a policy's limits.

mod agent;
mod cells;
mod check;
mod dictionary;
mod file;
mod loader;
mod method;
mod table;

use std::fs;
use std::path::{Path, PathBuf};

use autods_sandbox::agent::Briefing;
use autods_sandbox::loader::Job;
use autods_sandbox::method::{OutputNames, Recipe, TableData};
use autods_sandbox::{Message, Plugin, Policy, Sandbox, Sources, World};

pub use check::Problem;

use crate::{AuthorError, Project};

/// One case of a plugin.
#[derive(Clone, Debug)]
pub struct Case {
    /// Its folder's name.
    pub name: String,
    /// Its folder, with `case.toml`, `input/` and `expected/`.
    pub folder: PathBuf,
}

/// What a case came to.
#[derive(Clone, Debug, serde::Serialize)]
pub struct CaseReport {
    /// The case's name.
    pub case: String,
    /// What it was run for, as the author says.
    pub description: String,
    /// What is not as expected; empty: it passed.
    pub problems: Vec<Problem>,
    /// What was done: calls, shard sizes, shuffles.
    pub done: String,
    /// Expected files that were written anew (`--bless`).
    pub blessed: Vec<PathBuf>,
    /// What the plugin said to its author, panics among it.
    pub messages: Vec<Message>,
}

impl CaseReport {
    /// Whether it passed.
    #[must_use]
    pub fn passed(&self) -> bool {
        self.problems.is_empty()
    }
}

/// The cases of a folder, by name. None is no error: `plugin check` says so.
///
/// # Errors
/// Where the folder cannot be read.
pub fn cases(project: &Project) -> Result<Vec<Case>, AuthorError> {
    let root = project.folder().join("tests/cases");
    if !root.is_dir() {
        return Ok(Vec::new());
    }
    let mut found = Vec::new();
    for entry in fs::read_dir(&root).map_err(AuthorError::io(&root))? {
        let entry = entry.map_err(AuthorError::io(&root))?;
        if entry.path().is_dir() {
            found.push(Case {
                name: entry.file_name().to_string_lossy().into_owned(),
                folder: entry.path(),
            });
        }
    }
    found.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(found)
}

/// A sandbox for an author: the policy's limits, and messages shown.
///
/// # Errors
/// Where the engine cannot be set up.
pub fn sandbox(policy: &Policy) -> Result<Sandbox, AuthorError> {
    let mut policy = policy.clone();
    policy.log.show = true;
    Sandbox::new(policy, None).map_err(|error| AuthorError::Component(error.to_string()))
}

/// Runs one case. With `bless`, what came out becomes what is expected.
///
/// # Errors
/// Where the case itself is wrong: `case.toml`, its input, or a file that is not there. What the
/// plugin does wrong is in the report.
pub fn run_case(
    sandbox: &Sandbox,
    plugin: &Plugin,
    case: &Case,
    bless: bool,
) -> Result<CaseReport, AuthorError> {
    drop(sandbox.take_messages());
    let run = Run {
        plugin,
        policy: sandbox.policy(),
        case,
        bless,
    };
    let mut report = match plugin.world() {
        World::Loader => loader::run(&run)?,
        World::Method => method::run(&run)?,
        World::Agent => agent::run(&run)?,
    };
    report.messages = sandbox.take_messages();
    Ok(report)
}

/// What a case does, to be timed.
pub(crate) enum Timed {
    /// Plans and loads.
    Loader {
        sources: Sources,
        job: Job,
        shard_bytes: u64,
    },
    /// Fits, and applies to the training rows.
    Method {
        rows: Vec<TableData>,
        recipe: Recipe,
        names: OutputNames,
        seed: u64,
    },
    /// Acts.
    Agent(Box<Briefing>),
}

/// What a case does; `None` for one that expects a fault.
pub(crate) fn timed(
    sandbox: &Sandbox,
    plugin: &Plugin,
    case: &Case,
) -> Result<Option<Timed>, AuthorError> {
    let run = Run {
        plugin,
        policy: sandbox.policy(),
        case,
        bless: false,
    };
    let path = run.at("case.toml");
    Ok(match plugin.world() {
        World::Loader => {
            let file: file::LoaderFile = file::parse(&path)?;
            match file.expect.fault {
                Some(_) => None,
                None => Some(Timed::Loader {
                    sources: loader::sources(&run, &file)?,
                    job: loader::job(&file),
                    shard_bytes: file.shard_bytes.first().copied().unwrap_or(1 << 26),
                }),
            }
        }
        World::Method => {
            let file: file::MethodFile = file::parse(&path)?;
            match file.expect.fault {
                Some(_) => None,
                None => Some(method::timed(&run, &file)?),
            }
        }
        World::Agent => {
            let file: file::AgentFile = file::parse(&path)?;
            match file.expect.error {
                Some(_) => None,
                None => Some(Timed::Agent(Box::new(agent::briefing(&run)?))),
            }
        }
    })
}

/// Whether a case's `case.toml` can be read.
///
/// # Errors
/// With file and line where it cannot.
pub(crate) fn parsed(world: World, case: &Case) -> Result<(), AuthorError> {
    let path = case.folder.join("case.toml");
    match world {
        World::Loader => file::parse::<file::LoaderFile>(&path).map(drop),
        World::Method => file::parse::<file::MethodFile>(&path).map(drop),
        World::Agent => file::parse::<file::AgentFile>(&path).map(drop),
    }
}

/// What a case is run with.
pub(crate) struct Run<'r> {
    pub(crate) plugin: &'r Plugin,
    pub(crate) policy: &'r Policy,
    pub(crate) case: &'r Case,
    pub(crate) bless: bool,
}

impl Run<'_> {
    fn report(&self, description: &str) -> CaseReport {
        CaseReport {
            case: self.case.name.clone(),
            description: description.to_owned(),
            problems: Vec::new(),
            done: String::new(),
            blessed: Vec::new(),
            messages: Vec::new(),
        }
    }

    pub(crate) fn at(&self, name: &str) -> PathBuf {
        self.case.folder.join(name)
    }

    /// Holds what came out against `expected/<name>`, or makes it that.
    fn hold(
        &self,
        report: &mut CaseReport,
        name: &str,
        made: &str,
        compare: impl FnOnce(&str) -> Result<Vec<Problem>, AuthorError>,
    ) -> Result<(), AuthorError> {
        let path = self.at("expected").join(name);
        if self.bless {
            if fs::read_to_string(&path).is_ok_and(|old| old == made) {
                return Ok(());
            }
            let folder = self.at("expected");
            fs::create_dir_all(&folder).map_err(AuthorError::io(&folder))?;
            fs::write(&path, made).map_err(AuthorError::io(&path))?;
            report.blessed.push(path);
            return Ok(());
        }
        if !path.is_file() {
            report.problems.push(Problem::at(
                &path,
                "is not there; `autods-host plugin test --bless` writes what came out, for you to read",
            ));
            return Ok(());
        }
        let expected = read(&path)?;
        report.problems.extend(compare(&expected)?);
        Ok(())
    }
}

/// A number of things: `1 shard`, `6 shards`.
pub(crate) fn counted(number: usize, what: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {what}{plural}")
}

/// A text file of a case.
pub(crate) fn read(path: &Path) -> Result<String, AuthorError> {
    fs::read_to_string(path).map_err(AuthorError::io(path))
}
