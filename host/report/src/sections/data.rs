//! The data: where they came from and who is described.

use autods_board::{HostBody, Section as Place};

use crate::{
    ReportError,
    document::{Align, Block, Line, Section, Table},
    figures,
    format::Format,
    reading::Reading,
    sections::{statements, table_one::table_one},
};

/// Data flow, tables loaded, and the description of the population by outcome.
pub(crate) fn data(reading: &Reading<'_>) -> Result<Section, ReportError> {
    let r = &reading.resolver;
    let mut blocks = statements(reading, Place::Data)?;
    if let Some(figure) = figures::flow(reading)? {
        blocks.push(Block::Figures(vec![figure]));
    }
    let mut table = Table::new(
        "Tables loaded",
        &[
            ("Table", Align::Left),
            ("Rows", Align::Right),
            ("Columns", Align::Right),
            ("Columns in the files, not in the dictionary", Align::Right),
            ("Shards", Align::Right),
            ("Loader", Align::Left),
        ],
    );
    for found in reading.host(|body| match body {
        HostBody::Loaded(loaded) => Some(loaded),
        _ => None,
    }) {
        let id = found.id();
        table.push(vec![
            r.code(id, "/Loaded/table")?,
            r.number(id, "/Loaded/rows", Format::Count)?,
            r.number(id, "/Loaded/columns", Format::Count)?,
            r.number(id, "/Loaded/undeclared", Format::Count)?,
            r.number(id, "/Loaded/shards", Format::Count)?,
            r.code(id, "/Loaded/loader")?,
        ]);
    }
    if table.rows.is_empty() {
        blocks.push(Block::Paragraph("No table was loaded.".into()));
    } else {
        blocks.push(Block::Table(table));
    }
    blocks.extend(selection(reading)?);
    blocks.extend(table_one(reading)?);
    Ok(Section {
        id: "data",
        title: "Data",
        blocks,
    })
}

/// How the cohort was arrived at, where the main table was made of events: picture and table.
fn selection(reading: &Reading<'_>) -> Result<Vec<Block>, ReportError> {
    let r = &reading.resolver;
    let selected = reading.host(|body| match body {
        HostBody::Selected(selected) => Some(selected),
        _ => None,
    });
    let Some(found) = selected.first() else {
        return Ok(Vec::new());
    };
    let id = found.id();
    let mut table = Table::new(
        "Selection of the cohort",
        &[
            ("Step", Align::Left),
            ("Rows left", Align::Right),
            ("Persons left", Align::Right),
        ],
    );
    for (at, step) in found.body.steps.iter().enumerate() {
        let of = |key: &str, known: Option<u64>| match known {
            Some(_) => r.number(id, &format!("/Selected/steps/{at}/{key}"), Format::Count),
            None => Ok(Line::suppressed()),
        };
        table.push(vec![
            r.quote(id, &format!("/Selected/steps/{at}/name"))?,
            of("rows", step.rows)?,
            of("persons", step.persons)?,
        ]);
    }
    let mut blocks = vec![Block::Figures(vec![figures::attrition(reading, found)?])];
    blocks.push(Block::Table(table));
    if found.body.steps.iter().any(|step| step.rows.is_none()) {
        blocks.push(Block::Paragraph(
            "Numbers are not shown where they would tell that fewer rows or persons were left out than may be shown."
                .into(),
        ));
    }
    Ok(blocks)
}
