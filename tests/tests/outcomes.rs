//! How a run may end, and what decides it.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may fail")]

use std::fs;

use autods_tests::{Host, SmallTask, baseline};

/// Nothing to find: the run says so in a report instead of promoting noise.
#[test]
fn a_run_that_finds_nothing_ends_in_a_report_that_says_so() {
    let host = Host::new();
    let mut task = SmallTask::new(1500, 31);
    // every stay gets the outcome of another one
    task.column("outcome").values.rotate_left(701);
    let directory = task.write(host.place());
    let run = host.run(&directory, "nothing");
    let spoken = run.call();
    spoken.must_end_with(0);
    assert!(
        spoken.out.contains("no result met the promotion criteria"),
        "{spoken}"
    );
    let report = fs::read_to_string(run.directory().join("report/report.md")).unwrap();
    assert!(
        report.contains("No model was promoted"),
        "the report hides that nothing was found"
    );
    host.verify(run.directory()).must_end_with(0);
}

/// The task's own population is where everything starts: its excluded rows are nowhere.
#[test]
fn rows_that_the_task_excludes_are_left_out_from_the_beginning() {
    let host = Host::new();
    let task = SmallTask::new(1500, 32);
    let directory = task.write(host.place());
    let whole = host.run(&directory, "whole");
    whole.call().must_end_with(0);
    let text = fs::read_to_string(directory.join("TASK.md")).unwrap();
    let line = text
        .lines()
        .find(|l| l.starts_with("population:"))
        .expect("the small task has a population");
    let changed = if line.trim() == "population:" {
        text.replace(
            "population:\n",
            "population:\n  exclude: [{column: sex, codes: [F], reason: the question is about men}]\n",
        )
    } else {
        text.replace(
            line,
            "population: {title: Men, exclude: [{column: sex, codes: [F], reason: the question is about men}]}",
        )
    };
    fs::write(directory.join("TASK.md"), changed).unwrap();
    let men = host.run(&directory, "men");
    men.call().must_end_with(0);
    let women = |run: &std::path::Path| {
        let report = fs::read_to_string(run.join("report/report.md")).unwrap();
        report.contains(" Female |")
    };
    assert!(women(whole.directory()), "Table 1 of everybody has women");
    assert!(
        !women(men.directory()),
        "women were left out by the task, and are in Table 1"
    );
}

/// Both intervals that a statistician asks for.
#[test]
fn the_report_gives_auroc_with_bootstrap_and_delong_intervals() {
    let done = baseline();
    let report = fs::read_to_string(done.run.join("report/report.md")).unwrap();
    assert!(report.contains("AUROC by DeLong"));
}
