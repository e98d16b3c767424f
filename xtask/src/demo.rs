//! The demonstration: a whole run on synthetic data.

use std::process::Command;

use anyhow::{Result, ensure};

use crate::build::{BUILD_STEPS, build_steps};
use crate::progress::Progress;
use crate::workspace::{Workspace, run};

/// The task that is demonstrated.
const TASK: &str = "tasks/task-readmission-risk";

/// `cargo xtask demo`
pub(crate) fn demo(workspace: &Workspace) -> Result<()> {
    let mut progress = Progress::new(BUILD_STEPS + 1);
    build_steps(workspace, &mut progress)?;
    let out = workspace.target.join("demo");
    progress.step("running the demonstration", || {
        let mut host = Command::new(workspace.release().join("autods-host"));
        host.args([
            "run",
            "--task",
            TASK,
            "--name",
            "demo",
            "--synthetic",
            "--replace",
            "--out",
        ])
        .arg(&out)
        .current_dir(&workspace.root);
        run(&mut host)
    })?;
    let report = out.join("report").join("report.html");
    ensure!(
        report.is_file(),
        "the run ended, but {} is not there",
        report.display()
    );
    progress.finish(&format!("report: {}", report.display()));
    Ok(())
}
