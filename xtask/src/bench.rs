//! Benchmarks: whatever crate has a `benches` folder.

use std::ffi::OsStr;

use anyhow::{Context, Result};

use crate::progress::Progress;
use crate::workspace::Workspace;

/// `cargo xtask bench`
pub(crate) fn bench(workspace: &Workspace) -> Result<()> {
    let mut packages = Vec::new();
    let mut folders = vec![workspace.root.join("sdk"), workspace.root.join("tests")];
    folders.extend(workspace.packages("host")?);
    folders.extend(workspace.packages("plugins")?);
    for folder in folders
        .iter()
        .filter(|folder| folder.join("benches").is_dir())
    {
        packages.push(package(&folder.join("Cargo.toml"))?);
    }
    if packages.is_empty() {
        println!("no crate has a benches/ folder");
        return Ok(());
    }
    let components = workspace.components();
    let environment: [(&str, &OsStr); 1] = [("AUTODS_PLUGINS", components.as_os_str())];
    let mut progress = Progress::new(packages.len());
    for package in &packages {
        progress.step(package, || {
            workspace.cargo_with(&["bench", "--package", package, "--benches"], &environment)
        })?;
    }
    progress.finish("benchmarks done");
    Ok(())
}

/// The name of the package with that manifest.
fn package(manifest: &std::path::Path) -> Result<String> {
    let shown = manifest.display();
    let text = std::fs::read_to_string(manifest).with_context(|| format!("reading {shown}"))?;
    text.lines()
        .find_map(|line| {
            line.strip_prefix("name = \"")?
                .strip_suffix('"')
                .map(str::to_owned)
        })
        .with_context(|| format!("{shown}: no package name"))
}
