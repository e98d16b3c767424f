//! The leakage ledger, and what was stopped before anything was computed on it.

use autods_board::{CheckTarget, OutcomeVerdict, Section as Place};

use crate::{
    ReportError,
    document::{Align, Block, Line, Section, Table},
    reading::Reading,
    sections::{checks, statements},
    words,
};

/// The leakage ledger, and the columns that checks warned of or blocked.
pub(crate) fn leakage(reading: &Reading<'_>) -> Result<Section, ReportError> {
    let mut blocks = statements(reading, Place::Leakage)?;
    match ledger(reading)? {
        Some(table) => blocks.push(Block::Table(table)),
        None => blocks.push(Block::Paragraph(
            "The leakage ledger is empty: its checks have not been run.".into(),
        )),
    }
    blocks.extend(flagged(reading)?.map(Block::Table));
    Ok(Section {
        id: "leakage",
        title: "Leakage ledger",
        blocks,
    })
}

fn ledger(reading: &Reading<'_>) -> Result<Option<Table>, ReportError> {
    let r = &reading.resolver;
    let mut table = Table::new(
        "Leakage ledger",
        &[
            ("Number", Align::Left),
            ("Kind of leakage", Align::Wide),
            ("Check", Align::Left),
            ("About", Align::Left),
            ("Says", Align::Left),
            ("Statistic", Align::Right),
            ("Held against", Align::Right),
            ("Computed in", Align::Left),
        ],
    );
    for found in reading.host(|body| match body {
        autods_board::HostBody::Leakage(row) => Some(row),
        _ => None,
    }) {
        let (id, at) = (found.id(), "/Leakage/check");
        table.push(vec![
            r.code(id, "/Leakage/id")?,
            r.quote(id, "/Leakage/title")?,
            words::check(found.body.check.kind).into(),
            checks::target(reading, &found.body.check, id, at)?,
            words::outcome(found.body.check.verdict).into(),
            checks::statistic(reading, id, at)?,
            checks::threshold(reading, id, at)?,
            if found.body.evidence == 0 {
                Line::from("this event")
            } else {
                Line::from("event ") + Line::event(found.body.evidence)
            },
        ]);
    }
    Ok((!table.rows.is_empty()).then_some(table))
}

/// Checks of columns that did not pass, and whether an objection came before the first experiment.
fn flagged(reading: &Reading<'_>) -> Result<Option<Table>, ReportError> {
    let first = reading
        .experiments()
        .first()
        .map(|experiment| experiment.id());
    let mut table = Table::new(
        match first {
            Some(first) => {
                Line::from(
                    "Columns that checks warned of or blocked. The first experiment is event ",
                ) + Line::event(first)
            }
            None => "Columns that checks warned of or blocked".into(),
        },
        &[
            ("Column", Align::Left),
            ("Check", Align::Left),
            ("Says", Align::Left),
            ("Statistic", Align::Right),
            ("Held against", Align::Right),
            ("Objection that cites it", Align::Left),
            ("Before any experiment", Align::Left),
        ],
    );
    for check in reading.checks() {
        if check.body.verdict == OutcomeVerdict::Pass
            || !matches!(check.body.target, CheckTarget::Column(_))
        {
            continue;
        }
        let id = check.id();
        let objections: Vec<_> = reading
            .objections()
            .iter()
            .filter(|found| {
                found.body.critique.evidence == id
                    || found
                        .body
                        .exclude
                        .iter()
                        .any(|exclusion| exclusion.evidence == id)
            })
            .map(|found| found.id())
            .collect();
        table.push(vec![
            checks::target(reading, check.body, id, "/Checked")?,
            words::check(check.body.kind).into(),
            words::outcome(check.body.verdict).into(),
            checks::statistic(reading, id, "/Checked")?,
            checks::threshold(reading, id, "/Checked")?,
            if objections.is_empty() {
                Line::absent()
            } else {
                Line::join(objections.iter().map(|id| Line::event(*id)).collect(), ", ")
            },
            match (objections.first(), first) {
                (None, _) => Line::absent(),
                (Some(objection), Some(first)) if *objection > first => "no".into(),
                _ => "yes".into(),
            },
        ]);
    }
    Ok((!table.rows.is_empty()).then_some(table))
}
