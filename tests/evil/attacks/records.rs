//! Attacks on what the host is held to by others: its policy and its ledger.

use std::fs;
use std::path::Path;

use autods_ledger::{Entry, Ledger};
use autods_sandbox::Policy;
use autods_tests::{Host, SmallDisk, SmallTask, half_written};

use super::files::IntoTold as _;
use crate::trial::{AtMost, Attack, Told, Trial};

pub const POLICY: Attack = Attack {
    name: "Widened policy",
    tries: "Somebody edits the policy, or a key in it does nothing because it is misspelt.",
    perform: |trial| {
        let reads = |trial: &mut Trial, way, text: &'static str| {
            trial.attempt(way, "policy-error", AtMost::Files, move |_| {
                Told::failure(Policy::parse("policy.toml", text))
            });
        };
        reads(
            trial,
            "a key that nobody knows",
            "[limits]\nwall-msec = 5\n",
        );
        reads(
            trial,
            "a section that nobody knows",
            "[network]\nallow = true\n",
        );
        reads(trial, "a value out of range", "[limits]\nmemory-mib = 0\n");
        reads(
            trial,
            "more than WebAssembly can address",
            "[limits]\nmemory-mib = 1000000\n",
        );
        reads(
            trial,
            "a word where a number belongs",
            "[limits]\nwall-ms = \"forever\"\n",
        );
        reads(
            trial,
            "the same key twice",
            "[limits]\nwall-ms = 5\nwall-ms = 500000\n",
        );
        reads(trial, "no TOML", "limits: {wall-ms: 5}\n");
        trial.attempt(
            "the policy of a run, before it is resumed",
            "exit 7",
            AtMost::Run,
            |_| {
                let host = Host::new();
                let directory = SmallTask::new(600, 5).write(host.place());
                let run = host.run(&directory, "evil");
                run.kill(std::time::Duration::ZERO);
                let policy = run.directory().join("policy.toml");
                let text = fs::read_to_string(&policy).unwrap();
                let wider = text.replace("memory-mib = 1024", "memory-mib = 4096");
                assert_ne!(text, wider);
                fs::write(&policy, wider).unwrap();
                host.resume(run.directory()).into_told(&host)
            },
        );
    },
};

/// A ledger of four records.
fn ledger(path: &Path) {
    let _ = fs::remove_file(path);
    let _ = fs::remove_file(path.with_extension("head"));
    let ledger = Ledger::create(path).unwrap();
    for count in 1..=4 {
        ledger.append(&Entry::LockboxOpened { count }).unwrap();
    }
    ledger.sync().unwrap();
}

pub const LEDGER: Attack = Attack {
    name: "Tampered ledger",
    tries: "Somebody edits, deletes, exchanges or cuts off records; or the disk is full, so that nothing can \
            be recorded any more.",
    perform: |trial| {
        let tampers = |trial: &mut Trial, way, change: fn(&mut Vec<String>)| {
            trial.attempt(way, "tampered", AtMost::Files, move |ground| {
                let path = ground.at("ledger.jsonl");
                ledger(&path);
                assert!(Ledger::verify(&path).is_ok());
                let mut lines: Vec<String> = fs::read_to_string(&path)
                    .unwrap()
                    .lines()
                    .map(str::to_owned)
                    .collect();
                change(&mut lines);
                fs::write(&path, lines.join("\n") + "\n").unwrap();
                match Ledger::verify(&path) {
                    Ok(_) => Told::harm("it was believed"),
                    Err(error) => Told {
                        code: "tampered".into(),
                        message: error.to_string(),
                        forms: format!("{error:?}"),
                    },
                }
            });
        };
        tampers(trial, "a number changed", |lines| {
            lines[1] = lines[1].replace("\"count\":2", "\"count\":1")
        });
        tampers(trial, "a record deleted", |lines| {
            lines.remove(2);
        });
        tampers(trial, "two records exchanged", |lines| lines.swap(1, 2));
        tampers(trial, "the last record cut off", |lines| {
            lines.pop();
        });
        tampers(trial, "a record repeated", |lines| {
            lines.push(lines[3].clone())
        });
        tampers(trial, "everything deleted", |lines| lines.clear());
        trial.attempt("no room for another record: the run stops", "exit 8", AtMost::Run, |_| {
            let (host, way) = (Host::new(), SmallDisk::here());
            let directory = SmallTask::new(600, 5).write(host.place());
            let kept = host.at("kept");
            let run = host.run(&directory, "full");
            let whole = host.run(&directory, "whole");
            whole.call().must_end_with(0);
            let room = way.plugins(whole.directory()) + (320 << 10);
            let spoken = way.run(&host, run, room, &kept);
            let halves = half_written(&kept);
            if !halves.is_empty() {
                return Told::harm(format!("{halves:?}"));
            }
            let mut told = spoken.into_told(&host);
            // which of its files met the full disk first is a matter of sizes
            if told.code == "exit 8" {
                told.message = "the run stops and says which file could not be written; with more room it resumes".into();
            }
            told
        });
    },
};
