//! Objections, refusals and failures.

use autods_board::{EventBody, EventId, HostBody, Objection, Stage};

use crate::{
    ReportError,
    document::{Align, Block, Line, Section, Table},
    reading::{Found, Reading},
    sections::checks,
    words,
};

/// Who objected to what, how it was answered, what the board refused, and which agents failed.
pub(crate) fn objections(reading: &Reading<'_>) -> Result<Section, ReportError> {
    let mut blocks = Vec::new();
    match objected(reading)? {
        Some(table) => blocks.push(Block::Table(table)),
        None => blocks.push(Block::Paragraph("No objection was raised.".into())),
    }
    match refused(reading)? {
        Some(table) => blocks.push(Block::Table(table)),
        None => blocks.push(Block::Paragraph("The board refused no action.".into())),
    }
    blocks.extend(failed(reading)?.map(Block::Table));
    Ok(Section {
        id: "objections",
        title: "Objections and refusals",
        blocks,
    })
}

fn objected(reading: &Reading<'_>) -> Result<Option<Table>, ReportError> {
    let r = &reading.resolver;
    let mut table = Table::new(
        "Objections; an open one blocks its target",
        &[
            ("Who", Align::Left),
            ("To", Align::Left),
            ("Item", Align::Left),
            ("Evidence", Align::Wide),
            ("In words", Align::Wide),
            ("Asks to leave out", Align::Wide),
            ("Answered by", Align::Wide),
        ],
    );
    for found in reading.objections() {
        let (id, target) = (found.id(), found.body.critique.target);
        let what = reading
            .event(target)
            .map_or("event", |event| words::event(&event.body));
        table.push(vec![
            reading.author(found.event),
            Line::from(what) + ", event " + Line::event(target),
            words::rubric(found.body.critique.item).into(),
            checks::cited(reading, found.body.critique.evidence)?,
            r.quote(id, "/Objected/critique/remark")?,
            demands(reading, &found)?,
            answer(reading, id, target),
        ]);
    }
    Ok((!table.rows.is_empty()).then_some(table))
}

fn demands(reading: &Reading<'_>, found: &Found<'_, Objection>) -> Result<Line, ReportError> {
    let (id, r) = (found.id(), &reading.resolver);
    let mut demands = Vec::new();
    if !found.body.drop_columns.is_empty() {
        demands.push(Line::from("columns ") + r.codes(id, "/Objected/drop_columns", ", ")?);
    }
    for index in 0..found.body.exclude.len() {
        let at = format!("/Objected/exclude/{index}");
        demands.push(
            Line::from("rows with ")
                + r.code(id, &format!("{at}/column"))?
                + " = "
                + r.codes(id, &format!("{at}/codes"), " or ")?,
        );
    }
    Ok(if demands.is_empty() {
        Line::absent()
    } else {
        Line::join(demands, "; ")
    })
}

fn answer(reading: &Reading<'_>, objection: EventId, target: EventId) -> Line {
    let answered = reading
        .references(|body| match body {
            EventBody::Answered(id) => Some(id),
            _ => None,
        })
        .into_iter()
        .find(|found| *found.body == objection);
    match (reading.successor(target), answered) {
        (Some(successor), Some(answered)) => {
            Line::from("successor, event ")
                + Line::event(successor)
                + "; closed by event "
                + Line::event(answered.id())
        }
        (Some(successor), None) => Line::from("successor, event ") + Line::event(successor),
        (None, Some(answered)) => {
            Line::from("withdrawn or answered, event ") + Line::event(answered.id())
        }
        (None, None) => "still open: its target was not used".into(),
    }
}

/// Author, rule and stage of refusals that share a row.
type Kind<'a> = (&'a str, &'a str, Stage);

fn refused(reading: &Reading<'_>) -> Result<Option<Table>, ReportError> {
    let refusals = reading.agent(|body| match body {
        EventBody::Refused(rule) => Some(rule),
        _ => None,
    });
    // one row for each author, rule and stage, in order of first appearance
    let mut kinds: Vec<(Kind<'_>, Vec<EventId>)> = Vec::new();
    for found in &refusals {
        let kind = (
            found.event.author.as_str(),
            found.body.as_str(),
            found.event.stage,
        );
        match kinds.iter_mut().find(|(known, _)| *known == kind) {
            Some((_, events)) => events.push(found.id()),
            None => kinds.push((kind, vec![found.id()])),
        }
    }
    let mut table = Table::new(
        "Actions that the board refused, by rule",
        &[
            ("Who", Align::Left),
            ("Stage", Align::Left),
            ("Rule", Align::Left),
            ("How often", Align::Right),
        ],
    );
    for ((_, _, stage), events) in &kinds {
        let Some(first) = events.first().and_then(|id| reading.event(*id)) else {
            continue;
        };
        table.push(vec![
            reading.author(first),
            words::stage(*stage).into(),
            reading.resolver.code(first.id, "/Refused")?,
            reading.resolver.tally(events, "/Refused")?,
        ]);
    }
    Ok((!table.rows.is_empty()).then_some(table))
}

fn failed(reading: &Reading<'_>) -> Result<Option<Table>, ReportError> {
    let mut table = Table::new(
        "Agents that failed; the rest of the team went on",
        &[
            ("Agent", Align::Left),
            ("Stage", Align::Left),
            ("Code", Align::Left),
        ],
    );
    for found in reading.host(|body| match body {
        HostBody::AgentFailed(failed) => Some(failed),
        _ => None,
    }) {
        table.push(vec![
            reading.resolver.code(found.id(), "/AgentFailed/instance")?,
            words::stage(found.event.stage).into(),
            reading.resolver.code(found.id(), "/AgentFailed/code")?,
        ]);
    }
    Ok((!table.rows.is_empty()).then_some(table))
}
