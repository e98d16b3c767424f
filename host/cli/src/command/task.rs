//! `task list|check|new`.

use std::process::ExitCode;

use autods_run::{find_task, new_task, tasks};
use autods_spec::{Launch, Task};

use crate::{
    arguments::{Task as Arguments, TaskCommand},
    exit::Failure,
    screen::say,
};

pub(crate) fn task(arguments: &Arguments) -> Result<ExitCode, Failure> {
    match &arguments.command {
        TaskCommand::List { json } => list(*json),
        TaskCommand::Check { task, json } => check(task, *json),
        TaskCommand::New { name, r#in, from } => {
            let made = new_task(name, r#in, from.as_deref())?;
            say(format!("made {}", made.display()));
            say(format!(
                "next: edit {}/TASK.md, then `autods-host task check {}`",
                made.display(),
                made.display()
            ));
            Ok(ExitCode::SUCCESS)
        }
    }
}

fn list(json: bool) -> Result<ExitCode, Failure> {
    let mut rows = Vec::new();
    for dir in tasks() {
        let name = dir
            .file_name()
            .map(|n| n.to_string_lossy().into_owned())
            .unwrap_or_default();
        let (title, problem) = match Task::read(&dir) {
            Ok(task) => (task.title, None),
            Err(e) => (String::new(), Some(e.to_string())),
        };
        rows.push((name, dir, title, problem));
    }
    if json {
        let list: Vec<_> = rows
            .iter()
            .map(|(name, dir, title, problem)| {
                serde_json::json!({"name": name, "directory": dir, "title": title, "problem": problem})
            })
            .collect();
        say(serde_json::to_string_pretty(&list)?);
        return Ok(ExitCode::SUCCESS);
    }
    if rows.is_empty() {
        say(
            "no task found in ./tasks or $AUTODS_TASKS; `autods-host task new task-NAME` makes one",
        );
    }
    for (name, _, title, problem) in rows {
        match problem {
            None => say(format!("{name:<32} {title}")),
            Some(_) => say(format!(
                "{name:<32} (wrong; see `autods-host task check {name}`)"
            )),
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn check(task: &std::path::Path, json: bool) -> Result<ExitCode, Failure> {
    let dir = find_task(task)?;
    let checked = Task::read(&dir).and_then(|t| Launch::read_for(&dir, &t).map(|l| (t, l)));
    match checked {
        Ok((task, launch)) => {
            if json {
                say(serde_json::json!({"ok": true, "name": task.name}).to_string());
            } else {
                let columns: usize = task.data.iter().map(|d| d.columns.len()).sum();
                say(format!(
                    "{}: good. {} table(s), {columns} columns, outcome `{}`, {} folds, {} seeds, teams {}",
                    task.name,
                    task.data.len(),
                    task.endpoint.column,
                    launch.cv_strategy.folds,
                    launch.seeds.len(),
                    launch
                        .teams
                        .iter()
                        .map(|t| t.name.as_str())
                        .collect::<Vec<_>>()
                        .join(", ")
                ));
            }
            Ok(ExitCode::SUCCESS)
        }
        Err(e) => {
            if json {
                say(serde_json::json!({"ok": false, "problem": e.to_string()}).to_string());
                return Ok(ExitCode::from(3));
            }
            Err(Failure::new(3, e.to_string()))
        }
    }
}
