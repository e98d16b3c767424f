//! Leaks that are planted, and must be objected to before anything is computed with them.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::fs;

use autods_tests::{Board, Chance, Host, SmallTask};
use serde_json::Value;

/// A noisy copy of the outcome, a number that names rows, and something recorded after discharge.
fn leaky() -> SmallTask {
    let mut task = SmallTask::new(3000, 77);
    let mut chance = Chance::new(78);
    let twin = task
        .outcomes
        .iter()
        .map(|&y| if y != chance.happens(0.1) { "1" } else { "0" }.to_owned())
        .collect();
    let serial = (0..task.outcomes.len())
        .map(|i| (90_000 + 17 * i).to_string())
        .collect();
    let bill = task.outcomes.iter().map(|&y| {
        let cost = 1000.0 + 200.0 * chance.normal() + if y { 150.0 } else { 0.0 };
        format!("{cost:.0}")
    });
    let bill = bill.collect();
    task.plant(
        "follow_up",
        "label: Follow-up form, type: category, available: at-index, codings: [\"0\", \"1\"]",
        twin,
    );
    task.plant(
        "serial",
        "label: Serial number of the form, type: integer, available: at-index",
        serial,
    );
    task.plant(
        "bill",
        "label: Final bill, type: number, unit: USD, available: after-index",
        bill,
    );
    task
}

#[test]
fn planted_leaks_are_objected_to_before_any_compute_is_spent_on_them() {
    let host = Host::new();
    let task = leaky().write(host.place());
    let run = host.run(&task, "leaky");
    run.call().must_end_with(0);
    let board = Board::of(run.directory());
    let first = board
        .of_kind("Claimed")
        .chain(board.of_kind("Experiment"))
        .map(|(event, _)| event.id)
        .min()
        .unwrap();

    for (column, kind) in [
        ("follow_up", "TargetProxy"),
        ("serial", "Identifier"),
        ("bill", "PostIndex"),
    ] {
        let (event, objection) = board
            .of_kind("Objected")
            .find(|(_, objection)| names(&objection["drop_columns"], column))
            .unwrap_or_else(|| panic!("nobody objected to `{column}`"));
        assert_ne!(event.author, "host", "an agent has to object");
        assert!(
            event.id < first,
            "`{column}` was objected to after the first experiment"
        );

        let (check, found) = board
            .of_kind("Checked")
            .find(|(_, c)| c["kind"] == kind && c["target"]["Column"] == column)
            .unwrap_or_else(|| panic!("`{column}` was not checked for {kind}"));
        assert_eq!(found["verdict"], "Block", "{found}");
        assert!(check.id < event.id);
        let cited = board.event(objection["critique"]["evidence"].as_u64().unwrap());
        assert_eq!(cited.kind(), "Checked");
        assert_eq!(cited.body["Checked"]["verdict"], "Block");
    }

    let accepted = board.accepted_features();
    assert!(!accepted.is_empty());
    for features in accepted {
        let text = features.to_string();
        for column in ["follow_up", "serial", "bill"] {
            assert!(
                !text.contains(&format!("\"{column}\"")),
                "`{column}` is in an accepted feature set: {text}"
            );
        }
    }
    // were a leak in use, this would be about 0.9
    let auroc = board.champion().1["auroc"]["value"].as_f64().unwrap();
    assert!(auroc < 0.8, "the champion is too good to be true: {auroc}");

    let report = fs::read_to_string(run.directory().join("report/report.md")).unwrap();
    for (column, label) in [
        ("follow_up", "Follow-up form"),
        ("serial", "Serial number"),
        ("bill", "Final bill"),
    ] {
        assert!(
            report.contains(column) || report.contains(label),
            "the report does not mention `{column}`"
        );
    }
}

fn names(list: &Value, column: &str) -> bool {
    list.as_array()
        .is_some_and(|list| list.iter().any(|name| name == column))
}
