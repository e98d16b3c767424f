//! Columns that combine others, under a new name.

mod pairs;
mod sums;
mod unlike;

use autods_sdk::agent::{Briefing, Column, Step};

use crate::settings::Settings;

/// A combination: its new name, its first step, and the numbers it yields.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Combination {
    /// The new name.
    pub(crate) name: String,
    /// The combining step.
    pub(crate) step: Step,
    /// What it yields.
    pub(crate) yields: Yields,
}

/// What a combination yields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Yields {
    /// A count.
    Count,
    /// A category with many levels.
    Category,
}

/// Every combination of these predictors; names that the table already has are left out.
pub(crate) fn combinations(
    briefing: &Briefing,
    predictors: &[&Column],
    settings: &Settings,
) -> Vec<Combination> {
    let mut found: Vec<Combination> = Vec::new();
    for new in sums::sums(predictors)
        .into_iter()
        .chain(unlike::counts(predictors))
        .chain(pairs::pairs(briefing, predictors, settings))
    {
        let taken = found.iter().any(|known| known.name == new.name);
        if !taken && briefing.column(&new.name).is_none() {
            found.push(new);
        }
    }
    found
}

/// A text as part of a new name: lower case, letters, digits and hyphens, at most 48 bytes.
fn slug(text: &str) -> String {
    let spaced: String = text
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() {
                c.to_ascii_lowercase()
            } else {
                ' '
            }
        })
        .collect();
    let mut slug = spaced.split_whitespace().collect::<Vec<_>>().join("-");
    slug.truncate(48);
    slug.trim_end_matches('-').to_owned()
}
