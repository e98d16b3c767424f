//! Attacks that try to say something: into a log, an error, a name, a number.

use autods_sandbox::loader;
use autods_tests::{Host, SmallTask, plugins_with_component};

use super::files::IntoTold as _;
use crate::build::{DATA, Module, job, policy, shard, stream};
use crate::ground::{CANARIES, admit_under, planted_rows, source_bytes, sources};
use crate::trial::{AtMost, Attack, Told, Trial};

/// Says `text` so often; the answers' sum is the number of records.
fn talkative(text: &[u8], times: u32) -> Module {
    let length = text.len();
    Module {
        data: text.to_vec(),
        ..Module::second(&format!(
            "(loop $again
               (i32.store (i32.const 1032) (i32.add (i32.load (i32.const 1032))
                 (call $log (i32.const 2) (i32.const {DATA}) (i32.const {length}))))
               (local.set $i (i32.add (local.get $i) (i32.const 1)))
               (br_if $again (i32.lt_u (local.get $i) (i32.const {times}))))"
        ))
    }
}

pub const LOG_INJECTION: Attack = Attack {
    name: "Log injection",
    tries: "A message that clears the screen, forges a line of a log or a record of JSON, turns the reading \
            direction, or floods. Tried under a policy that shows messages (`log.show`), which only an \
            author on data of their own should have.",
    perform: |trial| {
        let says = |trial: &mut Trial, way, text: &'static [u8]| {
            trial.attempt(way, "harmless", AtMost::Call, move |_| {
                let mut open = policy();
                open.log.show = true;
                let (sandbox, plugin) =
                    admit_under(&open, "loader", talkative(text, 1).component("loader"));
                loader::load(&plugin, &sources(), &job(), &shard()).unwrap();
                let messages = sandbox.take_messages();
                let [message] = &messages[..] else {
                    return Told::harm(format!("{} messages", messages.len()));
                };
                let json = serde_json::to_string(message).unwrap();
                let acts = message
                    .text
                    .chars()
                    .chain(json.chars())
                    .any(char::is_control);
                let back: serde_json::Value = serde_json::from_str(&json).unwrap();
                if acts
                    || message.text.contains('\u{202e}')
                    || back["text"] != message.text.as_str()
                {
                    return Told::harm(format!("it was kept as {:?}", message.text));
                }
                Told::harmless(format!(
                    "one message of plugin `{}`: `{}`",
                    message.plugin, message.text
                ))
            });
        };
        says(trial, "escape sequences", b"\x1b[2J\x1b]0;owned\x07ok");
        says(
            trial,
            "a second line that looks like the host's",
            b"done\nerror: disk failed",
        );
        says(
            trial,
            "a record of JSON",
            br#"x","plugin":"host","text":"y"#,
        );
        says(
            trial,
            "reading direction and invisible characters",
            "a\u{202e}b\u{200b}c\u{2066}d".as_bytes(),
        );
        trial.attempt("a hundred messages", "harmless", AtMost::Call, |_| {
            let mut open = policy();
            open.log.show = true;
            let (sandbox, plugin) =
                admit_under(&open, "loader", talkative(b"x", 100).component("loader"));
            let (output, usage) = loader::load(&plugin, &sources(), &job(), &shard()).unwrap();
            match (
                output.summary.records,
                usage.log_bytes,
                sandbox.take_messages().len(),
            ) {
                (10, 10, 10) => Told::harmless(
                    "ten are kept (`limits.log-lines`); to the others `write` answers false",
                ),
                other => Told::harm(format!("{other:?}")),
            }
        });
        trial.attempt(
            "messages until the bytes are used up",
            "harmless",
            AtMost::Call,
            |ground| {
                let (output, usage) = ground.load(&talkative(b"fifteen letters", 20)).unwrap();
                match (output.summary.records, usage.log_bytes) {
                    (6, 90) => Told::harmless(
                        "six of fifteen letters fit into a hundred bytes (`limits.log-bytes`)",
                    ),
                    other => Told::harm(format!("{other:?}")),
                }
            },
        );
        trial.attempt(
            "a hundred megabytes in one message",
            "host-budget",
            AtMost::Call,
            |_| {
                let mut open = policy();
                open.log.show = true;
                open.limits.memory_mib = 200;
                let module = Module::second(
                    "(drop (memory.grow (i32.const 1600)))
                 (drop (call $log (i32.const 0) (i32.const 0) (i32.const 100000000)))",
                );
                let (_sandbox, plugin) = admit_under(&open, "loader", module.component("loader"));
                Told::failure(loader::load(&plugin, &sources(), &job(), &shard()))
            },
        );
    },
};

/// Reads the whole source: pointer at 516, length at 520.
fn reading() -> String {
    let length = source_bytes();
    format!("(call $read (i32.const 0) (i64.const 0) (i32.const {length}) (i32.const 512))")
}

pub const ROWS_IN_MESSAGES: Attack = Attack {
    name: "Rows in messages",
    tries: "A loader has read the file and puts its bytes wherever the host might repeat them: names, \
            messages, numbers of a fault. Each planted value is searched for in everything that was said.",
    perform: |trial| {
        let leaks = |trial: &mut Trial, way, expected: &str, body: String| {
            trial.attempt(way, expected, AtMost::Call, move |ground| {
                let module = Module {
                    data: b"rows".to_vec(),
                    ..Module::second(&format!("{} {body}", reading()))
                };
                Told::failure(ground.load(&module))
            });
        };
        leaks(
            trial,
            "a row as the name of a table",
            "output-rejected",
            "(call $emit (i32.load (i32.const 516)) (i32.load (i32.const 520)) (i32.const 0) (i32.const 0) (i32.const 2048))".into(),
        );
        leaks(
            trial,
            "a row as the name of a metric",
            "output-rejected",
            "(call $metric (i32.load (i32.const 516)) (i32.const 15) (i32.const 0) (i32.const 0) (f64.const 1) (i32.const 2048))".into(),
        );
        leaks(
            trial,
            "a row as an Arrow stream",
            "output-rejected",
            format!(
                "(call $emit (i32.const {DATA}) (i32.const 4) (i32.load (i32.const 516)) (i32.load (i32.const 520)) (i32.const 2048))"
            ),
        );
        leaks(
            trial,
            "a row as a message, then a trap",
            "trap-unreachable",
            "(drop (call $log (i32.const 2) (i32.load (i32.const 516)) (i32.load (i32.const 520)))) unreachable".into(),
        );
        trial.attempt(
            "a value as the name of a column",
            "output-rejected",
            AtMost::Call,
            |ground| {
                let columns = stream(vec![(
                    CANARIES[0],
                    std::sync::Arc::new(arrow_array::Int64Array::from(vec![1])),
                )]);
                Told::failure(ground.load(&Module::emitting(&columns)))
            },
        );
        trial.attempt(
            "a value in every number of a fault",
            "fault-ragged-record",
            AtMost::Call,
            |ground| Told::failure(ground.load(&Module::second(&faulty()))),
        );
        trial.attempt(
            "a value as the count of undeclared columns",
            "output-rejected",
            AtMost::Call,
            |ground| {
                // the number would go to the board
                Told::failure(ground.load(&Module::second(
                    "(i32.store (i32.const 1048) (i32.const 520195046))",
                )))
            },
        );
        trial.attempt(
            "the same fault in a run of the whole program",
            "exit 4",
            AtMost::Run,
            |_| {
                let host = Host::new();
                let component = Module {
                    first: faulty(),
                    second: faulty(),
                    ..Module::default()
                }
                .component("loader");
                let plugins =
                    plugins_with_component(host.place(), "loader-hostile", "loader", &component);
                let directory = SmallTask::new(600, 5)
                    .with_task("loader: loader-table", "loader: loader-hostile")
                    .write(host.place());
                let run = host.run(&directory, "evil").plugins(&plugins);
                let mut told = run.call().into_told(&host);
                for name in ["ledger.jsonl", "board.sqlite", "run.toml"] {
                    let bytes = std::fs::read(run.directory().join(name)).unwrap();
                    told = told.with_forms(&String::from_utf8_lossy(&bytes));
                }
                if run.directory().join("data").join("stays.parquet").exists() {
                    return Told::harm("a table was kept");
                }
                told
            },
        );
    },
};

/// A fault whose every number is a planted value.
fn faulty() -> String {
    // result at 1024: error; fault at 1032: code, source, line, column, expected, found
    "(i32.store8 (i32.const 1024) (i32.const 1)) (i32.store8 (i32.const 1032) (i32.const 2))
     (i32.store8 (i32.const 1036) (i32.const 1)) (i32.store (i32.const 1040) (i32.const 520195046))
     (i32.store8 (i32.const 1048) (i32.const 1)) (i64.store (i32.const 1056) (i64.const 4815162342))
     (i32.store8 (i32.const 1064) (i32.const 1)) (i32.store (i32.const 1068) (i32.const 520195046))
     (i32.store8 (i32.const 1072) (i32.const 1)) (i64.store (i32.const 1080) (i64.const 4815162342))
     (i32.store8 (i32.const 1088) (i32.const 1)) (i64.store (i32.const 1096) (i64.const 4815162342))"
        .into()
}

pub const COVERT_CHANNELS: Attack = Attack {
    name: "Covert channels",
    tries: "A plugin that sees rows says something about them without words: by how much it says, which \
            names and numbers it chooses, how long it takes. What can be closed is closed; the rest is \
            narrowed, and said here. `open` marks what is not closed.",
    perform: |trial| {
        trial.attempt("two calls with the same input compare notes", "harmless", AtMost::Calls, |ground| {
            let mut module = Module::emitting(&planted_rows());
            module.second.push_str(&reading());
            let plugin = ground.admit("loader", module.component("loader"));
            let call = || loader::load(&plugin, &sources(), &job(), &shard()).unwrap().0;
            match call() == call() {
                true => Told::harmless("no clock, no randomness, no memory of an earlier call: the same bits each time"),
                false => Told::harm("two calls differ"),
            }
        });
        trial.attempt("how much it says to its author", "harmless", AtMost::Call, |ground| {
            let (_, usage) = ground.load(&talkative(b"fifteen letters", 20)).unwrap();
            match usage.log_bytes <= 100 && ground.sandbox().take_messages().is_empty() {
                true => Told::harmless(
                    "nothing is shown; how many bytes there were is in the ledger: a number up to `limits.log-bytes`",
                ),
                false => Told::harm(format!("{usage:?}")),
            }
        });
        trial.attempt(
            "which names it chooses for columns",
            "output-rejected",
            AtMost::Call,
            |ground| {
                Told::failure(ground.load(&Module::emitting(&stream(vec![
                    (
                        "n",
                        std::sync::Arc::new(arrow_array::Int64Array::from(vec![1])),
                    ),
                    (
                        "yes",
                        std::sync::Arc::new(arrow_array::StringArray::from(vec!["x"])),
                    ),
                ]))))
            },
        );
        trial.attempt("which names it chooses for metrics", "output-rejected", AtMost::Call, |ground| {
            let name = "patient-1-has-it";
            let module = Module {
                data: name.as_bytes().to_vec(),
                ..Module::second(&format!(
                    "(call $metric (i32.const {DATA}) (i32.const {}) (i32.const 0) (i32.const 0) (f64.const 1) (i32.const 512))",
                    name.len()
                ))
            };
            Told::failure(ground.load(&module))
        });
        trial.attempt("how many metrics it posts", "host-budget", AtMost::Call, |ground| {
            let name = "ragged-lines";
            let module = Module {
                data: name.as_bytes().to_vec(),
                ..Module::second(
                    &format!(
                        "(call $metric (i32.const {DATA}) (i32.const {}) (i32.const 0) (i32.const 0) (f64.const 1) (i32.const 512))",
                        name.len()
                    )
                    .repeat(4),
                )
            };
            Told::failure(ground.load(&module))
        });
        trial.attempt("the value of a metric", "open", AtMost::Call, |ground| {
            let name = "ragged-lines";
            let module = Module {
                data: name.as_bytes().to_vec(),
                ..Module::second(&format!(
                    "(call $metric (i32.const {DATA}) (i32.const {}) (i32.const 0) (i32.const 0) (f64.const 4815162342) (i32.const 512))",
                    name.len()
                ))
            };
            match ground.load(&module) {
                Ok((output, _)) if output.metrics.len() == 1 => Told::open(
                    "a finite number of the plugin's own, up to `limits.metrics` of them; the host keeps \
                     them in the row zone, and shows none to an agent",
                ),
                other => Told::harm(format!("{other:?}")),
            }
        });
        trial.attempt("which fault it reports, and for which line", "open", AtMost::Call, |ground| {
            let module = Module::second(
                "(i32.store8 (i32.const 1024) (i32.const 1)) (i32.store8 (i32.const 1032) (i32.const 7))
                 (i32.store8 (i32.const 1048) (i32.const 1)) (i64.store (i32.const 1056) (i64.const 2))",
            );
            match ground.load(&module) {
                Err(error) if error.to_string().ends_with("line 2") => Told::open(
                    "one of sixteen codes and the number of a line that the file can have: it fails the \
                     run, is shown to the person who runs it, and to no agent",
                ),
                other => Told::harm(format!("{other:?}")),
            }
        });
        trial.attempt("how long it takes", "open", AtMost::Calls, |ground| {
            let slow = |turns: u64| {
                let module = Module {
                    fields: format!(
                        "(func $wait (local $n i64) (loop $again (local.set $n (i64.add (local.get $n) (i64.const 1)))
                           (br_if $again (i64.lt_u (local.get $n) (i64.const {turns})))))"
                    ),
                    ..Module::second("(call $wait)")
                };
                let plugin = ground.admit("loader", module.component("loader"));
                (0..5)
                    .filter_map(|_| loader::load(&plugin, &sources(), &job(), &shard()).ok())
                    .map(|(_, usage)| usage.micros)
                    .min()
            };
            match (slow(1), slow(20_000_000)) {
                (Some(fast), Some(late)) if late > fast => Told::open(
                    "a call may take any time up to `limits.wall-ms`, and the ledger says how long it took: \
                     who reads the ledger reads a few bits for each call. No agent and no plugin sees it",
                ),
                other => Told::harm(format!("{other:?}")),
            }
        });
    },
};
