//! Eighty thousand rows of fifty columns are a matter of a second.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr
)]

mod common;

use std::time::{Duration, Instant};

use autods_sdk::method::{Method, Step};
use common::{integers, numbers, plain, recipe, rows, texts};
use method_impute_encode_scale::ImputeEncodeScale;

#[test]
fn a_fold_of_the_real_size_is_prepared_in_time() {
    let n = 80_000u64;
    let noise = |row: u64, column: u64| {
        (row ^ (column << 32))
            .wrapping_mul(0x9E37_79B9_7F4A_7C15)
            .rotate_left(23)
            % 1000
    };
    let levels: Vec<String> = (0..1000)
        .map(|level| format!("{level}.{}", level % 7))
        .collect();
    let names: Vec<String> = (0..50).map(|column| format!("column {column}")).collect();
    let mut columns = Vec::new();
    let mut uses: Vec<(&str, Vec<Step>)> = Vec::new();
    for (column, name) in (0u64..).zip(&names) {
        if column < 30 {
            let distinct = if column < 5 { 1000 } else { 5 };
            let level = |row| levels.get((noise(row, column) % distinct) as usize);
            columns.push((
                name.as_str(),
                texts((0..n).map(|row| level(row).map(String::as_str))),
            ));
            uses.push((name, vec![plain("target-encode"), plain("standardise")]));
            if distinct == 5 {
                uses.push((name, vec![plain("one-hot")]));
            }
        } else {
            let value = |row| (noise(row, column) > 100).then(|| noise(row, column) as f64);
            columns.push((name.as_str(), numbers((0..n).map(value))));
            uses.push((
                name,
                [
                    "missing-indicator",
                    "winsorise",
                    "log1p",
                    "impute-median",
                    "standardise",
                ]
                .map(plain)
                .into(),
            ));
        }
    }
    columns.push((
        "y",
        numbers((0..n).map(|row| Some(f64::from(u8::from(noise(row, 99) < 110))))),
    ));
    columns.push(("fold", integers((0..80_000).map(|row| row % 5))));
    let tables = rows(columns);
    let start = Instant::now();
    let fitted = ImputeEncodeScale::fit(&tables, &recipe(&uses), 1).unwrap();
    let fit = start.elapsed();
    let applied = ImputeEncodeScale::apply(&fitted.state, &tables).unwrap();
    let apply = start.elapsed() - fit;
    eprintln!(
        "{n} rows, {} columns out: fit {fit:?}, apply {apply:?}",
        applied[0].batch.num_columns()
    );
    // generous: the machine may be busy; measured alone it is well under a second
    assert!(fit + apply < Duration::from_secs(10));
}
