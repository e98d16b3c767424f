//! Guests: core modules for `wasm32-unknown-unknown`, encoded as components.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, bail};
use wit_component::{ComponentEncoder, DecodedWasm};

use crate::{
    shell::{Steps, cargo, root},
    target,
};

/// Build every plugin into `<target>/release/plugins/<id>.wasm` with its manifest beside it.
pub(crate) fn build(steps: &mut Steps) -> Result<PathBuf> {
    target::ensure()?;
    let worlds = by_world()?;
    let count: usize = worlds.values().map(Vec::len).sum();
    steps.next(&format!("building {count} plugins"));
    let target = target::directory();
    let out = target.join("release/plugins");
    fs::create_dir_all(&out).with_context(|| format!("making {}", out.display()))?;
    // world by world: built together, the SDK's features would be united, and a component would
    // import and export more than its world
    for plugins in worlds.values() {
        let mut arguments = vec!["build", "--profile", "plugin", "--target", target::GUEST];
        for id in plugins {
            arguments.extend(["--package", id]);
        }
        cargo(&arguments)?;
        for id in plugins {
            let module = target.join(target::GUEST).join("plugin").join(format!("{}.wasm", id.replace('-', "_")));
            encode(id, &module, &out)?;
        }
    }
    forget_others(&out, &worlds)?;
    Ok(out)
}

/// Plugins by world, as their manifests say.
fn by_world() -> Result<BTreeMap<String, Vec<String>>> {
    let dir = root().join("plugins");
    let mut worlds: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut entries: Vec<PathBuf> = fs::read_dir(&dir)
        .with_context(|| format!("reading {}", dir.display()))?
        .filter_map(|e| e.ok().map(|e| e.path()))
        .filter(|p| p.join("plugin.toml").is_file())
        .collect();
    entries.sort();
    for path in entries {
        let text = fs::read_to_string(path.join("plugin.toml"))?;
        let world = text
            .lines()
            .find_map(|l| l.trim().strip_prefix("world")?.trim().strip_prefix('=').map(str::trim))
            .map(|v| v.trim_matches('"').to_owned())
            .with_context(|| format!("{}: no `world`", path.join("plugin.toml").display()))?;
        let id = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        worlds.entry(world).or_default().push(id);
    }
    Ok(worlds)
}

fn encode(id: &str, module: &Path, out: &Path) -> Result<()> {
    let bytes = fs::read(module).with_context(|| format!("reading {}", module.display()))?;
    let component = ComponentEncoder::default()
        .validate(true)
        .module(&bytes)
        .and_then(|mut encoder| encoder.encode())
        .with_context(|| format!("`{id}` could not be encoded as a component"))?;
    only_our_interfaces(id, &component)?;
    write_if_changed(&out.join(format!("{id}.wasm")), &component)?;
    let manifest = root().join("plugins").join(id).join("plugin.toml");
    let text = fs::read(&manifest).with_context(|| format!("reading {}", manifest.display()))?;
    write_if_changed(&out.join(format!("{id}.toml")), &text)
}

fn only_our_interfaces(id: &str, component: &[u8]) -> Result<()> {
    let DecodedWasm::Component(resolve, world) = wit_component::decode(component)? else {
        bail!("`{id}` is not a component");
    };
    for key in resolve.worlds[world].imports.keys() {
        let name = resolve.name_world_key(key);
        if !name.starts_with("autods:plugin/") {
            bail!("`{id}` imports `{name}`: a plugin imports nothing but autods:plugin interfaces");
        }
    }
    Ok(())
}

/// A file that did not change keeps its time, so that nothing is compiled anew for it.
fn write_if_changed(path: &Path, bytes: &[u8]) -> Result<()> {
    if fs::read(path).is_ok_and(|old| old == bytes) {
        return Ok(());
    }
    let part = path.with_extension("part");
    fs::write(&part, bytes).with_context(|| format!("writing {}", part.display()))?;
    fs::rename(&part, path).with_context(|| format!("writing {}", path.display()))
}

/// Plugins that are no longer in the checkout are not left behind.
fn forget_others(out: &Path, worlds: &BTreeMap<String, Vec<String>>) -> Result<()> {
    for entry in fs::read_dir(out)?.filter_map(|e| e.ok()) {
        let path = entry.path();
        let known = path
            .file_stem()
            .is_some_and(|s| worlds.values().flatten().any(|id| s == id.as_str()));
        if !known && path.is_file() {
            fs::remove_file(&path)?;
        }
    }
    Ok(())
}
