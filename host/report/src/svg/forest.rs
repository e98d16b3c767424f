//! Forest plots: estimates with intervals, one a row.

use crate::svg::{Canvas, Marker, Scale, nice, shorten, ticks};

/// A forest plot.
pub(crate) struct Forest {
    pub(crate) rows: Vec<ForestRow>,
    /// What the estimates are.
    pub(crate) axis: &'static str,
    /// Heads of the columns left and right of the intervals.
    pub(crate) heads: (&'static str, &'static str),
    /// A value that the reader compares with, and what it is.
    pub(crate) reference: Option<(f64, String)>,
}

/// A row of a forest plot.
pub(crate) enum ForestRow {
    /// A heading over the rows that follow.
    Heading(String),
    /// An estimate.
    Estimate {
        label: String,
        /// Value, lower end, upper end.
        interval: (f64, f64, f64),
        /// Written at the right.
        text: String,
        class: String,
        marker: Marker,
        tip: String,
    },
    /// A row without an estimate, and why.
    Without { label: String, why: String },
}

const LEFT: f64 = 268.0;
const RIGHT: f64 = 560.0;
const WIDTH: f64 = 780.0;
const ROW: f64 = 24.0;
const TOP: f64 = 34.0;

impl Forest {
    /// Draws it; returns width and height.
    pub(crate) fn draw(&self, canvas: &mut Canvas) -> (f64, f64) {
        let scale = Scale {
            values: self.range(),
            pixels: (LEFT, RIGHT),
        };
        let bottom = TOP + self.rows.len() as f64 * ROW + 6.0;
        canvas.text("head", (4.0, 18.0), self.heads.0);
        canvas.text("head", (RIGHT + 16.0, 18.0), self.heads.1);
        canvas.line("axis", (0.0, TOP - 6.0), (WIDTH, TOP - 6.0));
        for (value, label) in ticks(scale.values.0, scale.values.1, 5) {
            let at = scale.at(value);
            canvas.line("grid", (at, TOP - 6.0), (at, bottom));
            canvas.line("axis", (at, bottom), (at, bottom + 4.0));
            canvas.text("tick middle", (at, bottom + 18.0), &label);
        }
        canvas.line("axis", (LEFT, bottom), (RIGHT, bottom));
        canvas.text(
            "label middle",
            ((LEFT + RIGHT) / 2.0, bottom + 38.0),
            self.axis,
        );
        let mut height = bottom + 46.0;
        if let Some((value, what)) = &self.reference {
            let at = scale.within(*value);
            canvas.line("reference", (at, TOP - 6.0), (at, bottom));
            canvas.line(
                "reference",
                (LEFT, height + 8.0),
                (LEFT + 30.0, height + 8.0),
            );
            canvas.text("key", (LEFT + 38.0, height + 12.0), what);
            height += 22.0;
        }
        for (index, row) in self.rows.iter().enumerate() {
            let y = TOP + (index as f64 + 0.5) * ROW;
            match row {
                ForestRow::Heading(text) => canvas.text("head", (4.0, y + 5.0), &shorten(text, 60)),
                ForestRow::Without { label, why } => {
                    canvas.text("name", (14.0, y + 5.0), &shorten(label, 36));
                    canvas.text("faint", (RIGHT + 16.0, y + 5.0), why);
                }
                ForestRow::Estimate {
                    label,
                    interval: (value, low, high),
                    text,
                    class,
                    marker,
                    tip,
                } => {
                    canvas.text("name", (14.0, y + 5.0), &shorten(label, 36));
                    let (from, to) = (scale.within(*low), scale.within(*high));
                    canvas.line(&format!("whisker {class}"), (from, y), (to, y));
                    for end in [from, to] {
                        canvas.line(&format!("whisker {class}"), (end, y - 4.0), (end, y + 4.0));
                    }
                    canvas.marker(class, *marker, (scale.within(*value), y), tip);
                    canvas.text("number", (RIGHT + 16.0, y + 5.0), text);
                }
            }
        }
        (WIDTH, height)
    }

    fn range(&self) -> (f64, f64) {
        let reference = self.reference.iter().map(|(value, _)| (*value, *value));
        let (low, high) = self
            .rows
            .iter()
            .filter_map(|row| match row {
                ForestRow::Estimate {
                    interval: (value, low, high),
                    ..
                } => Some((low.min(*value), high.max(*value))),
                _ => None,
            })
            .chain(reference)
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), (l, h)| {
                (low.min(l), high.max(h))
            });
        if low.is_finite() && high.is_finite() {
            nice(low, high, 5)
        } else {
            (0.0, 1.0)
        }
    }
}
