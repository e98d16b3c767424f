//! Bytes of a component: the static audit.
//!
//! Promise: whatever the bytes are, the audit ends; what it admits imports nothing but interfaces
//! of its world and exports its one; and its page can be shown.

use std::{path::Path, sync::LazyLock};

use autods_sandbox::{Audit, Manifest, Policy, Profile, World, fuzzing};
use wit_component::{ComponentEncoder, StringEncoding, dummy_module, embed_component_metadata};
use wit_parser::{ManglingAndAbi, Resolve};

use crate::assert_shown;

/// A manifest that asks for everything its world can have, so that nothing but the component
/// decides.
fn manifest(world: World) -> Manifest {
    let capabilities: Vec<String> = world
        .capabilities()
        .iter()
        .map(|capability| format!("{:?}", capability.name()))
        .filter(|name| name != "\"types\"")
        .collect();
    let text = format!(
        "[plugin]\nid = \"fuzzed\"\nversion = \"1.0.0\"\nworld = \"{world}\"\ncontract = \
         \"{}\"\n[capabilities]\nrequires = [{}]\n",
        autods_sandbox::CONTRACT,
        capabilities.join(", ")
    );
    Manifest::parse("plugin.toml", &text).expect("this manifest is good")
}

static WORLDS: LazyLock<Vec<(World, Manifest)>> = LazyLock::new(|| {
    World::ALL
        .into_iter()
        .map(|world| (world, manifest(world)))
        .collect()
});
static POLICY: LazyLock<Policy> = LazyLock::new(|| Policy::of(Profile::Development));

/// The first byte chooses the world, the rest is the component.
pub fn run(input: &[u8]) {
    let Some((choice, bytes)) = input.split_first() else {
        return;
    };
    let (world, manifest) = &WORLDS[usize::from(*choice) % WORLDS.len()];
    let audit = Audit::of(manifest, bytes, &POLICY);
    assert_shown("the page of an audit", &audit.to_string());
    for refusal in &audit.refusals {
        assert_shown("a refusal", &refusal.to_string());
    }
    assert_eq!(audit.bytes, bytes.len() as u64);
    if !audit.admitted() {
        return;
    }
    let known = fuzzing::imports(*world);
    for import in &audit.imports {
        assert!(
            import.allowed && import.granted && known.contains(&import.name),
            "admitted with the import {import:?}"
        );
    }
    assert!(!audit.interface.is_empty(), "admitted without an interface");
    let export = fuzzing::export(*world);
    assert!(
        audit.exports.iter().all(|e| e.expected && e.name == export) && !audit.exports.is_empty(),
        "admitted with the exports {:?}",
        audit.exports
    );
}

/// The smallest honest component of each world, and some that are none.
pub fn seeds() -> Vec<Vec<u8>> {
    let contract = Path::new(env!("CARGO_MANIFEST_DIR")).join("../wit");
    let mut resolve = Resolve::default();
    let (package, _) = resolve
        .push_path(&contract)
        .expect("the contract is in the checkout");
    let mut seeds = Vec::new();
    for (choice, world) in (0_u8..).zip(World::ALL) {
        let id = resolve
            .select_world(&[package], Some(world.name()))
            .expect("the contract has this world");
        let mut module = dummy_module(&resolve, id, ManglingAndAbi::Standard32);
        if embed_component_metadata(&mut module, &resolve, id, StringEncoding::UTF8).is_err() {
            module = dummy_module(
                &resolve,
                id,
                ManglingAndAbi::Legacy(wit_parser::LiftLowerAbi::Sync),
            );
            embed_component_metadata(&mut module, &resolve, id, StringEncoding::UTF8)
                .expect("a module without metadata takes some");
        }
        let component = ComponentEncoder::default()
            .module(&module)
            .and_then(|mut encoder| encoder.encode())
            .expect("a dummy of this world");
        let (_, manifest) = &WORLDS[usize::from(choice)];
        let audit = Audit::of(manifest, &component, &POLICY);
        assert!(audit.admitted(), "an honest component is refused: {audit}");
        for other in 0..3 {
            seeds.push([vec![(choice + other) % 3], component.clone()].concat());
        }
        seeds.push([vec![choice], module].concat());
    }
    seeds.push([vec![0], b"\0asm\x0d\0\x01\0".to_vec()].concat());
    seeds.push([vec![0], b"\x7fELF\x02\x01\x01".to_vec()].concat());
    seeds
}
