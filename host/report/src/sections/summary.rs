//! The summary: what was asked and what the answer is, on one screen.

use std::cmp::Reverse;

use autods_board::{Evaluation, EventBody, EventId, HostBody, Sample, Stage};

use crate::{
    ReportError,
    document::{Align, Block, Line, Row, Table},
    format::Format,
    reading::{Champion, Found, Reading},
    sections::performance,
    words,
};

/// The notice over a report on synthetic data.
pub(crate) fn banner(reading: &Reading<'_>) -> Option<Line> {
    reading.started.body.synthetic.then(|| {
        Line::strong("Synthetic data.")
            + " The rows behind this report were generated; they describe no patients. Nothing in it may inform care or be cited as a finding."
    })
}

/// What was asked and what the answer is.
pub(crate) fn summary(reading: &Reading<'_>) -> Result<Vec<Block>, ReportError> {
    let start = reading.started.id();
    let mut blocks = vec![Block::Paragraph(
        Line::strong("What was asked. ") + reading.resolver.quote(start, "/Started/question")?,
    )];
    let Some(champion) = reading.champion() else {
        blocks.extend(no_champion(reading)?);
        return Ok(blocks);
    };
    blocks.push(Block::Paragraph(sentence(reading, &champion)?));
    let columns = sources(reading, &champion);
    blocks.push(Block::Table(answer(reading, &champion, &columns)?));
    blocks.extend(sign_off(reading, &champion)?);
    Ok(blocks)
}

/// Why there is no answer: the criteria of promotion that results failed, by how often.
fn no_champion(reading: &Reading<'_>) -> Result<Vec<Block>, ReportError> {
    let closed = reading.host(|body| match body {
        HostBody::Closed(closed) => Some(closed),
        _ => None,
    });
    let answer = match closed.last().map(|found| found.body.outcome.as_str()) {
        Some("no-champion") => {
            "No model was promoted: nothing that was tried met the criteria. What was tried, and why it was dropped, is told below."
        }
        Some(_) => {
            "The run ended before a model was promoted. What was tried until then is told below."
        }
        None => "The run has not ended, and no model is promoted so far.",
    };
    let mut rules: Vec<(&str, Vec<EventId>)> = Vec::new();
    for found in reading.agent(|body| match body {
        EventBody::Refused(rule) => Some(rule),
        _ => None,
    }) {
        if found.event.stage != Stage::Explore || !found.body.starts_with("promotion-") {
            continue;
        }
        match rules.iter_mut().find(|(rule, _)| rule == found.body) {
            Some((_, events)) => events.push(found.id()),
            None => rules.push((found.body, vec![found.id()])),
        }
    }
    // most frequent first; of equals, what happened first
    rules.sort_by_key(|(_, events)| Reverse(events.len()));
    let mut blocks = vec![Block::Paragraph(Line::strong("Answer. ") + answer)];
    if rules.is_empty() {
        blocks.push(Block::Paragraph(
            "No result was put forward for promotion and turned down.".into(),
        ));
        return Ok(blocks);
    }
    let mut reasons = Vec::with_capacity(rules.len());
    for (rule, events) in rules {
        let Some(first) = events.first() else {
            continue;
        };
        reasons.push(
            Line::from(words::hindrance(rule))
                + " ("
                + reading.resolver.code(*first, "/Refused")?
                + "): "
                + reading.resolver.tally(&events, "/Refused")?,
        );
    }
    blocks.push(Block::Paragraph(
        Line::strong("Why results were not promoted,") + " and how often:",
    ));
    blocks.push(Block::List(reasons));
    Ok(blocks)
}

/// A column of the answer: an evaluation, or the deciding experiment where there is none.
enum Source<'a> {
    Evaluation(Found<'a, Evaluation>),
    Experiment,
}

impl Source<'_> {
    fn is(&self, sample: Sample, population: Option<&str>, baseline: bool) -> bool {
        match self {
            Source::Evaluation(found) => {
                found.body.sample == sample
                    && population.is_none_or(|population| found.body.population == population)
                    && (found.body.experiment == 0) == baseline
            }
            Source::Experiment => sample == Sample::OutOfFold && !baseline,
        }
    }
}

/// The champion in the deciding population, out of fold and in the lock-box; then the best baseline;
/// then the champion in every other population.
fn sources<'a>(reading: &Reading<'a>, champion: &Champion<'a>) -> Vec<Source<'a>> {
    let primary = reading.primary();
    let all = reading.whole();
    let own = |found: &&Found<'_, Evaluation>| found.body.experiment == champion.experiment.id();
    let deciding = |found: &Found<'_, Evaluation>| {
        primary.is_none_or(|primary| found.body.population == primary)
    };
    let mut columns = Vec::new();
    match all
        .iter()
        .filter(own)
        .find(|found| deciding(found) && found.body.sample == Sample::OutOfFold)
    {
        Some(found) => columns.push(Source::Evaluation(*found)),
        None => columns.push(Source::Experiment),
    }
    if let Some(found) = all
        .iter()
        .filter(own)
        .find(|found| deciding(found) && found.body.sample == Sample::LockBox)
    {
        columns.push(Source::Evaluation(*found));
    }
    let baseline = all
        .iter()
        .filter(|found| {
            found.body.experiment == 0 && deciding(found) && found.body.sample == Sample::OutOfFold
        })
        .filter_map(|found| found.body.auroc.map(|auroc| (auroc.value, found)))
        .max_by(|a, b| a.0.total_cmp(&b.0));
    columns.extend(baseline.map(|(_, found)| Source::Evaluation(*found)));
    columns.extend(
        all.iter()
            .filter(own)
            .filter(|found| !deciding(found))
            .map(|found| Source::Evaluation(*found)),
    );
    columns
}

fn sentence(reading: &Reading<'_>, champion: &Champion<'_>) -> Result<Line, ReportError> {
    let r = &reading.resolver;
    let experiment = champion.experiment.id();
    let columns = sources(reading, champion);
    let primary = reading.primary();
    let at = |sample, baseline| {
        columns.iter().find_map(|source| match source {
            Source::Evaluation(found)
                if source.is(sample, primary, baseline) && found.body.auroc.is_some() =>
            {
                Some(found.id())
            }
            _ => None,
        })
    };
    let mut line = Line::strong("Answer. ")
        + "The teams settled on "
        + r.code(champion.plan.id(), "/Proposed/body/Analysis/method")?
        + ", proposed by "
        + reading.author(champion.plan.event)
        + " and promoted in event "
        + Line::event(champion.promoted)
        + ". On development rows that it had not seen its AUROC is "
        + match at(Sample::OutOfFold, false) {
            Some(event) => auroc(reading, event)?,
            None => r.estimate(experiment, "/Experiment/auroc", Format::Fixed(3))?,
        };
    if let Some(event) = at(Sample::LockBox, false) {
        line = line + "; in the lock-box, which no team had seen, " + auroc(reading, event)?;
    }
    if let Some(event) = at(Sample::OutOfFold, true) {
        line = line + ". The best baseline reaches " + auroc(reading, event)?;
    }
    let slope = champion.experiment.body.slope;
    let reading_of = if slope.lower <= 1.0 && slope.upper >= 1.0 {
        "The interval of the calibration slope contains one: predicted risks are neither too extreme nor too timid as far as these rows can tell."
    } else if slope.value < 1.0 {
        "The calibration slope is below one and its interval does not contain one: predicted risks are too extreme."
    } else {
        "The calibration slope is above one and its interval does not contain one: predicted risks are too timid."
    };
    Ok(line + ". " + reading_of)
}

fn auroc(reading: &Reading<'_>, event: EventId) -> Result<Line, ReportError> {
    reading
        .resolver
        .estimate(event, "/Evaluated/auroc", Format::Fixed(3))
}

fn answer(
    reading: &Reading<'_>,
    champion: &Champion<'_>,
    sources: &[Source<'_>],
) -> Result<Table, ReportError> {
    let r = &reading.resolver;
    let mut table = Table::new(
        Line::strong("The answer in one table.") + " Brackets hold 95 % CI.",
        &[
            ("Population", Align::Wide),
            ("Evaluated on", Align::Left),
            ("Model", Align::Left),
            ("n", Align::Right),
            ("With the outcome", Align::Right),
            ("AUROC", Align::Right),
            ("Calibration slope", Align::Right),
            ("Brier score", Align::Right),
        ],
    );
    for source in sources {
        match source {
            Source::Evaluation(found) => {
                let (id, e) = (found.id(), found.body);
                let own = e.experiment == champion.experiment.id();
                table.rows.push(
                    Row::new(vec![
                        reading.population(&e.population, id, "/Evaluated/population")?,
                        words::sample(e.sample).into(),
                        r.code(id, "/Evaluated/model")?,
                        r.count_if(&e.n, id, "/Evaluated/n")?,
                        performance::events(reading, found)?,
                        r.estimate_if(&e.auroc, id, "/Evaluated/auroc", Format::Fixed(3))?,
                        r.estimate_if(&e.slope, id, "/Evaluated/slope", Format::Fixed(2))?,
                        r.number_if(&e.brier, id, "/Evaluated/brier", Format::Fixed(4))?,
                    ])
                    .chosen(
                        own && reading
                            .primary()
                            .is_none_or(|primary| primary == e.population),
                    ),
                );
            }
            Source::Experiment => {
                let id = champion.experiment.id();
                table.rows.push(
                    Row::new(vec![
                        match reading.locked() {
                            Some(locked) if !locked.body.protocol.populations.is_empty() => {
                                r.quote(locked.id(), "/Locked/protocol/populations/0/title")?
                            }
                            _ => Line::absent(),
                        },
                        words::sample(Sample::OutOfFold).into(),
                        r.code(champion.plan.id(), "/Proposed/body/Analysis/method")?,
                        Line::absent(),
                        Line::absent(),
                        r.estimate(id, "/Experiment/auroc", Format::Fixed(3))?,
                        r.estimate(id, "/Experiment/slope", Format::Fixed(2))?,
                        r.number(id, "/Experiment/brier", Format::Fixed(4))?,
                    ])
                    .chosen(true),
                );
            }
        }
    }
    Ok(table)
}

/// What the validator said about the champion, once it had seen the lock-box.
fn sign_off(reading: &Reading<'_>, champion: &Champion<'_>) -> Result<Option<Block>, ReportError> {
    let verdicts = reading.verdicts();
    let Some(verdict) = verdicts.iter().rfind(|found| {
        found.body.result == champion.experiment.id() && found.event.stage >= Stage::Validate
    }) else {
        return Ok(Some(Block::Paragraph(
            Line::strong("Sign-off. ")
                + "The board holds no judgement of the promoted model from the validation stage.",
        )));
    };
    Ok(Some(Block::Paragraph(
        Line::strong("Sign-off. ")
            + reading.author(verdict.event)
            + ": "
            + words::decision(verdict.body.decision)
            + ". "
            + reading.resolver.quote(verdict.id(), "/Verdict/remark")?
            + " (event "
            + Line::event(verdict.id())
            + ")",
    )))
}
