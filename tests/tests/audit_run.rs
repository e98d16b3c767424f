//! What a run's ledger says about it, whether that is true, and whether it can be changed unseen.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may fail")]

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use autods_tests::{Board, Evil, Host, SmallTask, Spoken, baseline, copy_tree, plugins_with};
use serde_json::Value;

fn audit(host: &Host, run: &Path, format: &str) -> Spoken {
    host.call([
        "audit".as_ref(),
        "--run".as_ref(),
        run.as_os_str(),
        "--format".as_ref(),
        format.as_ref(),
    ])
}

fn audited(host: &Host, run: &Path) -> Value {
    let spoken = audit(host, run, "json");
    spoken.must_end_with(0);
    serde_json::from_str(&spoken.out).unwrap()
}

fn entries(run: &Path, kind: &str) -> Vec<Value> {
    fs::read_to_string(run.join("ledger.jsonl"))
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap()["entry"].clone())
        .filter(|entry| entry["kind"] == kind)
        .collect()
}

fn texts(list: &Value) -> BTreeSet<String> {
    list.as_array()
        .unwrap()
        .iter()
        .map(|text| text.as_str().unwrap().to_owned())
        .collect()
}

/// A small run that was seen through, by a host with keys of its own.
fn small(host: &Host) -> PathBuf {
    let task = SmallTask::new(600, 3).write(host.place());
    let run = host.run(&task, "small");
    run.call().must_end_with(0);
    run.directory().to_owned()
}

#[test]
fn every_source_file_is_in_the_audit_with_the_plugin_that_could_read_it() {
    let (host, done) = (Host::new(), baseline());
    let audit = audited(&host, &done.run);
    let file = fs::read_to_string(done.run.join("run.toml")).unwrap();
    let read = audit["files_read"].as_array().unwrap();
    let digests: BTreeSet<&str> = read.iter().map(|f| f["sha256"].as_str().unwrap()).collect();
    let board = Board::of(&done.run);
    let (_, started) = board.only("Started");
    let sources = started["data"].as_array().unwrap();
    assert!(!sources.is_empty());
    for source in sources {
        let digest = source["sha256"].as_str().unwrap();
        assert!(digests.contains(digest), "{source} is not in the audit");
    }
    for f in read {
        let component = f["component"].as_str().unwrap();
        assert!(
            file.contains(component),
            "{f}: no plugin of the run has this component"
        );
    }
}

#[test]
fn every_column_that_is_said_to_be_released_is_in_a_release_and_in_the_dictionary() {
    let (host, done) = (Host::new(), baseline());
    let audit = audited(&host, &done.run);
    let board = Board::of(&done.run);
    let (_, profile) = board.only("Profiled");
    let profiled: BTreeSet<String> = profile["columns"]
        .as_array()
        .unwrap()
        .iter()
        .map(|c| c["column"]["name"].as_str().unwrap().to_owned())
        .collect();
    let dictionary = fs::read_to_string(done.run.join("task/TASK.md")).unwrap();
    let released = entries(&done.run, "released");
    let said = audit["columns_released"].as_array().unwrap();
    for column in said {
        let name = column["column"].as_str().unwrap();
        assert!(
            dictionary.contains(name),
            "`{name}` is not in the dictionary"
        );
        for kind in column["aggregates"].as_object().unwrap().keys() {
            let found = released.iter().any(|entry| {
                entry["aggregate"] == kind.as_str() && texts(&entry["columns"]).contains(name)
            });
            assert!(found, "no {kind} of `{name}` was released");
        }
        if column["aggregates"].get("catalogue").is_some() {
            assert!(profiled.contains(name), "`{name}` is in no catalogue");
        }
    }
    // and none is left out: what the profile shows, agents are told and the report shows
    let names: BTreeSet<String> = said
        .iter()
        .map(|c| c["column"].as_str().unwrap().to_owned())
        .collect();
    assert!(profiled.is_subset(&names), "{profiled:?} {names:?}");
    // what a column's check says on the board is among what its column was released in
    for (_, check) in board.of_kind("Checked") {
        if let Some(name) = check["target"]["Column"].as_str() {
            let column = said.iter().find(|c| c["column"] == name).unwrap();
            assert!(
                column["aggregates"].get("check").is_some(),
                "a check of `{name}` is on the board and in no release"
            );
        }
    }
    // what features read is in the aggregates of their experiments
    let read: BTreeSet<String> = board
        .accepted_features()
        .iter()
        .flat_map(|features| features["columns"].as_array().unwrap().clone())
        .map(|c| c["column"].as_str().unwrap().to_owned())
        .collect();
    let experiments: BTreeSet<String> = released
        .iter()
        .filter(|entry| entry["aggregate"] == "experiment")
        .flat_map(|entry| texts(&entry["columns"]))
        .collect();
    assert!(!experiments.is_empty());
    assert!(!read.is_disjoint(&experiments));
}

#[test]
fn no_agent_that_was_not_asked_got_anything_and_the_orchestrator_got_nothing() {
    let done = baseline();
    let board = Board::of(&done.run);
    for entry in entries(&done.run, "released") {
        if let Some(instance) = entry["to"]["agent"]["instance"].as_str() {
            assert_ne!(instance, "orchestrator");
            assert_ne!(entry["to"]["agent"]["sha256"], "");
        }
        for event in entry["events"].as_array().unwrap() {
            // panics if there is none
            let _ = board.event(event.as_u64().unwrap());
        }
    }
}

#[test]
fn a_finished_run_is_signed_and_a_public_key_proves_it() {
    let host = Host::new();
    let run = small(&host);
    let verified = host.verify(&run);
    verified.must_end_with(0);
    assert!(
        verified.out.contains("checked with its public key"),
        "{verified}"
    );
    // somebody without the key is told so
    let stranger = Host::new();
    let verified = stranger.verify(&run);
    verified.must_end_with(0);
    assert!(
        verified.out.contains("not checked: no public key given"),
        "{verified}"
    );
    let named = stranger.call([
        "verify".as_ref(),
        run.as_os_str(),
        "--host-key".as_ref(),
        host.at("keys/host.pub").as_os_str(),
    ]);
    named.must_end_with(0);
    assert!(named.out.contains("checked with its public key"), "{named}");
    // another host's key is not the one
    let other = Host::new();
    small(&other);
    other.verify(&run).must_end_with(7);

    let copy = host.at("unsigned");
    copy_tree(&run, &copy);
    fs::remove_file(copy.join("ledger.head.minisig")).unwrap();
    let verified = stranger.verify(&copy);
    verified.must_end_with(7);
    verified.must_say(&["not signed"]);
    audit(&stranger, &copy, "table").must_end_with(7);
    let sarif = audit(&stranger, &copy, "sarif");
    sarif.must_end_with(7);
    let sarif: Value = serde_json::from_str(&sarif.out).unwrap();
    assert_eq!(sarif["runs"][0]["results"][0]["ruleId"], "run-integrity");
}

#[test]
fn a_report_written_again_is_signed_again() {
    let host = Host::new();
    let run = small(&host);
    host.call(["report".as_ref(), run.as_os_str()])
        .must_end_with(0);
    let verified = host.verify(&run);
    verified.must_end_with(0);
    assert!(
        verified.out.contains("checked with its public key"),
        "{verified}"
    );
}

/// The chain of a ledger made anew by somebody who has no key, without the records of that kind.
fn forged(run: &Path, without: &str) {
    let path = run.join("ledger.jsonl");
    let kept: Vec<autods_ledger::Entry> = autods_ledger::read(&path)
        .unwrap()
        .into_iter()
        .filter(|record| serde_json::to_value(&record.entry).unwrap()["kind"] != without)
        .map(|record| record.entry)
        .collect();
    fs::remove_file(&path).unwrap();
    fs::remove_file(run.join("ledger.head")).unwrap();
    let ledger = autods_ledger::Ledger::create(&path).unwrap();
    for entry in &kept {
        ledger.append(entry).unwrap();
    }
    ledger.sync().unwrap();
}

#[test]
fn nothing_is_signed_on_top_of_what_was_forged() {
    let host = Host::new();
    let run = small(&host);
    for without in ["released", "run-closed"] {
        let copy = host.at(without);
        copy_tree(&run, &copy);
        forged(&copy, without);
        host.verify(&copy).must_end_with(7);
        let whole = fs::read(copy.join("ledger.jsonl")).unwrap();
        for command in ["report", "resume"] {
            host.call([command.as_ref(), copy.as_os_str()])
                .must_end_with(7);
            let after = fs::read(copy.join("ledger.jsonl")).unwrap();
            assert!(after == whole, "{command} added to a forged ledger");
        }
        host.verify(&copy).must_end_with(7);
        // nor without any signature
        fs::remove_file(copy.join("ledger.head.minisig")).unwrap();
        for command in ["verify", "report", "resume"] {
            host.call([command.as_ref(), copy.as_os_str()])
                .must_end_with(7);
        }
    }
}

#[test]
fn a_run_that_failed_is_closed_signed_and_says_what_its_plugin_used() {
    let host = Host::new();
    let folder = plugins_with(host.place(), "loader-table", "loader", Evil::Hoards);
    let task = SmallTask::new(300, 3).write(host.place());
    let run = host.run(&task, "failed").plugins(&folder);
    run.call().must_end_with(5);
    let verified = host.verify(run.directory());
    verified.must_end_with(0);
    assert!(
        verified.out.contains("checked with its public key"),
        "{verified}"
    );

    let audit = audited(&host, run.directory());
    assert_eq!(audit["closed"][1], "failed");
    let call = &audit["failed_calls"][0];
    assert_eq!(call["plugin"], "loader-table");
    assert_eq!(call["code"], "out-of-memory");
    assert!(call["micros"].as_u64().unwrap() > 0);
    let met = &audit["limits_met"][0];
    assert_eq!(met["limit"], "limits.memory-mib");
    assert!(met["requested"].as_u64().unwrap() > met["allowed"].as_u64().unwrap());
    // it could have read the file, and nothing came of it
    assert_eq!(audit["files_read"][0]["plugin"], "loader-table");
    assert_eq!(audit["columns_released"].as_array().unwrap().len(), 0);

    let sarif = host.call([
        "audit".as_ref(),
        "--run".as_ref(),
        run.directory().as_os_str(),
        "--format".as_ref(),
        "sarif".as_ref(),
    ]);
    sarif.must_end_with(0);
    for rule in ["run-limit-met", "run-call-failed", "run-not-completed"] {
        assert!(sarif.out.contains(rule), "{rule} is not among the findings");
    }
}

#[test]
fn confinement_grants_and_keys_are_in_the_ledger() {
    let (host, done) = (Host::new(), baseline());
    let audit = audited(&host, &done.run);
    assert_eq!(audit["confinement"].as_array().unwrap().len(), 1);
    let grants = audit["grants"].as_array().unwrap();
    assert!(
        grants
            .iter()
            .any(|g| g["plugin"] == "loader-table" && g["capability"] == "read-sources")
    );
    let keys = audit["keys"].as_array().unwrap();
    for kind in ["run", "host"] {
        assert!(keys.iter().any(|k| k["key"] == kind), "{kind}");
    }
    assert_eq!(audit["lockbox"].as_array().unwrap().len(), 1);
    assert!(!audit["decisions"].as_array().unwrap().is_empty());
    let session = &audit["sessions"][0];
    assert!(
        session["runtime"]
            .as_str()
            .unwrap()
            .starts_with("wasmtime ")
    );
    assert_eq!(session["policy"].as_str().unwrap().len(), 64);
}

#[test]
fn the_page_needs_nothing_from_outside_and_every_table_has_heads() {
    let (host, done) = (Host::new(), baseline());
    let out = host.at("audit.html");
    let spoken = host.call([
        "audit".as_ref(),
        "--run".as_ref(),
        done.run.as_os_str(),
        "--format".as_ref(),
        "html".as_ref(),
        "--out".as_ref(),
        out.as_os_str(),
    ]);
    spoken.must_end_with(0);
    let html = fs::read_to_string(out).unwrap();
    for outside in [
        "<script", "<link", "src=", "http:", "https:", "@import", "url(",
    ] {
        assert!(!html.contains(outside), "it has {outside}");
    }
    assert!(html.starts_with("<!doctype html>\n<html lang=\"en\">"));
    assert_eq!(
        html.matches("<table").count(),
        html.matches("<thead><tr><th scope=\"col\"").count()
    );
    let audit = audited(&host, &done.run);
    for column in audit["columns_released"].as_array().unwrap() {
        let name = column["column"].as_str().unwrap();
        assert!(
            html.contains(&format!(".{name}</th>")),
            "`{name}` is missing"
        );
    }
}
