//! Levels by their outcome rate.

use std::collections::{BTreeMap, BTreeSet};

use autods_sdk::method::{Fault, FaultCode};
use serde::{Deserialize, Serialize};

use crate::texts::{MISSING, Texts};

/// The outcome and the inner folds of the training rows.
pub(crate) struct Outcome {
    /// Whether each row has the outcome.
    events: Vec<bool>,
    /// The inner fold of each row, from 0.
    folds: Vec<usize>,
    /// How many there are.
    fold_count: usize,
}

impl Outcome {
    pub(crate) fn new(values: &[f64], folds: &[i64]) -> Result<Self, Fault> {
        if values.iter().any(|value| *value != 0.0 && *value != 1.0) || folds.len() != values.len()
        {
            return Err(FaultCode::InvalidValue.into());
        }
        let events: Vec<bool> = values.iter().map(|value| *value == 1.0).collect();
        let distinct: BTreeSet<i64> = folds.iter().copied().collect();
        let place: BTreeMap<i64, usize> = distinct.into_iter().zip(0..).collect();
        let outcome = Self {
            events,
            folds: folds.iter().map(|fold| place[fold]).collect(),
            fold_count: place.len(),
        };
        // without both classes there is no rate to tell levels apart by
        if outcome.events.iter().all(|event| *event) || !outcome.events.contains(&true) {
            return Err(FaultCode::InsufficientData.into());
        }
        Ok(outcome)
    }
}

/// Fitted levels: the logit of every level's smoothed rate.
///
/// A level seen in n rows with k events has the rate (k + m·p) / (n + m), where p is the rate of
/// all rows it was fitted on and m the smoothing (Micci-Barreca, SIGKDD Explorations 3(1), 2001).
/// A missing value is a level of its own; a level never seen has the rate p.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Rates {
    levels: BTreeMap<String, f64>,
    missing: f64,
    prior: f64,
}

/// Events and rows, by code; those without a value stand last.
#[derive(Clone)]
struct Tally {
    events: Vec<f64>,
    rows: Vec<f64>,
}

impl Tally {
    fn new(levels: usize) -> Self {
        Self {
            events: vec![0.0; levels + 1],
            rows: vec![0.0; levels + 1],
        }
    }

    fn place(&self, code: u32) -> usize {
        if code == MISSING {
            self.rows.len() - 1
        } else {
            code as usize
        }
    }

    fn count(&mut self, code: u32, event: bool) {
        let place = self.place(code);
        self.rows[place] += 1.0;
        self.events[place] += f64::from(u8::from(event));
    }

    /// What is left without `other`.
    fn without(&self, other: &Self) -> Self {
        let difference = |left: &[f64], right: &[f64]| {
            left.iter()
                .zip(right)
                .map(|(left, right)| left - right)
                .collect()
        };
        Self {
            events: difference(&self.events, &other.events),
            rows: difference(&self.rows, &other.rows),
        }
    }

    /// The rate of all rows, kept off 0 and 1 by half an event, so that its logit is finite.
    fn prior(&self) -> f64 {
        let rows: f64 = self.rows.iter().sum();
        let events: f64 = self.events.iter().sum();
        if rows == 0.0 {
            return 0.5;
        }
        (events / rows).clamp(0.5 / (rows + 1.0), (rows + 0.5) / (rows + 1.0))
    }

    /// Logits by place.
    fn logits(&self, smoothing: f64) -> Vec<f64> {
        let prior = self.prior();
        let logits = self
            .events
            .iter()
            .zip(&self.rows)
            .map(|(events, rows)| logit((events + smoothing * prior) / (rows + smoothing)));
        logits.collect()
    }
}

/// Fits levels on all training rows, and codes every training row by what the rows of the *other*
/// inner folds say: no row sees its own outcome, nor that of its subject.
pub(crate) fn fit(texts: &Texts, outcome: &Outcome, smoothing: f64) -> (Rates, Vec<f64>) {
    let mut whole = Tally::new(texts.levels.len());
    let mut parts = vec![whole.clone(); outcome.fold_count];
    for ((code, event), fold) in texts.codes.iter().zip(&outcome.events).zip(&outcome.folds) {
        parts[*fold].count(*code, *event);
    }
    for (part, at) in parts
        .iter()
        .flat_map(|part| (0..part.rows.len()).map(move |at| (part, at)))
    {
        whole.rows[at] += part.rows[at];
        whole.events[at] += part.events[at];
    }
    let others: Vec<Vec<f64>> = parts
        .iter()
        .map(|part| whole.without(part).logits(smoothing))
        .collect();
    let codes = texts.codes.iter().zip(&outcome.folds);
    let train = codes
        .map(|(code, fold)| others[*fold][whole.place(*code)])
        .collect();
    let logits = whole.logits(smoothing);
    let rates = Rates {
        missing: logits[texts.levels.len()],
        prior: logit(whole.prior()),
        levels: texts.levels.iter().cloned().zip(logits).collect(),
    };
    (rates, train)
}

impl Rates {
    /// The logit of every row's level.
    pub(crate) fn apply(&self, texts: &Texts) -> Vec<f64> {
        let of_level = |level: &str| self.levels.get(level).copied().unwrap_or(self.prior);
        texts.values(of_level, self.missing)
    }
}

fn logit(rate: f64) -> f64 {
    (rate / (1.0 - rate)).ln()
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow_array::StringArray;

    #[test]
    fn no_row_sees_its_own_outcome() {
        let texts = Texts::read(&StringArray::from(vec!["a"; 8]));
        let outcomes = [1.0, 0.0, 0.0, 0.0, 1.0, 1.0, 0.0, 1.0];
        let folds = vec![0, 0, 0, 0, 1, 1, 1, 1];
        for row in 0..8 {
            let mut flipped = outcomes;
            flipped[row] = 1.0 - flipped[row];
            let train = |values: &[f64]| fit(&texts, &Outcome::new(values, &folds).unwrap(), 5.0).1;
            assert_eq!(train(&outcomes)[row], train(&flipped)[row]);
        }
    }

    #[test]
    fn an_unseen_level_has_the_prior_and_a_missing_one_its_own_rate() {
        let texts = Texts::read(&StringArray::from(vec![Some("a"), Some("a"), None, None]));
        let outcome = Outcome::new(&[1.0, 0.0, 1.0, 1.0], &[0, 1, 0, 1]).unwrap();
        let (rates, _) = fit(&texts, &outcome, 2.0);
        let new = Texts::read(&StringArray::from(vec![Some("b"), None, Some("a")]));
        let expected = [
            logit(0.75),
            logit((2.0 + 1.5) / 4.0),
            logit((1.0 + 1.5) / 4.0),
        ];
        for (found, expected) in rates.apply(&new).iter().zip(expected) {
            assert!((found - expected).abs() < 1e-12);
        }
    }

    #[test]
    fn one_class_only_is_insufficient() {
        let fault = Outcome::new(&[0.0, 0.0], &[0, 1]).err().unwrap();
        assert_eq!(fault.code, FaultCode::InsufficientData);
        assert!(Outcome::new(&[0.0, 2.0], &[0, 1]).is_err());
    }
}
