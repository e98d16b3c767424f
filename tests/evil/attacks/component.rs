//! Attacks by what the file of a component is, or what a compiler would have to do with it.

use autods_sandbox::PluginFile;
use autods_tests::{with_inner, with_inner_bytes};

use super::admission::refused;
use crate::build::{Module, manifest, policy};
use crate::trial::{AtMost, Attack, Told, Trial};

pub const BYTES: Attack = Attack {
    name: "No component",
    tries: "A file that is something else, or a component that was cut, flipped, doubled or blown up; or \
            machine code, which nothing could check.",
    perform: |trial| {
        let given = |trial: &mut Trial, way, expected: &str, bytes: Vec<u8>| {
            trial.attempt(way, expected, AtMost::Audit, move |ground| {
                refused(ground, "loader", bytes)
            });
        };
        let honest = Module::default().component("loader");
        given(trial, "nothing", "not-webassembly", vec![]);
        given(
            trial,
            "a shell script",
            "not-webassembly",
            b"#!/bin/sh\nrm -rf /\n".to_vec(),
        );
        given(
            trial,
            "a core module",
            "core-module",
            wat::parse_str("(module)").unwrap(),
        );
        given(
            trial,
            "four bytes",
            "malformed-component",
            b"\0asm".to_vec(),
        );
        given(
            trial,
            "the first half",
            "malformed-component",
            honest[..honest.len() / 2].to_vec(),
        );
        given(
            trial,
            "all but the last byte",
            "malformed-component",
            honest[..honest.len() - 1].to_vec(),
        );
        given(
            trial,
            "twice the same, in a row",
            "malformed-component",
            [honest.clone(), honest.clone()].concat(),
        );
        let mut huge = honest.clone();
        huge.resize(40 << 20, 0);
        given(trial, "40 MiB", "component-too-large", huge);
        let mut config = wasmtime::Config::new();
        let engine = wasmtime::Engine::new(config.wasm_component_model(true)).unwrap();
        given(
            trial,
            "machine code compiled from an honest component",
            "precompiled",
            engine.precompile_component(&honest).unwrap(),
        );
        let length = honest.len();
        trial.attempt(
            "every bit of the first kilobyte flipped, one at a time",
            "harmless",
            AtMost::Compilation,
            move |ground| {
                let (mut refusals, mut taken) = (0, 0);
                for bit in 0..8 * length.min(1024) {
                    let mut bytes = honest.clone();
                    bytes[bit / 8] ^= 1 << (bit % 8);
                    let file = PluginFile::from_parts(manifest("loader"), bytes, &policy());
                    if file.audit().admitted() {
                        taken += 1;
                        // what is admitted is a component; whether it is this one, its digest says
                        assert_ne!(file.sha256(), crate::ground::sha256(&honest));
                    } else {
                        refusals += 1;
                    }
                }
                let _ = ground;
                if refusals == 0 {
                    return Told::harm(format!("{taken} flipped components were admitted"));
                }
                Told::harmless(
                    "refused where it broke the component; elsewhere it is another component with another digest",
                )
            },
        );
        trial.attempt(
            "a thousand components, one inside the other",
            "malformed-component",
            AtMost::Audit,
            |ground| {
                refused(
                    ground,
                    "loader",
                    with_inner_bytes(&Module::default().component("loader"), &nested(1000), 0),
                )
            },
        );
        trial.attempt(
            "twenty thousand, one inside the other",
            "malformed-component",
            AtMost::Audit,
            |ground| {
                refused(
                    ground,
                    "loader",
                    with_inner_bytes(&Module::default().component("loader"), &nested(20_000), 0),
                )
            },
        );
        let deep = (0..5000).fold("(type $t0 (list u8))".to_owned(), |text, level| {
            format!("{text}(type $t{} (list $t{level}))", level + 1)
        });
        trial.attempt(
            "a list of lists of lists, five thousand deep",
            "malformed-component",
            AtMost::Audit,
            move |ground| {
                let inner = format!("(component {deep})");
                refused(
                    ground,
                    "loader",
                    with_inner(&Module::default().component("loader"), &inner, 0),
                )
            },
        );
    },
};

/// Components inside components.
fn nested(depth: usize) -> Vec<u8> {
    // inside out: the bytes of each level are the section header and what is inside it
    let magic = b"\0asm\x0d\0\x01\0";
    let mut sizes = vec![magic.len()];
    for _ in 0..depth {
        let inner = sizes[sizes.len() - 1];
        sizes.push(magic.len() + 1 + leb(inner).len() + inner);
    }
    let mut bytes = Vec::new();
    for level in (1..=depth).rev() {
        bytes.extend_from_slice(magic);
        bytes.push(4);
        bytes.extend(leb(sizes[level - 1]));
    }
    bytes.extend_from_slice(magic);
    bytes
}

fn leb(mut number: usize) -> Vec<u8> {
    let mut out = Vec::new();
    while number >= 0x80 {
        out.push((number & 0x7f) as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
    out
}

pub const COMPILE_BOMB: Attack = Attack {
    name: "Compile bomb",
    tries: "A component that is small to send and slow to compile. A compiler cannot be interrupted, so \
            what goes into it is bounded: `component.size-kib`, `modules`, `functions`, `function-kib`.",
    perform: |trial| {
        let bombs = |trial: &mut Trial, way, expected: &str, fields: String| {
            let at_most = if expected == "oversized" {
                AtMost::Audit
            } else {
                AtMost::Compilation
            };
            trial.attempt(way, expected, at_most, move |ground| {
                let module = Module {
                    fields,
                    ..Module::default()
                };
                let bytes = module.component("loader");
                let file = PluginFile::from_parts(manifest("loader"), bytes, &policy());
                match ground.sandbox().admit(file) {
                    Ok(_) => {
                        Told::harmless("compiled within the bound, on a thread with a large stack")
                    }
                    Err(refusal) => refusal.into(),
                }
            });
        };
        bombs(
            trial,
            "a function of 2 MiB",
            "oversized",
            format!("(func {})", "nop ".repeat(2 << 20)),
        );
        trial.attempt(
            "a hundred and one thousand functions",
            "oversized",
            AtMost::Audit,
            |ground| {
                let functions = "(func)".repeat(101_000);
                let inner = format!("(component (core module {functions}))");
                refused(
                    ground,
                    "loader",
                    with_inner(&Module::default().component("loader"), &inner, 1),
                )
            },
        );
        trial.attempt("a hundred modules", "oversized", AtMost::Audit, |ground| {
            let modules = "(core module)".repeat(100);
            let inner = format!("(component {modules})");
            refused(
                ground,
                "loader",
                with_inner(&Module::default().component("loader"), &inner, 1),
            )
        });
        // 1 MiB is the most that one function may have; each of these has about that
        let room = 1_040_000;
        bombs(
            trial,
            "one function of 1 MiB: arithmetic in one long line",
            "harmless",
            format!(
                "(func (param i64) (result i64) (local.get 0) {})",
                "(i64.mul (local.get 0)) (i64.const 3) i64.add ".repeat(room / 6)
            ),
        );
        bombs(
            trial,
            "one function of 1 MiB: blocks inside blocks, a hundred thousand deep",
            "harmless",
            format!(
                "(func {} {})",
                "block ".repeat(100_000),
                "end ".repeat(100_000)
            ),
        );
        bombs(
            trial,
            "one function of 1 MiB: jump tables over a thousand blocks",
            "harmless",
            {
                let labels: String = (0..1000).map(|label| format!("{label} ")).collect();
                let jump = format!("block local.get 0 br_table {labels} end ");
                format!(
                    "(func (param i32) {} {} {})",
                    "block ".repeat(1000),
                    jump.repeat(room / 1900),
                    "end ".repeat(1000)
                )
            },
        );
        bombs(
            trial,
            "fifty thousand locals, all alive through a loop",
            "harmless",
            format!(
                "(func (param i64) (local {}) (loop {} (br_if 0 (i64.eqz (local.get 7)))))",
                "i64 ".repeat(49_000),
                (1..40_000)
                    .map(|i| format!(
                        "(local.set {} (i64.add (local.get {i}) (local.get 0)))",
                        i + 1
                    ))
                    .collect::<String>()
            ),
        );
    },
};

pub const FEATURES: Attack = Attack {
    name: "Features that are off",
    tries: "A plugin uses a part of WebAssembly that is young, not deterministic or not needed: more to go \
            wrong in the compiler, and results that depend on the machine.",
    perform: |trial| {
        for (way, module) in [
            ("64-bit memory", "(memory i64 1)"),
            ("several memories in one module", "(memory 1) (memory 1)"),
            ("shared memory: threads", "(memory 1 1 shared)"),
            (
                "atomic instructions: threads",
                "(memory 1) (func (drop (i32.atomic.load (i32.const 0))))",
            ),
            ("structs: garbage collection", "(type (struct))"),
            ("exceptions", "(tag)"),
            (
                "128-bit arithmetic",
                "(func (param i64) (drop (i64.mul_wide_u (local.get 0) (local.get 0))) drop)",
            ),
            ("pages of one byte", "(memory 1 (pagesize 1))"),
            ("64-bit tables", "(table i64 1 funcref)"),
            ("stack switching", "(type $f (func)) (type (cont $f))"),
        ] {
            trial.attempt(way, "malformed-component", AtMost::Audit, move |ground| {
                let inner = format!("(component (core module {module}))");
                refused(
                    ground,
                    "loader",
                    with_inner(&Module::default().component("loader"), &inner, 1),
                )
            });
        }
        trial.attempt(
            "the asynchronous ABI of components",
            "malformed-component",
            AtMost::Audit,
            |ground| {
                let inner = "(component (core func (canon waitable-set.new)))";
                refused(
                    ground,
                    "loader",
                    with_inner(&Module::default().component("loader"), inner, 1),
                )
            },
        );
    },
};
