//! `plugin list|inspect`.

use std::{
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

use autods_audit::{Examination, Occasion, Wanted};
use autods_run::plugins_dir;
use autods_sandbox::{PluginFile, Policy};

use super::{key, lock, policy::named};
use crate::{
    arguments::{Plugin, PluginCommand},
    exit::Failure,
    screen::say,
};

pub(crate) fn plugin(arguments: &Plugin) -> Result<ExitCode, Failure> {
    match &arguments.command {
        PluginCommand::List {
            plugins,
            policy,
            json,
        } => list(plugins.as_deref(), policy.as_deref(), *json),
        PluginCommand::Lock {
            plugin,
            plugins,
            policy,
            key,
        } => lock::lock(
            plugin,
            plugins.as_deref(),
            policy.as_deref(),
            key.as_deref(),
        ),
        PluginCommand::Sign { plugin, key } => key::sign(plugin, key),
        PluginCommand::Verify {
            plugin,
            public,
            policy,
            plugins,
        } => key::verify(
            &locate(plugin, plugins.as_deref())?,
            public.as_deref(),
            policy.as_deref(),
        ),
        PluginCommand::Inspect {
            plugin,
            plugins,
            json,
        } => {
            let file = read(&locate(plugin, plugins.as_deref())?)?;
            if *json {
                say(serde_json::to_string_pretty(&serde_json::json!({
                    "manifest": file.manifest(),
                    "audit": file.audit(),
                }))?);
            } else {
                let path = locate(plugin, plugins.as_deref())?;
                let policy = Policy::default();
                say(autods_audit::table(&Examination::of(
                    Occasion::Named,
                    [Wanted::from(path)],
                    "`standard`, built in",
                    &policy,
                )));
            }
            Ok(verdict(file.audit().admitted()))
        }
        PluginCommand::Author(command) => super::author::author(command),
    }
}

fn verdict(allowed: bool) -> ExitCode {
    if allowed {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(5)
    }
}

fn read(path: &Path) -> Result<PluginFile, Failure> {
    PluginFile::read(path, &Policy::default())
        .map_err(|e| Failure::new(5, format!("{}: {e}", path.display())))
}

fn list(plugins: Option<&Path>, policy: Option<&Path>, json: bool) -> Result<ExitCode, Failure> {
    let policy = named(policy)?;
    let mut rows = Vec::new();
    for path in found(plugins)? {
        match PluginFile::read(&path, &policy) {
            Ok(file) => {
                let plugin = &file.manifest().plugin;
                rows.push(serde_json::json!({
                    "id": plugin.id, "version": plugin.version, "world": plugin.world,
                    "sha256": file.sha256(), "title": plugin.title, "allowed": file.audit().admitted(),
                }));
            }
            Err(e) => rows.push(serde_json::json!({"file": path, "problem": e.to_string()})),
        }
    }
    if json {
        say(serde_json::to_string_pretty(&rows)?);
        return Ok(ExitCode::SUCCESS);
    }
    for row in rows {
        let text = |key: &str| {
            row.get(key)
                .and_then(|v| v.as_str())
                .unwrap_or_default()
                .to_owned()
        };
        if row.get("problem").is_some() {
            say(format!("{}: refused: {}", text("file"), text("problem")));
        } else {
            let digest: String = text("sha256").chars().take(12).collect();
            say(format!(
                "{:<30} {:<7} {:<7} {digest}  {:<8}  {}",
                text("id"),
                text("version"),
                text("world"),
                if row["allowed"] == true {
                    "admitted"
                } else {
                    "refused"
                },
                text("title")
            ));
        }
    }
    Ok(ExitCode::SUCCESS)
}

pub(super) fn found(plugins: Option<&Path>) -> Result<Vec<PathBuf>, Failure> {
    let dir = plugins.map_or_else(plugins_dir, Path::to_owned);
    let mut paths: Vec<PathBuf> = fs::read_dir(&dir)
        .map_err(|e| {
            Failure::new(
                5,
                format!("no plugins in {}: {e}. Build them with `cargo xtask plugins`, or name their directory with --plugins.", dir.display()),
            )
        })?
        .filter_map(|entry| entry.ok().map(|e| e.path()))
        .filter(|path| path.extension().is_some_and(|e| e == "wasm"))
        .collect();
    paths.sort();
    Ok(paths)
}

pub(crate) fn locate(plugin: &Path, plugins: Option<&Path>) -> Result<PathBuf, Failure> {
    if plugin.is_file() {
        return Ok(plugin.to_owned());
    }
    let dir = plugins.map_or_else(plugins_dir, Path::to_owned);
    let path = dir.join(format!("{}.wasm", plugin.display()));
    if path.is_file() {
        return Ok(path);
    }
    Err(Failure::new(
        5,
        format!(
            "no plugin `{}`: neither a file nor {}",
            plugin.display(),
            path.display()
        ),
    ))
}
