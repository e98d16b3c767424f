//! The ladder of penalised logistic regression.
//!
//! Half ridge, half lasso first: it keeps groups of correlated columns together and drops noise
//! (Zou and Hastie 2005); then the two ends of the mixing, then the strength of the penalty, in
//! steps of three around the best.

use autods_sdk::agent::Param;
use autods_sdk::params::param_number;

use super::{Rung, Theme};
use crate::numbers::{changed, number};

/// Penalty of the start, on the scale of the mean log-loss (as in glmnet).
const LAMBDA: f64 = 0.0015;
/// Share of the lasso in the penalty of the start.
const ALPHA: f64 = 0.5;
/// Factor between neighbouring penalties.
const STEP: f64 = 3.0;

/// The plan to start from.
pub(super) fn start() -> Vec<Param> {
    vec![param_number("lambda", LAMBDA), param_number("alpha", ALPHA)]
}

/// Additive effects first, then the kind of penalty, then its strength.
pub(super) const THEMES: [Theme; 2] = [
    Theme {
        name: "additive-effects",
        statement: "Effects that add up on the log-odds, with encoded categories and a penalty, \
                    explain most of what can be foreseen.",
        prediction: 0.003,
        rungs: &[
            Rung {
                rationale: "Half ridge, half lasso: correlated columns stay together, noise goes.",
                params: |base| base.to_vec(),
            },
            Rung {
                rationale: "Ridge: every column keeps a small part.",
                params: |base| changed(base, &[("alpha", 0.0)]),
            },
            Rung {
                rationale: "Lasso: few columns carry the risk.",
                params: |base| changed(base, &[("alpha", 1.0)]),
            },
        ],
    },
    Theme {
        name: "strength-of-penalty",
        statement: "The penalty is not at its best strength, and changing it ranks patients better.",
        prediction: 0.001,
        rungs: &[
            Rung {
                rationale: "A third of the penalty.",
                params: |base| {
                    let lambda = number(base, "lambda").unwrap_or(LAMBDA);
                    changed(base, &[("lambda", lambda / STEP)])
                },
            },
            Rung {
                rationale: "Three times the penalty.",
                params: |base| {
                    let lambda = number(base, "lambda").unwrap_or(LAMBDA);
                    changed(base, &[("lambda", lambda * STEP)])
                },
            },
        ],
    },
];
