//! Tasks whose main table is made of the events of a cohort.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use autods_tests::{Board, Chance, Host, bundled_task, data};
use serde_json::{Value, json};

/// What pandas counts (`host/cohort/tests/reference.py`).
fn reference() -> Value {
    serde_json::from_str(include_str!("../../host/cohort/tests/reference.json")).unwrap()
}

fn task(name: &str) -> PathBuf {
    bundled_task().with_file_name(name)
}

/// Rows and persons after each step, as the board says.
fn steps(board: &Board) -> Vec<[Option<u64>; 2]> {
    let (_, selected) = board.only("Selected");
    let steps = selected["steps"].as_array().unwrap().iter();
    steps
        .map(|step| [step["rows"].as_u64(), step["persons"].as_u64()])
        .collect()
}

/// Outcomes of the rows that a model was evaluated on, and how many rows.
fn evaluated(board: &Board, sample: &str) -> Option<(u64, u64)> {
    board
        .of_kind("Evaluated")
        .map(|(_, body)| body)
        .find(|body| {
            body["sample"] == sample && body["subgroup"].is_null() && body["level"].is_null()
        })
        .and_then(|body| Some((body["events"].as_u64()?, body["n"].as_u64()?)))
}

#[test]
fn new_users_in_omop_tables_are_found_followed_and_predicted() {
    let Some(data) = data("omop/gibleed") else {
        return;
    };
    let host = Host::new();
    let run = host
        .run(&task("task-gibleed-omop"), "gibleed_v1")
        .data(&data);
    run.call().must_end_with(0);
    let board = Board::of(run.directory());
    assert_eq!(json!(steps(&board)), reference()["gibleed_task"]["steps"]);
    let (_, experiment) = board.champion();
    assert_ne!(experiment["method"], "prevalence");
    // the lock-box is a fifth of the persons; the others were evaluated out of fold
    let (events, rows) = evaluated(&board, "OutOfFold").unwrap();
    let (inside, box_rows) = evaluated(&board, "LockBox").unwrap();
    assert_eq!(
        Some(events + inside),
        reference()["gibleed_task"]["outcomes"].as_u64()
    );
    assert_eq!(rows + box_rows, steps(&board).last().unwrap()[0].unwrap());
    // nothing is stored of the events but the table that was made of them
    let stored: Vec<_> = fs::read_dir(run.directory().join("data"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert_eq!(stored, ["new-users.parquet"]);
    let report = fs::read_to_string(run.directory().join("report/report.html")).unwrap();
    for words in [
        "Selection of the cohort",
        "not: gastrointestinal haemorrhage before",
        "2,630",
    ] {
        assert!(report.contains(words), "the report does not say `{words}`");
    }
    host.verify(run.directory()).must_end_with(0);
}

#[test]
fn stays_of_a_fhir_export_are_followed_and_a_killed_run_comes_to_the_same() {
    let Some(data) = data("fhir/synthea_cohort") else {
        return;
    };
    let host = Host::new();
    let directory = task("task-readmission-fhir");
    let run = host.run(&directory, "fhir_v1").data(&data);
    run.call().must_end_with(0);
    let board = Board::of(run.directory());
    let expected = &reference()["hospital"];
    // four persons died in their stays: the step before them would say so
    assert_eq!(
        json!(steps(&board)),
        json!([[Value::Null, Value::Null], expected["steps"][1]])
    );
    let killed = host.run(&directory, "fhir_v2").data(&data);
    if killed.kill(Duration::from_millis(700)).is_none() {
        host.resume(killed.directory()).must_end_with(0);
    }
    host.compare(killed.directory(), run.directory())
        .must_end_with(0);
}

/// A task of three CSV tables: 600 persons, half of whom take a drug that makes a fall likely.
fn small(place: &Path, change: impl Fn(String) -> String) -> PathBuf {
    let directory = place.join("task-falls");
    fs::create_dir_all(directory.join("data")).unwrap();
    let mut chance = Chance::new(7);
    let (mut persons, mut events) = (
        String::from("id,born,sex\n"),
        String::from("person,code,day,value\n"),
    );
    for person in 0..600 {
        let sex = if chance.happens(0.5) { "f" } else { "m" };
        writeln!(persons, "p{person},19{}0-02-29,{sex}", 4 + 4 * (person % 2)).unwrap();
        let drug = chance.happens(0.5);
        if drug {
            writeln!(events, "p{person},drug,2020-03-0{},", 1 + chance.below(9)).unwrap();
        }
        writeln!(
            events,
            "p{person},pressure,2020-04-01,{}",
            120 + chance.below(40)
        )
        .unwrap();
        writeln!(events, "p{person},visit,2020-05-01,").unwrap();
        if chance.happens(if drug { 0.6 } else { 0.2 }) {
            writeln!(events, "p{person},fall,2020-06-{},", 10 + chance.below(20)).unwrap();
        }
        // the record goes on
        writeln!(events, "p{person},visit,2021-05-01,").unwrap();
    }
    let mut periods = String::from("person,from,to\n");
    for person in 0..600 {
        writeln!(periods, "p{person},2019-01-01,2021-06-01").unwrap();
    }
    fs::write(directory.join("data/periods.csv"), periods).unwrap();
    fs::write(directory.join("data/persons.csv"), persons).unwrap();
    fs::write(directory.join("data/events.csv"), events).unwrap();
    let text = include_str!("events/TASK.md");
    fs::write(directory.join("TASK.md"), change(text.to_owned())).unwrap();
    let launch = fs::read_to_string(task("task-readmission-fhir").join("LAUNCH.md")).unwrap();
    let launch = launch
        .replace("task-readmission-fhir", "task-falls")
        .replace("[gender, race]", "[sex]");
    fs::write(directory.join("LAUNCH.md"), launch).unwrap();
    directory
}

#[test]
fn a_cohort_of_plain_tables_needs_no_loader_of_its_own() {
    let host = Host::new();
    let directory = small(host.place(), |text| text);
    let run = host.run(&directory, "falls").data(&directory.join("data"));
    run.call().must_end_with(0);
    let board = Board::of(run.directory());
    // 1200 visits; a year observed after: 600; those born in 1980 are too young; nobody is lost
    assert_eq!(
        steps(&board),
        [[1200, 600], [600, 600], [300, 300], [300, 300]].map(|both| both.map(Some))
    );
    let (_, experiment) = board.champion();
    assert_ne!(experiment["method"], "prevalence");
    host.verify(run.directory()).must_end_with(0);
}

#[test]
fn a_definition_that_cannot_be_carried_out_says_where_it_is_wrong() {
    let refused = |change: fn(String) -> String, words: &[&str]| {
        let host = Host::new();
        let directory = small(host.place(), change);
        let run = host.run(&directory, "falls").data(&directory.join("data"));
        let spoken = run.call();
        spoken.must_end_with(3);
        spoken.must_say(words);
        assert!(!run.directory().exists());
    };
    refused(
        |text| {
            text.replace(
                "window: {from: -90, to: 0}, statistic: last",
                "window: {from: -90, to: 3}, statistic: last",
            )
        },
        &[
            "TASK.md:",
            "cohort.definition.features[1].window",
            "looks past the index event",
        ],
    );
    refused(
        |text| text.replace("events: drug, window", "events: drugs, window"),
        &[
            "cohort.definition.features[0].events",
            "did you mean `drug`?",
        ],
    );
    refused(
        |text| text.replace("start: day", "start: code"),
        &[
            "cohort.events[0].start",
            "must have the type date or datetime",
        ],
    );
    refused(
        |text| text.replace("incomplete: leave-out", "incomplete: censor"),
        &[
            "cohort.definition.outcome.incomplete",
            "no place for a censored one",
        ],
    );
    refused(
        |text| {
            text.replace(
                "  observed: {table: periods, person: person, start: from, end: to}\n",
                "",
            )
        },
        &[
            "cohort.observed",
            "nobody knows who was observed to the end",
        ],
    );
    refused(
        |text| text.replace("{name: drug, ", "{name: outcome, "),
        &["two columns `outcome`"],
    );
}

#[test]
fn a_cohort_of_nobody_says_after_which_step() {
    let host = Host::new();
    let directory = small(host.place(), |text| {
        text.replace("age_from: 60", "age_from: 110")
    });
    let spoken = host
        .run(&directory, "falls")
        .data(&directory.join("data"))
        .call();
    spoken.must_end_with(4);
    spoken.must_say(&["nobody is in the cohort", "older than 59 (none left)"]);
}
