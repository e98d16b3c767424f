//! The protocol: what was fixed before any model was fitted.

use autods_board::{CheckKind, HostBody, Locked, ProposalBody, Section as Place};

use crate::{
    ReportError,
    document::{Align, Block, Line, Section, Table},
    format::Format,
    reading::{Found, Reading},
    sections::{checks, deliberation::deliberation, statements},
};

/// The locked protocol, its populations, and how it was argued.
pub(crate) fn protocol(reading: &Reading<'_>) -> Result<Section, ReportError> {
    let mut blocks = statements(reading, Place::Protocol)?;
    match reading.locked() {
        Some(locked) => {
            blocks.push(Block::Facts(facts(reading, &locked)?));
            blocks.push(Block::Table(populations(reading, &locked)?));
        }
        None => blocks.push(Block::Paragraph("No protocol was locked.".into())),
    }
    blocks.extend(sample_size(reading)?.map(Block::Table));
    let argued = deliberation(reading, "How the protocol was argued", |body| {
        matches!(body, ProposalBody::Protocol(_))
    })?;
    blocks.extend(argued.map(Block::Table));
    Ok(Section {
        id: "protocol",
        title: "Protocol",
        blocks,
    })
}

fn facts(
    reading: &Reading<'_>,
    locked: &Found<'_, Locked>,
) -> Result<Vec<(&'static str, Line)>, ReportError> {
    let (id, r) = (locked.id(), &reading.resolver);
    let mut facts = vec![
        (
            "Locked as",
            r.code(id, "/Locked/digest")? + " (SHA-256, event " + Line::event(id) + ")",
        ),
        (
            "Accepted proposal",
            Line::from("event ") + Line::event(locked.body.proposal),
        ),
        ("Outcome", r.quote(id, "/Locked/protocol/outcome")?),
        ("Deciding metric", r.code(id, "/Locked/protocol/metric")?),
        (
            "Folds",
            r.number(id, "/Locked/protocol/folds", Format::Count)?
                + ", by subject, stratified by outcome",
        ),
        (
            "Share of subjects in the lock-box",
            r.number(id, "/Locked/protocol/lockbox", Format::Percent(1))?,
        ),
        (
            "Decision thresholds",
            r.numbers(id, "/Locked/protocol/thresholds", Format::Natural)?,
        ),
        (
            "Subgroups",
            r.codes(id, "/Locked/protocol/subgroups", ", ")?,
        ),
        (
            "Seeds",
            r.numbers(id, "/Locked/protocol/seeds", Format::Natural)?
                + "; a score is the mean over all of them, never the best",
        ),
    ];
    let cuts = reading.host(|body| match body {
        HostBody::LockboxCut(cut) => Some(cut),
        _ => None,
    });
    if let Some(cut) = cuts.last() {
        let n = |pointer: &str| r.number(cut.id(), pointer, Format::Count);
        facts.push((
            "Lock-box",
            n("/LockboxCut/rows")?
                + " rows of "
                + n("/LockboxCut/subjects")?
                + " subjects; development: "
                + n("/LockboxCut/development_rows")?
                + " rows of "
                + n("/LockboxCut/development_subjects")?
                + " subjects",
        ));
    }
    let opened = reading.host(|body| match body {
        HostBody::LockboxOpened(opened) => Some(opened),
        _ => None,
    });
    facts.push((
        "Openings of the lock-box",
        match opened.last() {
            Some(last) => {
                r.number(last.id(), "/LockboxOpened/count", Format::Count)?
                    + "; last by "
                    + r.quote(last.id(), "/LockboxOpened/by")?
                    + " for event "
                    + Line::event(last.body.experiment)
            }
            None => "none".into(),
        },
    ));
    Ok(facts)
}

fn populations(reading: &Reading<'_>, locked: &Found<'_, Locked>) -> Result<Table, ReportError> {
    let (id, r) = (locked.id(), &reading.resolver);
    let mut table = Table::new(
        "Populations. The first one decides; the others are reported beside it",
        &[
            ("Population", Align::Wide),
            ("Left out: column", Align::Left),
            ("Code", Align::Left),
            ("In words", Align::Wide),
            ("Rows", Align::Right),
            ("With the outcome", Align::Right),
            ("Upper end, 95 % CI", Align::Right),
            ("Why", Align::Wide),
        ],
    );
    table.note = Some("Rows and shares are those that the cited check saw.".into());
    for (place, population) in locked.body.protocol.populations.iter().enumerate() {
        let at = format!("/Locked/protocol/populations/{place}");
        let title =
            r.quote(id, &format!("{at}/title"))? + " (" + r.code(id, &format!("{at}/id"))? + ")";
        let mut first = Some(title);
        if population.exclude.is_empty() {
            let mut cells = vec![first.take().unwrap_or_default(), "nobody".into()];
            cells.resize_with(8, Line::absent);
            table.push(cells);
        }
        for (part, exclusion) in population.exclude.iter().enumerate() {
            let at = format!("{at}/exclude/{part}");
            let check = reading
                .checks()
                .into_iter()
                .find(|check| check.id() == exclusion.evidence);
            for (index, code) in exclusion.codes.iter().enumerate() {
                let level = check.and_then(|check| {
                    check
                        .body
                        .levels
                        .iter()
                        .position(|level| level.code == *code)
                        .map(|level| (check.id(), format!("/Checked/levels/{level}")))
                });
                let why = if index == 0 {
                    r.quote(id, &format!("{at}/reason"))?
                        + " Evidence: event "
                        + Line::event(exclusion.evidence)
                } else {
                    Line::default()
                };
                let mut cells = vec![
                    first.take().unwrap_or_default(),
                    r.code(id, &format!("{at}/column"))?,
                    r.code(id, &format!("{at}/codes/{index}"))?,
                ];
                match level {
                    Some((check, level)) => cells.extend([
                        r.quote(check, &format!("{level}/label"))?,
                        r.number(check, &format!("{level}/n"), Format::Count)?,
                        r.number(check, &format!("{level}/rate"), Format::Percent(1))?,
                        r.number(check, &format!("{level}/upper"), Format::Percent(1))?,
                    ]),
                    None => cells.extend([
                        Line::absent(),
                        Line::suppressed(),
                        Line::suppressed(),
                        Line::suppressed(),
                    ]),
                }
                cells.push(why);
                table.push(cells);
            }
        }
    }
    Ok(table)
}

fn sample_size(reading: &Reading<'_>) -> Result<Option<Table>, ReportError> {
    let mut table = Table::new(
        "Sample size",
        &[
            ("About", Align::Left),
            ("Says", Align::Left),
            ("Statistic", Align::Right),
            ("Held against", Align::Right),
            ("Further numbers", Align::Wide),
        ],
    );
    for check in reading
        .checks()
        .into_iter()
        .filter(|check| check.body.kind == CheckKind::SampleSize)
    {
        let id = check.id();
        table.push(vec![
            checks::target(reading, check.body, id, "/Checked")?,
            crate::words::outcome(check.body.verdict).into(),
            checks::statistic(reading, id, "/Checked")?,
            checks::threshold(reading, id, "/Checked")?,
            checks::params(reading, &check.body.numbers, id, "/Checked/numbers")?,
        ]);
    }
    Ok((!table.rows.is_empty()).then_some(table))
}
