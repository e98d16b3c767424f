//! What was fixed beforehand, and why somebody was left out.

use autods_sdk::agent::{
    Briefing, CheckKind, CheckTarget, EventBody, EventId, Exclusion, OutcomeVerdict, Protocol,
    Section,
};

use crate::facts;
use crate::sentence::Sentence;
use crate::words;

pub(super) fn say(briefing: &Briefing) -> Vec<Sentence> {
    let Some((id, protocol)) = facts::protocol(briefing) else {
        return Vec::new();
    };
    let mut said = vec![design(id, protocol)];
    said.extend(
        protocol
            .populations
            .first()
            .into_iter()
            .flat_map(|primary| &primary.exclude)
            .flat_map(|exclusion| exclusions(briefing, exclusion)),
    );
    said.extend(sample_size(briefing, id));
    said
}

fn design(id: EventId, protocol: &Protocol) -> Sentence {
    let sentence = Sentence::new(
        Section::Protocol,
        if protocol.lockbox > 0.0 {
            "The protocol was locked before any model was fitted: {0} folds that keep all rows of a \
             subject together, and a lock-box with a share of {1} of the subjects. Every score is a \
             mean over the preset seeds, never the best of them."
        } else {
            "The protocol was locked before any model was fitted: {0} folds that keep all rows of a \
             subject together, and no lock-box. Every score is a mean over the preset seeds, never \
             the best of them."
        },
    )
    .with(id, "/Proposed/body/Protocol/folds");
    if protocol.lockbox > 0.0 {
        sentence.with(id, "/Proposed/body/Protocol/lockbox")
    } else {
        sentence
    }
}

/// Who objected, on what evidence, and what the levels show.
fn exclusions(briefing: &Briefing, exclusion: &Exclusion) -> Vec<Sentence> {
    let column = words::column(briefing, &exclusion.column)
        .map_or_else(|| "one column".to_owned(), |column| format!("“{column}”"));
    let by = briefing
        .events
        .iter()
        .find(|event| match &event.body {
            EventBody::Objected(objection) => objection
                .exclude
                .iter()
                .any(|other| other.column == exclusion.column),
            _ => false,
        })
        .map_or("a critic", |event| event.author.as_str())
        .replace('-', " ");
    let why = if exclusion
        .reason
        .contains(|c: char| c.is_numeric() || c == '{' || c == '}')
    {
        "the outcome can hardly occur in them."
    } else {
        exclusion.reason.as_str()
    };
    let mut said = vec![Sentence::new(
        Section::Protocol,
        format!(
            "The first protocol kept every row. The {by} objected to some rows, which {column} names: \
             {why} The protocol was revised, and these rows do not decide."
        ),
    )];
    let Some(EventBody::Checked(check)) = briefing.event(exclusion.evidence).map(|e| &e.body)
    else {
        return said;
    };
    for (at, level) in check.levels.iter().enumerate() {
        if exclusion.codes.contains(&level.code) {
            said.push(
                Sentence::new(
                    Section::Protocol,
                    format!(
                        "Left out: “{}”, {{0}} rows, of which a share of {{1}} had the outcome \
                         (upper end of the interval {{2}}).",
                        level.label.trim()
                    ),
                )
                .with(exclusion.evidence, &format!("/Checked/levels/{at}/n"))
                .with(exclusion.evidence, &format!("/Checked/levels/{at}/rate"))
                .with(exclusion.evidence, &format!("/Checked/levels/{at}/upper")),
            );
        }
    }
    said
}

/// What Riley's criteria ask for and what there is.
fn sample_size(briefing: &Briefing, protocol: EventId) -> Option<Sentence> {
    let (id, check) = [CheckTarget::Event(protocol), CheckTarget::Data]
        .iter()
        .find_map(|about| briefing.check(CheckKind::SampleSize, about))?;
    let text = if check.verdict == OutcomeVerdict::Pass {
        "The sample is large enough by the criteria of Riley and colleagues ({0} against {1})."
    } else {
        "The sample falls short of the criteria of Riley and colleagues ({0} against {1}), so that \
         each plan had to show that its events carry its parameters."
    };
    Some(
        Sentence::new(Section::Protocol, text)
            .with(id, "/Checked/statistic")
            .with(id, "/Checked/threshold"),
    )
}
