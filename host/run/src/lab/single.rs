//! The design of the baselines: every predictor by itself, prepared by the host.
//!
//! A baseline is what a plugin's work is held against, so no plugin has a hand in it. Numbers stay
//! as they are. A code becomes the logit of its smoothed outcome rate, (k + m·p) / (n + m) for k
//! events in n rows, the rate p of all rows and m = [`SMOOTHING`] (Micci-Barreca, SIGKDD
//! Explorations 3(1), 2001); the training rows are coded by the rates of the other inner folds, so
//! that no row sees its own outcome.

use std::sync::Arc;

use autods_board::Population;
use autods_science::Design;
use autods_table::Codes;

use super::{Lab, cache::FoldDesign, derive_seed, folds::Fold};
use crate::error::{Result, RunError};

/// Rows that the rate of all counts as.
const SMOOTHING: f64 = 20.0;

/// Predictors as they stand in the table, read once for all folds.
pub(super) struct Predictors {
    names: Vec<String>,
    columns: Vec<Values>,
}

enum Values {
    /// A missing value is a NaN.
    Numbers(Vec<f64>),
    /// A missing value has the code behind the last level.
    Codes(Vec<usize>),
}

impl Lab<'_> {
    /// The values of these columns.
    pub(super) fn predictors(&self, names: &[String]) -> Result<Predictors> {
        let table = &self.cohort.table;
        let read = |name: &String| {
            // what is not stored as text is a number, a date or a truth value
            if table.texts(name).is_err() {
                return table.numbers(name).map(Values::Numbers);
            }
            let codes = table.codes(name)?;
            let missing = codes.levels.len();
            let place = |&code: &u32| match code {
                Codes::MISSING => missing,
                code => code as usize,
            };
            Ok(Values::Codes(codes.rows.iter().map(place).collect()))
        };
        Ok(Predictors {
            names: names.to_vec(),
            columns: (names
                .iter()
                .map(read)
                .collect::<std::result::Result<_, _>>())
            .map_err(RunError::internal)?,
        })
    }

    /// Every predictor by itself in the rows of a fold.
    pub(super) fn single_design(
        &self,
        predictors: &Predictors,
        population: &Population,
        seed: u64,
        number: usize,
        fold: &Fold,
    ) -> Result<Arc<FoldDesign>> {
        let key = format!("single-predictors/{}/{seed}/{number}", population.id);
        if let Some(found) = self.cache.get(&key) {
            return Ok(found);
        }
        self.count_foreign(fold);
        let inner = self.inner_folds(&fold.train, derive_seed("prepare", seed, number as u64))?;
        let events = self.cohort.outcomes(&fold.train);
        let (mut train, mut test) = (Vec::new(), Vec::new());
        for values in &predictors.columns {
            let [of_train, of_test] = match values {
                Values::Codes(codes) => by_rate(codes, (&fold.train, &fold.test), &events, &inner),
                Values::Numbers(values) => [&fold.train, &fold.test].map(|rows| {
                    rows.iter()
                        .map(|&row| values[row as usize] as f32)
                        .collect()
                }),
            };
            train.push(of_train);
            test.push(of_test);
        }
        let design = Arc::new(FoldDesign {
            train: design(&predictors.names, &train, fold.train.len())?,
            test: design(&predictors.names, &test, fold.test.len())?,
        });
        self.cache.put(key, &design);
        Ok(design)
    }
}

fn design(names: &[String], columns: &[Vec<f32>], rows: usize) -> Result<Design> {
    let mut values = Vec::with_capacity(rows * columns.len());
    for row in 0..rows {
        values.extend(columns.iter().map(|column| column[row]));
    }
    Ok(Design::new(names.to_vec(), rows, values)?)
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
