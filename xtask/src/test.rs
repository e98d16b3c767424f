//! Every test.

use std::ffi::OsStr;

use anyhow::Result;

use crate::build::{BUILD_STEPS, build_steps};
use crate::data;
use crate::progress::Progress;
use crate::workspace::Workspace;

/// `cargo xtask test`
pub(crate) fn test(workspace: &Workspace) -> Result<()> {
    let nextest = workspace.has("cargo", &["nextest", "--version"]);
    let mut progress = Progress::new(BUILD_STEPS + if nextest { 2 } else { 1 });
    build_steps(workspace, &mut progress)?;
    let data = data::find(workspace);
    let components = workspace.components();
    let mut environment: Vec<(&str, &OsStr)> = vec![("AUTODS_PLUGINS", components.as_os_str())];
    if let Some(data) = &data {
        environment.push(("AUTODS_DATA", data.as_os_str()));
    }
    if nextest {
        progress.step("testing", || {
            let arguments = [
                "nextest",
                "run",
                "--release",
                "--workspace",
                "--no-fail-fast",
            ];
            workspace.cargo_with(&arguments, &environment)
        })?;
        // examples in documentation, which nextest does not run
        progress.step("testing the examples in documentation", || {
            let arguments = ["test", "--release", "--workspace", "--doc"];
            workspace.cargo_with(&arguments, &environment)
        })?;
    } else {
        progress.step("testing", || {
            let arguments = ["test", "--release", "--workspace", "--no-fail-fast"];
            workspace.cargo_with(&arguments, &environment)
        })?;
    }
    progress.finish(match data {
        Some(_) => "all tests passed",
        None => "all tests passed; those on real data were SKIPPED (no data)",
    });
    Ok(())
}
