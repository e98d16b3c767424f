//! The design of the baselines: every predictor by itself, prepared by the host.
//!
//! A baseline is what a plugin's work is held against, so no plugin has a hand in it. Numbers stay
//! as they are. A code becomes the logit of its smoothed outcome rate, (k + m·p) / (n + m) for k
//! events in n rows, the rate p of all rows and m = [`SMOOTHING`] (Micci-Barreca, SIGKDD
//! Explorations 3(1), 2001); the training rows are coded by the rates of the other inner folds, so
//! that no row sees its own outcome.

use std::collections::HashMap;

use arrow_array::{Array, ArrayRef, cast::AsArray as _};
use arrow_schema::DataType;
use autods_science::Design;

use super::{Lab, cache::FoldDesign, derive_seed, folds::Fold};
use crate::error::{Result, RunError};

/// Rows that the rate of all counts as.
const SMOOTHING: f64 = 20.0;

impl Lab<'_> {
    /// Every one of these columns in the rows of a fold.
    pub(super) fn single_predictors(
        &self,
        columns: &[String],
        fold: &Fold,
        seed: u64,
        number: usize,
    ) -> Result<FoldDesign> {
        self.count_foreign(fold);
        let inner = self.inner_folds(&fold.train, derive_seed("prepare", seed, number as u64))?;
        let events = self.cohort.outcomes(&fold.train);
        let mut made: [Vec<Vec<f32>>; 2] = [Vec::new(), Vec::new()];
        for name in columns {
            let array = self.cohort.table.array(name).map_err(RunError::internal)?;
            let [train, test] = match array.data_type() {
                DataType::Utf8 => {
                    by_rate(&codes(array), (&fold.train, &fold.test), &events, &inner)
                }
                _ => {
                    let values = numbers(array)?;
                    [&fold.train, &fold.test]
                        .map(|rows| rows.iter().map(|&row| values[row as usize]).collect())
                }
            };
            made[0].push(train);
            made[1].push(test);
        }
        let [train, test] = made;
        Ok(FoldDesign {
            train: design(columns, &train, fold.train.len())?,
            test: design(columns, &test, fold.test.len())?,
        })
    }
}

fn design(names: &[String], columns: &[Vec<f32>], rows: usize) -> Result<Design> {
    let mut values = Vec::with_capacity(rows * columns.len());
    for row in 0..rows {
        values.extend(columns.iter().map(|column| column[row]));
    }
    Ok(Design::new(names.to_vec(), rows, values)?)
}

/// A column of numbers; a missing value is a NaN.
fn numbers(array: &ArrayRef) -> Result<Vec<f32>> {
    use arrow_array::types::{Float64Type, Int64Type};
    Ok(match array.data_type() {
        DataType::Boolean => (array.as_boolean().iter())
            .map(|value| value.map_or(f32::NAN, |value| f32::from(u8::from(value))))
            .collect(),
        DataType::Int64 => (array.as_primitive::<Int64Type>().iter())
            .map(|value| value.map_or(f32::NAN, |value| value as f32))
            .collect(),
        DataType::Float64 => (array.as_primitive::<Float64Type>().iter())
            .map(|value| value.map_or(f32::NAN, |value| value as f32))
            .collect(),
        other => {
            return Err(RunError::internal(format!(
                "a predictor is stored as {other}"
            )));
        }
    })
}

/// The codes of a column as numbers from 0; a missing value has one of its own.
fn codes(array: &ArrayRef) -> Vec<usize> {
    let texts = array.as_string::<i32>();
    let mut places: HashMap<Option<&str>, usize> = HashMap::new();
    texts
        .iter()
        .map(|text| {
            let next = places.len();
            *places.entry(text).or_insert(next)
        })
        .collect()
}

/// Events and rows of every code.
#[derive(Clone)]
struct Tally(Vec<(f64, f64)>);

impl Tally {
    /// The logit of the smoothed rate of every code; of one that was not seen, that of all rows.
    fn logits(&self) -> Vec<f64> {
        let (events, rows) =
            (self.0.iter()).fold((0.0, 0.0), |(k, n), code| (k + code.0, n + code.1));
        // kept off 0 and 1 by half an event, so that the logit is finite
        let prior = if rows == 0.0 {
            0.5
        } else {
            f64::clamp(
                events / rows,
                0.5 / (rows + 1.0),
                (rows + 0.5) / (rows + 1.0),
            )
        };
        (self.0.iter())
            .map(|(events, rows)| (events + SMOOTHING * prior) / (rows + SMOOTHING))
            .map(|rate| (rate / (1.0 - rate)).ln())
            .collect()
    }
}

/// Training and test rows by the rates of their codes.
fn by_rate(
    codes: &[usize],
    (train, test): (&[u32], &[u32]),
    events: &[bool],
    inner: &[u32],
) -> [Vec<f32>; 2] {
    let width = codes.iter().max().map_or(0, |most| most + 1);
    let folds = inner.iter().max().map_or(0, |most| *most as usize + 1);
    let mut whole = Tally(vec![(0.0, 0.0); width]);
    let mut others = vec![whole.clone(); folds];
    for ((&row, &event), &fold) in train.iter().zip(events).zip(inner) {
        let event = f64::from(u8::from(event));
        let code = codes[row as usize];
        let parts = (0..).zip(&mut others).filter(|(other, _)| *other != fold);
        for (_, Tally(tally)) in parts {
            tally[code] = (tally[code].0 + event, tally[code].1 + 1.0);
        }
        whole.0[code] = (whole.0[code].0 + event, whole.0[code].1 + 1.0);
    }
    let others: Vec<Vec<f64>> = others.iter().map(Tally::logits).collect();
    let whole = whole.logits();
    [
        (train.iter().zip(inner))
            .map(|(&row, &fold)| others[fold as usize][codes[row as usize]] as f32)
            .collect(),
        test.iter()
            .map(|&row| whole[codes[row as usize]] as f32)
            .collect(),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_training_row_sees_its_own_outcome() {
        let codes = [0, 0, 1, 1, 0, 1, 0, 1];
        let (train, inner) = ([0, 1, 2, 3, 4, 5, 6, 7], [0, 0, 0, 0, 1, 1, 1, 1]);
        let outcomes = [true, false, false, true, true, false, true, true];
        for row in 0..8 {
            let mut flipped = outcomes;
            flipped[row] = !flipped[row];
            let coded = |events: &[bool]| by_rate(&codes, (&train, &[0]), events, &inner);
            assert_eq!(coded(&outcomes)[0][row], coded(&flipped)[0][row]);
            assert_ne!(coded(&outcomes)[1], coded(&flipped)[1]);
        }
    }

    #[test]
    fn test_rows_have_the_smoothed_rate_and_an_unseen_code_that_of_all() {
        let events = [true, false, true, true];
        let [_, test] = by_rate(
            &[0, 0, 1, 1, 2],
            (&[0, 1, 2, 3], &[0, 2, 4]),
            &events,
            &[0, 1, 0, 1],
        );
        let logit = |rate: f64| (rate / (1.0 - rate)).ln();
        let expected = [
            logit((1.0 + 15.0) / 22.0),
            logit((2.0 + 15.0) / 22.0),
            logit(0.75),
        ];
        for (found, expected) in test.iter().zip(expected) {
            assert!((f64::from(*found) - expected).abs() < 1e-6);
        }
    }
}
