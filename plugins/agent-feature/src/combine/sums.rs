//! Sums of counts of the same thing: outpatient, emergency and inpatient visits are visits.
//!
//! Trees would need many splits for a sum, and a linear model has it only on the raw scale.

use std::collections::BTreeMap;

use autods_sdk::agent::{Column, ValueKind};

use super::{Combination, Yields, slug};
use crate::steps;

/// One sum for each group of whole-number columns that count the same thing: columns of one unit
/// in braces (UCUM's way to name what is counted, such as `{visits}`), or whose labels are the
/// same but for one word that is not the last (the last word says what is counted).
pub(super) fn sums(predictors: &[&Column]) -> Vec<Combination> {
    let mut groups: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for column in predictors
        .iter()
        .filter(|column| column.kind == ValueKind::Integer)
    {
        for key in keys(column) {
            groups.entry(key).or_default().push(column.name.clone());
        }
    }
    let groups: Vec<(String, Vec<String>)> = groups
        .into_iter()
        .filter(|(_, columns)| columns.len() >= 2)
        .collect();
    groups
        .iter()
        .enumerate()
        .filter(|(at, (_, columns))| {
            // part of a wider group, or the same as an earlier one
            !groups.iter().enumerate().any(|(other_at, (_, other))| {
                let within = columns.iter().all(|column| other.contains(column));
                within && (other.len() > columns.len() || other_at < *at)
            })
        })
        .map(|(_, (key, columns))| Combination {
            name: format!("sum-{}", slug(key)),
            step: steps::sum(columns),
            yields: Yields::Count,
        })
        .collect()
}

/// What a column may have in common with another: its unit in braces, and its label with each
/// word but the last left out in turn.
fn keys(column: &Column) -> Vec<String> {
    let unit = column.unit.as_deref().unwrap_or_default();
    let mut keys: Vec<String> = Vec::new();
    if unit.starts_with('{') {
        keys.push(unit.to_owned());
    }
    let label = column.label.to_lowercase();
    let words: Vec<&str> = label
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    for left_out in 0..words.len().saturating_sub(1) {
        let mut rest = words.clone();
        rest[left_out] = "*";
        keys.push(format!("{} {unit}", rest.join(" ")).trim().to_owned());
    }
    keys
}

#[cfg(test)]
mod tests {
    use super::*;
    use autods_sdk::agent::Role;
    use autods_sdk::testkit::BriefingBuilder;

    fn summed(labels: &[(&str, &str)]) -> Vec<Combination> {
        let mut builder = BriefingBuilder::new(Role::FeatureEngineer, "feature-engineer");
        for (name, label) in labels {
            builder = builder.column(name, ValueKind::Integer, |column| {
                column.label = (*label).to_owned();
            });
        }
        let briefing = builder.build();
        let columns: Vec<&Column> = briefing.catalogue.iter().flat_map(|c| &c.columns).collect();
        sums(&columns)
    }

    #[test]
    fn a_unit_in_braces_makes_a_group_and_swallows_its_parts() {
        let mut builder = BriefingBuilder::new(Role::FeatureEngineer, "feature-engineer");
        for label in [
            "Outpatient visits before",
            "Emergency visits before",
            "Stays before",
        ] {
            builder = builder.column(label, ValueKind::Integer, |column| {
                column.unit = Some("{visits}".to_owned());
            });
        }
        let briefing = builder.build();
        let columns: Vec<&Column> = briefing.catalogue.iter().flat_map(|c| &c.columns).collect();
        let found = sums(&columns);
        let [visits] = found.as_slice() else {
            panic!("{found:?}");
        };
        assert_eq!(visits.name, "sum-visits");
        assert_eq!(visits.step.params.len(), 3);
    }

    #[test]
    fn counts_of_the_same_thing_are_summed_and_others_are_not() {
        let found = summed(&[
            ("number_outpatient", "Outpatient visits in the year before"),
            ("number_emergency", "Emergency visits in the year before"),
            ("number_inpatient", "Inpatient visits in the year before"),
            ("num_medications", "Number of medications"),
            ("number_diagnoses", "Number of diagnoses"),
        ]);
        let [visits] = found.as_slice() else {
            panic!("{found:?}");
        };
        assert_eq!(visits.name, "sum-visits-in-the-year-before");
        assert_eq!(visits.step.params.len(), 3);
    }
}
