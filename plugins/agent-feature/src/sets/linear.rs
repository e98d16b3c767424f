//! The set for a linear model, which can only add up what it is given.
//!
//! | shape | what it gets | why |
//! |---|---|---|
//! | number | log1p if skewed, an indicator if more than 1 % is missing, the median for missing, standardised | one straight line for each column; a penalty needs one scale |
//! | band, ordered, few | a column for each level | no straight line is assumed |
//! | many | a column for each level with enough rows, and target-encoded | frequent levels by themselves, rare ones by their mean |
//! | ICD-9 | a column for each chapter, and the code target-encoded | anatomy first, then the single disease |

use autods_sdk::agent::{Column, ColumnUse, Step};

use super::Recipe;
use crate::combine::{Combination, Yields};
use crate::settings::{MISSING_INDICATOR, Settings};
use crate::shape::{Shape, is_skewed, shape};
use crate::steps::{self, one_hot, plain, target_encode, used};

pub(super) const RECIPE: Recipe = Recipe {
    name: "linear",
    rationale: "Everything that an additive model can use: one scale, levels apart, rare levels \
                by their mean.",
    column,
    combination,
};

fn column(column: &Column, settings: &Settings) -> Vec<ColumnUse> {
    let use_with = |steps: Vec<Step>| used(&column.name, steps);
    match shape(column) {
        None => Vec::new(),
        Some(Shape::Number) => {
            let first = is_skewed(column).then(|| plain("log1p"));
            vec![use_with(scaled(first, column.missing))]
        }
        Some(Shape::Band | Shape::Ordered(_) | Shape::Few) => {
            vec![use_with(vec![one_hot(settings)])]
        }
        Some(Shape::Many) => vec![use_with(vec![one_hot(settings)]), by_risk(column, settings)],
        Some(Shape::Icd9) => vec![
            use_with(vec![plain("icd9-chapter"), one_hot(settings)]),
            by_risk(column, settings),
        ],
    }
}

/// Target-encoded under a new name, on one scale with the rest.
fn by_risk(column: &Column, settings: &Settings) -> ColumnUse {
    let mut second = steps::by_risk(&column.name, settings);
    second.steps.push(plain("standardise"));
    second
}

fn combination(combination: &Combination, settings: &Settings) -> ColumnUse {
    let mut steps = vec![combination.step.clone()];
    steps.extend(match combination.yields {
        Yields::Count => scaled(Some(plain("log1p")), 0.0),
        Yields::Category => vec![target_encode(settings), plain("standardise")],
    });
    used(&combination.name, steps)
}

/// `first`, then what every number gets.
fn scaled(first: Option<Step>, missing: f64) -> Vec<Step> {
    first
        .into_iter()
        .chain((missing > MISSING_INDICATOR).then(|| plain("missing-indicator")))
        .chain([plain("impute-median"), plain("standardise")])
        .collect()
}
