//! A synthetic cohort of the same shape as the real one, described column by column.

mod draw;
mod generate;
mod level;
mod validity;

pub use level::{Effect, LevelShape};
pub(crate) use validity::check;

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How to make a synthetic cohort of the same shape. The rows it gives follow the marginal
/// distributions below, independently of each other but for the outcome, whose log-odds is the
/// sum of the effects. They describe nobody, and a run on them says so.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Synthetic {
    /// Rows, 100 to 1000000.
    pub rows: u32,
    /// Mean rows per person, 1 to 100; the number per person is geometric.
    #[serde(default = "one")]
    pub rows_per_subject: f64,
    /// Seed. The same task and seed give the same cohort on every machine.
    pub seed: u64,
    /// Share of rows with the outcome, 0.001 to 0.9.
    pub prevalence: f64,
    /// Standard deviation of a person's own log-odds, 0 to 5. Default: 0.
    #[serde(default)]
    pub subject_sd: f64,
    /// Where the distributions come from, in words. The report repeats it.
    #[serde(default)]
    pub source: String,
    /// Columns by name. A column of the dictionary that is not here is drawn evenly from its
    /// codings, or from a standard distribution of its type, and has no effect. Subject and
    /// record-id are numbered and stand never here.
    #[serde(default)]
    pub columns: BTreeMap<String, Shape>,
}

fn one() -> f64 {
    1.0
}

/// The distribution of one column: exactly one of `levels`, `count`, `normal` and `dates`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shape {
    /// Codes with their weights: `code: weight`, `code: [weight, effect]` or
    /// `code: {weight, effect}`, where the effect is on the log-odds of the outcome, or `never`
    /// for a code whose rows cannot have it.
    #[serde(
        default,
        deserialize_with = "level::deserialize",
        serialize_with = "level::serialize",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub levels: Vec<(String, LevelShape)>,
    /// Whole numbers from 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<Count>,
    /// Real numbers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub normal: Option<Normal>,
    /// Calendar days.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dates: Option<Dates>,
    /// Effect of one standard deviation of a number on the log-odds, −5 to 5.
    #[serde(default)]
    pub effect: f64,
    /// Share without a value, 0 to 1.
    #[serde(default)]
    pub missing: f64,
    /// Whether a value is drawn for every row or once for a person.
    #[serde(default)]
    pub per: Per,
}

/// How often a value is drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Per {
    /// For every row.
    #[default]
    Row,
    /// Once for a person.
    Subject,
}

/// Whole numbers: Poisson; negative binomial where `sd`² is above the mean; a rounded normal
/// where it is below. Values outside `min` and `max` are drawn again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Count {
    /// Mean before `min` and `max` cut, above 0 and at most 10000.
    pub mean: f64,
    /// Standard deviation. Default: that of a Poisson distribution.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sd: Option<f64>,
    /// Smallest value. Default: 0.
    #[serde(default)]
    pub min: u32,
    /// Largest value. Default: none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<u32>,
}

/// Real numbers from a normal distribution. Values outside `min` and `max` are drawn again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Normal {
    /// Mean.
    pub mean: f64,
    /// Standard deviation, above 0.
    pub sd: f64,
    /// Decimals that are written, 0 to 6. Default: 2.
    #[serde(default = "two")]
    pub decimals: u8,
    /// Smallest value. Default: none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<f64>,
    /// Largest value. Default: none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<f64>,
}

fn two() -> u8 {
    2
}

/// Calendar days, each equally likely.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dates {
    /// First day, `YYYY-MM-DD`.
    pub first: String,
    /// Last day, `YYYY-MM-DD`.
    pub last: String,
}
