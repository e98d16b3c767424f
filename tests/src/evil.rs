//! Hostile plugins, written by hand and encoded against the contract.

use std::{
    fs,
    path::{Path, PathBuf},
};

use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};
use wit_parser::Resolve;

use crate::places;

/// What a hostile plugin does as soon as it is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Evil {
    /// It traps.
    Traps,
    /// It loops and never ends.
    Loops,
    /// It takes memory until it gets no more, and gives up.
    Hoards,
}

impl Evil {
    fn body(self) -> &'static str {
        match self {
            Self::Traps => "unreachable",
            Self::Loops => "(loop $again br $again) unreachable",
            Self::Hoards => {
                "(loop $again (br_if $again (i32.ne (memory.grow (i32.const 16)) (i32.const -1)))) unreachable"
            }
        }
    }

    fn module(self, world: &str) -> String {
        let body = self.body();
        let exports = match world {
            // plan: a job (two lists) and a number; load: a job and a shard
            "loader" => format!(
                r#"(func (export "autods:plugin/ingest@0.1.0#plan")
                     (param i32 i32 i32 i32 i64) (result i32) {body})
                   (func (export "autods:plugin/ingest@0.1.0#load")
                     (param i32 i32 i32 i32 i32 i64 i64 i64) (result i32) {body})"#
            ),
            // a briefing is too large to be flat: it comes as a pointer
            "agent" => format!(
                r#"(func (export "autods:plugin/acting@0.1.0#act") (param i32) (result i32) {body})"#
            ),
            other => panic!("no hostile plugin for the world `{other}`"),
        };
        format!(
            r#"(module
                 (memory (export "memory") 64)
                 (global $next (mut i32) (i32.const 1024))
                 (func (export "cabi_realloc")
                   (param $old i32) (param $had i32) (param $align i32) (param $size i32) (result i32)
                   (local $at i32) (local $end i32)
                   (local.set $at (i32.and
                     (i32.add (global.get $next) (i32.sub (local.get $align) (i32.const 1)))
                     (i32.sub (i32.const 0) (local.get $align))))
                   (local.set $end (i32.add (local.get $at) (local.get $size)))
                   (if (i32.gt_u (local.get $end) (i32.mul (memory.size) (i32.const 65536)))
                     (then
                       (if (i32.eq (i32.const -1)
                             (memory.grow (i32.add (i32.const 1)
                               (i32.shr_u (local.get $size) (i32.const 16)))))
                         (then unreachable))))
                   (global.set $next (local.get $end))
                   (local.get $at))
                 {exports})"#
        )
    }

    fn component(self, world: &str) -> Vec<u8> {
        let mut module = wat::parse_str(self.module(world)).unwrap();
        let mut resolve = Resolve::default();
        let (package, _) = resolve.push_dir(places::contract()).unwrap();
        let world = resolve.select_world(&[package], Some(world)).unwrap();
        embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8).unwrap();
        ComponentEncoder::default()
            .module(&module)
            .unwrap()
            .validate(true)
            .encode()
            .unwrap()
    }
}

/// A directory with the bundled plugins and a hostile one, `id`, for the world `loader` or `agent`.
pub fn plugins_with(place: &Path, id: &str, world: &str, evil: Evil) -> PathBuf {
    plugins_with_component(place, id, world, &evil.component(world))
}

/// The same, of a component.
pub fn plugins_with_component(place: &Path, id: &str, world: &str, component: &[u8]) -> PathBuf {
    let directory = place.join("plugins");
    places::copy_tree(&places::plugins(), &directory);
    let more = match world {
        "loader" => {
            "[reads]\npatterns = [\"*.csv\"]\n\n[tables]\n\"*\" = [\"*\"]\n\n[capabilities]\nrequires = [\"log\", \"read-sources\", \"emit-rows\"]\n"
        }
        _ => {
            "[roles]\nmay = [\"modeler\"]\n\n[capabilities]\nrequires = [\"log\", \"see-aggregates\", \"act\"]\n\n[params.family]\ntype = \"text\"\ndescription = \"Not used\"\n"
        }
    };
    let manifest = format!(
        "[plugin]\nid = \"{id}\"\nversion = \"0.1.0\"\nworld = \"{world}\"\ncontract = \"0.1.0\"\n\
         title = \"Hostile\"\ndescription = \"Does harm\"\nlicence = \"MIT\"\n\n{more}"
    );
    fs::write(directory.join(format!("{id}.toml")), manifest).unwrap();
    fs::write(directory.join(format!("{id}.wasm")), component).unwrap();
    pin(&directory);
    directory
}

/// Pin everything in a plugin folder as it is now: its officer was fooled.
///
/// # Panics
/// If something in it would be refused.
pub fn pin(directory: &Path) {
    let done = std::process::Command::new(places::host_program())
        .args(["plugin", "lock", "--plugins"])
        .arg(directory)
        .output()
        .unwrap();
    assert!(
        done.status.success(),
        "{}",
        String::from_utf8_lossy(&done.stderr)
    );
}

#[cfg(test)]
mod tests {
    use super::Evil;

    #[test]
    fn every_hostile_plugin_is_a_component_of_its_world() {
        for evil in [Evil::Traps, Evil::Loops, Evil::Hoards] {
            for world in ["loader", "agent"] {
                let bytes = evil.component(world);
                // magic, then the version and layer of a component
                assert_eq!(&bytes[..8], b"\0asm\x0d\0\x01\0", "{evil:?} for {world}");
            }
        }
    }
}
