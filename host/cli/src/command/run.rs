//! `run` and `resume`.

use std::{
    env,
    path::{Path, PathBuf},
    process::ExitCode,
};

use autods_run::{Outcome, RunDir, RunOptions, find_task, plugins_dir};

use crate::{
    arguments::{Places, Resume, Run},
    exit::Failure,
    screen::{Screen, say},
};

pub(crate) fn run(arguments: &Run) -> Result<ExitCode, Failure> {
    let task = find_task(&arguments.task)?;
    let out = match &arguments.out {
        Some(out) => out.clone(),
        None => {
            let whole = task.canonicalize()?;
            whole.parent().unwrap_or(&whole).join(&arguments.name)
        }
    };
    let options = RunOptions {
        task,
        name: arguments.name.clone(),
        out,
        data: arguments.data.clone(),
        synthetic: arguments.synthetic,
        plugins: arguments.places.plugins.clone().unwrap_or_else(plugins_dir),
        policy: arguments.policy.clone(),
        keys: keys(arguments.places.keys.as_deref())?,
        cache: cache(&arguments.places),
        replace: arguments.replace,
        command: typed(),
        runbook: arguments.runbook.clone(),
    };
    let screen = Screen::new();
    let outcome = autods_run::run(&options, &screen);
    screen.finish();
    finish(&outcome?)
}

pub(crate) fn resume(arguments: &Resume) -> Result<ExitCode, Failure> {
    let dir = RunDir::open(&arguments.run)?;
    let screen = Screen::new();
    let keys = keys(arguments.keys.as_deref())?;
    let outcome = autods_run::resume(&dir, &keys, arguments.policy.as_deref(), &screen);
    screen.finish();
    finish(&outcome?)
}

fn finish(outcome: &Outcome) -> Result<ExitCode, Failure> {
    for line in &outcome.summary {
        say(line);
    }
    say(format!("report: {}", outcome.report.display()));
    Ok(ExitCode::SUCCESS)
}

/// The command as it was typed, with the program's name for its path.
fn typed() -> String {
    std::iter::once("autods-host".to_owned())
        .chain(env::args().skip(1).map(|a| {
            if a.contains(|c: char| c.is_whitespace() || "\"'$\\".contains(c)) {
                format!("'{}'", a.replace('\'', "'\\''"))
            } else {
                a
            }
        }))
        .collect::<Vec<_>>()
        .join(" ")
}

pub(crate) fn home(variable: &str, fallback: &str) -> Option<PathBuf> {
    env::var_os(variable)
        .map(PathBuf::from)
        .filter(|p| p.is_absolute())
        .or_else(|| env::var_os("HOME").map(|h| PathBuf::from(h).join(fallback)))
}

/// The keys directory: the one that is given, or the default.
pub(crate) fn keys(given: Option<&Path>) -> Result<PathBuf, Failure> {
    keys_directory(given).ok_or_else(|| {
        Failure::new(
            2,
            "there is no place for keys: give --keys DIR, or set AUTODS_KEYS or HOME",
        )
    })
}

/// The same; `None` where there is no default either.
pub(crate) fn keys_directory(given: Option<&Path>) -> Option<PathBuf> {
    given
        .map(Path::to_owned)
        .or_else(|| env::var_os("AUTODS_KEYS").map(PathBuf::from))
        .or_else(|| home("XDG_CONFIG_HOME", ".config").map(|c| c.join("autods/keys")))
}

fn cache(places: &Places) -> Option<PathBuf> {
    places
        .cache
        .clone()
        .or_else(|| env::var_os("AUTODS_CACHE").map(PathBuf::from))
        .or_else(|| home("XDG_CACHE_HOME", ".cache").map(|c| c.join("autods/code")))
}
