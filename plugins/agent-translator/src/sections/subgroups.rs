//! Whether the champion serves the declared groups alike.

use std::collections::BTreeSet;

use autods_sdk::agent::{Briefing, Estimate, Evaluation, EventId, Sample, Section};

use crate::facts;
use crate::sentence::Sentence;
use crate::words;

pub(super) fn say(briefing: &Briefing) -> Vec<Sentence> {
    let (Some((champion, ..)), Some((_, protocol))) =
        (facts::champion(briefing), facts::protocol(briefing))
    else {
        return Vec::new();
    };
    let Some(primary) = protocol.populations.first() else {
        return Vec::new();
    };
    let groups: Vec<(EventId, &Evaluation, &str)> = facts::evaluations(briefing)
        .filter(|(_, evaluation)| {
            evaluation.experiment == champion
                && evaluation.population == primary.id
                && evaluation.sample == Sample::OutOfFold
        })
        .filter_map(|(id, evaluation)| {
            Some((id, evaluation, evaluation.group.as_ref()?.column.as_str()))
        })
        .collect();
    let columns: BTreeSet<&str> = groups.iter().map(|(_, _, column)| *column).collect();
    columns
        .into_iter()
        .flat_map(|column| {
            let of_column: Vec<(EventId, &Evaluation)> = groups
                .iter()
                .filter(|(_, _, other)| *other == column)
                .map(|(id, evaluation, _)| (*id, *evaluation))
                .collect();
            by_column(briefing, column, &of_column)
        })
        .collect()
}

fn by_column(
    briefing: &Briefing,
    column: &str,
    groups: &[(EventId, &Evaluation)],
) -> Vec<Sentence> {
    let by = words::column(briefing, column).map_or_else(
        || "a declared column".to_owned(),
        |label| format!("“{label}”"),
    );
    let say_that = |text: String| Sentence::new(Section::Subgroups, text);
    let mut estimated: Vec<(EventId, Estimate)> = groups
        .iter()
        .filter(|(_, evaluation)| !evaluation.insufficient)
        .filter_map(|(id, evaluation)| Some((*id, evaluation.auroc?)))
        .collect();
    estimated.sort_by(|(_, a), (_, b)| a.value.total_cmp(&b.value));
    let mut said = Vec::new();
    if let [lowest, .., highest] = estimated.as_slice() {
        let meaning = if lowest.1.upper < highest.1.lower {
            "The intervals of these two do not meet: the model ranks patients less well in one \
             group than in the other, and should not be used as if it did not."
        } else {
            "The intervals of these two overlap."
        };
        said.push(
            say_that(format!(
                "By {by}, the AUROC runs from {{0}} ({{1}} to {{2}}) in the lowest group to {{3}} \
                 ({{4}} to {{5}}) in the highest. {meaning}"
            ))
            .with_estimate(lowest.0, "/Evaluated/auroc")
            .with_estimate(highest.0, "/Evaluated/auroc"),
        );
    }
    if groups.iter().any(|(_, evaluation)| evaluation.insufficient) {
        said.push(say_that(format!(
            "Some groups by {by} have too few events for estimates. They are shown as insufficient, \
             not merged with others; nothing is known about how the model serves them."
        )));
    }
    said
}
