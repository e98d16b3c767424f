//! An outsider has the program and the book, nothing of this checkout: from `plugin new` to a run
//! of a task that names the outsider's loader, without one change in `host/`.

#![allow(clippy::unnecessary_to_owned, reason = "an owned list of arguments")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

use autods_tests::{Chance, Host, Spoken, copy_tree, kept, plugins};

/// Where outsiders compile: kept between runs, so that only what they wrote is compiled again.
fn target() -> PathBuf {
    let kept = kept().join("outsiders");
    fs::create_dir_all(&kept).unwrap();
    kept
}

fn call(host: &Host, arguments: &[&str]) -> Spoken {
    let mut command = host.command(arguments);
    command
        .env("CARGO_TARGET_DIR", target())
        .env_remove("RUSTFLAGS");
    Spoken::from(command.output().unwrap())
}

fn said(spoken: &Spoken, words: &[&str]) {
    for word in words {
        assert!(
            spoken.all().contains(word),
            "`{word}` was not said\n{spoken}"
        );
    }
}

/// Stays of returning persons, as records with a comma between fields.
fn stays(rows: usize) -> String {
    let mut chance = Chance::new(11);
    let mut text = "person_id,stay_id,sex,age,days,earlier_stays,died\n".to_owned();
    let mut person = 40_001;
    for row in 0..rows {
        person += usize::from(chance.happens(0.7)) * 3;
        let sex = ["F", "M"][chance.below(2)];
        let (age, days) = (20 + chance.below(65), 1 + chance.below(14));
        let earlier = (0..4).filter(|_| chance.happens(0.25)).count();
        let log_odds = -2.2 + 0.03 * (age as f64 - 52.0) + 0.6 * earlier as f64;
        let died = u8::from(chance.happens(1.0 / (1.0 + f64::exp(-log_odds))));
        let stay = 700_001 + 7 * row;
        writeln!(text, "{person},{stay},{sex},{age},{days},{earlier},{died}").unwrap();
    }
    text
}

/// The same as records of fixed width.
fn fixed(text: &str) -> String {
    let width = 9;
    let mut lines = text.lines();
    let names: Vec<&str> = lines.next().unwrap().split(',').collect();
    let mut fixed = "#width".to_owned();
    for name in names {
        write!(fixed, " {name}={width}").unwrap();
    }
    for line in lines {
        fixed.push('\n');
        for field in line.split(',') {
            write!(fixed, "{field:<width$}").unwrap();
        }
    }
    fixed + "\n"
}

#[test]
fn an_outsiders_loader_goes_from_an_empty_folder_to_a_finished_run() {
    let host = Host::new();
    fs::create_dir(host.at("elsewhere")).unwrap();
    call(
        &host,
        &[
            "plugin",
            "new",
            "fixed-width",
            "--world",
            "loader",
            "--in",
            "elsewhere",
        ],
    )
    .must_end_with(0);
    let folder = "elsewhere/loader-fixed-width";

    // what an author writes
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/outsider");
    for replaced in ["src", "tests"] {
        fs::remove_dir_all(host.at(folder).join(replaced)).unwrap();
    }
    copy_tree(&fixture, &host.at(folder));

    let built = call(&host, &["plugin", "build", folder]);
    built.must_end_with(0);
    said(
        &built,
        &["read-sources", "emit-rows", "dist/loader-fixed-width.wasm"],
    );
    let tested = call(&host, &["plugin", "test", folder]);
    tested.must_end_with(0);
    said(&tested, &["native tests: passed", "2 of 2 cases passed"]);
    let checked = call(&host, &["plugin", "check", folder]);
    checked.must_end_with(0);
    said(&checked, &["nothing to do"]);

    // onto a server that has the bundled plugins
    copy_tree(&plugins(), &host.at("plugins"));
    let installed = call(&host, &["plugin", "install", folder, "--into", "plugins"]);
    installed.must_end_with(0);
    said(
        &installed,
        &["installed loader-fixed-width 0.1.0", "pinned"],
    );

    // a task that names it
    let text = stays(1500);
    fs::create_dir(host.at("data")).unwrap();
    fs::write(host.at("data/stays.csv"), &text).unwrap();
    call(
        &host,
        &["task", "new", "task-theirs", "--from", "data/stays.csv"],
    )
    .must_end_with(0);
    let task = host.at("tasks/task-theirs/TASK.md");
    let written = fs::read_to_string(&task).unwrap();
    let named = written
        .replace("loader-table", "loader-fixed-width")
        .replace("stays.csv", "stays.fix");
    let named: String = named
        .lines()
        .filter(|line| !line.trim_start().starts_with("delimiter:"))
        .map(|line| format!("{line}\n"))
        .collect();
    fs::write(&task, named).unwrap();
    fs::remove_file(host.at("data/stays.csv")).unwrap();
    fs::write(host.at("data/stays.fix"), fixed(&text)).unwrap();

    let run = host
        .run(&task.parent().unwrap().to_owned(), "theirs")
        .data(&host.at("data"))
        .plugins(&host.at("plugins"));
    run.call().must_end_with(0);
    assert!(run.directory().join("report/report.html").is_file());
    assert!(
        run.directory()
            .join("plugins/loader-fixed-width.wasm")
            .is_file()
    );
    let ledger = fs::read_to_string(run.directory().join("ledger.jsonl")).unwrap();
    assert!(ledger.contains("loader-fixed-width"));

    // and off again
    call(
        &host,
        &[
            "plugin",
            "remove",
            "loader-fixed-width",
            "--from",
            "plugins",
        ],
    )
    .must_end_with(0);
    assert!(!host.at("plugins/loader-fixed-width.wasm").exists());
    assert!(
        !fs::read_to_string(host.at("plugins/autods.lock"))
            .unwrap()
            .contains("fixed-width")
    );
}

#[test]
fn a_new_plugin_of_every_world_builds_passes_its_tests_and_has_nothing_left_to_do() {
    let host = Host::new();
    for world in ["loader", "method", "agent"] {
        let folder = format!("{world}-first");
        call(&host, &["plugin", "new", "first", "--world", world]).must_end_with(0);
        let tested = call(&host, &["plugin", "test", &folder]);
        tested.must_end_with(0);
        said(&tested, &["native tests: passed", "3 of 3 cases passed"]);
        let checked = call(&host, &["plugin", "check", &folder]);
        checked.must_end_with(0);
        said(&checked, &["nothing to do"]);
        let packed = call(&host, &["plugin", "pack", &folder]);
        packed.must_end_with(0);
        let package = format!("{folder}-0.1.0.tar.gz");
        call(&host, &["plugin", "install", &package, "--into", "plugins"]).must_end_with(0);
        assert!(host.at(&format!("plugins/{folder}.wasm")).is_file());
    }
    refuses_to_overwrite(&host);
    a_case_is_timed_here_and_natively(&host);
    a_panic_is_shown_with_its_line(&host);
    a_difference_is_shown_with_its_row(&host);
}

fn a_case_is_timed_here_and_natively(host: &Host) {
    let arguments = ["plugin", "bench", "loader-first", "--json"];
    let timed = call(host, &arguments);
    timed.must_end_with(0);
    let times: serde_json::Value = serde_json::from_str(&timed.out).unwrap();
    let readings = times
        .as_array()
        .unwrap()
        .iter()
        .find(|case| case["case"] == "readings")
        .unwrap();
    for measured in ["median_ms", "native_ms", "memory_mib"] {
        assert!(readings[measured].as_f64().unwrap() > 0.0, "{timed}");
    }
    let alone = call(host, &[&arguments[..], &["--no-native"]].concat());
    alone.must_end_with(0);
    assert!(alone.out.contains("\"native_ms\": null"), "{alone}");
}

fn refuses_to_overwrite(host: &Host) {
    let again = call(host, &["plugin", "new", "first", "--world", "loader"]);
    again.must_end_with(2);
    again.must_say(&["already there"]);
}

fn a_panic_is_shown_with_its_line(host: &Host) {
    let source = host.at("agent-first/src/judgement.rs");
    let text = fs::read_to_string(&source).unwrap();
    let mark = "    let endorsed";
    let line = 1 + text
        .lines()
        .position(|line| line.starts_with(mark))
        .unwrap();
    let broken = text.replacen(
        mark,
        &format!("    assert!(target > 1, \"no such\\nluck\");\n{mark}"),
        1,
    );
    fs::write(&source, broken).unwrap();
    let tested = call(host, &["plugin", "test", "agent-first", "--no-native"]);
    tested.must_end_with(5);
    said(
        &tested,
        &[
            "trap-unreachable",
            &format!("act said: panicked at src/judgement.rs:{line}:5: no such"),
            "act said: luck",
        ],
    );
}

fn a_difference_is_shown_with_its_row(host: &Host) {
    let expected = host.at("loader-first/tests/cases/readings/expected/readings.csv");
    let text = fs::read_to_string(&expected).unwrap();
    fs::write(&expected, text.replace("p2,48", "p2,49")).unwrap();
    let arguments = [
        "plugin",
        "test",
        "loader-first",
        "--no-native",
        "--no-build",
    ];
    let tested = call(host, &arguments);
    tested.must_end_with(5);
    said(
        &tested,
        &[
            "row 2, column `age`: expected `49`, found `48`",
            "2 of 3 cases passed",
        ],
    );
    let blessed = call(host, &[&arguments[..], &["--bless"]].concat());
    blessed.must_end_with(0);
    assert_eq!(fs::read_to_string(&expected).unwrap(), text);
}
