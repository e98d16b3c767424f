//! Pairs of categories read as one: where a patient goes from a ward, and from which ward.
//!
//! Target encoding looks at one column at a time, so that trees must rebuild an interaction from
//! two averages. Encoding the pair gives it to them, shrunk where it is rare.

use autods_sdk::agent::{Briefing, CheckKind, CheckTarget, Column};

use super::{Combination, Yields};
use crate::settings::{PAIR_MISSING, Settings};
use crate::shape::{Shape, shape};
use crate::steps;

/// Pairs, the most promising first, cut off at the number that the settings allow.
///
/// The anchor is the many-levelled category that tells most about the outcome by itself (the
/// statistic of its `target-proxy` check; the first one where there is none). It is paired with
/// the first band, such as age, and the first diagnosis; then come all pairs of many-levelled
/// categories, those with the anchor first.
pub(super) fn pairs(
    briefing: &Briefing,
    predictors: &[&Column],
    settings: &Settings,
) -> Vec<Combination> {
    let of_shape = |wanted: Shape| {
        predictors
            .iter()
            .copied()
            .filter(move |column| shape(column) == Some(wanted.clone()))
    };
    let mut many: Vec<&Column> = of_shape(Shape::Many)
        .filter(|column| !column.levels.is_empty())
        .collect();
    let mut strongest = 0;
    for at in 1..many.len() {
        if strength(briefing, many[at]) > strength(briefing, many[strongest]) {
            strongest = at;
        }
    }
    if many.is_empty() {
        return Vec::new();
    }
    let anchor = many.remove(strongest);
    let band = of_shape(Shape::Band).find(|column| column.missing < PAIR_MISSING);
    let diagnosis = of_shape(Shape::Icd9).find(|column| column.missing < PAIR_MISSING);
    let mut wanted: Vec<(&Column, &Column)> = Vec::new();
    wanted.extend(band.map(|band| (band, anchor)));
    wanted.extend(diagnosis.map(|diagnosis| (diagnosis, anchor)));
    wanted.extend(many.iter().map(|other| (anchor, *other)));
    for (at, first) in many.iter().enumerate() {
        wanted.extend(many[at + 1..].iter().map(|second| (*first, *second)));
    }
    wanted
        .into_iter()
        .take(settings.pairs)
        .map(|(first, second)| Combination {
            name: format!("{}-x-{}", first.name, second.name),
            step: steps::pair(&first.name, &second.name),
            yields: Yields::Category,
        })
        .collect()
}

/// How much a column tells about the outcome by itself, as the board knows it.
fn strength(briefing: &Briefing, column: &Column) -> f64 {
    briefing
        .check(
            CheckKind::TargetProxy,
            &CheckTarget::Column(column.name.clone()),
        )
        .map_or(0.0, |(_, check)| check.statistic)
}
