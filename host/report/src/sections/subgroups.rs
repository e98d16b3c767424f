//! Subgroups: whether the model serves everybody alike.

use autods_board::{Evaluation, Sample, Section as Place};

use crate::{
    ReportError,
    document::{Align, Block, Line, Row, Section, Table},
    figures,
    format::Format,
    reading::{Found, Reading},
    sections::{
        performance::{events, rates},
        statements,
    },
    words,
};

/// Subgroups of every population and sample that was evaluated; the deciding one first.
pub(crate) fn subgroups(reading: &Reading<'_>) -> Result<Section, ReportError> {
    let mut blocks = statements(reading, Place::Subgroups)?;
    let mut groups: Vec<_> = reading
        .evaluations()
        .into_iter()
        .filter(|found| found.body.group.is_some())
        .collect();
    let mut columns: Vec<&str> = Vec::new();
    for found in &groups {
        if let Some(group) = &found.body.group
            && !columns.contains(&group.column.as_str())
        {
            columns.push(&group.column);
        }
    }
    let place = |found: &Found<'_, Evaluation>| {
        found
            .body
            .group
            .as_ref()
            .and_then(|group| columns.iter().position(|column| *column == group.column))
    };
    let kind = |found: &Found<'_, Evaluation>| {
        (
            reading.rank(&found.body.population),
            found.body.sample == Sample::LockBox,
            found.body.experiment,
        )
    };
    groups.sort_by_key(|found| (kind(found), place(found), found.id()));
    if groups.is_empty() {
        blocks.push(Block::Paragraph("No subgroup was evaluated.".into()));
    }
    for (index, part) in groups.chunk_by(|a, b| kind(a) == kind(b)).enumerate() {
        if index == 0 {
            blocks.extend(
                figures::subgroups(reading, part)?.map(|figure| Block::Figures(vec![figure])),
            );
        }
        let table = measures(reading, part)?;
        let rates = rates(
            reading,
            part,
            "Rates at the thresholds by subgroup",
            ("Group", Align::Wide),
            |found| reading.resolver.code(found.id(), "/Evaluated/group/column"),
            |found| reading.resolver.quote(found.id(), "/Evaluated/group/label"),
        )?;
        if index == 0 {
            blocks.push(Block::Table(table));
            blocks.extend(rates.map(Block::Table));
            blocks.extend(insufficient(reading, part)?);
        } else {
            blocks.push(Block::Folded("Subgroups on other rows", table));
            blocks
                .extend(rates.map(|table| Block::Folded("Rates by subgroup on other rows", table)));
        }
    }
    Ok(Section {
        id: "subgroups",
        title: "Subgroups",
        blocks,
    })
}

fn measures(reading: &Reading<'_>, part: &[Found<'_, Evaluation>]) -> Result<Table, ReportError> {
    let r = &reading.resolver;
    let mut caption = Line::strong("Subgroups.") + " ";
    if let Some(first) = part.first() {
        caption = caption
            + reading.population(&first.body.population, first.id(), "/Evaluated/population")?
            + ", "
            + words::sample(first.body.sample)
            + ". Brackets hold 95 % CI.";
    }
    let mut table = Table::new(
        caption,
        &[
            ("Group", Align::Wide),
            ("n", Align::Right),
            ("With the outcome", Align::Right),
            ("AUROC", Align::Right),
            ("Calibration slope", Align::Right),
            ("Calibration in the large", Align::Right),
            ("Brier score", Align::Right),
        ],
    );
    let mut column = None;
    for found in part {
        let (id, e) = (found.id(), found.body);
        let Some(group) = &e.group else { continue };
        if column != Some(&group.column) {
            column = Some(&group.column);
            table
                .rows
                .push(Row::heading(r.code(id, "/Evaluated/group/column")?));
        }
        table.push(vec![
            r.quote(id, "/Evaluated/group/label")?,
            r.count_if(&e.n, id, "/Evaluated/n")?,
            events(reading, found)?,
            if e.insufficient && e.auroc.is_none() {
                "too few events".into()
            } else {
                r.estimate_if(&e.auroc, id, "/Evaluated/auroc", Format::Fixed(3))?
            },
            r.estimate_if(&e.slope, id, "/Evaluated/slope", Format::Fixed(2))?,
            r.estimate_if(&e.intercept, id, "/Evaluated/intercept", Format::Fixed(3))?,
            r.number_if(&e.brier, id, "/Evaluated/brier", Format::Fixed(4))?,
        ]);
    }
    Ok(table)
}

/// Groups about which these rows say nothing.
fn insufficient(
    reading: &Reading<'_>,
    part: &[Found<'_, Evaluation>],
) -> Result<Option<Block>, ReportError> {
    let mut named = Vec::new();
    for found in part.iter().filter(|found| found.body.insufficient) {
        named.push(
            reading
                .resolver
                .code(found.id(), "/Evaluated/group/column")?
                + " = "
                + reading
                    .resolver
                    .quote(found.id(), "/Evaluated/group/label")?,
        );
    }
    Ok((!named.is_empty()).then(|| {
        Block::Paragraph(
            Line::strong("Too few events to say anything: ")
                + Line::join(named, "; ")
                + ". That a group is missing from the figure does not mean that the model serves it well.",
        )
    }))
}
