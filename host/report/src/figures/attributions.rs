//! What the model goes by, as bars.

use autods_board::Attributed;

use crate::{
    ReportError,
    document::{Figure, Line},
    format::Format,
    reading::{Found, Reading},
    resolver::legible,
    sections::push_of,
    svg::{Canvas, Scale, nice, shorten, ticks},
};

/// Most bars of the figure; the table has all.
const MOST_BARS: usize = 20;

/// Mean |SHAP| of the design columns, largest first.
pub(crate) fn attributions(
    reading: &Reading<'_>,
    found: &Found<'_, Attributed>,
) -> Result<Option<Figure>, ReportError> {
    let shown = found.body.columns.len().min(MOST_BARS);
    let most = found
        .body
        .columns
        .iter()
        .map(|column| column.mean_abs)
        .fold(0.0, f64::max);
    if shown == 0 || most <= 0.0 {
        return Ok(None);
    }
    let (left, right, top, row) = (290.0, 588.0, 30.0, 23.0);
    let scale = Scale {
        values: (0.0, nice(0.0, most, 5).1),
        pixels: (left, right),
    };
    let bottom = top + shown as f64 * row + 4.0;
    let mut canvas = Canvas::new();
    canvas.stripes("attributions-stripes");
    canvas.text("head", (4.0, 18.0), "Design column");
    canvas.text("head", (right + 14.0, 18.0), "Mean |SHAP|");
    canvas.line("axis", (0.0, top - 5.0), (780.0, top - 5.0));
    for (value, label) in ticks(scale.values.0, scale.values.1, 5) {
        canvas.line(
            "grid",
            (scale.at(value), top - 5.0),
            (scale.at(value), bottom),
        );
        canvas.text("tick middle", (scale.at(value), bottom + 17.0), &label);
    }
    for (index, column) in found.body.columns.iter().take(shown).enumerate() {
        let y = top + index as f64 * row;
        let name = legible(&column.name);
        let value = reading.resolver.text(
            found.id(),
            &format!("/Attributed/columns/{index}/mean_abs"),
            Format::Fixed(3),
        )?;
        let push = push_of(column.sign);
        let tip = format!("{name}: mean |SHAP| {value}, {push} (event {})", found.id());
        canvas.text("name end", (left - 10.0, y + 15.0), &shorten(&name, 38));
        let (corner, size) = (
            (left, y + 3.0),
            (scale.at(column.mean_abs) - left, row - 7.0),
        );
        match push {
            "lowers the risk" => {
                canvas.patterned("bar-edge", "attributions-stripes", corner, size, &tip)
            }
            "raises the risk" => canvas.rect("bar s0", corner, size, &tip),
            _ => canvas.rect("bar-open", corner, size, &tip),
        }
        canvas.text("number", (right + 14.0, y + 15.0), &value);
        canvas.text("faint", (right + 66.0, y + 15.0), push);
    }
    canvas.line("axis", (left, top - 5.0), (left, bottom));
    canvas.line("axis", (left, bottom), (right, bottom));
    canvas.text(
        "label middle",
        ((left + right) / 2.0, bottom + 37.0),
        "Mean |SHAP|, log-odds",
    );
    let drawing = canvas.finish(
        "attributions",
        (780.0, bottom + 48.0),
        "What the model goes by",
        format!("Mean absolute attribution in log-odds of the {shown} design columns that weigh most, largest first."),
    );
    let caption = Line::strong("What the model goes by.")
        + " Solid bars: higher values raise the predicted risk; striped: higher values lower it; open: no single direction.";
    Ok(Some(Figure {
        drawing,
        caption,
        wide: true,
    }))
}
