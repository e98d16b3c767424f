//! Everything that can be wrong with what a run is given: the exit code is the documented one, the
//! message says where and what to do and holds no value of a row, and nothing is left half-written.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::{
    fs,
    path::{Path, PathBuf},
};

use autods_tests::{Board, Evil, Host, SmallDisk, SmallTask, Spoken, half_written, plugins_with};

/// Stands in a field of a bad row; no message, ledger or board may repeat it.
const VALUE: &str = "Zyxwv-48151623";
const ROWS: usize = 600;

fn small() -> SmallTask {
    SmallTask::new(ROWS, 5)
}

/// Write the task with this file, run it, and hold what happened against the general rules.
fn run_on(host: &Host, task: &SmallTask, csv: &str) -> Spoken {
    let directory = task.write(host.place());
    fs::write(directory.join("data/stays.csv"), csv).unwrap();
    let run = host.run(&directory, "bad");
    let spoken = run.call();
    orderly(host, run.directory(), &spoken);
    spoken
}

/// A run that stopped left nothing or something that verifies, nothing half-written, and said no
/// value of a row.
#[track_caller]
fn orderly(host: &Host, run: &Path, spoken: &Spoken) {
    assert_ne!(
        spoken.code,
        Some(0),
        "this should not have worked\n{spoken}"
    );
    assert!(spoken.err.contains("error:"), "no error was said\n{spoken}");
    assert!(!spoken.err.contains("panicked"), "{spoken}");
    assert!(
        !spoken.all().contains(VALUE),
        "a value of a row was said\n{spoken}"
    );
    assert_eq!(half_written(run), Vec::<PathBuf>::new());
    if run.exists() {
        assert!(
            run.join("run.toml").is_file(),
            "a run directory without run.toml was left behind\n{spoken}"
        );
        host.verify(run).must_end_with(0);
        for name in ["ledger.jsonl", "board.sqlite", "run.toml"] {
            let bytes = fs::read(run.join(name)).unwrap();
            assert!(
                !bytes.windows(VALUE.len()).any(|w| w == VALUE.as_bytes()),
                "a value of a row is in {name}"
            );
        }
    }
}

/// Change the fields of a line of the file, counted from 1.
fn with_line(csv: &str, line: usize, change: impl Fn(&mut Vec<String>)) -> String {
    let mut lines: Vec<String> = csv.lines().map(str::to_owned).collect();
    let mut fields: Vec<String> = lines[line - 1].split(',').map(str::to_owned).collect();
    change(&mut fields);
    lines[line - 1] = fields.join(",");
    lines.join("\n") + "\n"
}

/// Line and the YAML around it, of a text in a file.
fn line_of(text: &str, needle: &str) -> usize {
    1 + text.lines().position(|line| line.contains(needle)).unwrap()
}

// ------------------------------------------------------------------------------------ the data

#[test]
fn a_missing_column_is_named() {
    let (host, task) = (Host::new(), small());
    let mut file = task.clone();
    file.columns.retain(|column| column.name != "creatinine");
    let spoken = run_on(&host, &task, &file.csv());
    spoken.must_end_with(4);
    spoken.must_say(&["stays.csv", "creatinine", "TASK.md"]);
}

#[test]
fn a_ragged_line_is_named_with_its_number() {
    let (host, task) = (Host::new(), small());
    let csv = with_line(&task.csv(), 57, |fields| {
        fields.truncate(4);
        fields[2] = VALUE.to_owned();
    });
    let spoken = run_on(&host, &task, &csv);
    spoken.must_end_with(4);
    spoken.must_say(&["stays.csv", "line 57", "4 fields"]);
}

#[test]
fn a_value_that_is_no_number_is_named_by_line_and_column_and_not_repeated() {
    let (host, task) = (Host::new(), small());
    let csv = with_line(&task.csv(), 203, |fields| fields[4] = VALUE.to_owned());
    let spoken = run_on(&host, &task, &csv);
    spoken.must_end_with(4);
    spoken.must_say(&["stays.csv", "line 203", "days"]);
}

#[test]
fn an_open_quote_is_named_with_the_line_it_begins_on() {
    let (host, task) = (Host::new(), small());
    let csv = with_line(&task.csv(), 300, |fields| fields[8] = format!("\"{VALUE}"));
    let spoken = run_on(&host, &task, &csv);
    spoken.must_end_with(4);
    spoken.must_say(&["stays.csv", "line 300"]);
}

#[test]
fn a_code_of_the_outcome_that_nobody_declared_is_named_by_its_line() {
    let (host, task) = (Host::new(), small());
    let csv = with_line(&task.csv(), 411, |fields| fields[9] = VALUE.to_owned());
    let spoken = run_on(&host, &task, &csv);
    spoken.must_end_with(4);
    spoken.must_say(&["stays.csv", "line 411", "outcome"]);
}

#[test]
fn an_empty_file_and_a_file_with_a_header_only_are_refused() {
    let (host, task) = (Host::new(), small());
    let spoken = run_on(&host, &task, "");
    spoken.must_end_with(4);
    spoken.must_say(&["stays.csv", "empty"]);

    let host = Host::new();
    let header = task.csv().lines().next().unwrap().to_owned() + "\n";
    let spoken = run_on(&host, &task, &header);
    spoken.must_end_with(4);
    spoken.must_say(&["stays.csv", "no rows"]);
}

#[test]
fn an_outcome_that_never_or_always_happens_is_refused() {
    for code in ["no", "yes"] {
        let (host, mut task) = (Host::new(), small());
        task.column("outcome").values.fill(code.to_owned());
        let csv = task.csv();
        let spoken = run_on(&host, &task, &csv);
        spoken.must_end_with(4);
        spoken.must_say(&["outcome"]);
    }
}

#[test]
fn a_directory_that_is_not_there_or_holds_nothing_is_named() {
    let (host, task) = (Host::new(), small());
    let directory = task.write_without_data(host.place());
    let nowhere = host.at("nowhere");
    let run = host.run(&directory, "bad").data(&nowhere);
    let spoken = run.call();
    orderly(&host, run.directory(), &spoken);
    spoken.must_end_with(4);
    spoken.must_say(&[nowhere.to_str().unwrap()]);

    fs::create_dir(&nowhere).unwrap();
    let spoken = run.call();
    orderly(&host, run.directory(), &spoken);
    spoken.must_end_with(4);
    spoken.must_say(&["stays.csv", "--data"]);

    // no data, and nothing to make a cohort from
    let spoken = host.run(&directory, "bad").call();
    spoken.must_end_with(4);
    spoken.must_say(&["synthetic"]);
}

#[test]
fn a_subgroup_without_events_is_shown_as_insufficient_and_not_hidden() {
    let host = Host::new();
    let mut task = SmallTask::new(2000, 9);
    let column = task.column("sex");
    column.dictionary = column
        .dictionary
        .replace("M: Male", "M: Male, X: Not stated");
    let quiet: Vec<usize> = (0..task.outcomes.len())
        .filter(|&i| !task.outcomes[i])
        .step_by(20)
        .take(60)
        .collect();
    for &row in &quiet {
        task.column("sex").values[row] = "X".to_owned();
    }
    let directory = task.write(host.place());
    let run = host.run(&directory, "quiet");
    run.call().must_end_with(0);
    let board = Board::of(run.directory());
    let champion = board.champion().0.id;
    let rows: Vec<_> = board
        .out_of_fold(champion)
        .into_iter()
        .filter(|e| e["group"]["code"] == "X")
        .cloned()
        .collect();
    assert!(!rows.is_empty(), "the group X is not on the board");
    for row in rows {
        assert_eq!(row["insufficient"], true, "{row}");
        assert!(row["auroc"].is_null(), "{row}");
    }
    let report = fs::read_to_string(run.directory().join("report/report.md")).unwrap();
    assert!(
        report.contains("Not stated"),
        "the report does not name the group"
    );
    assert!(
        report.to_lowercase().contains("insufficient"),
        "the report does not say that it is insufficient"
    );
}

// ----------------------------------------------------------------------------- what the task says

#[test]
fn an_unknown_key_is_named_with_its_line_and_the_nearest_valid_one() {
    for (file, from, to, nearest) in [
        (
            "TASK.md",
            "primary_metric:",
            "primary_metrik:",
            "primary_metric",
        ),
        (
            "LAUNCH.md",
            "exit_condition:",
            "exit_conditions:",
            "exit_condition",
        ),
    ] {
        let (host, task) = (Host::new(), small());
        let directory = task.write(host.place());
        let path = directory.join(file);
        let text = fs::read_to_string(&path).unwrap().replace(from, to);
        fs::write(&path, &text).unwrap();
        let run = host.run(&directory, "bad");
        let spoken = run.call();
        orderly(&host, run.directory(), &spoken);
        spoken.must_end_with(3);
        let place = format!("{file}:{}:", line_of(&text, to));
        spoken.must_say(&[&place, to.trim_end_matches(':'), &format!("`{nearest}`")]);
        assert!(!run.directory().exists());

        let checked = host.call(["task".as_ref(), "check".as_ref(), directory.as_os_str()]);
        checked.must_end_with(3);
        checked.must_say(&[&place]);
    }
}

#[test]
fn an_unknown_loader_is_named_with_those_that_exist() {
    let host = Host::new();
    let directory = small()
        .with_task("loader: loader-table", "loader: loader-nope")
        .write(host.place());
    let run = host.run(&directory, "bad");
    let spoken = run.call();
    orderly(&host, run.directory(), &spoken);
    spoken.must_end_with(5);
    spoken.must_say(&["loader-nope", "loader-table"]);
    assert!(!run.directory().exists());
}

#[test]
fn an_unknown_outcome_code_in_the_task_is_named() {
    let host = Host::new();
    let directory = small()
        .with_task("positive: [\"yes\"]", "positive: [\"yess\"]")
        .write(host.place());
    let run = host.run(&directory, "bad");
    let spoken = run.call();
    orderly(&host, run.directory(), &spoken);
    spoken.must_end_with(3);
    spoken.must_say(&["TASK.md:", "yess", "`yes`"]);
}

#[test]
fn an_unknown_task_and_a_name_that_is_no_name_are_refused() {
    let host = Host::new();
    let spoken = host
        .run(Path::new("task-nowhere"), "bad")
        .synthetic()
        .call();
    spoken.must_end_with(2);
    spoken.must_say(&["task-nowhere", "task list"]);

    let directory = small().write(host.place());
    let spoken = host.call([
        "run".as_ref(),
        "--task".as_ref(),
        directory.as_os_str(),
        "--name".as_ref(),
        "../x".as_ref(),
    ]);
    spoken.must_end_with(2);
}

#[test]
fn a_policy_with_an_unknown_key_is_refused_with_the_nearest_one() {
    let host = Host::new();
    let policy = host.at("policy.toml");
    fs::write(&policy, "[limits]\nwall-msec = 5\n").unwrap();
    let directory = small().write(host.place());
    let run = host.run(&directory, "bad").policy(&policy);
    let spoken = run.call();
    orderly(&host, run.directory(), &spoken);
    spoken.must_end_with(3);
    spoken.must_say(&["policy.toml:2", "wall-msec", "wall-ms"]);
}

// --------------------------------------------------------------------------------- hostile plugins

fn run_with_hostile_loader(evil: Evil, limits: &str) -> Spoken {
    let host = Host::new();
    let plugins = plugins_with(host.place(), "loader-hostile", "loader", evil);
    let policy = host.at("policy.toml");
    fs::write(&policy, format!("[limits]\n{limits}\n")).unwrap();
    let directory = small()
        .with_task("loader: loader-table", "loader: loader-hostile")
        .write(host.place());
    let run = host
        .run(&directory, "bad")
        .plugins(&plugins)
        .policy(&policy);
    let spoken = run.call();
    orderly(&host, run.directory(), &spoken);
    let ledger = fs::read_to_string(run.directory().join("ledger.jsonl")).unwrap();
    assert!(
        ledger.contains("call-failed") && ledger.contains("loader-hostile"),
        "the ledger does not have the failed call"
    );
    spoken.must_end_with(5);
    spoken
}

#[test]
fn a_plugin_that_traps_stops_the_run_and_is_named() {
    run_with_hostile_loader(Evil::Traps, "wall-ms = 60000").must_say(&["loader-hostile", "trap"]);
}

#[test]
fn a_plugin_that_loops_is_stopped_in_time() {
    let began = std::time::Instant::now();
    let spoken = run_with_hostile_loader(Evil::Loops, "wall-ms = 1000");
    spoken.must_say(&["loader-hostile", "1000 ms", "wall-ms"]);
    assert!(
        began.elapsed().as_secs() < 60,
        "it took {:?}",
        began.elapsed()
    );
}

#[test]
fn a_plugin_that_exhausts_memory_is_stopped_at_its_limit() {
    run_with_hostile_loader(Evil::Hoards, "memory-mib = 512")
        .must_say(&["loader-hostile", "memory-mib"]);
}

#[test]
fn an_agent_that_fails_loses_its_turn_and_the_others_go_on() {
    let host = Host::new();
    let plugins = plugins_with(host.place(), "agent-hostile", "agent", Evil::Traps);
    let directory = SmallTask::new(2000, 9)
        .with_launch(
            "{name: linear, agent: agent-modeler,",
            "{name: linear, agent: agent-hostile,",
        )
        .write(host.place());
    let run = host.run(&directory, "lame").plugins(&plugins);
    run.call().must_end_with(0);
    let board = Board::of(run.directory());
    let (_, failed) = board
        .of_kind("AgentFailed")
        .next()
        .expect("the failure is not on the board");
    assert_eq!(failed["instance"], "modeler-linear");
    assert!(board.champion().0.id > 0);
    host.verify(run.directory()).must_end_with(0);
}

// -------------------------------------------------------------------------------------- the disk

fn plugins_of_a_run(way: SmallDisk) -> u64 {
    let host = Host::new();
    let run = host.run(&small().write(host.place()), "whole");
    run.call().must_end_with(0);
    way.plugins(run.directory())
}

#[test]
fn a_disk_that_is_full_before_a_run_has_begun_leaves_nothing_behind() {
    let (host, way) = (Host::new(), SmallDisk::here());
    let directory = small().write(host.place());
    let kept = host.at("kept");
    let spoken = way.run(
        &host,
        host.run(&directory, "full"),
        plugins_of_a_run(way) / 2,
        &kept,
    );
    spoken.must_end_with(8);
    orderly(&host, &kept, &spoken);
}

#[test]
fn a_disk_that_is_full_in_the_middle_stops_the_run_and_with_more_room_it_goes_on() {
    let way = SmallDisk::here();
    let plugins = plugins_of_a_run(way);
    let mut resumed = 0;
    for kib in [96, 192, 320, 448, 640, 896] {
        let host = Host::new();
        let directory = small().write(host.place());
        let kept = host.at("kept");
        let spoken = way.run(
            &host,
            host.run(&directory, "full"),
            plugins + (kib << 10),
            &kept,
        );
        if spoken.code == Some(0) {
            break;
        }
        spoken.must_end_with(8);
        if kept.join("run.toml").is_file() {
            orderly(&host, &kept, &spoken);
            host.resume(&kept).must_end_with(0);
            host.verify(&kept).must_end_with(0);
            resumed += 1;
        }
    }
    assert!(
        resumed >= 2,
        "only {resumed} disks were full in the middle of a run"
    );
}
