//! How long the science takes: `cargo run --release -p autods-science --example timing`.
//!
//! Synthetic rows of the size of a large hospital extract. Prints one line for each job.
#![allow(clippy::print_stdout, reason = "a program that prints")]

use std::error::Error;
use std::time::Instant;

use autods_science::*;

/// A small generator (splitmix64), so that the rows are the same everywhere.
struct Rows(u64);

impl Rows {
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
    }
}

/// `indicators` of `columns` are rare zero–one columns, the others are numbers, some missing.
fn sample(
    rows: usize,
    columns: usize,
    indicators: usize,
) -> Result<(Design, Vec<bool>), LearnerError> {
    let mut source = Rows(1);
    let mut values = Vec::with_capacity(rows * columns);
    let mut outcome = Vec::with_capacity(rows);
    for _ in 0..rows {
        let mut margin = -2.3;
        for column in 0..columns {
            let draw = source.next();
            let value = if column < indicators {
                f32::from(u8::from(draw < 0.02 + 0.2 * column as f64 / columns as f64))
            } else if draw < 0.05 {
                f32::NAN
            } else {
                ((source.next() + source.next()) * 10.0).floor() as f32
            };
            if column % 7 == 0 && !value.is_nan() {
                margin += 0.03 * (f64::from(value) - 1.0);
            }
            values.push(value);
        }
        outcome.push(source.next() < 1.0 / (1.0 + (-margin).exp()));
    }
    let names = (0..columns).map(|column| format!("c{column}")).collect();
    Ok((Design::new(names, rows, values)?, outcome))
}

fn timed<T, E: Error + 'static>(
    what: &str,
    job: impl FnOnce() -> Result<T, E>,
) -> Result<T, Box<dyn Error>> {
    let start = Instant::now();
    let result = job()?;
    println!("{what:<64} {:>8.3} s", start.elapsed().as_secs_f64());
    Ok(result)
}

fn main() -> Result<(), Box<dyn Error>> {
    let params = |pairs: &[(&str, f64)]| -> Vec<(String, f64)> {
        pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), *value))
            .collect()
    };
    let (design, outcome) = sample(65_000, 60, 20)?;
    for (name, pairs) in [
        ("depth 6", &[("rounds", 300.0), ("depth", 6.0)][..]),
        (
            "31 leaves",
            &[("rounds", 300.0), ("leaves", 31.0), ("depth", 0.0)][..],
        ),
    ] {
        let learner = Learner::new("gradient-boosting", &params(pairs))?;
        let fitted = timed(
            &format!("gradient boosting, 65,000 × 60, 300 rounds, {name}"),
            || learner.fit(&design, &outcome, 1),
        )?;
        timed("  predict 65,000", || fitted.predict(&design))?;
        let some = design.select(&(0..5000).collect::<Vec<_>>())?;
        let shares = timed("  TreeSHAP of 5,000", || fitted.attributions(&some))?;
        println!("  additivity error {:.1e}", shares.additivity_error);
    }
    for (name, indicators) in [("130 of 150 indicators", 130), ("no indicators", 0)] {
        let (design, outcome) = sample(80_000, 150, indicators)?;
        for pairs in [
            &[("lambda", 1e-3), ("alpha", 0.5)][..],
            &[("lambda", 1e-4), ("alpha", 1.0)][..],
            &[("lambda", 1e-6), ("alpha", 0.0)][..],
        ] {
            let learner = Learner::new("elastic-net-logistic", &params(pairs))?;
            let fitted = timed(
                &format!(
                    "elastic net, 80,000 × 150, {name}, λ {:e} α {}",
                    pairs[0].1, pairs[1].1
                ),
                || learner.fit(&design, &outcome, 1),
            )?;
            println!("  complexity {}", fitted.complexity());
        }
        if indicators > 0 {
            let learner = Learner::new("best-single-predictor", &[])?;
            timed("best single predictor, 80,000 × 150", || {
                learner.fit(&design, &outcome, 1)
            })?;
        }
    }
    let mut source = Rows(2);
    let rows = 80_000;
    let groups: Vec<u32> = (0..rows)
        .map(|_| (source.next() * 56_000.0) as u32)
        .collect();
    let first: Vec<f64> = (0..rows).map(|_| source.next()).collect();
    let second: Vec<f64> = first
        .iter()
        .map(|p| (p + 0.2 * source.next()) / 1.2)
        .collect();
    let outcome: Vec<bool> = first.iter().map(|p| source.next() < p * 0.22).collect();
    timed("DeLong, 80,000", || auroc_delong(&outcome, &first))?;
    timed("paired DeLong, 80,000", || {
        delong_paired(&outcome, &first, &second)
    })?;
    timed("calibration slope, 80,000", || {
        calibration_slope(&outcome, &first)
    })?;
    timed("calibration error (lowess), 80,000", || {
        calibration_error(&outcome, &first)
    })?;
    timed("five folds of 80,000 rows", || {
        stratified_group_kfold(&groups, &outcome, 5, 1)
    })?;
    let bootstrap = ClusterBootstrap::new(&groups, 1000, 1)?;
    timed("cluster bootstrap of an AUROC, 1,000 × 80,000", || {
        bootstrap.auroc(&outcome, &first)
    })?;
    timed(
        "cluster bootstrap of a paired difference, 1,000 × 80,000",
        || bootstrap.auroc_difference(&outcome, &first, &second),
    )?;
    Ok(())
}
