//! Attacks on the host's memory and stack, and on what others left in it.

use autods_sandbox::{PluginFile, loader};

use crate::build::{Module, job, manifest, policy, shard};
use crate::ground::{admit_under, sources};
use crate::trial::{AtMost, Attack, Told, Trial};
use autods_tests::with_inner;

fn loads(trial: &mut Trial, way: &'static str, expected: &str, module: Module) {
    trial.attempt(way, expected, AtMost::Call, move |ground| {
        Told::failure(ground.load(&module))
    });
}

/// A loader with another component inside, so many times over.
fn loads_with(
    trial: &mut Trial,
    way: &'static str,
    expected: &str,
    inner: &'static str,
    times: u32,
) {
    trial.attempt(way, expected, AtMost::Call, move |ground| {
        let bytes = with_inner(&Module::default().component("loader"), inner, times);
        Told::failure(ground.load_bytes(bytes))
    });
}

pub const BOMB: Attack = Attack {
    name: "Memory bomb",
    tries: "A plugin takes all the memory it can get: one memory, many memories, many instances.",
    perform: |trial| {
        loads(
            trial,
            "grows until it gets no more, and gives up",
            "out-of-memory",
            Module::second(
                "(loop $more (br_if $more (i32.ne (memory.grow (i32.const 10)) (i32.const -1)))) unreachable",
            ),
        );
        trial.attempt(
            "is refused 2 GiB, and goes on without",
            "harmless",
            AtMost::Call,
            |ground| match ground.load(&Module::second("(drop (memory.grow (i32.const 30000)))")) {
                Ok((_, usage)) if usage.peak_memory <= 16 << 20 => Told::harmless(
                    "`memory.grow` answered −1; its peak is under `limits.memory-mib`",
                ),
                other => Told::harm(format!("{:?}", other.map(|(_, usage)| usage))),
            },
        );
        loads_with(
            trial,
            "three instances of 6 MiB each",
            "out-of-memory",
            "(component (core module $m (memory 100)) (core instance (instantiate $m)))",
            3,
        );
        loads_with(
            trial,
            "three hundred instances",
            "instantiation",
            "(component (core module $m) (core instance (instantiate $m)))",
            300,
        );
        loads_with(
            trial,
            "nine memories of one page",
            "instantiation",
            "(component (core module $m (memory 1)) (core instance (instantiate $m)))",
            9,
        );
        trial.attempt(
            "a memory of 4 GiB from the start",
            "oversized",
            AtMost::Audit,
            |ground| {
                let bytes = with_inner(
                    &Module::default().component("loader"),
                    "(component (core module (memory 65536)))",
                    1,
                );
                super::admission::refused(ground, "loader", bytes)
            },
        );
    },
};

pub const TABLES: Attack = Attack {
    name: "Table bomb",
    tries: "The same with tables of functions, which are the host's memory.",
    perform: |trial| {
        loads(
            trial,
            "grows a table until it gets no more",
            "out-of-table",
            Module {
                fields: "(table $t 1 funcref)".into(),
                ..Module::second(
                    "(loop $more (br_if $more (i32.ne (table.grow $t (ref.null func) (i32.const 100)) (i32.const -1)))) unreachable",
                )
            },
        );
        loads_with(
            trial,
            "twenty tables",
            "instantiation",
            "(component (core module $m (table 1 funcref)) (core instance (instantiate $m)))",
            20,
        );
        trial.attempt(
            "a table of four thousand million elements from the start",
            "oversized",
            AtMost::Audit,
            |ground| {
                let bytes = with_inner(
                    &Module::default().component("loader"),
                    "(component (core module (table 4000000000 funcref)))",
                    1,
                );
                super::admission::refused(ground, "loader", bytes)
            },
        );
    },
};

pub const STACK: Attack = Attack {
    name: "Stack overflow",
    tries: "A plugin recurses without end, on its own or through the host, to bring down the process: a \
            stack overflow of the host would end it at once.",
    perform: |trial| {
        loads(
            trial,
            "recursion in `load`",
            "trap-stack-overflow",
            Module {
                fields: "(func $deeper (param i64) (call $deeper (local.get 0)) (call $deeper (local.get 0)))".into(),
                ..Module::second("(call $deeper (i64.const 0))")
            },
        );
        loads(
            trial,
            "recursion in `cabi_realloc`, with the host's frames underneath",
            "trap-stack-overflow",
            Module {
                fields: "(func $deeper (param i64) (call $deeper (local.get 0)) (call $deeper (local.get 0)))".into(),
                realloc: "(call $deeper (i64.const 0)) unreachable".into(),
                ..Module::default()
            },
        );
        loads(
            trial,
            "calls the host from `cabi_realloc`, which the host called",
            "trap-reentrance",
            Module {
                realloc: "(drop (call $log (i32.const 0) (i32.const 0) (i32.const 0))) unreachable"
                    .into(),
                ..Module::default()
            },
        );
        loads(
            trial,
            "recurses through the host: a host call whose answer makes `cabi_realloc` ask again",
            "trap-reentrance",
            Module {
                realloc: "(if (global.get $deep) (then (call $describe (i32.const 512)))) (i32.const 70000)".into(),
                fields: "(global $deep (mut i32) (i32.const 0))".into(),
                ..Module::second("(global.set $deep (i32.const 1)) (call $describe (i32.const 512))")
            },
        );
        loads(
            trial,
            "calls the host from post-return",
            "trap-reentrance",
            Module {
                fields: r#"(func (export "cabi_post_autods:plugin/ingest@0.1.0#load") (param i32)
                    (drop (call $log (i32.const 0) (i32.const 0) (i32.const 0))))"#
                    .into(),
                ..Module::default()
            },
        );
    },
};

pub const BULK: Attack = Attack {
    name: "Bulk operations",
    tries: "One instruction that works on gigabytes, because the deadline is looked at between instructions.",
    perform: |trial| {
        loads(
            trial,
            "`memory.fill` of 4 GiB",
            "trap-memory-out-of-bounds",
            Module::second("(memory.fill (i32.const 0) (i32.const 1) (i32.const -1))"),
        );
        loads(
            trial,
            "`memory.copy` of 4 GiB onto itself",
            "trap-memory-out-of-bounds",
            Module::second("(memory.copy (i32.const 1) (i32.const 0) (i32.const -1))"),
        );
        loads(
            trial,
            "`table.fill` of four thousand million elements",
            "trap-table-out-of-bounds",
            Module {
                fields: "(table $t 10 funcref)".into(),
                ..Module::second("(table.fill $t (i32.const 0) (ref.null func) (i32.const -1))")
            },
        );
        loads(
            trial,
            "fills all the memory it may have, over and over",
            "out-of-time",
            Module::second(
                "(drop (memory.grow (i32.const 240)))
                 (loop $again
                   (memory.fill (i32.const 2048) (i32.const 1) (i32.sub (i32.mul (memory.size) (i32.const 65536)) (i32.const 2048)))
                   (br $again))",
            ),
        );
    },
};

pub const LEFT_OVER: Attack = Attack {
    name: "Left-over memory",
    tries: "A plugin looks through its memory for what an earlier call, its own or another plugin's, read \
            from the files.",
    perform: |trial| {
        // More than the part of a memory that the host overwrites itself after a call (32 MiB); the
        // kernel takes back the rest.
        const GROW: &str = "(drop (memory.grow (i32.const 640)))";
        /// Leaves 40 MiB of marks above its own data; plugins with other marks are other plugins.
        fn leave(mark: usize) -> String {
            format!(
                "{GROW} (memory.fill (i32.const 131072) (i32.const {mark}) (i32.const 41943040))"
            )
        }
        /// Counts words there that are not zero.
        fn seek() -> String {
            format!(
                "{GROW}
                (local.set $i (i32.const 131072))
                (loop $next
                  (i64.store (i32.const 1032) (i64.add (i64.load (i32.const 1032))
                    (i64.extend_i32_u (i64.ne (i64.load (local.get $i)) (i64.const 0)))))
                  (local.set $i (i32.add (local.get $i) (i32.const 8)))
                  (br_if $next (i32.lt_u (local.get $i) (i32.const 42074112))))"
            )
        }
        /// Plugins that leave something: enough that one that comes new is given a slot in which
        /// one of them was.
        const LEAVERS: usize = 12;
        let seeks = |trial: &mut Trial, way, own: bool| {
            trial.attempt(way, "harmless", AtMost::Calls, move |_| {
                let mut roomy = policy();
                roomy.limits.memory_mib = 48;
                let both = Module {
                    first: leave(90),
                    second: seek(),
                    ..Module::default()
                };
                let (sandbox, seeker) = admit_under(&roomy, "loader", both.component("loader"));
                let leavers: Vec<_> = if own {
                    vec![seeker.clone()]
                } else {
                    (1..=LEAVERS)
                        .map(|mark| {
                            let bytes = Module::first(&leave(mark)).component("loader");
                            let file = PluginFile::from_parts(manifest("loader"), bytes, &roomy);
                            sandbox.admit(file).expect("it does nothing yet")
                        })
                        .collect()
                };
                for _ in 0..3 {
                    for leaver in &leavers {
                        if let Err(error) = loader::plan(leaver, &sources(), &job(), 1) {
                            return Told::harm(format!("it could not leave anything: {error}"));
                        }
                    }
                    match loader::load(&seeker, &sources(), &job(), &shard()) {
                        Ok((output, _)) if output.summary.records == 0 => {}
                        other => return Told::harm(format!("something was left: {other:?}")),
                    }
                }
                Told::harmless("40 MiB of memory were looked through: all zero")
            });
        };
        seeks(trial, "its own earlier call's", true);
        seeks(trial, "another plugin's", false);
        trial.attempt("what it kept in a global", "harmless", AtMost::Calls, |ground| {
            let module = Module {
                fields: "(global $kept (mut i64) (i64.const 0))".into(),
                ..Module::second(
                    "(i64.store (i32.const 1032) (global.get $kept)) (global.set $kept (i64.const 7))",
                )
            };
            let plugin = ground.admit("loader", module.component("loader"));
            for _ in 0..3 {
                match loader::load(&plugin, &sources(), &job(), &shard()) {
                    Ok((output, _)) if output.summary.records == 0 => {}
                    other => return Told::harm(format!("a global was kept: {other:?}")),
                }
            }
            Told::harmless("every call begins with the globals of the component")
        });
    },
};
