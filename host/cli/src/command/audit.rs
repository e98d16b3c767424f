//! `audit`.

use std::{
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

use autods_audit::{Examination, Occasion, Verdict, Wanted, html, json, sarif, table};
use autods_run::{Purposes, RunDir, find_task, plugins_dir, plugins_of_run, plugins_of_task};

use super::plugin::{found, locate};
use super::policy::named;
use crate::{
    arguments::{Audit, Format},
    exit::Failure,
    screen::say,
};

pub(crate) fn audit(arguments: &Audit) -> Result<ExitCode, Failure> {
    if let (Some(run), false) = (&arguments.run, arguments.frozen) {
        return super::audit_run::audit_run(
            run,
            arguments.format,
            arguments.out.as_deref(),
            &arguments.host_key,
        );
    }
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
            Some(file) => (file.display().to_string(), named(Some(file))?),
            None => ("of the run".to_owned(), named(Some(&frozen.policy))?),
        };
        let wanted = wanted(&frozen.plugins, frozen.purposes);
        return Ok(Examination::of(
            Occasion::Run(frozen.run),
            wanted,
            &name,
            &policy,
        ));
    }
    let policy = named(arguments.policy.as_deref())?;
    let name = match &arguments.policy {
        Some(file) => file.display().to_string(),
        None => format!("`{}`, built in", policy.profile.name()),
    };
    let folder = arguments.plugins.as_deref();
    if let Some(task) = &arguments.task {
        let (task, purposes) = plugins_of_task(&find_task(task)?)?;
        // one that is missing is a finding like any other
        let wanted = wanted(&folder.map_or_else(plugins_dir, Path::to_owned), purposes);
        return Ok(Examination::of(
            Occasion::Task(task),
            wanted,
            &name,
            &policy,
        ));
    }
    let components: Vec<PathBuf> = match arguments.plugin.is_empty() {
        true => found(folder)?,
        false => arguments
            .plugin
            .iter()
            .map(|plugin| locate(plugin, folder))
            .collect::<Result<_, _>>()?,
    };
    let wanted = components.into_iter().map(Wanted::from);
    Ok(Examination::of(Occasion::Named, wanted, &name, &policy))
}

fn wanted(folder: &Path, purposes: Purposes) -> Vec<Wanted> {
    purposes
        .into_iter()
        .map(|(id, purpose)| Wanted {
            component: folder.join(format!("{id}.wasm")),
            id: Some(id),
            purpose,
        })
        .collect()
}
