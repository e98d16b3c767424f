//! The two feature sets.

mod linear;
mod trees;

use autods_sdk::agent::{Briefing, Column, ColumnUse, FeatureSet};

use crate::combine::{Combination, combinations};
use crate::predictors::{dropped, predictors};
use crate::settings::{METHOD, Settings};

/// A recipe: what becomes of a column and of a combination.
struct Recipe {
    name: &'static str,
    rationale: &'static str,
    column: fn(&Column, &Settings) -> Vec<ColumnUse>,
    combination: fn(&Combination, &Settings) -> ColumnUse,
}

const RECIPES: [Recipe; 2] = [linear::RECIPE, trees::RECIPE];

/// Names of the sets, in the order in which they are proposed.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    RECIPES.iter().map(|recipe| recipe.name)
}

/// The set of that name, from what is on the board now; nothing for a name that is none.
pub(crate) fn build(briefing: &Briefing, name: &str) -> Option<FeatureSet> {
    let recipe = RECIPES.iter().find(|recipe| recipe.name == name)?;
    let settings = Settings::of(briefing);
    let predictors = predictors(briefing);
    let mut columns: Vec<ColumnUse> = predictors
        .iter()
        .flat_map(|column| (recipe.column)(column, &settings))
        .collect();
    columns.extend(
        combinations(briefing, &predictors, &settings)
            .iter()
            .map(|combination| (recipe.combination)(combination, &settings)),
    );
    let dropped: Vec<&str> = dropped(briefing).into_iter().collect();
    let rationale = if dropped.is_empty() {
        recipe.rationale.to_owned()
    } else {
        format!(
            "{} Without {}, after objections.",
            recipe.rationale,
            dropped.join(", ")
        )
    };
    Some(FeatureSet {
        name: recipe.name.to_owned(),
        columns,
        method: METHOD.to_owned(),
        rationale,
    })
}
