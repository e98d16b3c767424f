//! A task made from a file checks and runs by following what is printed, and a file that tells
//! nothing is refused with what to do.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::{fmt::Write as _, fs};

use autods_tests::{Chance, Host, Spoken};

/// Stays of returning persons; age, days and earlier stays tell a little about who died.
fn stays(rows: usize, between: char) -> String {
    let mut chance = Chance::new(9);
    let header = [
        "person_id",
        "stay_id",
        "sex",
        "age",
        "days",
        "ward",
        "earlier_stays",
        "died",
    ];
    let mut text = header.join(&between.to_string()) + "\n";
    let mut person = 40_001;
    for row in 0..rows {
        person += usize::from(chance.happens(0.7)) * 3;
        let sex = ["F", "M"][chance.below(2)];
        let (age, days) = (20 + chance.below(65), 1 + chance.below(14));
        let ward = ["A", "B", "C", "D"][chance.below(4)];
        let earlier = (0..4).filter(|_| chance.happens(0.25)).count();
        let log_odds =
            -2.2 + 0.03 * (age as f64 - 52.0) + 0.6 * earlier as f64 + 0.05 * (days as f64 - 7.5);
        let died = u8::from(chance.happens(1.0 / (1.0 + f64::exp(-log_odds))));
        let stay = 700_001 + 7 * row;
        writeln!(
            text,
            "{person}{between}{stay}{between}{sex}{between}{age}{between}{days}{between}{ward}{between}{earlier}{between}{died}"
        )
        .unwrap();
    }
    text
}

fn new_from(host: &Host, text: &str) -> Spoken {
    fs::create_dir_all(host.at("data")).unwrap();
    fs::write(host.at("data/stays.csv"), text).unwrap();
    host.call(["task", "new", "task-mine", "--from", "data/stays.csv"])
}

#[test]
fn a_task_made_from_a_file_checks_and_runs_as_it_is() {
    let host = Host::new();
    let made = new_from(&host, &stays(1500, ','));
    made.must_end_with(0);
    for said in [
        "CHANGE ME: the question",
        "# CHECK",
        "then check: ",
        "then run: ",
    ] {
        assert!(made.out.contains(said), "`{said}` was not said\n{made}");
    }
    host.call(["task", "check", "tasks/task-mine"])
        .must_end_with(0);
    let task = fs::read_to_string(host.at("tasks/task-mine/TASK.md")).unwrap();
    for line in [
        "groups: [\"person_id\"]",
        "unit: \"stay_id\"",
        "column: \"died\" #",
        "positive: [\"1\"] #",
        "negative: [\"0\"] #",
    ] {
        assert!(task.contains(line), "`{line}` is not in\n{task}");
    }
    assert!(!task.contains("synthetic"));
    let launch = fs::read_to_string(host.at("tasks/task-mine/LAUNCH.md")).unwrap();
    assert!(launch.contains("fairness_subgroups: [\"sex\"]"), "{launch}");

    // the command that is printed is the command that works
    let command = made
        .out
        .lines()
        .find_map(|l| l.strip_prefix("then run:"))
        .unwrap();
    let words: Vec<&str> = command.split_whitespace().skip(1).collect();
    host.call(words).must_end_with(0);
    let readme = fs::read_to_string(host.at("tasks/task-mine/README.md")).unwrap();
    assert!(readme.contains(command.trim()), "{readme}");
    assert!(host.at("tasks/first_try/report/report.html").is_file());
}

#[test]
fn fields_between_semicolons_are_told_apart() {
    let host = Host::new();
    new_from(&host, &stays(300, ';')).must_end_with(0);
    host.call(["task", "check", "tasks/task-mine"])
        .must_end_with(0);
    let task = fs::read_to_string(host.at("tasks/task-mine/TASK.md")).unwrap();
    assert!(
        task.contains("delimiter: \";\"") && task.contains("\"earlier_stays\""),
        "{task}"
    );
}

#[test]
fn a_code_of_few_rows_is_not_written() {
    let host = Host::new();
    let text = stays(300, ',').replacen(",A,", ",Zyxwv,", 10);
    new_from(&host, &text).must_end_with(0);
    host.call(["task", "check", "tasks/task-mine"])
        .must_end_with(0);
    let task = fs::read_to_string(host.at("tasks/task-mine/TASK.md")).unwrap();
    assert!(!task.contains("Zyxwv"), "{task}");
}

#[test]
fn without_an_outcome_the_file_and_the_message_say_what_to_write() {
    let host = Host::new();
    let text: String = stays(300, ',')
        .lines()
        .map(|line| line.rsplit_once(',').unwrap().0.replace(",M,", ",F,") + "\n")
        .collect();
    let made = new_from(&host, &text);
    made.must_end_with(0);
    assert!(made.out.contains("no outcome was found"), "{made}");
    let check = host.call(["task", "check", "tasks/task-mine"]);
    check.must_end_with(3);
    check.must_say(&["endpoint.column"]);
}

#[test]
fn a_file_that_tells_nothing_is_refused_and_nothing_is_made() {
    let full = stays(300, ',');
    let header = full.lines().next().unwrap().to_owned() + "\n";
    let unnumbered: String = full
        .lines()
        .map(|l| l.splitn(3, ',').nth(2).unwrap().to_owned() + "\n")
        .collect();
    let torn = full.clone() + "1,2,3\n";
    for (text, said) in [
        ("", "the file is empty"),
        (header.as_str(), "no row"),
        ("a\n1\n2\n", "only one column"),
        (unnumbered.as_str(), "awk"),
        (torn.as_str(), "line 302"),
    ] {
        let host = Host::new();
        let made = new_from(&host, text);
        made.must_end_with(4);
        made.must_say(&[said]);
        assert!(!host.at("tasks/task-mine").exists());
    }
}
