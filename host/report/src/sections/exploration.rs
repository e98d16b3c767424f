//! What the teams tried, and why each was kept or dropped.

use autods_board::{EventBody, ProposalBody, Section as Place};

use crate::{
    ReportError,
    document::{Align, Block, Line, Row, Section, Table},
    figures,
    format::Format,
    reading::Reading,
    sections::{checks, deliberation::deliberation, plan, statements},
    words,
};

/// Hypotheses, feature sets, experiments and dead ends.
pub(crate) fn exploration(reading: &Reading<'_>) -> Result<Section, ReportError> {
    let mut blocks = statements(reading, Place::Exploration)?;
    blocks.extend(hypotheses(reading)?.map(Block::Table));
    blocks.extend(feature_sets(reading)?.map(Block::Table));
    let argued = deliberation(reading, "How the feature sets were argued", |body| {
        matches!(body, ProposalBody::Features(_))
    })?;
    blocks.extend(
        argued.map(|table| Block::Folded("How the feature sets were argued".into(), table)),
    );
    match experiments(reading)? {
        Some(table) => blocks.push(Block::Table(table)),
        None => blocks.push(Block::Paragraph("No plan was proposed.".into())),
    }
    blocks.extend(figures::experiments(reading)?.map(|figure| Block::Figures(vec![figure])));
    blocks.extend(dead_ends(reading)?.map(Block::Table));
    Ok(Section {
        id: "exploration",
        title: "What the teams tried",
        blocks,
    })
}

fn hypotheses(reading: &Reading<'_>) -> Result<Option<Table>, ReportError> {
    let r = &reading.resolver;
    let falsified = reading.references(|body| match body {
        EventBody::Falsified(target) => Some(target),
        _ => None,
    });
    let promoted: Vec<_> = reading
        .promotions()
        .iter()
        .map(|found| *found.body)
        .collect();
    let mut table = Table::new(
        "Hypotheses, each with the rule by which it would be given up",
        &[
            ("Hypothesis", Align::Left),
            ("Team", Align::Left),
            ("In words", Align::Wide),
            ("Predicted gain", Align::Right),
            ("Given up below", Align::Right),
            ("After experiments", Align::Right),
            ("What became of it", Align::Wide),
        ],
    );
    for found in reading.agent(|body| match body {
        EventBody::Hypothesis(hypothesis) => Some(hypothesis),
        _ => None,
    }) {
        let id = found.id();
        let plans: Vec<_> = reading
            .plans()
            .iter()
            .filter(|plan| plan.body.hypothesis == id)
            .map(|plan| plan.id())
            .collect();
        let won: Vec<_> = reading
            .experiments()
            .iter()
            .filter(|experiment| {
                plans.contains(&experiment.body.plan) && promoted.contains(&experiment.id())
            })
            .map(|experiment| experiment.id())
            .collect();
        let fate = match (falsified.iter().find(|end| *end.body == id), won.last()) {
            (Some(end), Some(won)) => {
                Line::from("led to a promotion (event ")
                    + Line::event(*won)
                    + "), later given up by its own rule (event "
                    + Line::event(end.id())
                    + ")"
            }
            (Some(end), None) => {
                Line::from("given up by its own rule (event ") + Line::event(end.id()) + ")"
            }
            (None, Some(won)) => Line::from("led to a promotion (event ") + Line::event(*won) + ")",
            (None, None) => "neither promoted nor given up".into(),
        };
        table.push(vec![
            r.code(id, "/Hypothesis/name")?,
            reading.author(found.event),
            r.quote(id, "/Hypothesis/statement")?,
            r.number(id, "/Hypothesis/prediction", Format::Signed(3))?,
            r.number(id, "/Hypothesis/falsified_below", Format::Signed(3))?,
            r.number(id, "/Hypothesis/after_experiments", Format::Count)?,
            fate,
        ]);
    }
    Ok((!table.rows.is_empty()).then_some(table))
}

fn feature_sets(reading: &Reading<'_>) -> Result<Option<Table>, ReportError> {
    let r = &reading.resolver;
    let mut table = Table::new(
        "Feature sets",
        &[
            ("Name", Align::Left),
            ("By", Align::Left),
            ("Columns used", Align::Right),
            ("Prepared by", Align::Left),
            ("Standing", Align::Wide),
            ("Why", Align::Wide),
        ],
    );
    for found in reading.feature_sets() {
        let (id, at) = (found.id(), "/Proposed/body/Features");
        let standing = match (reading.accepted(id), reading.successor(id)) {
            (Some(accepted), _) => Line::from("accepted (event ") + Line::event(accepted) + ")",
            (None, Some(successor)) => Line::from("replaced by event ") + Line::event(successor),
            (None, None) => "not accepted".into(),
        };
        table.push(vec![
            r.code(id, &format!("{at}/name"))?,
            reading.author(found.event),
            r.length(id, &format!("{at}/columns"))?,
            r.code(id, &format!("{at}/method"))?,
            standing,
            r.quote(id, &format!("{at}/rationale"))?,
        ]);
    }
    Ok((!table.rows.is_empty()).then_some(table))
}

fn experiments(reading: &Reading<'_>) -> Result<Option<Table>, ReportError> {
    let r = &reading.resolver;
    let champion = reading.champion().map(|champion| champion.experiment.id());
    let mut table = Table::new(
        Line::strong("Plans and what they showed.")
            + " Out of fold, mean over seeds, brackets hold 95 % CI. The gain is the paired difference in AUROC to the champion of that moment on the same rows.",
        &[
            ("Event", Align::Left),
            ("Fidelity", Align::Left),
            ("AUROC", Align::Right),
            ("SD over seeds", Align::Right),
            ("Calibration slope", Align::Right),
            ("Gain", Align::Right),
            ("Over event", Align::Right),
            ("Verdict and why", Align::Wide),
        ],
    );
    for found in reading.plans() {
        table.rows.push(Row::heading(
            reading.author(found.event)
                + ": "
                + plan::method(reading, &found)?
                + "; features "
                + plan::features(reading, &found)?
                + "; plan, event "
                + Line::event(found.id()),
        ));
        let own: Vec<_> = reading
            .experiments()
            .into_iter()
            .filter(|e| e.body.plan == found.id())
            .collect();
        if own.is_empty() {
            let mut cells = vec![Line::absent(), "not run".into()];
            cells.resize_with(7, Line::absent);
            cells.push(
                plan::idle(reading, found.id())
                    + ". "
                    + r.quote(found.id(), "/Proposed/body/Analysis/rationale")?,
            );
            table.push(cells);
        }
        for experiment in own {
            let (id, e) = (experiment.id(), experiment.body);
            table.rows.push(
                Row::new(vec![
                    Line::event(id),
                    Line::from(words::fidelity(e.fidelity))
                        + ", seeds:\u{a0}"
                        + r.number(id, "/Experiment/seeds", Format::Count)?,
                    r.estimate(id, "/Experiment/auroc", Format::Fixed(3))?,
                    if e.seeds > 1 {
                        r.number(id, "/Experiment/seed_sd", Format::Fixed(4))?
                    } else {
                        Line::absent()
                    },
                    r.estimate(id, "/Experiment/slope", Format::Fixed(2))?,
                    r.estimate_if(&e.gain, id, "/Experiment/gain", Format::Signed(4))?,
                    e.against.map_or_else(Line::absent, Line::event),
                    plan::verdict(reading, id)?,
                ])
                .chosen(Some(id) == champion),
            );
        }
    }
    Ok((!table.rows.is_empty()).then_some(table))
}

fn dead_ends(reading: &Reading<'_>) -> Result<Option<Table>, ReportError> {
    let r = &reading.resolver;
    let mut table = Table::new(
        "Dead ends: directions that no team may try again",
        &[
            ("Team", Align::Left),
            ("Learner", Align::Left),
            ("Along", Align::Left),
            ("Dead", Align::Left),
            ("Evidence", Align::Wide),
            ("In words", Align::Wide),
        ],
    );
    for found in reading.verdicts() {
        let Some(dead) = &found.body.dead_end else {
            continue;
        };
        let id = found.id();
        table.push(vec![
            reading.author(found.event),
            r.code(id, "/Verdict/dead_end/method")?,
            r.code(id, "/Verdict/dead_end/axis")?,
            Line::from(words::direction(dead.direction))
                + " "
                + checks::scalar(reading, &dead.value, id, "/Verdict/dead_end/value")?,
            checks::cited(reading, found.body.evidence)?,
            r.quote(id, "/Verdict/remark")?,
        ]);
    }
    Ok((!table.rows.is_empty()).then_some(table))
}
