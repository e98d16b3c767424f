//! How many of many like columns differ from the usual: with a column for each drug, how many
//! drugs were given at all.

use std::collections::BTreeMap;

use autods_sdk::agent::{Column, ValueKind};

use super::{Combination, Yields, slug};
use crate::settings::LEAST_ALIKE;
use crate::shape::codes;
use crate::steps;

/// One count for each group of at least five category columns whose levels all belong to one set
/// of at least three. The value that does not count is the commonest one of the group.
pub(super) fn counts(predictors: &[&Column]) -> Vec<Combination> {
    let mut left: Vec<&Column> = predictors
        .iter()
        .copied()
        .filter(|column| matches!(column.kind, ValueKind::Category | ValueKind::Ordinal))
        .filter(|column| column.levels.len() >= 2)
        .collect();
    let mut sets: Vec<Vec<String>> = left.iter().map(|column| sorted(codes(column))).collect();
    // widest first, so that a drug that nobody got raised joins those that somebody did
    sets.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
    sets.dedup();
    let mut found = Vec::new();
    for set in sets.iter().filter(|set| set.len() >= 3) {
        let (alike, rest): (Vec<&Column>, Vec<&Column>) = left
            .iter()
            .partition(|column| column.levels.iter().all(|level| set.contains(&level.code)));
        if alike.len() < LEAST_ALIKE {
            continue;
        }
        if let Some(usual) = commonest(&alike) {
            let columns: Vec<String> = alike.iter().map(|column| column.name.clone()).collect();
            found.push(Combination {
                name: format!("count-unlike-{}", slug(&usual)),
                step: steps::count_unlike(&usual, &columns),
                yields: Yields::Count,
            });
        }
        left = rest;
    }
    found
}

fn sorted(mut codes: Vec<String>) -> Vec<String> {
    codes.sort();
    codes
}

/// The code with the most rows over all columns; the first by name wins ties.
fn commonest(columns: &[&Column]) -> Option<String> {
    let mut rows: BTreeMap<&str, u64> = BTreeMap::new();
    for level in columns.iter().flat_map(|column| &column.levels) {
        *rows.entry(&level.code).or_default() += level.n.unwrap_or(0);
    }
    let mut best: Option<(&str, u64)> = None;
    for (code, n) in rows {
        if best.is_none_or(|(_, most)| n > most) {
            best = Some((code, n));
        }
    }
    best.map(|(code, _)| code.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use autods_sdk::agent::Role;
    use autods_sdk::params;
    use autods_sdk::testkit::BriefingBuilder;

    fn counted(drugs: usize) -> Vec<Combination> {
        let mut builder = BriefingBuilder::new(Role::FeatureEngineer, "feature-engineer").category(
            "insulin",
            &[
                ("No", "No", Some(50)),
                ("Up", "Up", Some(40)),
                ("Steady", "Steady", None),
            ],
        );
        for drug in 1..drugs {
            builder = builder.category(
                &format!("drug{drug}"),
                &[("Steady", "Steady", Some(20)), ("No", "No", Some(80))],
            );
        }
        let briefing = builder
            .category("sex", &[("f", "female", Some(60)), ("m", "male", Some(40))])
            .build();
        let columns: Vec<&Column> = briefing.catalogue.iter().flat_map(|c| &c.columns).collect();
        counts(&columns)
    }

    #[test]
    fn many_like_columns_are_counted_against_the_usual_value() {
        let found = counted(5);
        let [count] = found.as_slice() else {
            panic!("{found:?}");
        };
        assert_eq!(count.name, "count-unlike-no");
        assert_eq!(
            params::texts(&count.step.params, "column").unwrap().len(),
            5
        );
        assert!(counted(4).is_empty());
    }
}
