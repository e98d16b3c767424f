//! What was dropped because it knew too much.

use std::collections::BTreeSet;

use autods_sdk::agent::{
    Briefing, CheckKind, CheckResult, EventBody, EventId, OutcomeVerdict, ProposalBody, Section,
};

use crate::facts;
use crate::sentence::Sentence;
use crate::words;

pub(super) fn say(briefing: &Briefing) -> Vec<Sentence> {
    let mut said: Vec<Sentence> = dropped(briefing)
        .into_iter()
        .map(|(column, evidence, check)| sentence(briefing, column, evidence, check))
        .collect();
    if said.is_empty() && !facts::teams(briefing).is_empty() {
        said.push(say_that(
            "Every predictor was checked by itself before any model was fitted; none was blocked as a \
             leak.",
        ));
    }
    said.extend(splits(briefing));
    said
}

fn say_that(text: impl Into<String>) -> Sentence {
    Sentence::new(Section::Leakage, text)
}

/// Columns that objections to features named, each once, with the check behind the first.
fn dropped(briefing: &Briefing) -> Vec<(&str, EventId, &CheckResult)> {
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    let mut found = Vec::new();
    for event in &briefing.events {
        let EventBody::Objected(objection) = &event.body else {
            continue;
        };
        let of_features = briefing
            .proposal(objection.critique.target)
            .is_some_and(|proposal| matches!(proposal.body, ProposalBody::Features(_)));
        let evidence = objection.critique.evidence;
        let Some(EventBody::Checked(check)) = briefing.event(evidence).map(|event| &event.body)
        else {
            continue;
        };
        for column in objection.drop_columns.iter().filter(|_| of_features) {
            if seen.insert(column) {
                found.push((column.as_str(), evidence, check));
            }
        }
    }
    found
}

fn sentence(briefing: &Briefing, column: &str, evidence: EventId, check: &CheckResult) -> Sentence {
    let name = words::column(briefing, column)
        .map_or_else(|| "A column".to_owned(), |label| format!("“{label}”"));
    let why = match check.kind {
        CheckKind::TargetProxy => {
            "by itself it predicts the outcome with an AUROC of {0}, where {1} is already too good \
             to be known beforehand"
        }
        CheckKind::MissingnessProxy => {
            "where it is missing tells the outcome with an AUROC of {0}, against a limit of {1}"
        }
        CheckKind::Identifier => {
            "it names rows rather than describing them ({0} against a limit of {1})"
        }
        CheckKind::PostIndex => {
            return say_that(format!(
                "{name} was dropped before any model was fitted: it is known only after the index \
                 date."
            ));
        }
        _ => "a check blocked it ({0} against a limit of {1})",
    };
    say_that(format!(
        "{name} was dropped before any model was fitted: {why}."
    ))
    .with(evidence, "/Checked/statistic")
    .with(evidence, "/Checked/threshold")
}

/// Whether rows or subjects could stand on both sides of a split.
fn splits(briefing: &Briefing) -> Vec<Sentence> {
    let latest = |kind: CheckKind| {
        briefing
            .checks()
            .filter(|(_, check)| check.kind == kind)
            .last()
    };
    let mut said = Vec::new();
    if let Some((id, check)) = latest(CheckKind::GroupOverlap) {
        said.push(if check.verdict == OutcomeVerdict::Pass {
            say_that("No subject stands on both sides of any split.")
        } else {
            say_that("Subjects stand on both sides of a split: {0}.").with(id, "/Checked/statistic")
        });
    }
    if let Some((id, check)) = latest(CheckKind::Duplicates) {
        said.push(if check.verdict == OutcomeVerdict::Pass {
            say_that("No equal rows could carry a result from one side of a split to the other.")
        } else {
            say_that(
                "There are equal rows that could stand on both sides of a split ({0}, limit {1}); \
                 grouping by subject limits what they can do.",
            )
            .with(id, "/Checked/statistic")
            .with(id, "/Checked/threshold")
        });
    }
    said
}
