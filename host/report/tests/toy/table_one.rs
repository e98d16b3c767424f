//! Table 1 of the toy.

use autods_board::*;

use super::{
    cohort::{AGES, ORIGINS, Row},
    log::{Log, text},
};

/// Every row of Table 1.
pub fn table_one(log: &mut Log, rows: &[&Row]) {
    let arm = |with: bool| -> Vec<&Row> {
        rows.iter()
            .filter(|row| row.outcome == with)
            .copied()
            .collect()
    };
    let (without, with) = (arm(false), arm(true));
    let shown = |n: usize| (n >= 11).then_some(n as u64);
    // one withheld count could be worked out from the total, so the smallest of the others goes with it
    let disclosed =
        |rows: &[&Row], levels: usize, value: &dyn Fn(&Row) -> usize| -> Vec<Option<u64>> {
            let mut counts: Vec<Option<u64>> = (0..levels)
                .map(|level| shown(rows.iter().filter(|row| value(row) == level).count()))
                .collect();
            if counts.iter().filter(|count| count.is_none()).count() == 1
                && let Some(smallest) = (0..levels)
                    .filter(|level| counts[*level].is_some())
                    .min_by_key(|level| counts[*level])
            {
                counts[smallest] = None;
            }
            counts
        };
    let row = |column: &str, label: &str| TableOneRow {
        population: text("eligible"),
        column: text(column),
        label: text(label),
        code: None,
        code_label: None,
        n_without: None,
        n_with: None,
        mean_without: None,
        mean_with: None,
        missing: 0.0,
        smd: None,
    };
    log.host(
        Stage::Validate,
        HostBody::TableOne(TableOneRow {
            n_without: shown(without.len()),
            n_with: shown(with.len()),
            ..row("", "Encounters")
        }),
    );
    let moments = |rows: &[&Row], value: &dyn Fn(&Row) -> f64| {
        let n = rows.len() as f64;
        let mean = rows.iter().map(|row| value(row)).sum::<f64>() / n;
        let variance = rows
            .iter()
            .map(|row| (value(row) - mean).powi(2))
            .sum::<f64>()
            / (n - 1.0);
        (mean, variance.sqrt())
    };
    let numbers: [Number; 2] = [
        (
            "number_inpatient",
            "Inpatient stays in the year before",
            &|row| row.inpatient,
        ),
        ("time_in_hospital", "Days in hospital", &|row| row.days),
    ];
    for (column, label, value) in numbers {
        let (a, b) = (moments(&without, value), moments(&with, value));
        let smd = (b.0 - a.0) / ((a.1 * a.1 + b.1 * b.1) / 2.0).sqrt();
        log.host(
            Stage::Validate,
            HostBody::TableOne(TableOneRow {
                mean_without: Some(a),
                mean_with: Some(b),
                smd: Some(smd),
                ..row(column, label)
            }),
        );
    }
    let groups: [Category<'_>; 3] = [
        ("age", "Age", &AGES, &|row| row.age),
        ("gender", "Sex", &["Female", "Male"], &|row| {
            usize::from(!row.female)
        }),
        ("race", "Race as recorded", &ORIGINS, &|row| row.origin),
    ];
    for (column, label, levels, value) in groups {
        // of the level that differs most
        let smd = (0..levels.len())
            .map(|level| {
                let share =
                    |rows: &[&Row]| moments(rows, &|row| f64::from(u8::from(value(row) == level)));
                let (a, b) = (share(&without), share(&with));
                ((b.0 - a.0) / ((a.1 * a.1 + b.1 * b.1) / 2.0).sqrt()).abs()
            })
            .fold(0.0, f64::max);
        for (index, level) in levels.iter().enumerate() {
            let count = |rows: &[&Row]| disclosed(rows, levels.len(), value)[index];
            log.host(
                Stage::Validate,
                HostBody::TableOne(TableOneRow {
                    code: Some(text(level)),
                    code_label: Some(text(level)),
                    n_without: count(&without),
                    n_with: count(&with),
                    missing: if column == "race" { 0.022 } else { 0.0 },
                    smd: Some(smd),
                    ..row(column, label)
                }),
            );
        }
    }
    // a column with more levels than are listed
    for (code, label, counts) in [
        ("428", "Heart failure", Some((810, 152))),
        ("414", "Ischaemic heart disease", Some((640, 71))),
        ("999", "Complications", None),
        ("*", "other levels", None),
    ] {
        log.host(
            Stage::Validate,
            HostBody::TableOne(TableOneRow {
                code: Some(text(code)),
                code_label: Some(text(label)),
                n_without: counts.map(|counts: (u64, u64)| counts.0),
                n_with: counts.map(|counts: (u64, u64)| counts.1),
                missing: 0.004,
                ..row("diag_1", "Primary diagnosis")
            }),
        );
    }
}

type Number = (&'static str, &'static str, &'static dyn Fn(&Row) -> f64);
type Category<'a> = (
    &'static str,
    &'static str,
    &'a [&'a str],
    &'static dyn Fn(&Row) -> usize,
);
