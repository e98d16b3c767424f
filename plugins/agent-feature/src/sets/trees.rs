//! The set for trees, which split on order and find interactions themselves.
//!
//! | shape | what it gets | why |
//! |---|---|---|
//! | number | nothing: missing stays missing | a split does not care for scale, and sends missing values either way |
//! | band, ordered | its midpoint or place in the order | one split parts low from high |
//! | few | a column for each level | no order to split on |
//! | many, ICD-9 | target-encoded | orders the levels by risk, shrunk where rare (Micci-Barreca 2001); diagnoses with their subcodes, which on real data did no worse than their categories |

use autods_sdk::agent::{Column, ColumnUse, Step};

use super::Recipe;
use crate::combine::{Combination, Yields};
use crate::settings::Settings;
use crate::shape::{Shape, shape};
use crate::steps::{one_hot, ordinal_code, plain, target_encode, used};

pub(super) const RECIPE: Recipe = Recipe {
    name: "trees",
    rationale: "What trees split well: numbers as they are, codes in an order, many levels by \
                their risk.",
    column,
    combination,
};

fn column(column: &Column, settings: &Settings) -> Vec<ColumnUse> {
    let use_with = |steps: Vec<Step>| used(&column.name, steps);
    match shape(column) {
        None => Vec::new(),
        Some(Shape::Number) => vec![use_with(Vec::new())],
        Some(Shape::Band) => vec![use_with(vec![plain("band-midpoint")])],
        Some(Shape::Ordered(levels)) => vec![use_with(vec![ordinal_code(&levels)])],
        Some(Shape::Few) => vec![use_with(vec![one_hot(settings)])],
        Some(Shape::Many | Shape::Icd9) => vec![use_with(vec![target_encode(settings)])],
    }
}

fn combination(combination: &Combination, settings: &Settings) -> ColumnUse {
    let mut steps = vec![combination.step.clone()];
    steps.extend((combination.yields == Yields::Category).then(|| target_encode(settings)));
    used(&combination.name, steps)
}
