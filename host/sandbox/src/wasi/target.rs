//! The world that a component with stubs is held against: its own, and the stubs beside it.

use wit_parser::{Resolve, WorldId, WorldItem, WorldKey};

use super::split;
use crate::bindings::inert;
use crate::world::World;

/// The package of WASI that a component imports in two versions, if it does. A compiler gives each
/// package one version; two are a game.
pub(crate) fn mixed_version<'a>(imports: impl Iterator<Item = &'a str>) -> Option<String> {
    let mut seen: Vec<(&str, u64)> = Vec::new();
    for import in imports {
        let Some((interface, patch)) = split(import) else {
            continue;
        };
        let package = interface.split('/').next().unwrap_or(interface);
        match seen.iter().find(|(known, _)| *known == package) {
            Some((_, known)) if *known != patch => return Some(format!("wasi:{package}")),
            Some(_) => {}
            None => seen.push((package, patch)),
        }
    }
    None
}

/// `world` with the stubs, in the versions in which `imports` names them.
pub(crate) fn target(world: World, imports: &[&str]) -> anyhow::Result<(Resolve, WorldId)> {
    let (mut resolve, id) = wit_parser::decoding::decode_world(world.component_type())?;
    if !imports.iter().any(|import| split(import).is_some()) {
        return Ok((resolve, id));
    }
    let (stubs, inert) = wit_parser::decoding::decode_world(inert::COMPONENT_TYPE)?;
    let moved = resolve.merge(stubs)?;
    let inert = moved.map_world(inert, Default::default())?;
    for import in imports {
        let Some((interface, patch)) = split(import) else {
            continue;
        };
        let package = interface.split('/').next().unwrap_or(interface);
        for (_, found) in resolve.packages.iter_mut() {
            if found.name.namespace == "wasi"
                && found.name.name == package
                && let Some(version) = &mut found.name.version
            {
                version.patch = patch;
            }
        }
    }
    let stubs: Vec<(WorldKey, WorldItem)> = resolve.worlds[inert]
        .imports
        .iter()
        .map(|(key, item)| (key.clone(), item.clone()))
        .collect();
    resolve.worlds[id].imports.extend(stubs);
    Ok((resolve, id))
}
