//! Components from WebAssembly text.

use autods_sandbox::loader::{ColumnSpec, Job, Shard, TableSpec, ValueKind};
use autods_sandbox::{
    Limits, Manifest, Plugin, PluginFile, Policy, Profile, Refusal, Sandbox, Sources,
};
use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};
use wit_parser::Resolve;

/// Where the results of exports lie: zeros there mean `ok`, an empty list, zero.
pub const RESULT: u32 = 1024;
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
    /// Further fields of the module.
    pub fields: String,
    /// Bytes at [`DATA`].
    pub data: Vec<u8>,
}

impl Module {
    pub fn first(body: &str) -> Self {
        Self {
            first: body.into(),
            ..Self::default()
        }
    }

    pub fn second(body: &str) -> Self {
        Self {
            second: body.into(),
            ..Self::default()
        }
    }

    /// A loader that emits `stream` into table `rows`; the first text of its data is that name.
    pub fn emitting(stream: &[u8]) -> Self {
        Self::emitting_into("rows", stream)
    }

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
            fields = self.fields,
        )
    }

    /// The component.
    pub fn component(&self, world: &str) -> Vec<u8> {
        let mut module = wat::parse_str(self.text(world)).unwrap();
        let mut resolve = Resolve::default();
        let wit = concat!(env!("CARGO_MANIFEST_DIR"), "/../../wit");
        let (package, _) = resolve.push_dir(wit).unwrap();
        let id = resolve.select_world(&[package], Some(world)).unwrap();
        embed_component_metadata(&mut module, &resolve, id, StringEncoding::UTF8).unwrap();
        ComponentEncoder::default()
            .module(&module)
            .unwrap()
            .encode()
            .unwrap()
    }
}

pub fn manifest(world: &str) -> Manifest {
    let extra = match world {
        "loader" => {
            "[emits]\nmetrics = [\"ragged-lines\"]\n[tables]\n\"*\" = [\"*\"]\n\
             [capabilities]\nrequires = [\"log\", \"read-sources\", \"emit-rows\"]"
        }
        "method" => {
            "[vocabulary]\nlevels = [\"missing\", \"target\"]\n\
             [capabilities]\nrequires = [\"log\", \"see-rows\"]"
        }
        _ => {
            "[roles]\nmay = [\"modeler\"]\n\
             [capabilities]\nrequires = [\"log\", \"see-aggregates\", \"act\"]"
        }
    };
    let text = format!(
        "[plugin]\nid = \"evil\"\nversion = \"1.0.0\"\nworld = \"{world}\"\ncontract = \"0.1.0\"\n{extra}\n"
    );
    Manifest::parse("plugin.toml", &text).unwrap()
}

/// Limits small enough that every attack ends soon.
pub fn policy() -> Policy {
    Policy {
        limits: Limits {
            memory_mib: 16,
            table_elements: 1000,
            wall_ms: 300,
            host_calls: 1000,
            crossing_mib: 4,
            read_mib: 1,
            output_rows: 100,
            output_mib: 2,
            output_streams: 5,
            output_columns: 20,
            metrics: 3,
            shards: 10,
            state_mib: 1,
            actions: 4,
            text_bytes: 64,
            log_lines: 10,
            log_bytes: 100,
            ..Limits::default()
        },
        ..open()
    }
}

/// Neither lock nor signature: what is tried here is the sandbox itself.
pub fn open() -> Policy {
    let mut policy = Policy::of(Profile::Development);
    policy.log.show = false;
    policy.wasi.stubs = false;
    policy
}

pub fn file(world: &str, bytes: Vec<u8>) -> PluginFile {
    PluginFile::from_parts(manifest(world), bytes, &policy())
}

pub fn admit(world: &str, module: &Module) -> Plugin {
    Sandbox::new(policy(), None)
        .unwrap()
        .admit(file(world, module.component(world)))
        .unwrap()
}

/// Why a component written as text is not admitted.
pub fn refusal(world: &str, component: &str) -> Refusal {
    let bytes = wat::parse_str(component).unwrap();
    let file = file(world, bytes);
    assert!(!file.audit().admitted());
    Sandbox::new(policy(), None)
        .unwrap()
        .admit(file)
        .err()
        .unwrap()
}

/// A job with one table `rows` of an integer column `n` and a text column `t`.
pub fn job() -> Job {
    let column = |name: &str, kind| ColumnSpec {
        name: name.into(),
        kind,
        unit: None,
        codings: vec![],
        missing: vec![],
    };
    Job {
        tables: vec![TableSpec {
            name: "rows".into(),
            columns: vec![
                column("n", ValueKind::Integer),
                column("t", ValueKind::Category),
            ],
            missing: vec!["?".into()],
        }],
        params: vec![],
    }
}

pub fn sources() -> Sources {
    Sources::in_memory([("a.csv".to_owned(), b"n,t\n1,x\n2,y\n".to_vec())])
}

pub fn shard() -> Shard {
    Shard {
        source: 0,
        start: 4,
        end: 12,
        first_line: 2,
    }
}
