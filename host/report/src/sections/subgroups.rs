//! Subgroups: whether the model serves everybody alike.

use std::cmp::Reverse;

use autods_board::{Evaluation, EventId, Sample, Section as Place};

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

/// Subgroups of every model, population and sample that was evaluated: the champion's in the
/// deciding population open, everything else folded.
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
            Standing::of(reading, found.body.experiment),
            // of several former champions, the latest first
            Reverse(found.body.experiment),
            reading.rank(&found.body.population),
            found.body.sample == Sample::LockBox,
        )
    };
    groups.sort_by_key(|found| (kind(found), place(found), found.id()));
    if groups.is_empty() {
        blocks.push(Block::Paragraph("No subgroup was evaluated.".into()));
    } else if groups
        .first()
        .is_some_and(|found| kind(found).0 != Standing::Champion)
    {
        blocks.push(Block::Paragraph(
            "No subgroup of a champion was evaluated; what is folded here is about other models."
                .into(),
        ));
    }
    for (index, part) in groups.chunk_by(|a, b| kind(a) == kind(b)).enumerate() {
        let Some(first) = part.first() else { continue };
        let standing = Standing::of(reading, first.body.experiment);
        let open = index == 0 && standing == Standing::Champion;
        let about = Line::from(standing.words()) + model(reading, first)? + rows(reading, first)?;
        let table = measures(
            reading,
            part,
            Line::strong("Subgroups") + ", " + about.clone(),
        )?;
        let rates = rates(
            reading,
            part,
            Line::strong("Rates at the thresholds by subgroup") + ", " + about.clone(),
            ("Group", Align::Wide),
            |found| reading.resolver.code(found.id(), "/Evaluated/group/column"),
            |found| reading.resolver.quote(found.id(), "/Evaluated/group/label"),
        )?;
        if open {
            blocks.extend(
                figures::subgroups(reading, part, about)?
                    .map(|figure| Block::Figures(vec![figure])),
            );
            blocks.push(Block::Table(table));
            blocks.extend(rates.map(Block::Table));
            blocks.extend(insufficient(reading, part)?);
        } else {
            blocks.push(Block::Folded(
                Line::from("Subgroups, ") + about.clone(),
                table,
            ));
            blocks.extend(
                rates.map(|table| Block::Folded(Line::from("Rates by subgroup, ") + about, table)),
            );
        }
    }
    Ok(Section {
        id: "subgroups",
        title: "Subgroups",
        blocks,
    })
}

/// What a model is to the run, in order of reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Standing {
    Champion,
    FormerChampion,
    Other,
    Baseline,
}

impl Standing {
    fn of(reading: &Reading<'_>, experiment: EventId) -> Self {
        let promotions = reading.promotions();
        if promotions.last().map(|last| *last.body) == Some(experiment) {
            Standing::Champion
        } else if promotions.iter().any(|found| *found.body == experiment) {
            Standing::FormerChampion
        } else if experiment == 0 {
            Standing::Baseline
        } else {
            Standing::Other
        }
    }

    fn words(self) -> &'static str {
        match self {
            Standing::Champion => "champion ",
            Standing::FormerChampion => "former champion ",
            Standing::Other => "not promoted: ",
            Standing::Baseline => "baseline ",
        }
    }
}

/// A model by its name and the event of its experiment.
fn model(reading: &Reading<'_>, found: &Found<'_, Evaluation>) -> Result<Line, ReportError> {
    let name = reading.resolver.code(found.id(), "/Evaluated/model")?;
    Ok(match found.body.experiment {
        0 => name,
        experiment => name + " (event " + Line::event(experiment) + ")",
    })
}

/// Which rows it was evaluated on.
fn rows(reading: &Reading<'_>, found: &Found<'_, Evaluation>) -> Result<Line, ReportError> {
    Ok(Line::from(": ")
        + reading.population(&found.body.population, found.id(), "/Evaluated/population")?
        + ", "
        + words::sample(found.body.sample))
}

fn measures(
    reading: &Reading<'_>,
    part: &[Found<'_, Evaluation>],
    caption: Line,
) -> Result<Table, ReportError> {
    let r = &reading.resolver;
    let mut table = Table::new(
        caption + ". Brackets hold 95 % CI.",
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
