//! Performance: every population side by side, out of fold and in the lock-box, against baselines.

use autods_board::{Evaluation, EventId, RateRow, Sample, Section as Place};

use crate::{
    ReportError,
    document::{Align, Block, Line, Row, Section, Table},
    figures,
    format::Format,
    reading::{Found, Reading},
    sections::statements,
    words,
};

/// Discrimination, calibration, rates at the thresholds, and the four figures.
pub(crate) fn performance(reading: &Reading<'_>) -> Result<Section, ReportError> {
    let mut blocks = statements(reading, Place::Performance)?;
    let whole = reading.whole();
    let table = measures(reading, &whole)?;
    if table.rows.is_empty() {
        blocks.push(Block::Paragraph("No model was evaluated.".into()));
        return Ok(Section {
            id: "performance",
            title: "Performance",
            blocks,
        });
    }
    blocks.push(Block::Table(table));
    let figures: Vec<_> = [
        figures::roc(reading)?,
        figures::precision_recall(reading)?,
        figures::calibration(reading)?,
        figures::decision(reading)?,
    ]
    .into_iter()
    .flatten()
    .collect();
    if !figures.is_empty() {
        blocks.push(Block::Figures(figures));
    }
    let at_thresholds = rates(
        reading,
        &whole,
        Line::strong("Rates at the thresholds of the protocol"),
        ("Model", Align::Left),
        |found| heading(reading, found),
        |found| reading.resolver.code(found.id(), "/Evaluated/model"),
    )?;
    blocks.extend(at_thresholds.map(Block::Table));
    blocks.extend(delong(reading)?.map(|table| {
        Block::Folded(
            "The same areas with DeLong's interval, which takes rows for independent".into(),
            table,
        )
    }));
    blocks.extend(
        bins(reading)?
            .into_iter()
            .map(|table| Block::Folded("The numbers behind the calibration figure".into(), table)),
    );
    Ok(Section {
        id: "performance",
        title: "Performance",
        blocks,
    })
}

fn measures(reading: &Reading<'_>, whole: &[Found<'_, Evaluation>]) -> Result<Table, ReportError> {
    let r = &reading.resolver;
    let mut table = Table::new(
        Line::strong("Discrimination and calibration.")
            + " Brackets hold 95 % CI. Calibration is good where the slope is near one and calibration in the large near zero.",
        &[
            ("Model", Align::Left),
            ("n", Align::Right),
            ("With the outcome", Align::Right),
            ("AUROC", Align::Right),
            ("Average precision", Align::Right),
            ("Brier score", Align::Right),
            ("Calibration slope", Align::Right),
            ("Calibration in the large", Align::Right),
        ],
    );
    let champion = reading.champion();
    let covered = champion.is_none_or(|champion| {
        whole.iter().any(|found| {
            found.body.experiment == champion.experiment.id()
                && found.body.sample == Sample::OutOfFold
                && reading
                    .primary()
                    .is_none_or(|primary| found.body.population == primary)
        })
    });
    if let (false, Some(champion)) = (covered, champion) {
        let id = champion.experiment.id();
        let title = match reading.locked() {
            Some(locked) if !locked.body.protocol.populations.is_empty() => {
                r.quote(locked.id(), "/Locked/protocol/populations/0/title")? + ": "
            }
            _ => Line::default(),
        };
        table
            .rows
            .push(Row::heading(title + words::sample(Sample::OutOfFold)));
        table.rows.push(
            Row::new(vec![
                r.code(champion.plan.id(), "/Proposed/body/Analysis/method")?,
                Line::absent(),
                Line::absent(),
                r.estimate(id, "/Experiment/auroc", Format::Fixed(3))?,
                r.number(id, "/Experiment/average_precision", Format::Fixed(3))?,
                r.number(id, "/Experiment/brier", Format::Fixed(4))?,
                r.estimate(id, "/Experiment/slope", Format::Fixed(2))?,
                r.estimate(id, "/Experiment/intercept", Format::Fixed(3))?,
            ])
            .chosen(true),
        );
    }
    let mut last = None;
    for found in whole {
        let (id, e) = (found.id(), found.body);
        if last != Some(kind(found)) {
            last = Some(kind(found));
            table.rows.push(Row::heading(heading(reading, found)?));
        }
        let mut cells = vec![r.code(id, "/Evaluated/model")?];
        cells.extend(estimates(reading, found)?);
        table.rows.push(
            Row::new(cells)
                .chosen(champion.is_some_and(|champion| champion.experiment.id() == e.experiment)),
        );
    }
    Ok(table)
}

/// What evaluations under one heading share.
fn kind<'a>(found: &Found<'a, Evaluation>) -> (&'a str, Sample) {
    (&found.body.population, found.body.sample)
}

/// Population and sample in words.
fn heading(reading: &Reading<'_>, found: &Found<'_, Evaluation>) -> Result<Line, ReportError> {
    Ok(
        reading.population(&found.body.population, found.id(), "/Evaluated/population")?
            + ": "
            + words::sample(found.body.sample),
    )
}

/// Rows with the outcome, and their share where both counts may be shown.
pub(crate) fn events(
    reading: &Reading<'_>,
    found: &Found<'_, Evaluation>,
) -> Result<Line, ReportError> {
    let (id, r) = (found.id(), &reading.resolver);
    let count = r.count_if(&found.body.events, id, "/Evaluated/events")?;
    if found.body.events.is_none() || found.body.n.is_none_or(|n| n == 0) {
        return Ok(count);
    }
    let from = [
        (id, "/Evaluated/events".to_owned()),
        (id, "/Evaluated/n".to_owned()),
    ];
    Ok(count + " (" + r.computed(&from, Format::Percent(1), |values| values[0] / values[1])? + ")")
}

/// n, events, AUROC, average precision, Brier score, slope and intercept of an evaluation.
fn estimates(
    reading: &Reading<'_>,
    found: &Found<'_, Evaluation>,
) -> Result<Vec<Line>, ReportError> {
    let (id, e, r) = (found.id(), found.body, &reading.resolver);
    Ok(vec![
        r.count_if(&e.n, id, "/Evaluated/n")?,
        events(reading, found)?,
        if e.insufficient && e.auroc.is_none() {
            "too few events".into()
        } else {
            r.estimate_if(&e.auroc, id, "/Evaluated/auroc", Format::Fixed(3))?
        },
        r.number_if(
            &e.average_precision,
            id,
            "/Evaluated/average_precision",
            Format::Fixed(3),
        )?,
        r.number_if(&e.brier, id, "/Evaluated/brier", Format::Fixed(4))?,
        r.estimate_if(&e.slope, id, "/Evaluated/slope", Format::Fixed(2))?,
        r.estimate_if(&e.intercept, id, "/Evaluated/intercept", Format::Fixed(3))?,
    ])
}

/// Rates at every threshold of some evaluations, under headings; `name` gives the first cell of a row.
pub(crate) fn rates(
    reading: &Reading<'_>,
    evaluations: &[Found<'_, Evaluation>],
    caption: Line,
    first: (&'static str, Align),
    heading: impl Fn(&Found<'_, Evaluation>) -> Result<Line, ReportError>,
    name: impl Fn(&Found<'_, Evaluation>) -> Result<Line, ReportError>,
) -> Result<Option<Table>, ReportError> {
    let columns = [
        first,
        ("Threshold", Align::Right),
        ("Flagged", Align::Right),
        ("Sensitivity", Align::Right),
        ("False positive rate", Align::Right),
        ("Positive predictive value", Align::Right),
        ("Negative predictive value", Align::Right),
        ("Net benefit", Align::Right),
    ];
    let mut table = Table::new(caption + ". Brackets hold 95 % CI (Wilson).", &columns);
    let mut last = None;
    for found in evaluations
        .iter()
        .filter(|found| !found.body.rates.is_empty())
    {
        let over = heading(found)?;
        let words = over.markdown();
        if last.as_ref() != Some(&words) {
            table.rows.push(Row::heading(over));
            last = Some(words);
        }
        for (index, rate) in found.body.rates.iter().enumerate() {
            let mut cells = vec![name(found)?];
            cells.extend(rate_cells(reading, found.id(), index, rate)?);
            table.push(cells);
        }
    }
    Ok((!table.rows.is_empty()).then_some(table))
}

fn rate_cells(
    reading: &Reading<'_>,
    id: EventId,
    index: usize,
    rate: &RateRow,
) -> Result<Vec<Line>, ReportError> {
    let r = &reading.resolver;
    let at = |field: &str| format!("/Evaluated/rates/{index}/{field}");
    let share = Format::Fixed(3);
    Ok(vec![
        r.number(id, &at("threshold"), Format::Natural)?,
        r.estimate(id, &at("flagged"), share)?,
        r.estimate_if(&rate.tpr, id, &at("tpr"), share)?,
        r.estimate_if(&rate.fpr, id, &at("fpr"), share)?,
        r.estimate_if(&rate.ppv, id, &at("ppv"), share)?,
        r.estimate_if(&rate.npv, id, &at("npv"), share)?,
        r.number(id, &at("net_benefit"), Format::Fixed(4))?,
    ])
}

/// Areas under the ROC curve with DeLong's interval, beside the bootstrap's in the main table.
fn delong(reading: &Reading<'_>) -> Result<Option<Table>, ReportError> {
    let r = &reading.resolver;
    let mut table = Table::new(
        Line::strong("AUROC by DeLong.")
            + " Brackets hold 95 % CI. Rows are taken for independent; where patients have several, the interval of the main table, which resamples patients, is the one to trust.",
        &[
            ("Model", Align::Left),
            ("Population", Align::Left),
            ("Evaluated on", Align::Left),
            ("AUROC", Align::Right),
        ],
    );
    for found in reading.curves() {
        if found.body.auroc_delong.is_some() {
            table.push(vec![
                r.code(found.id(), "/Curves/model")?,
                r.code(found.id(), "/Curves/population")?,
                words::sample(found.body.sample).into(),
                r.estimate(found.id(), "/Curves/auroc_delong", Format::Fixed(3))?,
            ]);
        }
    }
    Ok((!table.rows.is_empty()).then_some(table))
}

/// Calibration bins of the champion in the deciding population.
fn bins(reading: &Reading<'_>) -> Result<Option<Table>, ReportError> {
    let r = &reading.resolver;
    let champion = reading.champion().map(|champion| champion.experiment.id());
    let mut table = Table::new(
        Line::strong("Calibration by bins of predicted risk.") + " Brackets hold 95 % CI (Wilson).",
        &[
            ("Model", Align::Left),
            ("Rows", Align::Left),
            ("n", Align::Right),
            ("Mean predicted risk", Align::Right),
            ("Observed share", Align::Right),
        ],
    );
    for found in reading.curves() {
        let own = Some(found.body.experiment) == champion
            && reading
                .primary()
                .is_none_or(|primary| found.body.population == primary);
        for index in 0..if own { found.body.calibration.len() } else { 0 } {
            let at = format!("/Curves/calibration/{index}");
            table.push(vec![
                r.code(found.id(), "/Curves/model")?,
                words::sample(found.body.sample).into(),
                r.number(found.id(), &format!("{at}/n"), Format::Count)?,
                r.number(found.id(), &format!("{at}/predicted"), Format::Fixed(3))?,
                r.estimate(found.id(), &format!("{at}/observed"), Format::Fixed(3))?,
            ]);
        }
    }
    Ok((!table.rows.is_empty()).then_some(table))
}
