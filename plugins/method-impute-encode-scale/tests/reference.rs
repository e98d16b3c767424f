//! The same numbers as scikit-learn; `fixtures/reference.py` made the expected values.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use autods_sdk::method::Table;
use autods_sdk::params::{param_integer, param_number, param_text};
use autods_sdk::testkit::{apply, fit};
use common::{integers, numbers, output, plain, recipe, rows, step, texts};
use method_impute_encode_scale::ImputeEncodeScale;
use serde_json::Value;

fn table(text: &str) -> Vec<Table> {
    let records: Vec<csv::StringRecord> = csv::Reader::from_reader(text.as_bytes())
        .records()
        .map(Result::unwrap)
        .collect();
    let number = |at: usize| numbers(records.iter().map(move |record| record[at].parse().ok()));
    rows(vec![
        (
            "colour",
            texts(records.iter().map(|record| Some(&record[0]))),
        ),
        ("y", number(1)),
        ("lab", number(2)),
        ("visits", number(3)),
        (
            "fold",
            integers(records.iter().map(|record| record[4].parse().unwrap())),
        ),
    ])
}

fn assert_close(found: &[Option<f32>], expected: &Value, what: &str) {
    let expected = expected.as_array().unwrap();
    assert_eq!(found.len(), expected.len(), "{what}");
    for (row, (found, expected)) in found.iter().zip(expected).enumerate() {
        match (found, expected.as_f64()) {
            (None, None) => {}
            (Some(found), Some(expected)) => {
                let error = (f64::from(*found) - expected).abs();
                assert!(
                    error <= 1e-6 * expected.abs().max(1.0),
                    "{what}, row {row}: {found} {expected}"
                );
            }
            other => panic!("{what}, row {row}: {other:?}"),
        }
    }
}

#[test]
fn every_step_gives_the_numbers_of_scikit_learn() {
    let expected: Value = serde_json::from_str(include_str!("fixtures/expected.json")).unwrap();
    let train = table(include_str!("fixtures/train.csv"));
    let test = table(include_str!("fixtures/test.csv"));
    let main = recipe(&[
        (
            "colour",
            vec![step("target-encode", vec![param_number("smoothing", 7.5)])],
        ),
        (
            "colour",
            vec![step("one-hot", vec![param_integer("min-count", 20)])],
        ),
        (
            "lab",
            vec![
                plain("missing-indicator"),
                plain("impute-median"),
                plain("standardise"),
            ],
        ),
        (
            "total",
            vec![step(
                "sum",
                vec![
                    param_text("column-0", "lab"),
                    param_text("column-1", "visits"),
                ],
            )],
        ),
    ]);
    let winsorise = step(
        "winsorise",
        vec![param_number("lower", 0.05), param_number("upper", 0.9)],
    );
    let clipped = recipe(&[("lab", vec![winsorise, plain("log1p"), plain("standardise")])]);
    for (recipe, second) in [(main, false), (clipped, true)] {
        let fitted = fit::<ImputeEncodeScale>(train.clone(), &recipe, 1).unwrap();
        let applied = apply::<ImputeEncodeScale>(&fitted.state, test.clone()).unwrap();
        for (tables, part) in [(&fitted.train, "train"), (&applied, "test")] {
            let expected = &expected[part];
            if second {
                assert_close(&output(tables, "lab"), &expected["clipped"], "clipped");
                continue;
            }
            for (name, key) in [
                ("colour:target", "colour:target"),
                ("lab", "lab"),
                ("lab:missing", "lab:missing"),
                ("total", "sum"),
            ] {
                assert_close(&output(tables, name), &expected[key], name);
            }
            let by_row = expected["colour=amber/blue/cyan/rare"].as_array().unwrap();
            for (at, level) in ["amber", "blue", "cyan", "rare"].iter().enumerate() {
                let column = by_row.iter().map(|row| row[at].clone()).collect();
                assert_close(
                    &output(tables, &format!("colour={level}")),
                    &Value::Array(column),
                    level,
                );
            }
        }
    }
}
