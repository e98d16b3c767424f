//! Subgroups as a forest plot.

use autods_board::{Evaluation, Sample};

use crate::{
    ReportError,
    document::{Figure, Line},
    format::Format,
    reading::{Found, Reading},
    resolver::legible,
    svg::{Canvas, Forest, ForestRow, Marker},
    words,
};

/// AUROC by subgroup of one model on the same rows; `about` says of which model and which rows.
pub(crate) fn subgroups(
    reading: &Reading<'_>,
    groups: &[Found<'_, Evaluation>],
    about: Line,
) -> Result<Option<Figure>, ReportError> {
    let Some(first) = groups.first() else {
        return Ok(None);
    };
    let (sample, model) = (first.body.sample, legible(&first.body.model));
    let mut rows = Vec::new();
    let mut column = None;
    let mut estimated = 0;
    for found in groups {
        let Some(group) = &found.body.group else {
            continue;
        };
        if column != Some(&group.column) {
            column = Some(&group.column);
            rows.push(ForestRow::Heading(legible(&group.column)));
        }
        let label = legible(&group.label);
        match found.body.auroc {
            Some(auroc) => {
                estimated += 1;
                let text = reading.resolver.estimate_text(
                    found.id(),
                    "/Evaluated/auroc",
                    Format::Fixed(3),
                )?;
                rows.push(ForestRow::Estimate {
                    interval: (auroc.value, auroc.lower, auroc.upper),
                    class: "s0".to_owned(),
                    marker: Marker::Square,
                    tip: format!("event {}: {label}, AUROC {text}", found.id()),
                    label,
                    text,
                });
            }
            None => rows.push(ForestRow::Without {
                label,
                why: "too few events".to_owned(),
            }),
        }
    }
    let overall = reading
        .whole()
        .into_iter()
        .find(|found| {
            found.body.experiment == first.body.experiment
                && found.body.population == first.body.population
                && found.body.sample == sample
        })
        .and_then(|found| found.body.auroc)
        .or_else(|| {
            reading
                .champion()
                .filter(|champion| {
                    sample == Sample::OutOfFold && champion.experiment.id() == first.body.experiment
                })
                .map(|champion| champion.experiment.body.auroc)
        });
    let reference = overall.map(|auroc| (auroc.value, "all rows of the population".to_owned()));
    let forest = Forest {
        rows,
        axis: "AUROC with 95 % CI",
        heads: ("Group", "AUROC (95 % CI)"),
        reference,
    };
    let mut canvas = Canvas::new();
    let size = forest.draw(&mut canvas);
    let drawing = canvas.finish(
        "subgroups",
        size,
        "AUROC by subgroup",
        format!("AUROC of {model} with intervals for {estimated} subgroups on the {} rows; the dashed line is the whole population.", words::sample(sample)),
    );
    let caption = Line::strong("AUROC by subgroup") + ", " + about + ".";
    Ok(Some(Figure {
        drawing,
        caption,
        wide: true,
    }))
}
