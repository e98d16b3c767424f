//! Limitations: what this run cannot say, as far as its own events tell.

use autods_board::{CheckKind, HostBody, OutcomeVerdict, Section as Place};

use crate::{
    ReportError,
    document::{Block, Line, Section},
    format::Format,
    reading::Reading,
    sections::{checks, statements},
};

/// The translator's limitations, then those that follow from the events.
pub(crate) fn limitations(reading: &Reading<'_>) -> Result<Section, ReportError> {
    let mut blocks = statements(reading, Place::Limitations)?;
    let mut points: Vec<Line> = Vec::new();
    if reading.started.body.synthetic {
        points.push("The data are synthetic. The report shows that the method works, not what is true of patients.".into());
    }
    points.push("The model was developed and tested on one data set. It has not been tested at another site or in a later period; expect it to do worse there until that is done.".into());
    points.push(
        "Associations are not causes: changing what a column records need not change the risk."
            .into(),
    );
    let opened = reading.host(|body| match body {
        HostBody::LockboxOpened(opened) => Some(opened),
        _ => None,
    });
    match opened.last() {
        None if reading.champion().is_some() => {
            points.push("The lock-box was not opened: every figure comes from rows that the teams could learn from through repeated comparison.".into());
        }
        Some(last) if last.body.count > 1 => points.push(
            Line::from("The lock-box was opened ")
                + reading
                    .resolver
                    .number(last.id(), "/LockboxOpened/count", Format::Count)?
                + " times; what it shows is no longer that of unseen rows.",
        ),
        _ => {}
    }
    if reading
        .evaluations()
        .iter()
        .any(|found| found.body.group.is_some() && found.body.insufficient)
    {
        points.push(
            "Some subgroups have too few events for any estimate; they are named under Subgroups."
                .into(),
        );
    }
    if reading.experiments().len() > 1 {
        points.push(
            Line::from("The promoted model is the best of ")
                + reading.resolver.tally(
                    &reading
                        .experiments()
                        .iter()
                        .map(|found| found.id())
                        .collect::<Vec<_>>(),
                    "/Experiment",
                )?
                + " experiments on the same rows, so its out-of-fold AUROC is slightly too good"
                + if opened.is_empty() {
                    "."
                } else {
                    "; the lock-box figure is not affected."
                },
        );
    }
    for check in reading.checks() {
        let lasting = matches!(
            check.body.kind,
            CheckKind::SampleSize
                | CheckKind::Calibration
                | CheckKind::Subgroups
                | CheckKind::SeedSpread
        );
        if lasting && check.body.verdict != OutcomeVerdict::Pass {
            points.push(
                Line::from("A check did not pass: ") + checks::cited(reading, check.id())? + ".",
            );
        }
    }
    blocks.push(Block::List(points));
    Ok(Section {
        id: "limitations",
        title: "Limitations",
        blocks,
    })
}
