//! A core module as a component that imports nothing but the contract.

use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use wit_component::{ComponentEncoder, DecodedWasm};

/// The only package that a bundled plugin may import from.
const CONTRACT: &str = "autods:plugin/";

/// Encodes a module and checks what it imports and exports.
pub(crate) fn encode(module: &[u8], world: &str) -> Result<Vec<u8>> {
    let component = ComponentEncoder::default()
        .module(module)
        .context("reading the module's world")?
        .validate(true)
        .encode()
        .context("encoding the component")?;
    check(&component, world)?;
    Ok(component)
}

fn check(component: &[u8], world: &str) -> Result<()> {
    let DecodedWasm::Component(resolve, id) = wit_component::decode(component)? else {
        bail!("the result is not a component");
    };
    let found = &resolve.worlds[id];
    for (key, _) in &found.imports {
        let import = resolve.name_world_key(key);
        ensure!(
            import.starts_with(CONTRACT),
            "it imports `{import}`; a bundled plugin may import {CONTRACT}* only. Which dependency \
             asks for a clock, randomness or a file?"
        );
    }
    let door = match world {
        "loader" => "ingest",
        "method" => "fitting",
        _ => "acting",
    };
    let exports: Vec<String> = found
        .exports
        .iter()
        .map(|(key, _)| resolve.name_world_key(key))
        .collect();
    ensure!(
        exports
            .iter()
            .any(|export| export.starts_with(&format!("{CONTRACT}{door}"))),
        "its manifest says world `{world}`, but it exports {exports:?} and not {CONTRACT}{door}"
    );
    Ok(())
}

/// Writes a file only if that changes it; says whether it did.
pub(crate) fn write_if_changed(path: &Path, bytes: &[u8]) -> Result<bool> {
    if std::fs::read(path).is_ok_and(|old| old == bytes) {
        return Ok(false);
    }
    // a host that is running never sees half a component
    let partial = path.with_extension(format!("{}.partial", std::process::id()));
    std::fs::write(&partial, bytes).with_context(|| format!("writing {}", partial.display()))?;
    std::fs::rename(&partial, path).with_context(|| format!("writing {}", path.display()))?;
    Ok(true)
}
