//! Selection of the cohort: what each step left.

use autods_board::Selected;

use crate::{
    ReportError,
    document::{Figure, Line},
    format::Format,
    reading::{Found, Reading},
    resolver::legible,
    svg::{Canvas, FlowBox, arrow, boxed},
};

const WIDTH: f64 = 360.0;

/// A box for each step, one below the other, with what it left; beside it, what it took away.
pub(crate) fn attrition(
    reading: &Reading<'_>,
    found: &Found<'_, Selected>,
) -> Result<Figure, ReportError> {
    let mut canvas = Canvas::new();
    let mut described = Vec::new();
    let mut above: Option<(FlowBox, Option<u64>)> = None;
    let mut y = 10.0;
    for (at, step) in found.body.steps.iter().enumerate() {
        let number = |key: &str| {
            let pointer = format!("/Selected/steps/{at}/{key}");
            reading.resolver.text(found.id(), &pointer, Format::Count)
        };
        let left = match (step.rows, step.persons) {
            (Some(_), Some(_)) => {
                format!("{} rows of {} persons", number("rows")?, number("persons")?)
            }
            (Some(_), None) => format!("{} rows", number("rows")?),
            (None, _) => "numbers not shown".to_owned(),
        };
        let name = legible(&step.name);
        described.push(format!("{name}: {left}"));
        let drawn = boxed(&mut canvas, "box", (10.0, y), WIDTH, &[name, left]);
        if let Some((above, before)) = above {
            let from = (above.x + 60.0, above.y + above.height);
            arrow(&mut canvas, &[from, (drawn.x + 60.0, drawn.y)]);
            let gone = before.zip(step.rows).map(|(before, now)| before - now);
            if let Some(gone) = gone.filter(|gone| *gone > 0) {
                let words = format!("Left out: {} rows", Format::Count.write(gone as f64));
                let side = boxed(&mut canvas, "box side", (420.0, drawn.y), 350.0, &[words]);
                let middle = side.y + side.height / 2.0;
                arrow(&mut canvas, &[(drawn.x + WIDTH, middle), (side.x, middle)]);
            }
        }
        y = drawn.y + drawn.height + 26.0;
        above = Some((drawn, step.rows));
    }
    let drawing = canvas.finish(
        "attrition",
        (780.0, y - 16.0),
        "Selection of the cohort",
        format!("{}.", described.join("; ")),
    );
    Ok(Figure {
        drawing,
        caption: Line::strong("Selection of the cohort.")
            + " What each step of the task's definition left, from all index events on.",
        wide: true,
    })
}
