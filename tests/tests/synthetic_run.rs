//! The bundled task on its synthetic cohort, from the command line to the report.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::{fs, path::Path};

use autods_tests::{Board, Host, baseline, copy_tree};
use serde_json::Value;

#[test]
fn it_ends_in_a_report_that_says_the_data_are_synthetic() {
    let (host, done) = (Host::new(), baseline());
    done.spoken.must_end_with(0);
    assert!(done.spoken.out.contains("SYNTHETIC"), "{}", done.spoken);
    for name in ["report.html", "report.md"] {
        let text = fs::read_to_string(done.run.join("report").join(name)).unwrap();
        let notice = text
            .find("Synthetic data")
            .unwrap_or_else(|| panic!("{name} does not say that the data are synthetic"));
        let number = text.find("AUROC").unwrap();
        assert!(
            notice < number,
            "{name} says that the data are synthetic only after its first number"
        );
        assert!(
            text.contains("gradient-boosting") || text.contains("elastic-net-logistic"),
            "{name} names no model"
        );
    }
    let html = fs::read_to_string(done.run.join("report/report.html")).unwrap();
    for outside in [
        "<script src",
        "<link rel=\"stylesheet\"",
        "src=\"http",
        "@import",
        "url(http",
    ] {
        assert!(
            !html.contains(outside),
            "report.html needs something from outside: {outside}"
        );
    }

    let verified = host.call(["verify".as_ref(), done.run.as_os_str(), "--json".as_ref()]);
    verified.must_end_with(0);
    let verified: Value = serde_json::from_str(&verified.out).unwrap();
    assert_eq!(verified["verified"]["closed"], true);
    assert!(verified["verified"]["ledger_records"].as_u64().unwrap() > 20);

    let status = host.status(&done.run);
    assert_eq!(status["stage"], "closed");
    assert!(status["outcome"].is_string(), "{status}");
}

#[test]
fn its_agents_find_the_dead_before_any_model_is_fitted() {
    let board = Board::of(&baseline().run);
    let first = board.of_kind("Experiment").next().unwrap().0.id;
    let (event, objection) = board
        .of_kind("Objected")
        .find(|(_, objection)| {
            objection["exclude"]
                .as_array()
                .is_some_and(|e| !e.is_empty())
        })
        .expect("nobody objected to the population");
    assert_ne!(event.author, "host");
    assert!(event.id < first);
    let evidence = board.event(objection["critique"]["evidence"].as_u64().unwrap());
    assert_eq!(evidence.body["Checked"]["kind"], "ImpossibleOutcome");
    assert!(evidence.id < event.id);
    let codes = objection["exclude"][0]["codes"].as_array().unwrap();
    assert!(
        codes.contains(&Value::from("11")),
        "the code for `Expired` is not among {codes:?}"
    );
}

#[test]
fn the_same_run_twice_gives_the_same_numbers() {
    let (host, done) = (Host::new(), baseline());
    let task = autods_tests::bundled_task();
    let again = host.run(&task, "again").synthetic();
    again.call().must_end_with(0);
    let compared = host.compare(again.directory(), &done.run);
    compared.must_end_with(0);
    assert!(compared.out.contains("same numbers"), "{compared}");
}

/// Change one bit of the byte `at` an offset of a file.
fn flip(path: &Path, at: usize) {
    let mut bytes = fs::read(path).unwrap();
    bytes[at] ^= 1;
    fs::write(path, bytes).unwrap();
}

/// Where `needle` stands in a file for the last time. In a database, earlier copies of a row may
/// lie in space that is not in use any more; the last one is the row.
fn last(path: &Path, needle: &str) -> usize {
    let bytes = fs::read(path).unwrap();
    let at = bytes
        .windows(needle.len())
        .rposition(|window| window == needle.as_bytes());
    at.unwrap_or_else(|| panic!("`{needle}` is not in {}", path.display()))
}

#[test]
fn a_flipped_bit_is_found_wherever_it_is() {
    let (host, done) = (Host::new(), baseline());
    let changes = [
        // near the ledger's beginning, in its middle, at its end; in an event; in the report
        ("ledger.jsonl", "run-started"),
        ("ledger.jsonl", "released"),
        ("ledger.jsonl", "run-closed"),
        ("board.sqlite", "\"auroc\":{\""),
        ("board.sqlite", "Promoted"),
        ("report/report.md", "AUROC"),
        ("report/report.html", "AUROC"),
    ];
    for (i, (name, needle)) in changes.iter().enumerate() {
        let copy = host.at(&format!("copy{i}"));
        copy_tree(&done.run, &copy);
        host.verify(&copy).must_end_with(0);
        let file = copy.join(name);
        flip(&file, last(&file, needle) + needle.len() - 1);
        let verified = host.verify(&copy);
        assert_eq!(
            verified.code,
            Some(7),
            "a bit of {name} was flipped after `{needle}`\n{verified}"
        );
        fs::remove_dir_all(copy).unwrap();
    }
}

#[test]
fn a_missing_file_or_a_cut_ledger_is_found() {
    let (host, done) = (Host::new(), baseline());
    let copy = host.at("copy");
    copy_tree(&done.run, &copy);
    fs::remove_file(copy.join("report/report.md")).unwrap();
    let verified = host.verify(&copy);
    verified.must_end_with(7);
    verified.must_say(&["report.md"]);

    let copy = host.at("cut");
    copy_tree(&done.run, &copy);
    let ledger = fs::read_to_string(copy.join("ledger.jsonl")).unwrap();
    let mut lines: Vec<&str> = ledger.lines().collect();
    lines.remove(lines.len() / 2);
    fs::write(copy.join("ledger.jsonl"), lines.join("\n") + "\n").unwrap();
    host.verify(&copy).must_end_with(7);
}

#[test]
fn a_run_is_not_replaced_by_accident() {
    let (host, done) = (Host::new(), baseline());
    let copy = host.at("taken");
    copy_tree(&done.run, &copy);
    let refused = host
        .run(&autods_tests::bundled_task(), "taken")
        .synthetic()
        .call();
    refused.must_end_with(2);
    refused.must_say(&["exists already", "--replace"]);
    host.verify(&copy).must_end_with(0);
}
