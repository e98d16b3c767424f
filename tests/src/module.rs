//! Components from WebAssembly text: every value that crosses the border is laid out by hand, so
//! that a plugin can do what no compiler would let it.

use std::path::Path;

use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};
use wit_parser::{Resolve, WorldId};

use crate::places;

/// Where the results of exports lie: zeros there mean `ok`, an empty list, zero.
pub const RESULT: u32 = 1024;
/// Version of WASI that test modules import.
pub const WASI: &str = "0.2.6";
/// Where `data` of a module is put.
pub const DATA: u32 = 65_536;

/// A core module of a world, from its parts.
#[derive(Clone, Default)]
pub struct Module {
    /// Body of the first export: `plan`, `fit` or `act`.
    pub first: String,
    /// Body of the second export: `load` or `apply`.
    pub second: String,
    /// Body of `cabi_realloc`; empty: a bump allocator.
    pub realloc: String,
    /// Imports from WASI, as fields of the module; versions are [`WASI`].
    pub wasi: String,
    /// Further fields of the module.
    pub fields: String,
    /// Bytes at [`DATA`].
    pub data: Vec<u8>,
}

impl Module {
    /// With this body of the first export.
    pub fn first(body: &str) -> Self {
        Self {
            first: body.into(),
            ..Self::default()
        }
    }

    /// With this body of the second export.
    pub fn second(body: &str) -> Self {
        Self {
            second: body.into(),
            ..Self::default()
        }
    }

    /// A loader that emits `stream` into table `rows`.
    pub fn emitting(stream: &[u8]) -> Self {
        Self::emitting_into("rows", stream)
    }

    /// A loader that emits `stream` into this table.
    pub fn emitting_into(table: &str, stream: &[u8]) -> Self {
        let at = DATA + 64;
        let (name, length) = (table.len(), stream.len());
        let mut data = table.as_bytes().to_vec();
        data.resize(64, 0);
        data.extend_from_slice(stream);
        Self {
            data,
            ..Self::second(&format!(
                "(call $emit (i32.const {DATA}) (i32.const {name}) (i32.const {at}) (i32.const {length}) (i32.const 512))"
            ))
        }
    }

    fn text(&self, world: &str) -> String {
        let (imports, first, second) = match world {
            "loader" => (
                r#"(import "autods:plugin/sources@0.1.0" "describe" (func $describe (param i32)))
                   (import "autods:plugin/sources@0.1.0" "read-at" (func $read (param i32 i64 i32 i32)))
                   (import "autods:plugin/sink@0.1.0" "emit" (func $emit (param i32 i32 i32 i32 i32)))
                   (import "autods:plugin/sink@0.1.0" "metric" (func $metric (param i32 i32 i32 i32 f64 i32)))"#,
                r#""autods:plugin/ingest@0.1.0#plan") (param i32 i32 i32 i32 i64)"#,
                r#""autods:plugin/ingest@0.1.0#load") (param i32 i32 i32 i32 i32 i64 i64 i64)"#,
            ),
            "method" => (
                "",
                r#""autods:plugin/fitting@0.1.0#fit") (param i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i64)"#,
                r#""autods:plugin/fitting@0.1.0#apply") (param i32 i32 i32 i32)"#,
            ),
            _ => ("", r#""autods:plugin/acting@0.1.0#act") (param i32)"#, ""),
        };
        let function = |signature: &str, body: &str| {
            if signature.is_empty() {
                return String::new();
            }
            format!(
                "(func (export {signature} (result i32) (local $i i32) {body} (i32.const {RESULT}))"
            )
        };
        let realloc = if self.realloc.is_empty() {
            "(local $at i32)
             (local.set $at (i32.and (i32.add (global.get $heap) (i32.const 15)) (i32.const -16)))
             (global.set $heap (i32.add (local.get $at) (local.get $size)))
             (block $fits (loop $more
               (br_if $fits (i32.le_u (global.get $heap) (i32.mul (memory.size) (i32.const 65536))))
               (if (i32.eq (memory.grow (i32.const 16)) (i32.const -1)) (then unreachable))
               (br $more)))
             (local.get $at)"
        } else {
            &self.realloc
        };
        let data: String = self
            .data
            .iter()
            .map(|byte| format!("\\{byte:02x}"))
            .collect();
        let pages = 3 + self.data.len() / 65_536;
        let heap = DATA as usize + self.data.len();
        format!(
            r#"(module
                 (import "autods:plugin/log@0.1.0" "write" (func $log (param i32 i32 i32) (result i32)))
                 {imports}
                 {wasi}
                 (memory (export "memory") {pages})
                 (global $heap (mut i32) (i32.const {heap}))
                 (data (i32.const {DATA}) "{data}")
                 {fields}
                 (func (export "cabi_realloc") (param $old i32) (param $was i32) (param $align i32) (param $size i32)
                   (result i32) {realloc})
                 {}
                 {})"#,
            function(first, &self.first),
            function(second, &self.second),
            wasi = self.wasi,
            fields = self.fields,
        )
    }

    /// The component.
    pub fn component(&self, world: &str) -> Vec<u8> {
        self.encoded(world, StringEncoding::UTF8)
    }

    /// The component, with its texts in another encoding of the canonical ABI.
    pub fn encoded(&self, world: &str, encoding: StringEncoding) -> Vec<u8> {
        self.encoded_with(world, encoding, WASI)
    }

    /// The component, with its imports from WASI in another version than [`WASI`].
    pub fn component_with(&self, world: &str, version: &str) -> Vec<u8> {
        self.encoded_with(world, StringEncoding::UTF8, version)
    }

    /// The component, built against the text of the contract in this folder, of that version.
    pub fn component_of(&self, world: &str, contract: &Path, version: &str) -> Vec<u8> {
        let text = self.text(world).replace("@0.1.0", &format!("@{version}"));
        let mut resolve = Resolve::default();
        let (package, _) = resolve.push_dir(contract).unwrap();
        let id = resolve.select_world(&[package], Some(world)).unwrap();
        let module = wat::parse_str(text).unwrap();
        encode(module, &resolve, id, StringEncoding::UTF8)
    }

    fn encoded_with(&self, world: &str, encoding: StringEncoding, version: &str) -> Vec<u8> {
        let module = wat::parse_str(self.text(world).replace(WASI, version)).unwrap();
        let mut resolve = Resolve::default();
        let (package, _) = resolve.push_dir(places::contract()).unwrap();
        let id = if self.wasi.is_empty() {
            resolve.select_world(&[package], Some(world)).unwrap()
        } else {
            let stubs =
                include_str!("../../host/sandbox/inert/wasi.wit").replace("0.2.12", version);
            resolve.push_source("wasi.wit", &stubs).unwrap();
            let both = format!(
                "package test:both; world both {{ include autods:plugin/{world}@0.1.0; include autods:inert/inert; }}"
            );
            let package = resolve.push_source("both.wit", &both).unwrap();
            resolve.select_world(&[package], Some("both")).unwrap()
        };
        encode(module, &resolve, id, encoding)
    }
}

fn encode(
    mut module: Vec<u8>,
    resolve: &Resolve,
    id: WorldId,
    encoding: StringEncoding,
) -> Vec<u8> {
    embed_component_metadata(&mut module, resolve, id, encoding).unwrap();
    ComponentEncoder::default()
        .module(&module)
        .unwrap()
        .encode()
        .unwrap()
}

/// A component with another one inside it, written as text, that is instantiated `times` over
/// together with it. The inner one has index spaces of its own, so that anything can be said in it.
pub fn with_inner(component: &[u8], inner: &str, times: u32) -> Vec<u8> {
    with_inner_bytes(component, &wat::parse_str(inner).unwrap(), times)
}

/// The same, of bytes.
pub fn with_inner_bytes(component: &[u8], inner: &[u8], times: u32) -> Vec<u8> {
    let index = top_sections(component).filter(|id| *id == 4).count();
    let mut instances = Vec::new();
    leb(&mut instances, times);
    for _ in 0..times {
        instances.push(0); // instantiate
        leb(&mut instances, u32::try_from(index).unwrap());
        instances.push(0); // with nothing
    }
    let mut out = component.to_vec();
    for (id, content) in [(4, inner), (5, &instances[..])] {
        out.push(id);
        leb(&mut out, u32::try_from(content.len()).unwrap());
        out.extend(content);
    }
    out
}

/// The ids of the sections at the top of a component, in order.
fn top_sections(component: &[u8]) -> impl Iterator<Item = u8> + '_ {
    let mut rest = &component[8..];
    std::iter::from_fn(move || {
        let (&id, after) = rest.split_first()?;
        let (mut size, mut shift, mut read) = (0_usize, 0, 0);
        loop {
            let byte = after[read];
            size |= usize::from(byte & 0x7f) << shift;
            (shift, read) = (shift + 7, read + 1);
            if byte & 0x80 == 0 {
                break;
            }
        }
        rest = &after[read + size..];
        Some(id)
    })
}

/// An unsigned number in LEB128.
fn leb(out: &mut Vec<u8>, mut number: u32) {
    while number >= 0x80 {
        out.push((number & 0x7f) as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}
