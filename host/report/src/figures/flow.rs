//! Data flow: from the rows loaded to the rows analysed.

use autods_board::{HostBody, Population, Sample};

use crate::{
    ReportError,
    document::{Figure, Line},
    format::Format,
    reading::Reading,
    resolver::legible,
    svg::{Canvas, FlowBox, arrow, boxed},
};

/// From the rows loaded to the rows analysed.
pub(crate) fn flow(reading: &Reading<'_>) -> Result<Option<Figure>, ReportError> {
    let resolver = &reading.resolver;
    let loaded = reading.host(|body| match body {
        HostBody::Loaded(loaded) => Some(loaded),
        _ => None,
    });
    let selected = reading.host(|body| match body {
        HostBody::Selected(selected) => Some(selected),
        _ => None,
    });
    // the rows of the main table: those of its file, or those that a cohort has
    let (event, pointer, rows, table, how) = match (selected.first(), loaded.first()) {
        (Some(made), _) => {
            let Some((last, step)) = made.body.steps.iter().enumerate().next_back() else {
                return Ok(None);
            };
            let pointer = format!("/Selected/steps/{last}/rows");
            let rows = step.rows.unwrap_or(0);
            (made.id(), pointer, rows, &made.body.table, "selected")
        }
        (None, Some(main)) => {
            let pointer = "/Loaded/rows".to_owned();
            (
                main.id(),
                pointer,
                main.body.rows,
                &main.body.table,
                "loaded",
            )
        }
        (None, None) => return Ok(None),
    };
    let cut = reading
        .host(|body| match body {
            HostBody::LockboxCut(cut) => Some(cut),
            _ => None,
        })
        .last()
        .copied();
    let locked = reading.locked();
    let population = locked
        .as_ref()
        .and_then(|locked| locked.body.protocol.populations.first());

    let mut canvas = Canvas::new();
    let width = 360.0;
    let whole = rows;
    let rows = resolver.text(event, &pointer, Format::Count)?;
    let mut at = boxed(
        &mut canvas,
        "box",
        (10.0, 10.0),
        width,
        &[
            format!("Rows {how}: {rows}"),
            format!("table {}", legible(table)),
        ],
    );
    let mut described = vec![format!("{rows} rows {how}")];
    if let Some(cut) = cut {
        let total = cut.body.rows + cut.body.development_rows;
        if let Some(population) = population.filter(|p| !p.exclude.is_empty() && total < whole) {
            let mut lines = vec![format!(
                "Left out: {} rows",
                Format::Count.write((whole - total) as f64)
            )];
            described.push(lines[0].clone());
            lines.extend(left_out(reading, population)?);
            let side = boxed(
                &mut canvas,
                "box side",
                (420.0, at.y + at.height + 22.0),
                350.0,
                &lines,
            );
            let middle = side.y + side.height / 2.0;
            let x = at.x + 60.0;
            arrow(&mut canvas, &[(x, middle), (side.x, middle)]);
            at = next(
                &mut canvas,
                &at,
                side.y + side.height + 22.0,
                width,
                &[
                    format!("Eligible: {} rows", Format::Count.write(total as f64)),
                    legible(&population.title),
                    format!(
                        "{} subjects",
                        Format::Count
                            .write((cut.body.subjects + cut.body.development_subjects) as f64)
                    ),
                ],
            );
            described.push(format!(
                "{} rows eligible",
                Format::Count.write(total as f64)
            ));
        }
        let y = at.y + at.height + 46.0;
        let mut sides = Vec::new();
        for (x, title, rows, subjects, sample) in [
            (
                10.0,
                "Development",
                "development_rows",
                "development_subjects",
                Sample::OutOfFold,
            ),
            (410.0, "Lock-box", "rows", "subjects", Sample::LockBox),
        ] {
            let rows = resolver.text(cut.id(), &format!("/LockboxCut/{rows}"), Format::Count)?;
            let subjects =
                resolver.text(cut.id(), &format!("/LockboxCut/{subjects}"), Format::Count)?;
            let mut lines = vec![
                format!("{title}: {rows} rows"),
                format!("{subjects} subjects"),
            ];
            lines.extend(analysed(reading, sample)?);
            described.push(lines.join(", "));
            sides.push(boxed(&mut canvas, "box", (x, y), width, &lines));
        }
        for side in &sides {
            let from = (at.x + 60.0, at.y + at.height);
            let to = (side.x + 60.0, side.y);
            let middle = (from.1 + to.1) / 2.0;
            arrow(&mut canvas, &[from, (from.0, middle), (to.0, middle), to]);
        }
        if let Some(last) = sides
            .into_iter()
            .max_by(|a, b| a.height.total_cmp(&b.height))
        {
            at = last;
        }
    }
    let drawing = canvas.finish(
        "flow",
        (780.0, at.y + at.height + 10.0),
        "Data flow",
        format!("{}.", described.join("; ")),
    );
    let from = match how {
        "loaded" => " From the rows loaded to the rows analysed in the deciding population.",
        _ => " From the rows selected to the rows analysed in the deciding population.",
    };
    let caption = Line::strong("Data flow.")
        + from
        + " The lock-box was cut by subject and played no part in development.";
    Ok(Some(Figure {
        drawing,
        caption,
        wide: true,
    }))
}

fn next(canvas: &mut Canvas, from: &FlowBox, y: f64, width: f64, lines: &[String]) -> FlowBox {
    let at = boxed(canvas, "box", (from.x, y), width, lines);
    arrow(
        canvas,
        &[(from.x + 60.0, from.y + from.height), (from.x + 60.0, at.y)],
    );
    at
}

/// Why rows were left out, and how many of each code where that may be said.
fn left_out(reading: &Reading<'_>, population: &Population) -> Result<Vec<String>, ReportError> {
    let mut lines = Vec::new();
    for exclusion in &population.exclude {
        lines.push(format!(
            "{}:",
            legible(&exclusion.reason).trim_end_matches(['.', ':'])
        ));
        let check = reading
            .checks()
            .into_iter()
            .find(|check| check.id() == exclusion.evidence);
        for code in &exclusion.codes {
            let level = check.as_ref().and_then(|check| {
                check
                    .body
                    .levels
                    .iter()
                    .position(|level| level.code == *code)
                    .map(|index| (check, index))
            });
            lines.push(match level {
                Some((check, index)) => {
                    let n = reading.resolver.text(
                        check.id(),
                        &format!("/Checked/levels/{index}/n"),
                        Format::Count,
                    )?;
                    format!("– {}: {n}", legible(&check.body.levels[index].label))
                }
                None => format!("– {} {}", legible(&exclusion.column), legible(code)),
            });
        }
    }
    Ok(lines)
}

/// Rows and events that the champion was evaluated on.
fn analysed(reading: &Reading<'_>, sample: Sample) -> Result<Option<String>, ReportError> {
    let primary = reading.primary();
    let champion = reading.champion().map(|champion| champion.experiment.id());
    for found in reading.whole() {
        let wanted = found.body.sample == sample
            && Some(found.body.experiment) == champion
            && primary.is_none_or(|primary| found.body.population == primary);
        if !wanted {
            continue;
        }
        let (Some(_), Some(_)) = (found.body.n, found.body.events) else {
            return Ok(Some("analysed: suppressed".to_owned()));
        };
        return Ok(Some(format!(
            "analysed: {} rows, {} with the outcome",
            reading
                .resolver
                .text(found.id(), "/Evaluated/n", Format::Count)?,
            reading
                .resolver
                .text(found.id(), "/Evaluated/events", Format::Count)?,
        )));
    }
    Ok(None)
}
