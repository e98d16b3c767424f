//! Benchmarks: whatever crate has a `benches` folder, or one of them by name.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use crate::data;
use crate::progress::Progress;
use crate::workspace::Workspace;

/// A program of a `benches` folder.
struct Bench {
    package: String,
    name: String,
}

/// `cargo xtask bench [NAME [--json] [GROUP …]]`
pub(crate) fn bench(workspace: &Workspace, arguments: &[&str]) -> Result<()> {
    let found = benches(workspace)?;
    let Some((name, rest)) = arguments.split_first() else {
        let mut progress = Progress::new(found.len());
        for bench in &found {
            let what = format!("{} of {}", bench.name, bench.package);
            progress.step(&what, || run(workspace, bench, &[]))?;
        }
        progress.finish("benchmarks done");
        return Ok(());
    };
    let names: Vec<&str> = found.iter().map(|bench| bench.name.as_str()).collect();
    let bench = found.iter().find(|bench| bench.name == *name);
    let bench = bench.with_context(|| {
        let names = names.join(", ");
        format!("there is no benchmark `{name}`; there are: {names}")
    })?;
    run(workspace, bench, rest)
}

fn run(workspace: &Workspace, bench: &Bench, arguments: &[&str]) -> Result<()> {
    let components = workspace.components();
    ensure!(
        components.join("loader-table.wasm").is_file(),
        "{} holds no plugins; `cargo xtask plugins` builds them",
        components.display()
    );
    let mut environment: Vec<(&str, &OsStr)> = vec![("AUTODS_PLUGINS", components.as_os_str())];
    let data = data::folder(workspace);
    if let Some(data) = &data {
        environment.push(("AUTODS_DATA", data.as_os_str()));
    }
    let of = ["--package", bench.package.as_str()];
    if bench.name == "sandbox" {
        let library = [
            "build",
            "--quiet",
            "--release",
            "--example",
            "native_loader",
        ];
        workspace.cargo(&[&library[..], &of].concat())?;
    }
    let program = ["bench", "--quiet", "--bench", bench.name.as_str()];
    let words = [&program[..], &of, &["--"], arguments].concat();
    workspace.cargo_with(&words, &environment)
}

fn benches(workspace: &Workspace) -> Result<Vec<Bench>> {
    let mut folders = vec![workspace.root.join("sdk"), workspace.root.join("tests")];
    folders.extend(workspace.packages("host")?);
    folders.extend(workspace.packages("plugins")?);
    let mut found = Vec::new();
    for folder in folders {
        let benches = folder.join("benches");
        if !benches.is_dir() {
            continue;
        }
        let package = package(&folder.join("Cargo.toml"))?;
        let mut programs: Vec<PathBuf> = std::fs::read_dir(&benches)?
            .map(|entry| Ok(entry?.path()))
            .collect::<Result<_>>()?;
        programs.retain(|path| {
            path.join("main.rs").is_file() || path.extension().is_some_and(|ending| ending == "rs")
        });
        programs.sort();
        for program in programs {
            let name = program.file_stem().unwrap_or_default().to_string_lossy();
            found.push(Bench {
                package: package.clone(),
                name: name.into_owned(),
            });
        }
    }
    Ok(found)
}

/// The name of the package with that manifest.
fn package(manifest: &Path) -> Result<String> {
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
