//! Table 1: who is described, by outcome.

use autods_board::{EventId, HostBody, TableOneRow};

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
            Block::Folded("The same for another population", table)
        });
    }
    Ok(blocks)
}

/// A row that counts all rows of the population: no code and no means, but counts.
fn is_total(row: &TableOneRow) -> bool {
    row.code.is_none()
        && row.mean_with.is_none()
        && row.mean_without.is_none()
        && (row.n_with.is_some() || row.n_without.is_some())
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
    let mut table = Table::new(
        Line::strong("Table 1.")
            + " By outcome: "
            + title
            + ". Counts with their share of the column, or mean (standard deviation).",
        &[
            ("Characteristic", Align::Wide),
            ("Without the outcome", Align::Right),
            ("With the outcome", Align::Right),
            ("Missing", Align::Right),
            ("SMD", Align::Right),
        ],
    );
    table.note = Some(
        "SMD: standardised mean difference between the two groups. Shares are among rows with a value where no count of the characteristic is suppressed; otherwise only counts are given."
            .into(),
    );
    let total = rows.iter().find(|row| is_total(row.body));
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
        let label = if row
            .body
            .code_label
            .as_ref()
            .is_some_and(|label| !label.is_empty())
        {
            r.quote(id, "/TableOne/code_label")?
        } else {
            r.quote(id, "/TableOne/code")?
        };
        let own: Vec<_> = rows
            .iter()
            .filter(|other| other.body.column == row.body.column && other.body.code.is_some())
            .collect();
        table.rows.push(Row::new(vec![
            Line::from("\u{2003}") + label,
            share(reading, &own, id, "n_without", |row| row.n_without)?,
            share(reading, &own, id, "n_with", |row| row.n_with)?,
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

/// A count, and its share of the column's counts where none of them is suppressed.
fn share(
    reading: &Reading<'_>,
    own: &[&Found<'_, TableOneRow>],
    id: EventId,
    field: &'static str,
    count: impl Fn(&TableOneRow) -> Option<u64>,
) -> Result<Line, ReportError> {
    let Some(known) = own
        .iter()
        .find(|row| row.id() == id)
        .map(|row| count(row.body))
    else {
        return Ok(Line::absent());
    };
    let pointer = format!("/TableOne/{field}");
    let line = reading.resolver.count_if(&known, id, &pointer)?;
    let sum: Option<u64> = own.iter().map(|row| count(row.body)).sum();
    if known.is_none() || sum.is_none_or(|sum| sum == 0) {
        return Ok(line);
    }
    let mut from = vec![(id, pointer.clone())];
    from.extend(own.iter().map(|row| (row.id(), pointer.clone())));
    let part = reading
        .resolver
        .computed(&from, Format::Percent(1), |values| {
            values[0] / values[1..].iter().sum::<f64>()
        })?;
    Ok(line + " (" + part + ")")
}
