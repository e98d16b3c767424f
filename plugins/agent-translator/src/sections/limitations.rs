//! What the reader must not take from the report.

use autods_sdk::agent::{
    Briefing, CheckKind, Decision, EventBody, OutcomeVerdict, Sample, Section, Stage,
};

use crate::facts;
use crate::sentence::Sentence;
use crate::words;

pub(super) fn say(briefing: &Briefing) -> Vec<Sentence> {
    let mut said = vec![
        say_that(
            "The rows were recorded in the course of care, not for this question. What was not \
             recorded, or recorded differently for different patients, the model cannot know.",
        ),
        say_that(
            "All rows come from one source. Nothing here says how the model does in other hospitals, \
             in another country or in later years; that needs external validation.",
        ),
        say_that(
            "Outcomes that happened elsewhere and were not recorded in this source count as absent.",
        ),
    ];
    said.extend(excluded(briefing));
    said.extend(size(briefing));
    said.extend(groups(briefing));
    said.extend(lockbox(briefing));
    said.extend(reservation(briefing));
    said.extend(missing(briefing));
    said.push(say_that(
        "The model is a finding, not a device: before it touches care it needs external and \
         prospective validation, and a judgement of what acting on it does to patients.",
    ));
    said
}

fn say_that(text: impl Into<String>) -> Sentence {
    Sentence::new(Section::Limitations, text)
}

/// Exclusions use what is known only at discharge or later, and bound whom the model is for.
fn excluded(briefing: &Briefing) -> Option<Sentence> {
    let (_, protocol) = facts::protocol(briefing)?;
    let primary = protocol.populations.first()?;
    (!primary.exclude.is_empty()).then(|| {
        say_that(
            "The deciding figures hold for the population that is left after the exclusions, not for \
             everybody in the data.",
        )
    })
}

/// Too few events, by any sample-size check.
fn size(briefing: &Briefing) -> Option<Sentence> {
    let short = briefing.checks().any(|(_, check)| {
        check.kind == CheckKind::SampleSize && check.verdict != OutcomeVerdict::Pass
    });
    short.then(|| {
        say_that(
            "The sample is smaller than the criteria ask for: intervals are wide, and the risks may \
             be too extreme in new patients.",
        )
    })
}

/// Groups about which nothing is known.
fn groups(briefing: &Briefing) -> Option<Sentence> {
    let any = facts::evaluations(briefing)
        .any(|(_, evaluation)| evaluation.group.is_some() && evaluation.insufficient);
    any.then(|| {
        say_that(
            "Some groups are too small to judge. That the model was not seen to fail them does not \
             mean that it serves them.",
        )
    })
}

/// No lock-box: the champion was chosen and judged on the same rows.
fn lockbox(briefing: &Briefing) -> Option<Sentence> {
    facts::champion(briefing)?;
    let opened = facts::evaluations(briefing)
        .any(|(_, evaluation)| evaluation.sample == Sample::LockBox && evaluation.auroc.is_some());
    (!opened).then(|| {
        say_that(
            "There is no lock-box figure. The champion was chosen and judged on the same development \
             rows, which flatters it a little.",
        )
    })
}

/// What the validator signed under reservation, or did not sign.
fn reservation(briefing: &Briefing) -> Option<Sentence> {
    let (champion, ..) = facts::champion(briefing)?;
    let verdict = briefing
        .events
        .iter()
        .rev()
        .find_map(|event| match &event.body {
            EventBody::Verdict(verdict)
                if event.stage == Stage::Validate && verdict.result == champion =>
            {
                Some(verdict)
            }
            _ => None,
        })?;
    let Some(EventBody::Checked(check)) = briefing.event(verdict.evidence).map(|e| &e.body) else {
        return None;
    };
    let what = match check.kind {
        CheckKind::Calibration => "its calibration",
        CheckKind::Subgroups => "its subgroups",
        CheckKind::SeedSpread => "its spread over seeds",
        _ => "a check",
    };
    if verdict.decision != Decision::Promote {
        Some(say_that(format!(
            "The validator did not sign the champion off, because of {what} ({{0}} against {{1}})."
        )))
    } else if check.verdict == OutcomeVerdict::Warn {
        Some(say_that(format!(
            "The validator signed the champion off with a reservation about {what} ({{0}} against \
             {{1}})."
        )))
    } else {
        None
    }
    .map(|sentence| {
        sentence
            .with(verdict.evidence, "/Checked/statistic")
            .with(verdict.evidence, "/Checked/threshold")
    })
}

/// Share of missing values from which a column is worth a word.
const MOSTLY_MISSING: f64 = 0.5;

/// Columns that are mostly missing.
fn missing(briefing: &Briefing) -> Option<Sentence> {
    let columns: Vec<String> = briefing
        .catalogue
        .iter()
        .flat_map(|catalogue| &catalogue.columns)
        .filter(|column| column.table == briefing.task.table && column.missing > MOSTLY_MISSING)
        .filter_map(|column| words::column(briefing, &column.name))
        .collect();
    (!columns.is_empty()).then(|| {
        say_that(format!(
            "Mostly missing: {}. Whether a value is there says as much as the value.",
            columns.join(", ")
        ))
    })
}
