//! The whole run on the real file, where this machine has it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::fs;

use autods_tests::{Board, Host, bundled_task, data, note};
use serde_json::Value;

/// Wall time and memory that the run may take on two cores.
const MINUTES: u64 = 10;
const GIB: f64 = 3.0;

fn number(value: &Value) -> f64 {
    value
        .as_f64()
        .unwrap_or_else(|| panic!("{value} is not a number"))
}

#[test]
fn readmission_is_predicted_as_well_as_promised_and_the_dead_are_left_out() {
    let Some(data) = data("ehr/diabetes130") else {
        return;
    };
    let host = Host::new();
    let run = host.run(&bundled_task(), "readmit_v1").data(&data);
    let watched = run.watch();
    watched.spoken.must_end_with(0);
    let board = Board::of(run.directory());
    let (champion, experiment) = board.champion();

    // the population: found by an agent, with evidence, before any model was fitted
    let (objected, objection) = board
        .of_kind("Objected")
        .find(|(_, o)| o["exclude"].as_array().is_some_and(|e| !e.is_empty()))
        .expect("nobody objected to the population");
    assert_ne!(objected.author, "host");
    let evidence = board.event(objection["critique"]["evidence"].as_u64().unwrap());
    assert_eq!(evidence.body["Checked"]["kind"], "ImpossibleOutcome");
    assert_ne!(evidence.body["Checked"]["verdict"], "Pass");
    assert!(objected.id < board.of_kind("Experiment").next().unwrap().0.id);

    let (_, locked) = board.only("Locked");
    let populations = locked["protocol"]["populations"].as_array().unwrap();
    let (primary, all) = (
        &populations[0],
        populations
            .iter()
            .find(|p| p["id"] == "all")
            .expect("no population `all`"),
    );
    assert!(all["exclude"].as_array().unwrap().is_empty());
    let left_out: Vec<&str> = primary["exclude"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|e| e["column"] == "discharge_disposition_id")
        .flat_map(|e| e["codes"].as_array().unwrap())
        .filter_map(Value::as_str)
        .collect();
    for code in ["11", "13", "14"] {
        assert!(
            left_out.contains(&code),
            "the code {code} is not left out: {left_out:?}"
        );
    }

    // discrimination and calibration, out of fold, in both populations
    let evaluations = board.out_of_fold(champion.id);
    let whole = |population: &Value| {
        let found = evaluations
            .iter()
            .find(|e| e["population"] == *population && e["group"].is_null());
        *found.unwrap_or_else(|| panic!("the champion was not evaluated in {population}"))
    };
    let (in_all, in_primary) = (whole(&all["id"]), whole(&primary["id"]));
    let aurocs = [
        number(&in_all["auroc"]["value"]),
        number(&in_primary["auroc"]["value"]),
    ];
    assert!(aurocs[0] >= 0.675, "AUROC on all stays is {}", aurocs[0]);
    assert!(
        aurocs[1] >= 0.67,
        "AUROC without deaths and hospice is {}",
        aurocs[1]
    );
    for evaluation in [in_all, in_primary] {
        let slope = &evaluation["slope"];
        assert!(
            number(&slope["lower"]) <= 1.0 && number(&slope["upper"]) >= 1.0,
            "the calibration slope's interval does not contain 1: {slope} in {}",
            evaluation["population"]
        );
    }
    assert_eq!(
        experiment["seeds"], 3,
        "a score is the mean over all preset seeds"
    );

    // subgroups
    for column in ["race", "gender", "age"] {
        let groups: Vec<_> = evaluations
            .iter()
            .filter(|e| e["group"]["column"] == column)
            .collect();
        assert!(groups.len() >= 2, "no groups of `{column}` on the board");
        assert!(groups.iter().any(|e| e["auroc"]["value"].is_f64() && !e["rates"].as_array().unwrap().is_empty()));
    }

    // the lock-box, once
    let (_, opened) = board.only("LockboxOpened");
    assert_eq!(opened["count"], 1);
    assert!(
        board
            .of_kind("Evaluated")
            .any(|(_, e)| e["sample"] == "LockBox" && e["experiment"] == champion.id)
    );

    // the report gives both figures and says where the time went
    let report = fs::read_to_string(run.directory().join("report/report.md")).unwrap();
    for auroc in aurocs {
        assert!(
            report.contains(&format!("{auroc:.3}")),
            "{auroc:.3} is not in the report"
        );
    }
    assert!(watched.spoken.out.contains("time:"), "{}", watched.spoken);
    host.verify(run.directory()).must_end_with(0);

    note(&format!(
        "took {:.0} s, {:.2} GiB, AUROC {aurocs:.4?}",
        watched.took.as_secs_f64(),
        watched.peak as f64 / f64::powi(2.0, 30)
    ));
    assert!(
        watched.took.as_secs() < MINUTES * 60,
        "it took {:?}",
        watched.took
    );
    assert!(
        (watched.peak as f64) < GIB * f64::powi(2.0, 30),
        "it took {} bytes of memory",
        watched.peak
    );
}
