//! What recipes give, and how wrong ones are reported.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use autods_sdk::method::{FaultCode, Recipe, Step, Table};
use autods_sdk::params::{param_integer, param_number, param_text};
use autods_sdk::testkit::{apply, fit};
use common::{integers, names, numbers, output, plain, recipe, rows, step, texts};
use method_impute_encode_scale::ImputeEncodeScale;
use proptest::prelude::*;

fn cohort() -> Vec<Table> {
    let repeat = |values: [Option<&'static str>; 4]| texts(values.into_iter().cycle().take(40));
    rows(vec![
        (
            "age",
            repeat([Some("[70-80)"), Some("[0-10)"), None, Some("old")]),
        ),
        (
            "diag",
            repeat([Some("250.83"), Some("428"), Some("V45"), None]),
        ),
        (
            "insulin",
            repeat([Some("Up"), Some("No"), None, Some("Steady")]),
        ),
        (
            "metformin",
            repeat([Some("No"), Some("No"), Some("No"), Some("Up")]),
        ),
        (
            "stay",
            numbers(
                [Some(1.0), Some(3.0), None, Some(8.0)]
                    .into_iter()
                    .cycle()
                    .take(40),
            ),
        ),
        ("empty", numbers(std::iter::repeat_n(None, 40))),
        (
            "y",
            numbers((0..40).map(|row| Some(f64::from(u8::from(row % 3 == 0))))),
        ),
        ("fold", integers((0..40).map(|row| row % 5))),
    ])
}

fn column_0_1(left: &str, right: &str) -> Vec<autods_sdk::Param> {
    vec![param_text("column-0", left), param_text("column-1", right)]
}

fn fault(recipe: &Recipe) -> (FaultCode, Option<u32>) {
    let fault = fit::<ImputeEncodeScale>(cohort(), recipe, 1).unwrap_err();
    (fault.code, fault.column)
}

#[test]
fn columns_are_named_after_column_step_and_level() {
    let one_hot = || step("one-hot", vec![param_integer("min-count", 5)]);
    let recipe = recipe(&[
        (
            "age",
            vec![plain("band-midpoint"), plain("missing-indicator")],
        ),
        ("diag", vec![plain("icd9-chapter"), one_hot()]),
        (
            "diag",
            vec![plain("icd9-category"), step("target-encode", vec![])],
        ),
        (
            "diag",
            vec![step("one-hot", vec![param_integer("min-count", 11)])],
        ),
        ("stay", vec![]),
        (
            "doses",
            vec![step("pair", column_0_1("insulin", "metformin")), one_hot()],
        ),
    ]);
    let fitted = fit::<ImputeEncodeScale>(cohort(), &recipe, 1).unwrap();
    assert_eq!(
        names(&fitted.train),
        [
            "age",
            "age:missing",
            "diag:chapter=circulatory",
            "diag:chapter=diabetes",
            "diag:chapter=supplementary",
            "diag:chapter=missing",
            "diag:category-target",
            "diag=rare",
            "diag=missing",
            "stay",
            "doses=No|No",
            "doses=Steady|Up",
            "doses=Up|No",
            "doses=missing|No",
        ]
    );
    assert_eq!(
        output(&fitted.train, "age")[..4],
        [Some(75.0), Some(5.0), None, None]
    );
    assert_eq!(
        output(&fitted.train, "stay")[..4],
        [Some(1.0), Some(3.0), None, Some(8.0)]
    );
}

#[test]
fn combinations_look_at_several_columns() {
    let mut unlike = column_0_1("insulin", "metformin");
    unlike.push(param_text("value", "No"));
    let recipe = recipe(&[
        ("changes", vec![step("count-unlike", unlike)]),
        ("sum", vec![step("sum", column_0_1("stay", "y"))]),
        (
            "nothing",
            vec![step("sum", vec![param_text("column-0", "empty")])],
        ),
    ]);
    let fitted = fit::<ImputeEncodeScale>(cohort(), &recipe, 1).unwrap();
    let start = |name| output(&fitted.train, name)[..4].to_vec();
    assert_eq!(
        start("changes"),
        [Some(1.0), Some(0.0), Some(0.0), Some(2.0)]
    );
    assert_eq!(start("sum"), [Some(2.0), Some(3.0), Some(0.0), Some(9.0)]);
    assert_eq!(start("nothing"), [None; 4]);
}

#[test]
fn a_level_that_training_never_saw_is_rare_or_nothing() {
    let one_hot = |min| step("one-hot", vec![param_integer("min-count", min)]);
    let recipe = recipe(&[("diag", vec![one_hot(20)]), ("insulin", vec![one_hot(1)])]);
    let fitted = fit::<ImputeEncodeScale>(cohort(), &recipe, 1).unwrap();
    let new = rows(vec![
        ("diag", texts([Some("999"), None])),
        ("insulin", texts([Some("Down"), Some("missing")])),
    ]);
    let applied = apply::<ImputeEncodeScale>(&fitted.state, new).unwrap();
    assert_eq!(output(&applied, "diag=rare"), [Some(1.0), Some(0.0)]);
    assert_eq!(output(&applied, "diag=missing"), [Some(0.0), Some(1.0)]);
    for level in ["Up", "No", "Steady"] {
        assert_eq!(
            output(&applied, &format!("insulin={level}")),
            [Some(0.0); 2]
        );
    }
    assert_eq!(output(&applied, "insulin=missing"), [Some(0.0), Some(1.0)]);
}

#[test]
fn codes_that_read_like_our_words_do_not_clash_with_them() {
    let column = texts([
        Some("rare"),
        Some("missing"),
        None,
        Some("a"),
        Some("b"),
        Some("a"),
    ]);
    let recipe = recipe(&[(
        "c",
        vec![step("one-hot", vec![param_integer("min-count", 2)])],
    )]);
    let fitted = fit::<ImputeEncodeScale>(rows(vec![("c", column)]), &recipe, 1).unwrap();
    assert_eq!(names(&fitted.train), ["c=a", "c=rare", "c=missing"]);
    let sums = |name| {
        output(&fitted.train, name)
            .into_iter()
            .flatten()
            .sum::<f32>()
    };
    assert_eq!((sums("c=rare"), sums("c=missing")), (2.0, 2.0));
}

#[test]
fn wrong_recipes_are_faults_that_name_their_column() {
    let second = |steps: Vec<Step>, name: &'static str| recipe(&[("stay", vec![]), (name, steps)]);
    for (steps, column, code) in [
        (vec![plain("one-hto")], "age", FaultCode::UnknownParameter),
        (
            vec![step("one-hot", vec![param_integer("minimum", 5)])],
            "age",
            FaultCode::UnknownParameter,
        ),
        (
            vec![step("one-hot", vec![param_integer("min-count", 0)])],
            "age",
            FaultCode::ParameterOutOfRange,
        ),
        (
            vec![step("target-encode", vec![param_number("smoothing", 0.0)])],
            "age",
            FaultCode::ParameterOutOfRange,
        ),
        (vec![plain("standardise")], "age", FaultCode::InvalidValue),
        (vec![], "age", FaultCode::InvalidValue),
        (vec![plain("one-hot")], "empty", FaultCode::InvalidValue),
        (
            vec![plain("one-hot"), plain("standardise")],
            "age",
            FaultCode::InvalidValue,
        ),
        (
            vec![plain("log1p"), plain("icd9-chapter")],
            "diag",
            FaultCode::InvalidValue,
        ),
        (vec![plain("one-hot")], "nowhere", FaultCode::MissingInput),
        (
            vec![plain("band-midpoint"), step("sum", column_0_1("stay", "y"))],
            "age",
            FaultCode::UnknownParameter,
        ),
        (
            vec![step("pair", vec![param_text("column-0", "age")])],
            "new",
            FaultCode::ParameterOutOfRange,
        ),
        (vec![plain("log1p")], "stay", FaultCode::DuplicateColumn),
    ] {
        let found = fault(&second(steps.clone(), column));
        assert_eq!(found, (code, Some(1)), "{column} {steps:?}");
    }
}

#[test]
fn target_encoding_needs_the_outcome_both_classes_and_the_inner_folds() {
    let encode = || recipe(&[("diag", vec![plain("target-encode")])]);
    let mut blind = encode();
    blind.outcome = None;
    assert_eq!(fault(&blind), (FaultCode::MissingInput, Some(0)));
    let mut uncrossed = encode();
    uncrossed.inner_fold = None;
    assert_eq!(fault(&uncrossed), (FaultCode::MissingInput, Some(0)));
    let mut measured = encode();
    measured.outcome = Some("stay".to_owned());
    assert_eq!(fault(&measured), (FaultCode::InvalidValue, Some(0)));
    let one_class = rows(vec![
        ("diag", texts([Some("a"), Some("b")])),
        ("y", numbers([Some(0.0), Some(0.0)])),
        ("fold", integers([0, 1])),
    ]);
    let fault = fit::<ImputeEncodeScale>(one_class, &encode(), 1).unwrap_err();
    assert_eq!(fault.code, FaultCode::InsufficientData);
}

#[test]
fn a_state_of_something_else_is_refused() {
    let recipe = recipe(&[("stay", vec![plain("impute-median")])]);
    let fitted = fit::<ImputeEncodeScale>(cohort(), &recipe, 1).unwrap();
    let text = String::from_utf8(fitted.state).unwrap();
    for state in [
        String::new(),
        "{}".to_owned(),
        text.replace("\"format\":1", "\"format\":2"),
        text.replace("method-impute", "method-other"),
        text[..text.len() - 1].to_owned(),
    ] {
        let fault = apply::<ImputeEncodeScale>(state.as_bytes(), cohort()).unwrap_err();
        assert_eq!(fault.code, FaultCode::InvalidState, "{state}");
    }
    let other = rows(vec![("x", numbers([Some(1.0)]))]);
    let fault = apply::<ImputeEncodeScale>(text.as_bytes(), other).unwrap_err();
    assert_eq!(
        (fault.code, fault.column),
        (FaultCode::MissingInput, Some(0))
    );
}

#[test]
fn the_manifest_declares_every_word_and_step() {
    let manifest: toml::Table = include_str!("../plugin.toml").parse().unwrap();
    let words: Vec<&str> = manifest["vocabulary"]["levels"]
        .as_array()
        .unwrap()
        .iter()
        .map(|word| word.as_str().unwrap())
        .collect();
    let steps = manifest["steps"].as_table().unwrap();
    let codes: Vec<String> = (0..1000)
        .flat_map(|n| {
            [
                format!("{n}"),
                format!("E{n:03}"),
                format!("V{}", n % 100),
                format!("x{n}"),
            ]
        })
        .collect();
    let columns = vec![("diag", texts(codes.iter().map(|code| Some(code.as_str()))))];
    let one_hot = || step("one-hot", vec![param_integer("min-count", 1)]);
    let recipe = recipe(&[
        ("diag", vec![plain("icd9-chapter"), one_hot()]),
        ("diag", vec![plain("icd9-category"), one_hot()]),
    ]);
    let fitted = fit::<ImputeEncodeScale>(rows(columns), &recipe, 1).unwrap();
    for name in names(&fitted.train) {
        let (word, level) = name.strip_prefix("diag:").unwrap().split_once('=').unwrap();
        assert!(words.contains(&word) && words.contains(&level), "{name}");
    }
    for used in recipe.columns.iter().flat_map(|column| &column.steps) {
        assert!(steps.contains_key(&used.name), "{}", used.name);
    }
}

proptest! {
    #[test]
    fn a_row_is_coded_the_same_alone_and_among_others(
        cells in proptest::collection::vec(
            (proptest::option::of("[abc]"), proptest::option::of(-5.0f64..50.0)),
            1..40,
        ),
        at in 0usize..40,
    ) {
        let at = at % cells.len();
        let table = |cells: &[(Option<String>, Option<f64>)]| rows(vec![
            ("diag", texts(cells.iter().map(|cell| cell.0.as_deref()))),
            ("stay", numbers(cells.iter().map(|cell| cell.1))),
        ]);
        let recipe = recipe(&[
            ("diag", vec![plain("target-encode")]),
            ("diag", vec![step("one-hot", vec![param_integer("min-count", 1)])]),
            ("stay", vec![plain("missing-indicator"), plain("log1p"), plain("winsorise"), plain("standardise")]),
        ]);
        let state = fit::<ImputeEncodeScale>(cohort(), &recipe, 1).unwrap().state;
        let together = apply::<ImputeEncodeScale>(&state, table(&cells)).unwrap();
        let alone = apply::<ImputeEncodeScale>(&state, table(&cells[at..=at])).unwrap();
        prop_assert_eq!(together[0].batch.slice(at, 1), alone[0].batch.clone());
    }
}
