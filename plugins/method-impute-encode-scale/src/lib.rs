//! From rows to a design matrix: missing values, codes and scales.
//!
//! A recipe names columns and, for each of them, steps in order. A column of text has to be turned
//! into numbers by one of its steps; a column of numbers may be used as it is. Everything that a
//! step learns, it learns from the training rows of one fold; `apply` uses what was learnt.
//!
//! | input | step | what it does |
//! |---|---|---|
//! | new name | `sum` | sum of numeric columns, over those that have a value |
//! | new name | `count-unlike` | how many text columns have a value other than the given one |
//! | new name | `pair` | two text columns joined to one |
//! | text | `icd9-chapter`, `icd9-category` | ICD-9-CM code to its chapter, or its category |
//! | text → numbers | `one-hot` | a column for each frequent level, for the rare, for the missing |
//! | text → number | `ordinal-code` | place of the level in a given order |
//! | text → number | `band-midpoint` | `[70-80)` to 75 |
//! | text → number | `target-encode` | logit of the level's smoothed outcome rate, cross-fitted |
//! | number | `log1p`, `winsorise`, `impute-median`, `missing-indicator`, `standardise` | |
//!
//! Output columns are 32-bit floats; a missing value stays missing unless a step fills it. They are
//! named `<column>`, `<column>=<level>`, `<column>:<word>` or `<column>:<word>=<level>`.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod band;
mod combine;
mod encode;
mod icd9;
mod input;
mod number;
mod output;
mod pipeline;
mod recipe;
mod state;
mod target;
mod texts;

use autods_sdk::method::{Fault, Fitted, Method, ROWS, Recipe, Table, find};

/// The method.
pub struct ImputeEncodeScale;

impl Method for ImputeEncodeScale {
    /// Fits every column of the recipe on the table `rows`. The seed is not used: nothing here is
    /// random.
    fn fit(tables: &[Table], recipe: &Recipe, _seed: u64) -> Result<Fitted, Fault> {
        let (state, train) = pipeline::fit(find(tables, ROWS)?, recipe)?;
        Ok(Fitted {
            state: state.to_bytes()?,
            train: vec![train],
        })
    }

    fn apply(state: &[u8], tables: &[Table]) -> Result<Vec<Table>, Fault> {
        let state = state::State::from_bytes(state)?;
        Ok(vec![pipeline::apply(&state, find(tables, ROWS)?)?])
    }
}

autods_sdk::export_method!(ImputeEncodeScale);
