//! Every fault is found, and its message says where it is and what would be right.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use autods_spec::{Fault, Launch, Runbook, SpecError, Task};

fn task() -> String {
    Task::template("task-example")
}

/// Parse the template with `old` replaced by `new`.
fn broken(old: &str, new: &str) -> SpecError {
    let text = task();
    assert!(text.contains(old), "the template no longer has {old:?}");
    Task::parse("TASK.md", &text.replacen(old, new, 1)).unwrap_err()
}

fn broken_launch(old: &str, new: &str) -> SpecError {
    let text = Launch::template("task-example");
    assert!(text.contains(old), "the template no longer has {old:?}");
    let task = Task::parse("TASK.md", &task()).unwrap();
    Launch::parse("LAUNCH.md", &text.replacen(old, new, 1), &task).unwrap_err()
}

fn line_of(text: &str, needle: &str) -> u64 {
    text.lines().position(|line| line.contains(needle)).unwrap() as u64 + 1
}

#[test]
fn templates_are_valid_and_speak_of_the_new_task() {
    let task = Task::parse("TASK.md", &task()).unwrap_or_else(|e| panic!("{e}"));
    assert_eq!(task.name, "task-example");
    let launch = Launch::template("task-example");
    assert!(launch.contains("--task task-example"));
    let launch = Launch::parse("LAUNCH.md", &launch, &task).unwrap_or_else(|e| panic!("{e}"));
    assert_eq!(launch.teams.len(), 2);
    assert_eq!(launch.budget.wall.0.as_secs(), 1800);
}

#[test]
fn an_unknown_key_names_file_line_key_and_the_nearest_valid_key() {
    let error = broken("primary_metric: auroc", "primary_metrics: auroc");
    assert_eq!(error.file, "TASK.md");
    assert_eq!(error.line, line_of(&task(), "primary_metric: auroc"));
    let Fault::UnknownKey {
        key,
        nearest,
        valid,
    } = error.fault.as_ref()
    else {
        panic!("{error}")
    };
    assert_eq!(key, "primary_metrics");
    assert_eq!(nearest.as_deref(), Some("primary_metric"));
    assert!(valid.contains(&"endpoint".to_owned()));
    assert!(
        error
            .to_string()
            .contains("did you mean `primary_metric`? Valid here: name, title,"),
        "{error}"
    );
}

#[test]
fn an_unknown_key_deep_in_a_list_says_where_in_the_structure_it_is() {
    let error = broken("label: Sex", "lable: Sex");
    assert_eq!(error.line, line_of(&task(), "label: Sex"));
    assert_eq!(error.place, "data[0].columns[2]");
    assert!(
        error.to_string().contains("did you mean `label`?"),
        "{error}"
    );
}

#[test]
fn an_unknown_word_names_the_nearest_allowed_word() {
    let error = broken("role: record-id", "role: record_id");
    assert!(
        error
            .to_string()
            .contains("unknown value `record_id`; did you mean `record-id`?"),
        "{error}"
    );
    assert_eq!(error.line, line_of(&task(), "role: record-id"));
}

#[test]
fn a_missing_key_is_named() {
    let error = broken("question: Which stays are followed by the outcome?\n", "");
    assert_eq!(*error.fault, Fault::MissingKey("question".to_owned()));
}

#[test]
fn a_key_that_stands_twice_is_named() {
    let error = broken("unit: stay_id", "unit: stay_id\nunit: stay_id");
    assert_eq!(*error.fault, Fault::DuplicateKey(Some("unit".to_owned())));
    assert_eq!(error.line, line_of(&task(), "unit: stay_id") + 1);
}

#[test]
fn a_value_of_the_wrong_type_is_in_its_line() {
    let error = broken("sensitive: true", "sensitive: maybe");
    assert_eq!(error.line, line_of(&task(), "sensitive: true"));
    assert!(error.to_string().contains("`true` or `false`"), "{error}");
    let error = broken_launch("folds: 5", "folds: five");
    assert!(matches!(*error.fault, Fault::WrongType { .. }), "{error}");
    let error = broken_launch("wall: 30m", "wall: 30 minutes");
    assert!(error.to_string().contains("1h30m"), "{error}");
    assert_eq!(
        error.line,
        line_of(&Launch::template("task-example"), "wall: 30m")
    );
}

#[test]
fn files_without_front_matter_and_without_anything_are_refused() {
    let error = Task::parse("TASK.md", "# Task\n").unwrap_err();
    assert_eq!((error.line, *error.fault), (1, Fault::NoFrontMatter));
    let error = Task::parse("TASK.md", "").unwrap_err();
    assert_eq!(*error.fault, Fault::NoFrontMatter);
    let error = Task::parse("TASK.md", "---\nname: task-a\n").unwrap_err();
    assert_eq!(*error.fault, Fault::UnclosedFrontMatter);
    assert!(Task::parse("TASK.md", "---\n---\n").is_err());
    let error = Task::parse("TASK.md", "---\nname: [unclosed\n---\n").unwrap_err();
    assert!(error.line >= 2, "{error}");
    let error = Task::read(std::path::Path::new("/nonexistent")).unwrap_err();
    assert!(matches!(*error.fault, Fault::Unreadable(_)));
}

/// `(what is replaced, by what, the place of the error, a part of its message)`.
type Case = (&'static str, &'static str, &'static str, &'static str);

#[test]
fn a_task_whose_parts_do_not_fit_is_refused_where_it_does_not_fit() {
    let cases: &[Case] = &[
        ("name: task-example", "name: example", "name", "task-"),
        (
            "column: outcome",
            "column: outcomes",
            "endpoint.column",
            "did you mean `outcome`?",
        ),
        (
            "column: outcome",
            "column: sex",
            "endpoint.column",
            "role: outcome",
        ),
        (
            "  table: stays\n",
            "  table: stay\n",
            "endpoint.table",
            "did you mean `stays`?",
        ),
        (
            "positive: [\"yes\"]",
            "positive: [ja]",
            "endpoint.positive[0]",
            "code of `outcome`",
        ),
        (
            "positive: [\"yes\"]",
            "positive: []",
            "endpoint.positive",
            "at least one code",
        ),
        (
            "negative: [\"no\"]",
            "negative: [\"yes\"]",
            "endpoint.negative[0]",
            "both positive and negative",
        ),
        ("unit: stay_id", "unit: person_id", "unit", "record-id"),
        (
            "groups: [person_id]",
            "groups: [persons]",
            "groups[0]",
            "did you mean `person_id`?",
        ),
        (
            "groups: [person_id]",
            "groups: [sex]",
            "groups[0]",
            "role: subject",
        ),
        ("groups: [person_id]", "groups: []", "groups", "person"),
        (
            "primary_metric: auroc",
            "primary_metric: brier",
            "primary_metric",
            "auroc",
        ),
        (
            "[0.1, 0.2, 0.3]",
            "[0.2, 0.1]",
            "decision_thresholds[1]",
            "ascending",
        ),
        (
            "[0.1, 0.2, 0.3]",
            "[0, 0.1]",
            "decision_thresholds[0]",
            "above 0",
        ),
        ("[0.1, 0.2, 0.3]", "[]", "decision_thresholds", "1 to 20"),
        (
            "loader: loader-table",
            "loader: table",
            "data[0].loader",
            "loader-table",
        ),
        (
            "files: [stays.csv, stays.csv.gz]",
            "files: [../stays.csv]",
            "data[0].files[0]",
            "`..`",
        ),
        (
            "files: [stays.csv, stays.csv.gz]",
            "files: []",
            "data[0].files",
            "at least one",
        ),
        (
            "name: days,",
            "name: sex,",
            "data[0].columns[4].name",
            "declared twice",
        ),
        (
            "type: integer, unit: d",
            "type: category, unit: d",
            "data[0].columns[4].unit",
            "only a number",
        ),
        (
            "type: identifier, role: subject",
            "type: text, role: subject",
            "data[0].columns[1].type",
            "identifier",
        ),
        ("rows: 3000", "rows: 3", "synthetic.rows", "100 to"),
        (
            "{F: 0.53, M: 0.47}",
            "{F: 0.53, W: 0.47}",
            "synthetic.columns.sex.levels.W",
            "no code of `sex`",
        ),
        (
            "{F: 0.53, M: 0.47}",
            "{F: 0, M: 0}",
            "synthetic.columns.sex.levels",
            "above 0",
        ),
        (
            "    days: {count",
            "    dayz: {count",
            "synthetic.columns.dayz",
            "did you mean `days`?",
        ),
        (
            "exclude: []\n",
            "exclude: [{column: outcome, codes: [\"no\"], reason: x}]\n",
            "population.exclude[0].column",
            "index date",
        ),
    ];
    for (old, new, place, part) in cases {
        let error = broken(old, new);
        assert_eq!(error.place, *place, "{old:?} -> {new:?}: {error}");
        assert!(
            error.to_string().contains(part),
            "{old:?} -> {new:?}: {error}"
        );
        assert!(error.line > 1, "{error}");
    }
}

#[test]
fn a_launch_out_of_range_or_beside_its_task_is_refused() {
    let cases: &[Case] = &[
        ("folds: 5", "folds: 1", "cv_strategy.folds", "2 to 20"),
        (
            "lockbox: 0.2",
            "lockbox: 0.6",
            "cv_strategy.lockbox",
            "0 to 0.5",
        ),
        (
            "lockbox: 0.2",
            "lockbox: 0",
            "budget.lockbox_opens",
            "nothing to open",
        ),
        ("quorum: 2", "quorum: 4", "critique_policy.quorum", "1 to 3"),
        ("seeds: [11, 23, 47]", "seeds: []", "seeds", "1 to 20"),
        (
            "seeds: [11, 23, 47]",
            "seeds: [11, 23, 11]",
            "seeds[2]",
            "twice",
        ),
        (
            "fairness_subgroups: [sex, age_band]",
            "fairness_subgroups: [sex, age]",
            "fairness_subgroups[1]",
            "no column `age`",
        ),
        (
            "fairness_subgroups: [sex, age_band]",
            "fairness_subgroups: [sex]",
            "fairness_subgroups",
            "`age_band` sensitive",
        ),
        (
            "fairness_subgroups: [sex, age_band]",
            "fairness_subgroups: [sex, age_band, days]",
            "fairness_subgroups[2]",
            "category",
        ),
        (
            "  metric: auroc",
            "  metric: brier",
            "promotion_criteria.metric",
            "decides by `auroc`",
        ),
        (
            "slope_within: [0.8, 1.2]",
            "slope_within: [1.2, 0.8]",
            "promotion_criteria.slope_within",
            "around 1",
        ),
        (
            "threshold: 11",
            "threshold: 1",
            "deident_policy.threshold",
            "5 to 100",
        ),
        (
            "agent: agent-modeler",
            "agent: modeler",
            "teams[0].agent",
            "agent-modeler",
        ),
        ("name: boosting", "name: linear", "teams[1]", "twice"),
        (
            "methods: [method-impute-encode-scale]",
            "agents: [{role: validator, agent: critic}]",
            "agents[0].agent",
            "agent-",
        ),
        (
            "methods: [method-impute-encode-scale]",
            "agents: [{role: validator, agent: agent-a}, {role: validator, agent: agent-b}]",
            "agents[1].role",
            "twice",
        ),
        (
            "methods: [method-impute-encode-scale]",
            "agents: [{role: validator, agent: agent-a, params: {Far: 1}}]",
            "agents[0].params.Far",
            "kebab-case",
        ),
        ("wall: 30m", "wall: 30s", "budget.wall", "1m"),
    ];
    for (old, new, place, part) in cases {
        let error = broken_launch(old, new);
        assert_eq!(error.place, *place, "{old:?} -> {new:?}: {error}");
        assert!(
            error.to_string().contains(part),
            "{old:?} -> {new:?}: {error}"
        );
    }
    let error = broken_launch("seeds: [11, 23, 47]", "sedes: [11, 23, 47]");
    assert!(
        error.to_string().contains("did you mean `seeds`?"),
        "{error}"
    );
}

#[test]
fn the_projects_own_runbook_is_valid_and_keeps_its_gates() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../runbook.md");
    let text = std::fs::read_to_string(path).unwrap();
    let runbook = Runbook::parse("runbook.md", &text).unwrap_or_else(|e| panic!("{e}"));
    assert_eq!(runbook.transitions.len(), 8);
    assert_eq!(
        runbook.conditions("explore", "validate").unwrap(),
        ["champion-promoted"]
    );
    let broken = |old: &str, new: &str| {
        assert!(text.contains(old), "the runbook no longer has {old:?}");
        Runbook::parse("runbook.md", &text.replacen(old, new, 1))
            .unwrap_err()
            .to_string()
    };
    assert!(broken("rescan-clean", "rescan-cleaned").contains("did you mean `rescan-clean`?"));
    assert!(broken("rescan-clean, ", "").contains("must have the condition `rescan-clean`"));
    assert!(broken("lockbox-opened-once, ", "").contains("lockbox-opened-once"));
    assert!(broken("from: govern", "from: ingest").contains("no way from `ingest` to `design`"));
}

#[test]
fn the_three_spellings_of_codings_mean_the_same() {
    let codings = |yaml: &str| {
        let text = task().replacen("codings: {F: Female, M: Male}", yaml, 1);
        let text = text.replace("sex: {levels: {F: 0.53, M: 0.47}, per: subject}", "");
        Task::parse("TASK.md", &text)
            .unwrap_or_else(|e| panic!("{e}"))
            .column("sex")
            .unwrap()
            .codings
            .clone()
    };
    let map = codings("codings: {1: one, NO: nein, yes: ja}");
    assert_eq!(
        map,
        codings(
            "codings: [{code: 1, label: one}, {code: NO, label: nein}, {code: yes, label: ja}]"
        )
    );
    assert_eq!(map, codings("codings: [1: one, NO: nein, yes: ja]"));
    let plain = codings("codings: [1, NO, 007]");
    assert_eq!(
        plain.iter().map(|c| c.code.as_str()).collect::<Vec<_>>(),
        ["1", "NO", "007"]
    );
    assert!(
        broken("codings: {F: Female, M: Male}", "codings: [1.0]")
            .to_string()
            .contains("quote")
    );
    let error = broken(
        "codings: {F: Female, M: Male}",
        "codings: [{code: a, lable: b}]",
    );
    assert!(
        error.to_string().contains("did you mean `label`?"),
        "{error}"
    );
}

proptest::proptest! {
    #[test]
    fn no_text_makes_the_parser_panic(at in 0_usize..6000, with in "[-a-z0-9:{}\\[\\]\"'&*!|>%@ \\n]{0,12}") {
        let text = task();
        let at = (0..=at.min(text.len())).rev().find(|i| text.is_char_boundary(*i)).unwrap_or(0);
        let changed = format!("{}{}{}", &text[..at], with, &text[at..]);
        let _ = Task::parse("TASK.md", &changed);
        let _ = Runbook::parse("runbook.md", &changed);
    }
}

#[test]
fn what_a_file_says_does_not_act_on_the_terminal_that_shows_its_error() {
    for key in [r#""\u001b[31mred""#, r#""\u202egnp.exe""#, "\"a\\nb\""] {
        let error = broken(
            "primary_metric: auroc",
            &format!("{key}: 1\nprimary_metric: auroc"),
        );
        let shown = error.to_string();
        assert!(shown.contains("unknown key"), "{shown}");
        assert!(shown.contains('\u{fffd}'), "{shown:?}");
        assert!(
            !shown.chars().any(|c| c.is_control() || c == '\u{202e}'),
            "{shown:?}"
        );
    }
}
