//! Components that do one thing: a border component, and one of a given size.

use std::fmt::Write as _;

use autods_sandbox::{Manifest, PluginFile, Policy};
use autods_tests::contract;
use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};
use wit_parser::Resolve;

use crate::Fallible;

/// The name of the table that [`border`] emits into.
pub(crate) const TABLE: &str = "rows";

/// Answers of exports lie here: zeros mean `ok`, an empty list, zero.
const RESULT: u32 = 1024;

/// A loader that is told what to do by its shard: `start` reads of `source` bytes each (that is,
/// the field of that name is a length), `end` emits of what was read last, `first-line` messages.
pub(crate) fn border() -> Fallible<Vec<u8>> {
    let text = format!(
        r#"(module
  (import "autods:plugin/log@0.1.0" "write" (func $log (param i32 i32 i32) (result i32)))
  (import "autods:plugin/sources@0.1.0" "read-at" (func $read (param i32 i64 i32 i32)))
  (import "autods:plugin/sink@0.1.0" "emit" (func $emit (param i32 i32 i32 i32 i32)))
  (memory (export "memory") 2)
  (data (i32.const 2048) "{TABLE}")
  (global $heap (mut i32) (i32.const 65536))
  {REALLOC}
  (func (export "autods:plugin/ingest@0.1.0#plan") (param i32 i32 i32 i32 i64) (result i32)
    (i32.const {RESULT}))
  (func (export "autods:plugin/ingest@0.1.0#load")
    (param i32 i32 i32 i32) (param $length i32) (param $reads i64) (param $emits i64) (param $says i64)
    (result i32)
    (block $done (loop $again
      (br_if $done (i64.eqz (local.get $reads)))
      (local.set $reads (i64.sub (local.get $reads) (i64.const 1)))
      (global.set $heap (i32.const 65536))
      (call $read (i32.const 0) (i64.const 0) (local.get $length) (i32.const 512))
      (if (i32.load8_u (i32.const 512)) (then unreachable))
      (br $again)))
    (block $done (loop $again
      (br_if $done (i64.eqz (local.get $emits)))
      (local.set $emits (i64.sub (local.get $emits) (i64.const 1)))
      (call $emit (i32.const 2048) (i32.const {}) (i32.load (i32.const 516)) (i32.load (i32.const 520)) (i32.const 640))
      (if (i32.load8_u (i32.const 640)) (then unreachable))
      (br $again)))
    (block $done (loop $again
      (br_if $done (i64.eqz (local.get $says)))
      (local.set $says (i64.sub (local.get $says) (i64.const 1)))
      (drop (call $log (i32.const 0) (i32.const 0) (i32.const 0)))
      (br $again)))
    (i32.const {RESULT})))"#,
        TABLE.len()
    );
    component("loader", &text)
}

/// A method whose `apply` gives nothing back, whatever it is given.
pub(crate) fn swallow() -> Fallible<Vec<u8>> {
    let text = format!(
        r#"(module
  (memory (export "memory") 2)
  (global $heap (mut i32) (i32.const 65536))
  {REALLOC}
  (func (export "autods:plugin/fitting@0.1.0#fit")
    (param i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i64) (result i32) (i32.const {RESULT}))
  (func (export "autods:plugin/fitting@0.1.0#apply") (param i32 i32 i32 i32) (result i32)
    (i32.const {RESULT})))"#
    );
    component("method", &text)
}

/// Takes what it asks for from the end of memory; nothing is given back.
const REALLOC: &str = r#"(func (export "cabi_realloc") (param i32 i32 i32) (param $size i32) (result i32)
    (local $at i32) (local $missing i32)
    (local.set $at (i32.and (i32.add (global.get $heap) (i32.const 15)) (i32.const -16)))
    (global.set $heap (i32.add (local.get $at) (local.get $size)))
    (local.set $missing (i32.sub (i32.shr_u (i32.add (global.get $heap) (i32.const 65535)) (i32.const 16)) (memory.size)))
    (if (i32.gt_s (local.get $missing) (i32.const 0))
      (then (if (i32.eq (memory.grow (local.get $missing)) (i32.const -1)) (then unreachable))))
    (local.get $at))"#;

/// An agent of about `bytes`, of functions like those of compiled programs: loads, stores, sums,
/// branches, calls of one another.
pub(crate) fn sized(bytes: usize) -> Fallible<Vec<u8>> {
    // Twice as good as a table of sizes: make one, see how large it is, make the right number.
    let few = agent_of(200)?.len();
    let each = (agent_of(400)?.len() - few) / 200;
    agent_of(200 + (bytes - few) / each)
}

fn agent_of(functions: usize) -> Fallible<Vec<u8>> {
    let mut bodies = String::new();
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut random = |below: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state % below
    };
    for number in 0..functions {
        writeln!(
            bodies,
            "(func $f{number} (param $a i32) (param $b i32) (result i32) (local $c i32) (local $d i64)"
        )?;
        for _ in 0..24 {
            let (place, constant) = (random(60_000) & !7, random(100_000));
            let statement = match random(6) {
                0 => format!(
                    "(local.set $c (i32.add (local.get $b) (i32.load offset={place} (i32.and (local.get $a) (i32.const 4095)))))"
                ),
                1 => format!(
                    "(i32.store offset={place} (i32.and (local.get $c) (i32.const 4095)) (i32.mul (local.get $b) (i32.const {constant})))"
                ),
                2 => format!(
                    "(local.set $d (i64.xor (local.get $d) (i64.shl (i64.extend_i32_u (local.get $c)) (i64.const {}))))",
                    random(40)
                ),
                3 => format!(
                    "(if (i32.lt_u (local.get $c) (i32.const {constant})) (then (local.set $b (i32.wrap_i64 (local.get $d)))) (else (local.set $a (i32.rotl (local.get $a) (i32.const {})))))",
                    random(31)
                ),
                4 if number > 0 => format!(
                    "(local.set $c (call $f{} (local.get $c) (local.get $b)))",
                    random(number as u64)
                ),
                _ => format!(
                    "(block $out (loop $in (br_if $out (i32.ge_u (local.get $c) (i32.const {constant}))) (local.set $c (i32.add (local.get $c) (i32.const {}))) (br $in)))",
                    1 + random(50)
                ),
            };
            bodies.push_str(&statement);
            bodies.push('\n');
        }
        bodies.push_str("(local.get $c))\n");
    }
    let text = format!(
        r#"(module (memory (export "memory") 2) {bodies}
  (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) (i32.const 65536))
  (func (export "keep") (param i32 i32) (result i32) (call $f{} (local.get 0) (local.get 1)))
  (func (export "autods:plugin/acting@0.1.0#act") (param i32) (result i32) (i32.const {RESULT})))"#,
        functions - 1
    );
    component("agent", &text)
}

fn component(world: &str, text: &str) -> Fallible<Vec<u8>> {
    let mut module = wat::parse_str(text)?;
    let mut resolve = Resolve::default();
    let (package, _) = resolve.push_dir(contract())?;
    let id = resolve.select_world(&[package], Some(world))?;
    embed_component_metadata(&mut module, &resolve, id, StringEncoding::UTF8)?;
    Ok(ComponentEncoder::default().module(&module)?.encode()?)
}

/// A file of that component with a manifest of its world.
pub(crate) fn file(world: &str, bytes: Vec<u8>, policy: &Policy) -> Fallible<PluginFile> {
    let extra = match world {
        "agent" => {
            "[roles]\nmay = [\"modeler\"]\n[capabilities]\nrequires = [\"log\", \"see-aggregates\", \"act\"]"
        }
        "loader" => {
            "[capabilities]\nrequires = [\"log\", \"read-sources\", \"emit-rows\"]\n[tables]\n\"*\" = [\"*\"]"
        }
        _ => "[capabilities]\nrequires = [\"log\", \"see-rows\"]",
    };
    let text = format!(
        "[plugin]\nid = \"measured\"\nversion = \"1.0.0\"\nworld = \"{world}\"\ncontract = \"0.1.0\"\n{extra}\n"
    );
    let manifest = Manifest::parse("plugin.toml", &text)?;
    Ok(PluginFile::from_parts(manifest, bytes, policy))
}
