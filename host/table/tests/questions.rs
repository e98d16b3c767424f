//! What a table can be asked.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use std::sync::Arc;
use std::time::Instant;

use arrow_array::{ArrayRef, BooleanArray, Float64Array, Int64Array, StringArray};
use autods_table::{Kind, Table, TableError, duplicate_groups, profile, subject_index};
use common::{coded, column, integers, row, table, texts};
use proptest::prelude::*;

fn codes(text: &[&str]) -> Vec<String> {
    text.iter().map(|code| (*code).to_owned()).collect()
}

fn outcomes(values: &[Option<&str>]) -> Table {
    Table::new(
        "t",
        vec![column("readmitted", Kind::Category)],
        vec![texts(values)],
    )
    .unwrap()
}

#[test]
fn an_outcome_is_read_from_its_codes() {
    let table = outcomes(&[Some("<30"), Some("NO"), Some(">30")]);
    let listed = table
        .binary_outcome("readmitted", &codes(&["<30"]), &codes(&["NO", ">30"]))
        .unwrap();
    assert_eq!(listed, [true, false, false]);
    assert_eq!(
        table
            .binary_outcome("readmitted", &codes(&["<30"]), &[])
            .unwrap(),
        listed
    );
}

#[test]
fn an_undecided_row_is_an_error_that_counts_and_says_what_to_do() {
    let table = outcomes(&[
        Some("yes"),
        None,
        Some("secret"),
        Some("secret"),
        Some("no"),
    ]);
    let error = table
        .binary_outcome("readmitted", &codes(&["yes"]), &codes(&["no"]))
        .unwrap_err();
    let text = error.to_string();
    assert!(matches!(
        error,
        TableError::Undecided {
            rows: 3,
            missing: 1,
            unknown: 2,
            ..
        }
    ));
    assert!(
        text.contains("endpoint.negative") && text.contains("readmitted"),
        "{text}"
    );
    assert!(!text.contains("secret"), "{text}");
}

#[test]
fn one_class_only_is_an_error() {
    let table = outcomes(&[Some("no"), Some("no")]);
    let error = table
        .binary_outcome("readmitted", &codes(&["yes"]), &codes(&["no"]))
        .unwrap_err();
    assert!(matches!(
        error,
        TableError::OneClass {
            rows: 2,
            positive: 0,
            ..
        }
    ));
    let contradiction = table.binary_outcome("readmitted", &codes(&["no"]), &codes(&["no"]));
    assert!(matches!(
        contradiction,
        Err(TableError::OutcomeCodes { .. })
    ));
    assert!(matches!(
        table.binary_outcome("readmitted", &[], &[]),
        Err(TableError::OutcomeCodes { .. })
    ));
    assert!(matches!(
        table.binary_outcome("typo", &codes(&["no"]), &[]),
        Err(TableError::UnknownColumn { .. })
    ));
}

#[test]
fn outcomes_stored_as_flags_and_numbers_are_read_too() {
    let arrays: Vec<ArrayRef> = vec![
        Arc::new(BooleanArray::from(vec![true, false])),
        Arc::new(Int64Array::from(vec![1, 0])),
        Arc::new(Float64Array::from(vec![1.0, 0.0])),
    ];
    let columns = vec![
        column("flag", Kind::Boolean),
        column("whole", Kind::Integer),
        column("real", Kind::Number),
    ];
    let table = Table::new("t", columns, arrays).unwrap();
    for name in ["flag", "whole", "real"] {
        assert_eq!(
            table
                .binary_outcome(name, &codes(&["1"]), &codes(&["0"]))
                .unwrap(),
            [true, false],
            "{name}"
        );
    }
    assert_eq!(
        table.binary_outcome("flag", &codes(&["yes"]), &[]).unwrap(),
        [true, false]
    );
}

#[test]
fn subjects_are_numbered_by_first_appearance() {
    let table = Table::new(
        "t",
        vec![column("patient", Kind::Identifier)],
        vec![texts(&[Some("b"), Some("a"), Some("b"), Some("c")])],
    )
    .unwrap();
    assert_eq!(subject_index(&table, "patient").unwrap(), [0, 1, 0, 2]);
}

#[test]
fn a_row_without_a_subject_is_an_error() {
    let table = Table::new(
        "t",
        vec![column("patient", Kind::Identifier)],
        vec![texts(&[Some("b"), None])],
    )
    .unwrap();
    assert!(matches!(
        subject_index(&table, "patient"),
        Err(TableError::MissingKey { rows: 1, .. })
    ));
}

#[test]
fn equal_rows_share_a_group() {
    let table = Table::new(
        "t",
        vec![
            column("id", Kind::Identifier),
            column("x", Kind::Number),
            column("c", Kind::Category),
        ],
        vec![
            texts(&[Some("1"), Some("2"), Some("3"), Some("4")]),
            Arc::new(Float64Array::from(vec![Some(0.0), Some(-0.0), None, None])),
            texts(&[Some("a"), Some("a"), None, None]),
        ],
    )
    .unwrap();
    assert_eq!(duplicate_groups(&table, &["x", "c"]).unwrap(), [0, 0, 1, 1]);
    assert_eq!(
        duplicate_groups(&table, &["id", "x"]).unwrap(),
        [0, 1, 2, 3]
    );
}

#[test]
fn levels_stand_in_the_order_of_the_dictionary_then_by_text() {
    let table = Table::new(
        "t",
        vec![coded("c", &[("z", "last letter"), ("never", "never")])],
        vec![texts(&[Some("b"), Some("z"), None, Some("a"), Some("b")])],
    )
    .unwrap();
    let codes = table.codes("c").unwrap();
    assert_eq!(codes.levels, ["z", "never", "a", "b"]);
    assert_eq!(codes.rows, [3, 0, autods_table::Codes::MISSING, 2, 3]);
    assert_eq!(codes.counts(), (vec![1, 0, 1, 2], 1));
    let whole = Table::new(
        "t",
        vec![column("n", Kind::Integer)],
        vec![integers(&[Some(10), Some(9), Some(-1)])],
    )
    .unwrap();
    assert_eq!(whole.codes("n").unwrap().levels, ["-1", "9", "10"]);
}

#[test]
fn a_profile_has_the_numbers_of_an_independent_library() {
    let values: Vec<f64> = vec![3.5, 1.0, 4.25, 1.5, 5.0, 9.0, 2.0, 6.0];
    let table = Table::new(
        "t",
        vec![
            column("x", Kind::Number),
            coded("c", &[("u", "unused"), ("a", "letter")]),
        ],
        vec![
            Arc::new(Float64Array::from(values)),
            texts(&[
                Some("a"),
                Some("b"),
                Some("b"),
                Some("a"),
                Some("b"),
                None,
                Some("c"),
                Some("b"),
            ]),
        ],
    )
    .unwrap();
    let profile = profile(&table).unwrap();
    let x = &profile.columns[0];
    // Python 3 statistics: quantiles(v, n=20, method="inclusive")[0, 4, 9, 14, 18], mean, stdev
    let expected = [1.175, 1.875, 3.875, 5.25, 7.95];
    assert!(
        x.quantiles
            .unwrap()
            .iter()
            .zip(expected)
            .all(|(a, b)| (a - b).abs() < 1e-12),
        "{:?}",
        x.quantiles
    );
    assert!((x.mean.unwrap() - 4.03125).abs() < 1e-12);
    assert!(
        (x.sd.unwrap() - 2.660_684_323_896_499).abs() < 1e-9,
        "{:?}",
        x.sd
    );
    assert_eq!((x.missing, x.distinct, x.rarest), (0, 8, Some(1)));
    let c = &profile.columns[1];
    assert_eq!((c.missing, c.distinct, c.rarest), (1, 3, Some(1)));
    let levels: Vec<(&str, &str, u64)> = c
        .levels
        .iter()
        .map(|level| (level.code.as_str(), level.label.as_str(), level.n))
        .collect();
    assert_eq!(
        levels,
        [
            ("u", "unused", 0),
            ("a", "letter", 2),
            ("b", "b", 4),
            ("c", "c", 1)
        ]
    );
}

#[test]
fn a_hundred_thousand_rows_of_fifty_columns_are_profiled_within_a_second() {
    let rows = 100_000_u64;
    let scramble =
        |row: u64, column: u64| (row + 1).wrapping_mul(column * 2 + 0x9E37_79B9_7F4A_7C15) >> 33;
    let mut columns = Vec::new();
    let mut arrays: Vec<ArrayRef> = Vec::new();
    for position in 0..50_u64 {
        let name = format!("c{position}");
        match position % 3 {
            0 => {
                columns.push(column(&name, Kind::Number));
                arrays.push(Arc::new(
                    (0..rows)
                        .map(|row| Some(scramble(row, position) as f64 / 7.0))
                        .collect::<Float64Array>(),
                ));
            }
            1 => {
                columns.push(column(&name, Kind::Integer));
                arrays.push(Arc::new(
                    (0..rows)
                        .map(|row| Some((scramble(row, position) % 100) as i64))
                        .collect::<Int64Array>(),
                ));
            }
            _ => {
                columns.push(column(&name, Kind::Category));
                let text: Vec<String> = (0..rows)
                    .map(|row| format!("code {}", scramble(row, position) % 700))
                    .collect();
                arrays.push(Arc::new(StringArray::from(text)));
            }
        }
    }
    let table = Table::new("t", columns, arrays).unwrap();
    let start = Instant::now();
    let profile = profile(&table).unwrap();
    let took = start.elapsed();
    assert_eq!(profile.columns.len(), 50);
    assert!(
        took.as_secs_f64() < 2.0,
        "{took:?} (half of it on an idle machine)"
    );
}

#[test]
fn debug_output_shows_no_row() {
    let table = outcomes(&[Some("secret")]);
    assert_eq!(
        format!("{table:?}"),
        "Table { name: \"t\", rows: 1, columns: 1 }"
    );
}

#[test]
fn a_table_needs_columns_of_different_names_and_equal_length() {
    assert!(matches!(
        Table::new("t", Vec::new(), Vec::new()),
        Err(TableError::NoColumns { .. })
    ));
    let twice = vec![column("a", Kind::Integer), column("a", Kind::Integer)];
    let arrays = vec![integers(&[None]), integers(&[None])];
    assert!(matches!(
        Table::new("t", twice, arrays),
        Err(TableError::DuplicateColumn { .. })
    ));
    let two = vec![column("a", Kind::Integer), column("b", Kind::Integer)];
    let ragged = vec![integers(&[None]), integers(&[None, None])];
    assert!(matches!(
        Table::new("t", two.clone(), ragged),
        Err(TableError::Ragged { .. })
    ));
    assert!(matches!(
        Table::new("t", two, vec![integers(&[None])]),
        Err(TableError::Ragged { .. })
    ));
}

#[test]
fn a_row_that_does_not_exist_is_an_error() {
    let table = outcomes(&[Some("a"), Some("b")]);
    assert!(matches!(
        table.take(&[0, 2]),
        Err(TableError::NoSuchRow {
            row: 2,
            rows: 2,
            ..
        })
    ));
    assert!(matches!(
        table.filter(&[true]),
        Err(TableError::NoSuchRow { .. })
    ));
    assert!(matches!(
        table.to_ipc(&["readmitted"], &[7]),
        Err(TableError::NoSuchRow { .. })
    ));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn taking_and_filtering_agree(rows in prop::collection::vec(row(), 1..40), keep in prop::collection::vec(any::<bool>(), 40)) {
        let table = table(&rows);
        let keep = &keep[..rows.len()];
        let numbers: Vec<u32> = (0..rows.len() as u32).filter(|&row| keep[row as usize]).collect();
        let taken = table.take(&numbers).unwrap();
        let filtered = table.filter(keep).unwrap();
        prop_assert_eq!(taken.digest(), filtered.digest());
        prop_assert_eq!(taken.rows(), numbers.len());
    }

    #[test]
    fn pieces_end_to_end_are_the_whole(rows in prop::collection::vec(row(), 1..40), cut in any::<prop::sample::Index>()) {
        let cut = cut.index(rows.len());
        let joined = table(&rows[..cut]).concat(&[table(&rows[cut..])]).unwrap();
        prop_assert_eq!(joined, table(&rows));
    }

    #[test]
    fn a_profile_counts_every_row_once(rows in prop::collection::vec(row(), 0..80)) {
        let profile = profile(&table(&rows)).unwrap();
        for column in &profile.columns {
            let present = profile.rows - column.missing;
            prop_assert_eq!(column.distinct == 0, present == 0);
            if !column.levels.is_empty() {
                prop_assert_eq!(column.levels.iter().map(|level| level.n).sum::<u64>(), present);
            }
            if let Some(histogram) = &column.histogram {
                prop_assert_eq!(histogram.counts.iter().sum::<u64>(), present);
                prop_assert!(histogram.edges.is_sorted());
            }
        }
    }
}
