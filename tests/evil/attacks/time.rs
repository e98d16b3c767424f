//! Attacks on the host's time, and ways to die.

use std::sync::Arc;
use std::time::Duration;

use autods_sandbox::{agent, loader, method};

use crate::build::{Module, briefing, job, policy, shard};
use crate::ground::{Ground, admit_under, planted_rows, sources};
use crate::trial::{AtMost, Attack, Told, Trial};

const LOOP: &str = "(loop $again (br $again))";

pub const ENDLESS_LOOP: Attack = Attack {
    name: "Endless loop",
    tries: "A plugin never comes back, wherever the host enters it. There is no metadata export to \
            loop in: what a plugin is stands in its manifest.",
    perform: |trial| {
        let call = |trial: &mut Trial, way, module: Module| {
            trial.attempt(way, "out-of-time", AtMost::Call, move |ground| {
                Told::failure(ground.load(&module))
            });
        };
        call(trial, "in `load`", Module::second(LOOP));
        trial.attempt("in `plan`", "out-of-time", AtMost::Call, |ground| {
            let plugin = ground.admit("loader", Module::first(LOOP).component("loader"));
            Told::failure(loader::plan(&plugin, &sources(), &job(), 1))
        });
        call(
            trial,
            "in the start function, before any export",
            Module {
                fields: format!("(func $s {LOOP}) (start $s)"),
                ..Module::default()
            },
        );
        call(
            trial,
            "in `cabi_realloc`, while the host lowers arguments",
            Module {
                realloc: format!("{LOOP} unreachable"),
                ..Module::default()
            },
        );
        call(
            trial,
            "after `load` has returned, in its post-return",
            Module {
                fields: format!(
                    r#"(func (export "cabi_post_autods:plugin/ingest@0.1.0#load") (param i32) {LOOP})"#
                ),
                ..Module::default()
            },
        );
        trial.attempt(
            "in a method's `fit`",
            "out-of-time",
            AtMost::Call,
            |ground| {
                let plugin = ground.admit("method", Module::first(LOOP).component("method"));
                Told::failure(method::fit(&plugin, &[], &recipe(), 1, &Default::default()))
            },
        );
        trial.attempt(
            "in a method's `apply`",
            "out-of-time",
            AtMost::Call,
            |ground| {
                let plugin = ground.admit("method", Module::second(LOOP).component("method"));
                Told::failure(method::apply(&plugin, &[], &[], &Default::default()))
            },
        );
        trial.attempt(
            "in an agent's `act`",
            "out-of-time",
            AtMost::Call,
            |ground| {
                let plugin = ground.admit("agent", Module::first(LOOP).component("agent"));
                Told::failure(agent::act(&plugin, &briefing()))
            },
        );
        trial.attempt(
            "in calls into the host, which no epoch interrupts",
            "out-of-time",
            AtMost::Call,
            |_| {
                let mut lax = policy();
                lax.limits.host_calls = 1_000_000_000;
                let busy = Module::second(
                    "(loop $again (drop (call $log (i32.const 0) (i32.const 0) (i32.const 0))) (br $again))",
                );
                let (_sandbox, plugin) = admit_under(&lax, "loader", busy.component("loader"));
                Told::failure(loader::load(&plugin, &sources(), &job(), &shard()))
            },
        );
    },
};

pub const MID_BATCH: Attack = Attack {
    name: "Trap in the middle",
    tries: "A plugin puts out good rows and then fails, so that half a table might be taken for a whole \
            one; or is called again after it trapped.",
    perform: |trial| {
        let after = |trial: &mut Trial, way, expected: &str, body: &'static str| {
            trial.attempt(way, expected, AtMost::Call, move |ground| {
                let mut module = Module::emitting(&planted_rows());
                module.second.push_str(body);
                Told::failure(ground.load(&module))
            });
        };
        after(
            trial,
            "emits rows, then traps",
            "trap-unreachable",
            "unreachable",
        );
        after(trial, "emits rows, then loops", "out-of-time", LOOP);
        after(
            trial,
            "emits rows, then reports a fault",
            "fault-empty-input",
            "(i32.store8 (i32.const 1024) (i32.const 1))",
        );
        after(
            trial,
            "emits rows, then something that is refused, and reports success",
            "output-rejected",
            "(call $emit (i32.const 65536) (i32.const 4) (i32.const 0) (i32.const 9) (i32.const 512))",
        );
        trial.attempt(
            "is called again after a trap",
            "harmless",
            AtMost::Calls,
            |ground| {
                let plugin =
                    ground.admit("loader", Module::second("unreachable").component("loader"));
                for _ in 0..3 {
                    if loader::load(&plugin, &sources(), &job(), &shard()).is_ok() {
                        return Told::harm("a call that traps came back");
                    }
                    match loader::plan(&plugin, &sources(), &job(), 1) {
                        Ok((shards, _)) if shards.is_empty() => {}
                        other => return Told::harm(format!("`plan` after a trap: {other:?}")),
                    }
                }
                Told::harmless("every call has a store of its own: `plan` answers as before")
            },
        );
    },
};

pub const CANCELLED: Attack = Attack {
    name: "Cancelled call",
    tries: "The host gives up on a plugin while it runs: calls are ended by their deadline, the sandbox \
            goes out of scope under a running call, many calls end at once.",
    perform: |trial| {
        trial.attempt(
            "sixteen calls on eight threads run into their deadline together",
            "out-of-time",
            AtMost::Calls,
            |ground| {
                let plugin = ground.admit("loader", Module::second(LOOP).component("loader"));
                let errors: Vec<_> = std::thread::scope(|scope| {
                    let calls: Vec<_> = (0..8)
                        .map(|_| {
                            scope.spawn(|| {
                                [(); 2].map(|()| {
                                    loader::load(&plugin, &sources(), &job(), &shard()).err()
                                })
                            })
                        })
                        .collect();
                    calls
                        .into_iter()
                        .flat_map(|call| call.join().unwrap())
                        .collect()
                });
                match errors.iter().position(|error| *error != errors[0]) {
                    Some(other) => Told::harm(format!("{:?}", errors[other])),
                    None => errors[0]
                        .clone()
                        .map_or(Told::harm("it came back"), Told::from),
                }
            },
        );
        trial.attempt(
            "the sandbox is dropped while its plugin loops",
            "out-of-time",
            AtMost::Call,
            |_| {
                let module = Module::second(LOOP);
                let (sandbox, plugin) =
                    admit_under(&policy(), "loader", module.component("loader"));
                let plugin = Arc::new(plugin);
                let running = Arc::clone(&plugin);
                let call = std::thread::spawn(move || {
                    loader::load(&running, &sources(), &job(), &shard())
                });
                std::thread::sleep(Duration::from_millis(50));
                drop(sandbox);
                drop(plugin);
                Told::failure(call.join().unwrap())
            },
        );
    },
};

pub const DEATHS: Attack = Attack {
    name: "Every way to die",
    tries: "A plugin ends in each way that code can end. None of them takes the host with it. Threads, \
            forks and exits are imports, and refused as such (15, 31).",
    perform: |trial| {
        let dies = |trial: &mut Trial, way, expected: &str, module: Module| {
            trial.attempt(way, expected, AtMost::Call, move |ground| {
                Told::failure(ground.load(&module))
            });
        };
        let body = Module::second;
        dies(
            trial,
            "`unreachable`: a panic or an abort",
            "trap-unreachable",
            body("unreachable"),
        );
        dies(
            trial,
            "division by zero",
            "trap-arithmetic",
            body("(drop (i32.div_u (i32.const 1) (local.get $i)))"),
        );
        dies(
            trial,
            "the one quotient that overflows",
            "trap-arithmetic",
            body(
                "(drop (i32.div_s (i32.const -2147483648) (i32.sub (local.get $i) (i32.const 1))))",
            ),
        );
        dies(
            trial,
            "a float that fits no integer",
            "trap-arithmetic",
            body("(drop (i32.trunc_f64_s (f64.const nan)))"),
        );
        dies(
            trial,
            "a pointer outside memory",
            "trap-memory-out-of-bounds",
            body("(drop (i32.load (i32.const -4)))"),
        );
        dies(
            trial,
            "a call through a null pointer",
            "trap-bad-indirect-call",
            Module {
                fields: "(table $t 1 funcref)".into(),
                ..body("(call_indirect $t (i32.const 0))")
            },
        );
        dies(
            trial,
            "a call through a pointer outside the table",
            "trap-table-out-of-bounds",
            Module {
                fields: "(table $t 1 funcref)".into(),
                ..body("(call_indirect $t (i32.const 9))")
            },
        );
        dies(
            trial,
            "a call of the wrong type",
            "trap-bad-indirect-call",
            Module {
                fields: "(table $t 1 funcref) (elem (table $t) (i32.const 0) func $odd) (func $odd (param i64))".into(),
                ..body("(call_indirect $t (i32.const 0))")
            },
        );
        dies(
            trial,
            "a trap in the start function",
            "trap-unreachable",
            Module {
                fields: "(func $s unreachable) (start $s)".into(),
                ..Module::default()
            },
        );
        dies(
            trial,
            "a fault of its own wording: codes and numbers are all there is",
            "fault-internal",
            body(
                "(i32.store8 (i32.const 1024) (i32.const 1)) (i32.store8 (i32.const 1032) (i32.const 15))",
            ),
        );
        trial.attempt(
            "a plugin of another world is called",
            "wrong-world",
            AtMost::Call,
            |ground: &Ground| {
                let plugin = ground.admit("loader", Module::default().component("loader"));
                Told::failure(method::apply(&plugin, &[], &[], &Default::default()))
            },
        );
    },
};

/// A recipe that asks for nothing.
pub fn recipe() -> method::Recipe {
    method::Recipe {
        columns: vec![],
        outcome: None,
        inner_fold: None,
        params: vec![],
    }
}
