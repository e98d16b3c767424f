//! Experiments in order of time, as a forest plot.

use std::collections::BTreeMap;

use autods_board::Fidelity;

use crate::{
    ReportError,
    document::{Figure, Line},
    format::Format,
    reading::Reading,
    resolver::legible,
    svg::{Canvas, Forest, ForestRow, Marker},
    words,
};

/// Every experiment's AUROC with its interval, in order of time.
pub(crate) fn experiments(reading: &Reading<'_>) -> Result<Option<Figure>, ReportError> {
    let experiments = reading.experiments();
    if experiments.is_empty() {
        return Ok(None);
    }
    let plans: BTreeMap<_, _> = reading
        .plans()
        .into_iter()
        .map(|plan| (plan.id(), plan))
        .collect();
    let promoted: Vec<_> = reading
        .promotions()
        .iter()
        .map(|found| *found.body)
        .collect();
    let mut teams: Vec<String> = Vec::new();
    let mut rows = Vec::new();
    for found in &experiments {
        let (team, method) = match plans.get(&found.body.plan) {
            Some(plan) => (legible(&plan.event.author), legible(&plan.body.method)),
            None => ("unknown".to_owned(), "unknown".to_owned()),
        };
        let series = teams
            .iter()
            .position(|known| *known == team)
            .unwrap_or_else(|| {
                teams.push(team.clone());
                teams.len() - 1
            });
        let hollow = if found.body.fidelity == Fidelity::Screen {
            " hollow"
        } else {
            ""
        };
        let estimate =
            reading
                .resolver
                .estimate_text(found.id(), "/Experiment/auroc", Format::Fixed(3))?;
        let auroc = found.body.auroc;
        rows.push(ForestRow::Estimate {
            label: format!(
                "{}  {method}, {}",
                found.id(),
                words::fidelity(found.body.fidelity)
            ),
            interval: (auroc.value, auroc.lower, auroc.upper),
            text: format!(
                "{estimate}{}",
                if promoted.contains(&found.id()) {
                    "  ★"
                } else {
                    ""
                }
            ),
            class: format!("s{}{hollow}", series.min(5)),
            marker: Marker::of(series),
            tip: format!("event {}: {team}, {method}, AUROC {estimate}", found.id()),
        });
    }
    let champion = reading.champion();
    let reference = champion.map(|champion| {
        (
            champion.experiment.body.auroc.value,
            "promoted model at the end".to_owned(),
        )
    });
    let forest = Forest {
        rows,
        axis: "AUROC, out of fold, with 95 % CI",
        heads: ("Event, learner, fidelity", "AUROC (95 % CI)"),
        reference,
    };
    let mut canvas = Canvas::new();
    let (width, mut height) = forest.draw(&mut canvas);
    // teams, two a line: marker and name
    for (series, team) in teams.iter().enumerate() {
        let x = 14.0 + (series % 2) as f64 * 380.0;
        if series % 2 == 0 {
            height += 22.0;
        }
        canvas.marker(
            &format!("s{}", series.min(5)),
            Marker::of(series),
            (x, height - 9.0),
            "",
        );
        canvas.text("key", (x + 14.0, height - 5.0), team);
    }
    let drawing = canvas.finish(
        "experiments",
        (width, height + 4.0),
        "Experiments in order of time",
        format!(
            "AUROC of {} experiments by {}, from the first at the top to the last, with intervals.",
            experiments.len(),
            teams.join(" and ")
        ),
    );
    let caption = Line::strong("Experiments in order of time.")
        + " Filled points rest on all preset seeds, hollow ones on a screen with one seed; the shape tells the team, a star a promotion.";
    Ok(Some(Figure {
        drawing,
        caption,
        wide: true,
    }))
}
