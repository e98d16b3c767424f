//! Plugins and host.

use std::collections::BTreeSet;
use std::ffi::OsStr;

use anyhow::{Context, Result, bail};

use crate::component;
use crate::guest_target::{self, TARGET};
use crate::manifest::{self, Plugin, WORLDS};
use crate::progress::Progress;
use crate::workspace::Workspace;

/// Steps of [`plugin_steps`].
pub(crate) const PLUGIN_STEPS: usize = 5;
/// Steps of [`build_steps`].
pub(crate) const BUILD_STEPS: usize = PLUGIN_STEPS + 2;

/// `cargo xtask plugins`: the host as well, which pins them.
pub(crate) fn plugins(workspace: &Workspace) -> Result<()> {
    let mut progress = Progress::new(BUILD_STEPS);
    build_steps(workspace, &mut progress)?;
    progress.finish(&format!("plugins: {}", workspace.components().display()));
    Ok(())
}

/// `cargo xtask build`
pub(crate) fn build(workspace: &Workspace) -> Result<()> {
    let mut progress = Progress::new(BUILD_STEPS);
    build_steps(workspace, &mut progress)?;
    progress.finish(&format!(
        "host: {}",
        workspace.release().join("autods-host").display()
    ));
    Ok(())
}

/// Everything that a run needs.
pub(crate) fn build_steps(workspace: &Workspace, progress: &mut Progress) -> Result<()> {
    plugin_steps(workspace, progress)?;
    progress.step("building the host", || {
        workspace.cargo(&["build", "--release", "--package", "autods-cli"])
    })?;
    progress.step("pinning the plugins in autods.lock", || pin(workspace))
}

/// What was just built from this checkout is what may run.
fn pin(workspace: &Workspace) -> Result<()> {
    let host = workspace.release().join("autods-host");
    let status = std::process::Command::new(&host)
        .args(["plugin", "lock", "--plugins"])
        .arg(workspace.components())
        .status()
        .with_context(|| format!("starting {}", host.display()))?;
    if !status.success() {
        bail!("the plugins could not be pinned");
    }
    Ok(())
}

fn plugin_steps(workspace: &Workspace, progress: &mut Progress) -> Result<()> {
    let plugins = manifest::plugins(workspace)?;
    progress.step(&format!("looking for the compiler target {TARGET}"), || {
        guest_target::ensure(workspace)
    })?;
    // Apart for each world: the type information of a world that any of them uses would be linked
    // into all that are built together.
    for world in WORLDS {
        let group: Vec<&Plugin> = plugins
            .iter()
            .filter(|plugin| plugin.world == world)
            .collect();
        let count = group.len();
        let plural = if count == 1 { "" } else { "s" };
        progress.step(&format!("building {count} {world}{plural}"), || {
            compile(workspace, &group)
        })?;
    }
    progress.step("making components", || {
        let folder = workspace.components();
        std::fs::create_dir_all(&folder).with_context(|| format!("making {}", folder.display()))?;
        for plugin in &plugins {
            encode(workspace, plugin).with_context(|| format!("plugin {}", plugin.id))?;
        }
        remove_strangers(workspace, &plugins)
    })
}

fn compile(workspace: &Workspace, group: &[&Plugin]) -> Result<()> {
    if group.is_empty() {
        return Ok(());
    }
    let mut arguments = vec!["build", "--profile", "plugin", "--target", TARGET];
    for plugin in group {
        arguments.extend(["--package", &plugin.id]);
    }
    // 128-bit vectors: every engine of the contract has them, and they give the same bits on
    // every processor (`relaxed-simd`, which need not, stays off).
    let flags = OsStr::new("-C target-feature=+simd128");
    let variable = "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS";
    workspace.cargo_with(&arguments, &[(variable, flags)])
}

fn encode(workspace: &Workspace, plugin: &Plugin) -> Result<()> {
    let module = workspace
        .target
        .join(TARGET)
        .join("plugin")
        .join(plugin.module());
    let module = std::fs::read(&module).with_context(|| format!("reading {}", module.display()))?;
    let component = component::encode(&module, &plugin.world)?;
    let stem = workspace.components().join(&plugin.id);
    let manifest = std::fs::read(&plugin.manifest)?;
    let manifest_changed = component::write_if_changed(&stem.with_extension("toml"), &manifest)?;
    let component_changed = component::write_if_changed(&stem.with_extension("wasm"), &component)?;
    let note = if component_changed || manifest_changed {
        ""
    } else {
        ", as before"
    };
    println!(
        "      {} ({} KiB{note})",
        plugin.id,
        component.len().div_ceil(1024)
    );
    Ok(())
}

/// Removes components whose plugin is no longer in the workspace: the host would find them.
fn remove_strangers(workspace: &Workspace, plugins: &[Plugin]) -> Result<()> {
    let known: BTreeSet<&str> = plugins.iter().map(|plugin| plugin.id.as_str()).collect();
    for entry in std::fs::read_dir(workspace.components())? {
        let path = entry?.path();
        let stem = path
            .file_stem()
            .and_then(|stem| stem.to_str())
            .unwrap_or_default();
        let ours = path
            .extension()
            .is_some_and(|extension| extension == "wasm" || extension == "toml");
        if ours && !known.contains(stem) {
            std::fs::remove_file(&path).with_context(|| format!("removing {}", path.display()))?;
            println!(
                "      {stem} is no longer in plugins/: removed {}",
                path.display()
            );
        }
    }
    Ok(())
}
