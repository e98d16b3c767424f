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

/// AUROC by subgroup, for the champion in the deciding population.
pub(crate) fn subgroups(
    reading: &Reading<'_>,
    groups: &[Found<'_, Evaluation>],
) -> Result<Option<Figure>, ReportError> {
    let Some(sample) = groups.first().map(|found| found.body.sample) else {
        return Ok(None);
    };
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
            groups.first().is_some_and(|group| {
                found.body.experiment == group.body.experiment
                    && found.body.population == group.body.population
                    && found.body.sample == sample
            })
        })
        .and_then(|found| found.body.auroc)
        .or_else(|| {
            reading
                .champion()
                .filter(|_| sample == Sample::OutOfFold)
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
        format!("AUROC with intervals for {estimated} subgroups on the {} rows; the dashed line is the whole population.", words::sample(sample)),
    );
    let caption =
        Line::strong("AUROC by subgroup.") + " Deciding population, " + words::sample(sample) + ".";
    Ok(Some(Figure {
        drawing,
        caption,
        wide: true,
    }))
}
