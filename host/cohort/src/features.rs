//! What is known of a member before the index event.

use crate::concepts::Concepts;
use crate::definition::{Definition, Statistic};
use crate::error::CohortError;
use crate::moment::{Days, Moment};
use crate::select::{Cohort, before};
use crate::store::{Event, Events};

/// The features of a definition, a column each, with a value or none for each member.
///
/// Only events that are known to come before the index event are looked at: on its own day those of
/// which the hours of both say so.
///
/// # Errors
/// As [`Definition::check`].
pub fn features(
    events: &Events,
    concepts: &Concepts,
    definition: &Definition,
    cohort: &Cohort,
) -> Result<Vec<Vec<Option<f64>>>, CohortError> {
    definition.check()?;
    let mut columns = Vec::with_capacity(definition.features.len());
    for feature in &definition.features {
        let set = definition.concept_sets.get(&feature.events);
        let set = set.map(|set| concepts.members(set)).unwrap_or_default();
        let column = cohort.members.iter().map(|member| {
            let own = events.of(member.person);
            let found = before(
                own,
                member.event,
                member.index,
                feature.window,
                definition.days,
            )
            .filter(|event| set.contain(event.concept));
            value(feature.statistic, member.index, definition.days, found)
        });
        columns.push(column.collect());
    }
    Ok(columns)
}

fn value<'e>(
    statistic: Statistic,
    index: Moment,
    count: Days,
    found: impl Iterator<Item = &'e Event>,
) -> Option<f64> {
    let mut found = found;
    let values = |found: &mut dyn Iterator<Item = &'e Event>| -> Vec<(f64, f64)> {
        found
            .filter_map(|event| Some((number(event.start.days_since(index, count)), event.value?)))
            .collect()
    };
    match statistic {
        Statistic::Count => Some(number(found.count() as i64)),
        Statistic::Any => Some(f64::from(u8::from(found.next().is_some()))),
        Statistic::Days => Some(number(distinct(found.map(|e| e.start.day_number())))),
        Statistic::Distinct => Some(number(distinct(found.map(|e| i64::from(e.concept.0))))),
        Statistic::DaysSinceLast => found
            .last()
            .map(|e| number(index.days_since(e.start, count))),
        Statistic::DaysSinceFirst => found
            .next()
            .map(|e| number(index.days_since(e.start, count))),
        Statistic::Last => values(&mut found).last().map(|(_, value)| *value),
        Statistic::First => values(&mut found).first().map(|(_, value)| *value),
        Statistic::Mean => mean(values(&mut found).iter().map(|(_, value)| *value)),
        Statistic::Min => values(&mut found)
            .into_iter()
            .map(|(_, v)| v)
            .reduce(f64::min),
        Statistic::Max => values(&mut found)
            .into_iter()
            .map(|(_, v)| v)
            .reduce(f64::max),
        Statistic::Sd => sd(&values(&mut found)),
        Statistic::Slope => slope(&values(&mut found)),
    }
}

#[allow(clippy::cast_precision_loss, reason = "days and counts are below 2^53")]
fn number(whole: i64) -> f64 {
    whole as f64
}

fn distinct(all: impl Iterator<Item = i64>) -> i64 {
    let all: std::collections::BTreeSet<i64> = all.collect();
    all.len() as i64
}

fn mean(all: impl Iterator<Item = f64> + Clone) -> Option<f64> {
    let count = all.clone().count();
    (count > 0).then(|| all.sum::<f64>() / number(count as i64))
}

fn sd(values: &[(f64, f64)]) -> Option<f64> {
    let middle = mean(values.iter().map(|(_, value)| *value))?;
    let squares: f64 = values
        .iter()
        .map(|(_, value)| (value - middle).powi(2))
        .sum();
    (values.len() > 1).then(|| (squares / number(values.len() as i64 - 1)).sqrt())
}

fn slope(values: &[(f64, f64)]) -> Option<f64> {
    let day = mean(values.iter().map(|(day, _)| *day))?;
    let value = mean(values.iter().map(|(_, value)| *value))?;
    let across: f64 = values.iter().map(|(d, v)| (d - day) * (v - value)).sum();
    let along: f64 = values.iter().map(|(d, _)| (d - day).powi(2)).sum();
    (along > 0.0).then(|| across / along)
}
