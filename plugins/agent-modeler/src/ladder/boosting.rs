//! The ladder of gradient boosting.
//!
//! The start is what did best in a search on tabular hospital data of about 100,000 rows and an
//! outcome of about one in ten: shallow trees, a modest rate, strong shrinkage of leaves and
//! random columns. The variations are those that Friedman (2001, 2002) and Chen and Guestrin
//! (2016) name as what governs overfitting: rate, depth, leaf size, columns.

use autods_sdk::agent::Param;
use autods_sdk::params::{param_integer, param_number};

use super::{Rung, Theme};
use crate::numbers::{changed, number};

/// Rounds of the start.
const ROUNDS: i64 = 150;
/// Learning rate of the start.
const LEARNING_RATE: f64 = 0.06;
/// Depth of the start.
const DEPTH: i64 = 5;
/// Least sum of Hessians in a leaf of the start: with one event in ten, about 200 rows.
const MIN_CHILD_WEIGHT: f64 = 20.0;
/// Share of rows for each tree of the start.
const SUBSAMPLE: f64 = 0.8;
/// Share of columns for each tree of the start.
const COLUMN_SAMPLE: f64 = 0.4;
/// Ridge penalty on leaves of the start.
const L2: f64 = 5.0;
/// Bins of a column.
const MAX_BIN: i64 = 255;

/// The plan to start from.
pub(super) fn start() -> Vec<Param> {
    vec![
        param_integer("rounds", ROUNDS),
        param_number("learning-rate", LEARNING_RATE),
        param_integer("leaves", 0),
        param_integer("depth", DEPTH),
        param_number("min-child-weight", MIN_CHILD_WEIGHT),
        param_number("subsample", SUBSAMPLE),
        param_number("column-sample", COLUMN_SAMPLE),
        param_number("l2", L2),
        param_integer("max-bin", MAX_BIN),
    ]
}

/// Interactions first; then whether finer steps or stronger restraint add anything.
pub(super) const THEMES: [Theme; 3] = [
    Theme {
        name: "interactions",
        statement: "Trees, which find thresholds and interactions by themselves, rank patients \
                    better than a model that adds effects up.",
        prediction: 0.003,
        rungs: &[
            Rung {
                rationale: "A moderate start: shallow trees, a modest rate, random columns.",
                params: |base| base.to_vec(),
            },
            Rung {
                rationale: "One level of depth less, with more rounds: are the interactions real?",
                params: |base| {
                    let depth = number(base, "depth").unwrap_or(5.0);
                    let rounds = number(base, "rounds").unwrap_or(150.0);
                    changed(
                        base,
                        &[("depth", (depth - 1.0).max(1.0)), ("rounds", rounds * 1.4)],
                    )
                },
            },
        ],
    },
    Theme {
        name: "finer-steps",
        statement: "Half the learning rate with twice the rounds averages over more trees and \
                    ranks patients better.",
        prediction: 0.001,
        rungs: &[Rung {
            rationale: "Half the learning rate, twice the rounds.",
            params: |base| {
                let rate = number(base, "learning-rate").unwrap_or(0.1);
                let rounds = number(base, "rounds").unwrap_or(150.0);
                changed(
                    base,
                    &[("learning-rate", rate / 2.0), ("rounds", rounds * 2.0)],
                )
            },
        }],
    },
    Theme {
        name: "more-restraint",
        statement: "Part of what the trees fit is noise, so that larger leaves or fewer columns \
                    for each tree rank new patients better.",
        prediction: 0.001,
        rungs: &[
            Rung {
                rationale: "Leaves that carry five times the weight.",
                params: |base| {
                    let weight = number(base, "min-child-weight").unwrap_or(1.0);
                    changed(base, &[("min-child-weight", weight * 5.0)])
                },
            },
            Rung {
                rationale: "Half the columns for each tree.",
                params: |base| {
                    let share = number(base, "column-sample").unwrap_or(1.0);
                    changed(base, &[("column-sample", share / 2.0)])
                },
            },
        ],
    },
];
