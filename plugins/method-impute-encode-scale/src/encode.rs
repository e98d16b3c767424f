//! Text into numbers.

use std::collections::BTreeMap;

use autods_sdk::method::{Fault, FaultCode};
use serde::{Deserialize, Serialize};

use crate::band;
use crate::output::Suffix;
use crate::recipe::Encode;
use crate::target::{self, Outcome, Rates};
use crate::texts::{MISSING_WORD, Texts};

/// What stands for every level that is not frequent enough in names.
const RARE_WORD: &str = "rare";

/// A fitted encoder.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) enum Encoder {
    OneHot {
        /// Levels with a column of their own, in the order of their text.
        levels: Vec<String>,
        /// Whether there is a column for every other level.
        rare: bool,
        /// Whether there is a column for missing values.
        missing: bool,
    },
    OrdinalCode(Vec<String>),
    BandMidpoint,
    Target(Rates),
}

/// What an encoder makes of a column.
pub(crate) enum Encoded {
    /// A number, which further steps may rework; NaN is missing.
    Number(Suffix, Vec<f64>),
    /// Columns of zeros and ones, which are done.
    Indicators(Vec<(Suffix, Vec<f32>)>),
}

/// Fits an encoder; gives the training rows as it codes them.
pub(crate) fn fit(
    encode: &Encode,
    texts: &Texts,
    outcome: Option<&Outcome>,
) -> Result<(Encoder, Encoded), Fault> {
    let encoder = match encode {
        Encode::OneHot { min_count } => one_hot(texts, *min_count),
        Encode::OrdinalCode { levels } => Encoder::OrdinalCode(levels.clone()),
        Encode::BandMidpoint => Encoder::BandMidpoint,
        Encode::Target { smoothing } => {
            let outcome = outcome.ok_or(FaultCode::MissingInput)?;
            let (rates, train) = target::fit(texts, outcome, *smoothing);
            let train = Encoded::Number(Suffix::Word("target"), train);
            return Ok((Encoder::Target(rates), train));
        }
    };
    let train = encoder.apply(texts);
    Ok((encoder, train))
}

fn one_hot(texts: &Texts, min_count: u64) -> Encoder {
    let (counts, without) = texts.counts();
    let mut levels = Vec::new();
    let mut rare = false;
    let mut missing = without > 0;
    for (level, count) in texts.levels.iter().zip(counts) {
        // a code that reads like one of our words means what the word says
        if level == MISSING_WORD {
            missing = true;
        } else if count >= min_count && level != RARE_WORD {
            levels.push(level.clone());
        } else {
            rare = true;
        }
    }
    levels.sort_unstable();
    Encoder::OneHot {
        levels,
        rare,
        missing,
    }
}

impl Encoder {
    /// The columns for these rows.
    pub(crate) fn apply(&self, texts: &Texts) -> Encoded {
        match self {
            Self::OneHot {
                levels,
                rare,
                missing,
            } => indicators(texts, levels, *rare, *missing),
            Self::OrdinalCode(levels) => {
                let places: BTreeMap<&str, f64> = levels
                    .iter()
                    .map(String::as_str)
                    .zip((0u32..).map(f64::from))
                    .collect();
                let place = |level: &str| places.get(level).copied().unwrap_or(f64::NAN);
                Encoded::Number(Suffix::None, texts.values(place, f64::NAN))
            }
            Self::BandMidpoint => {
                let middle = |level: &str| band::midpoint(level).unwrap_or(f64::NAN);
                Encoded::Number(Suffix::None, texts.values(middle, f64::NAN))
            }
            Self::Target(rates) => Encoded::Number(Suffix::Word("target"), rates.apply(texts)),
        }
    }
}

/// One column of zeros and ones for each level, then for the rare ones, then for the missing. A
/// level that training never saw is rare, where there is such a column.
fn indicators(texts: &Texts, levels: &[String], rare: bool, missing: bool) -> Encoded {
    let rows = texts.codes.len();
    let mut columns: Vec<(Suffix, Vec<f32>)> = levels
        .iter()
        .map(|level| (Suffix::Level(level.clone()), vec![0.0; rows]))
        .collect();
    let rare_at = rare.then(|| {
        columns.push((Suffix::Level(RARE_WORD.to_owned()), vec![0.0; rows]));
        columns.len() - 1
    });
    let missing_at = missing.then(|| {
        columns.push((Suffix::Level(MISSING_WORD.to_owned()), vec![0.0; rows]));
        columns.len() - 1
    });
    let places: Vec<Option<usize>> = texts
        .levels
        .iter()
        .map(|level| {
            if level == MISSING_WORD {
                return missing_at;
            }
            levels.binary_search(level).ok().or(rare_at)
        })
        .collect();
    for (row, code) in texts.codes.iter().enumerate() {
        let place = match places.get(*code as usize) {
            Some(place) => *place,
            None => missing_at,
        };
        if let Some(place) = place {
            columns[place].1[row] = 1.0;
        }
    }
    Encoded::Indicators(columns)
}
