//! Table 1: who is described, by outcome.

use autods_board::{HostBody, TableOneRow};

use crate::{
    ReportError,
    document::{Align, Block, Line, Row, Table},
    format::Format,
    reading::{Found, Reading},
};

/// Table 1 of every population; the deciding one open, the others folded.
pub(crate) fn table_one(reading: &Reading<'_>) -> Result<Vec<Block>, ReportError> {
    let rows = reading.host(|body| match body {
        HostBody::TableOne(row) => Some(row),
        _ => None,
    });
    let mut populations: Vec<&str> = Vec::new();
    for row in &rows {
        if !populations.contains(&row.body.population.as_str()) {
            populations.push(&row.body.population);
        }
    }
    populations.sort_by_key(|population| reading.rank(population));
    let mut blocks = Vec::new();
    for population in populations {
        let own: Vec<_> = rows
            .iter()
            .filter(|row| row.body.population == population)
            .copied()
            .collect();
        let table = of_population(reading, population, &own)?;
        blocks.push(if blocks.is_empty() {
            Block::Table(table)
        } else {
            Block::Folded("The same for another population".into(), table)
        });
    }
    Ok(blocks)
}

/// The code of the row that stands for the levels that are not listed.
const OTHER_LEVELS: &str = "*";

/// A row that counts all rows of the population: it is about no column.
fn is_total(row: &TableOneRow) -> bool {
    row.column.is_empty() && row.code.is_none()
}

fn of_population(
    reading: &Reading<'_>,
    population: &str,
    rows: &[Found<'_, TableOneRow>],
) -> Result<Table, ReportError> {
    let r = &reading.resolver;
    let title = match rows.first() {
        Some(first) => reading.population(population, first.id(), "/TableOne/population")?,
        None => Line::default(),
    };
    let total = rows.iter().find(|row| is_total(row.body));
    let mut table = Table::new(
        Line::strong("Table 1.")
            + " By outcome: "
            + title
            + if total.is_some() {
                ". Counts with their share of all rows of the arm, missing included, or mean (standard deviation)."
            } else {
                ". Counts, or mean (standard deviation)."
            },
        &[
            ("Characteristic", Align::Wide),
            ("Without the outcome", Align::Right),
            ("With the outcome", Align::Right),
            ("Missing", Align::Right),
            ("SMD", Align::Right),
        ],
    );
    table.note = Some(
        "SMD: standardised mean difference between the two groups. Suppressed counts are few rows, or would give few rows away. Not every level is listed, so that the shares of a characteristic need not add up to the whole."
            .into(),
    );
    if let Some(total) = total {
        let id = total.id();
        table.rows.push(
            Row::new(vec![
                r.quote(id, "/TableOne/label")?,
                r.count_if(&total.body.n_without, id, "/TableOne/n_without")?,
                r.count_if(&total.body.n_with, id, "/TableOne/n_with")?,
                Line::absent(),
                Line::absent(),
            ])
            .chosen(true),
        );
    }
    let mut column = None;
    for row in rows.iter().filter(|row| !is_total(row.body)) {
        let id = row.id();
        let first = column != Some(&row.body.column);
        column = Some(&row.body.column);
        if row.body.code.is_none() {
            table.rows.push(Row::new(vec![
                r.quote(id, "/TableOne/label")?,
                mean(reading, row, "mean_without")?,
                mean(reading, row, "mean_with")?,
                r.number(id, "/TableOne/missing", Format::Percent(1))?,
                r.number_if(&row.body.smd, id, "/TableOne/smd", Format::Fixed(3))?,
            ]));
            continue;
        }
        if first {
            let mut heading = Row::new(vec![
                r.quote(id, "/TableOne/label")?,
                Line::default(),
                Line::default(),
                r.number(id, "/TableOne/missing", Format::Percent(1))?,
                r.number_if(&row.body.smd, id, "/TableOne/smd", Format::Fixed(3))?,
            ]);
            heading.look = crate::document::Look::Plain;
            table.rows.push(heading);
        }
        table.rows.push(Row::new(vec![
            Line::from("\u{2003}") + level(reading, row)?,
            share(reading, row, total, "n_without", |row| row.n_without)?,
            share(reading, row, total, "n_with", |row| row.n_with)?,
            Line::default(),
            Line::default(),
        ]));
    }
    Ok(table)
}

fn mean(
    reading: &Reading<'_>,
    row: &Found<'_, TableOneRow>,
    field: &'static str,
) -> Result<Line, ReportError> {
    let known = if field == "mean_with" {
        &row.body.mean_with
    } else {
        &row.body.mean_without
    };
    if known.is_none() {
        return Ok(Line::suppressed());
    }
    let at = |part: usize| {
        reading.resolver.number(
            row.id(),
            &format!("/TableOne/{field}/{part}"),
            Format::Fixed(2),
        )
    };
    Ok(at(0)? + " (" + at(1)? + ")")
}

/// A level in words, else by its code.
fn level(reading: &Reading<'_>, row: &Found<'_, TableOneRow>) -> Result<Line, ReportError> {
    let labelled = row
        .body
        .code_label
        .as_ref()
        .is_some_and(|label| !label.is_empty());
    if labelled {
        reading.resolver.quote(row.id(), "/TableOne/code_label")
    } else if row.body.code.as_deref() == Some(OTHER_LEVELS) {
        Ok("other levels".into())
    } else {
        reading.resolver.quote(row.id(), "/TableOne/code")
    }
}

/// A count, and its share of all rows of its arm where these are known. The levels listed say
/// nothing about the whole: some are suppressed, and some are not listed.
fn share(
    reading: &Reading<'_>,
    row: &Found<'_, TableOneRow>,
    total: Option<&Found<'_, TableOneRow>>,
    field: &'static str,
    count: impl Fn(&TableOneRow) -> Option<u64>,
) -> Result<Line, ReportError> {
    let known = count(row.body);
    let pointer = format!("/TableOne/{field}");
    let line = reading.resolver.count_if(&known, row.id(), &pointer)?;
    let whole = total.filter(|total| count(total.body).is_some_and(|whole| whole > 0));
    let (Some(_), Some(total)) = (known, whole) else {
        return Ok(line);
    };
    let from = [(row.id(), pointer.clone()), (total.id(), pointer)];
    let part = reading
        .resolver
        .computed(&from, Format::Percent(1), |values| values[0] / values[1])?;
    Ok(line + " (" + part + ")")
}
