//! Splits: the host's alone.

use autods_science::stratified_group_kfold;

use super::{Lab, derive_seed};
use crate::error::Result;

/// One fold: positions into the population's row list.
pub(crate) struct Fold {
    pub(crate) train: Vec<u32>,
    pub(crate) test: Vec<u32>,
}

impl Lab<'_> {
    /// The folds of `rows` under `seed`: stratified by outcome, disjoint by subject.
    pub(crate) fn folds(&self, rows: &[u32], seed: u64) -> Result<Vec<Fold>> {
        let assigned = stratified_group_kfold(
            &self.cohort.subjects(rows),
            &self.cohort.outcomes(rows),
            self.folds,
            derive_seed("outer-folds", seed, 0),
        )?;
        Ok((0..self.folds)
            .map(|fold| {
                let mut made = Fold {
                    train: Vec::new(),
                    test: Vec::new(),
                };
                for (&row, &of) in rows.iter().zip(&assigned) {
                    if of == fold {
                        made.test.push(row);
                    } else {
                        made.train.push(row);
                    }
                }
                made
            })
            .collect())
    }

    /// Inner folds of training rows, for cross-fitting.
    pub(crate) fn inner_folds(&self, train: &[u32], seed: u64) -> Result<Vec<u32>> {
        Ok(stratified_group_kfold(
            &self.cohort.subjects(train),
            &self.cohort.outcomes(train),
            self.inner_folds,
            derive_seed("inner-folds", seed, 0),
        )?)
    }
}
