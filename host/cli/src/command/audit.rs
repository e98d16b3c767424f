//! `audit`.

use std::{
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

use autods_audit::{Examination, Occasion, Verdict, html, json, sarif, table};
use autods_run::{RunDir, find_task, plugins_dir, plugins_of_run, plugins_of_task};
use autods_sandbox::Policy;

use super::plugin::{found, locate};
use crate::{
    arguments::{Audit, Format},
    exit::Failure,
    screen::say,
};

pub(crate) fn audit(arguments: &Audit) -> Result<ExitCode, Failure> {
    let examination = examine(arguments)?;
    let text = match arguments.format {
        Format::Table => table(&examination),
        Format::Json => serde_json::to_string_pretty(&json(&examination))?,
        Format::Sarif => serde_json::to_string_pretty(&sarif(&examination))?,
        Format::Html => {
            let today = jiff::Zoned::now().date().to_string();
            html(&examination, Some(&today)).map_err(|e| Failure::new(1, e.to_string()))?
        }
    };
    match &arguments.out {
        Some(file) => {
            fs::write(file, text + "\n")
                .map_err(|e| Failure::new(8, format!("{}: {e}", file.display())))?;
            say(format!(
                "{}: {}",
                file.display(),
                examination.verdict().describe()
            ));
        }
        None => say(text),
    }
    Ok(match examination.verdict() {
        Verdict::Admitted => ExitCode::SUCCESS,
        Verdict::Refused => ExitCode::from(5),
    })
}

fn examine(arguments: &Audit) -> Result<Examination, Failure> {
    if let Some(run) = &arguments.run {
        let frozen = plugins_of_run(&RunDir::open(run)?)?;
        let (name, policy) = match &arguments.policy {
            Some(file) => policy(Some(file))?,
            None => ("of the run".to_owned(), policy(Some(&frozen.policy))?.1),
        };
        let occasion = Occasion::Run(frozen.run);
        return Ok(Examination::of(
            occasion,
            &frozen.components,
            &name,
            &policy,
        ));
    }
    let (name, policy) = policy(arguments.policy.as_deref())?;
    let dir = arguments.plugins.as_deref();
    let (occasion, components) = match &arguments.task {
        Some(task) => {
            let (task, ids) = plugins_of_task(&find_task(task)?)?;
            // one that is missing is a finding too, so its place is kept
            let dir = dir.map_or_else(plugins_dir, Path::to_owned);
            let components = ids
                .iter()
                .map(|id| dir.join(format!("{id}.wasm")))
                .collect();
            (Occasion::Task(task), components)
        }
        None if arguments.plugin.is_empty() => (Occasion::Named, found(dir)?),
        None => {
            let components: Vec<PathBuf> = arguments
                .plugin
                .iter()
                .map(|plugin| locate(plugin, dir))
                .collect::<Result<_, _>>()?;
            (Occasion::Named, components)
        }
    };
    Ok(Examination::of(occasion, &components, &name, &policy))
}

/// What the policy is called, and the policy.
fn policy(file: Option<&Path>) -> Result<(String, Policy), Failure> {
    match file {
        Some(file) => Policy::read(file)
            .map(|policy| (file.display().to_string(), policy))
            .map_err(|e| Failure::new(3, e.to_string())),
        None => Ok(("built-in default".to_owned(), Policy::default())),
    }
}
