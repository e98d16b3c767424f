//! A frame with two axes, and what is drawn in it.

use crate::svg::{Canvas, Marker, Scale, ticks};

/// A frame with two axes.
pub(crate) struct Plot {
    pub(crate) x: Scale,
    pub(crate) y: Scale,
    clip: String,
}

/// What a series looks like, for the legend.
pub(crate) struct Key {
    /// Class of its line, such as `line s0`; empty for none.
    pub(crate) line: String,
    /// Class and shape of its points.
    pub(crate) marker: Option<(String, Marker)>,
    pub(crate) label: String,
}

impl Plot {
    /// Draws the frame, its grid and the labels of its axes. `area` is left, top, right, bottom.
    pub(crate) fn new(
        canvas: &mut Canvas,
        id: &str,
        area: (f64, f64, f64, f64),
        x: (f64, f64, &str),
        y: (f64, f64, &str),
    ) -> Self {
        let (left, top, right, bottom) = area;
        let plot = Plot {
            x: Scale {
                values: (x.0, x.1),
                pixels: (left, right),
            },
            y: Scale {
                values: (y.0, y.1),
                pixels: (bottom, top),
            },
            clip: format!("{id}-clip"),
        };
        canvas.clip(&plot.clip, (left, top), (right - left, bottom - top));
        for (value, label) in ticks(x.0, x.1, 5) {
            let at = plot.x.at(value);
            canvas.line("grid", (at, top), (at, bottom));
            canvas.line("axis", (at, bottom), (at, bottom + 4.0));
            canvas.text("tick middle", (at, bottom + 18.0), &label);
        }
        let rows = if bottom - top < 100.0 { 2 } else { 5 };
        for (value, label) in ticks(y.0, y.1, rows) {
            let at = plot.y.at(value);
            canvas.line("grid", (left, at), (right, at));
            canvas.text("tick end", (left - 7.0, at + 4.0), &label);
        }
        canvas.line("axis", (left, bottom), (right, bottom));
        canvas.line("axis", (left, top), (left, bottom));
        if !x.2.is_empty() {
            canvas.text("label middle", ((left + right) / 2.0, bottom + 38.0), x.2);
        }
        canvas.upward("label middle", (left - 46.0, (top + bottom) / 2.0), y.2);
        plot
    }

    fn points(&self, points: &[(f64, f64)]) -> Vec<(f64, f64)> {
        points
            .iter()
            .map(|(x, y)| (self.x.at(*x), self.y.at(*y)))
            .collect()
    }

    /// A line through points.
    pub(crate) fn line(&self, canvas: &mut Canvas, class: &str, points: &[(f64, f64)]) {
        canvas.polyline(class, &self.points(points), Some(&self.clip));
    }

    /// A point.
    pub(crate) fn marker(
        &self,
        canvas: &mut Canvas,
        class: &str,
        shape: Marker,
        at: (f64, f64),
        tip: &str,
    ) {
        canvas.marker(
            class,
            shape,
            (self.x.within(at.0), self.y.within(at.1)),
            tip,
        );
    }

    /// A vertical interval with caps, moved sideways by `shift` pixels.
    pub(crate) fn interval(
        &self,
        canvas: &mut Canvas,
        class: &str,
        x: f64,
        (low, high): (f64, f64),
        shift: f64,
    ) {
        let at = self.x.at(x) + shift;
        let (low, high) = (self.y.within(low), self.y.within(high));
        canvas.line(class, (at, low), (at, high));
        canvas.line(class, (at - 3.0, low), (at + 3.0, low));
        canvas.line(class, (at - 3.0, high), (at + 3.0, high));
    }

    /// A bar from zero, centred on `x`, `width` pixels wide, moved sideways by `shift` pixels.
    pub(crate) fn bar(
        &self,
        canvas: &mut Canvas,
        class: &str,
        x: f64,
        height: f64,
        (width, shift): (f64, f64),
        tip: &str,
    ) {
        let (zero, top) = (self.y.within(0.0), self.y.within(height));
        let at = self.x.at(x) + shift;
        canvas.rect(
            class,
            (at - width / 2.0, top.min(zero)),
            (width, (zero - top).abs()),
            tip,
        );
    }

    /// A short mark that stands on the lower axis.
    pub(crate) fn notch(&self, canvas: &mut Canvas, class: &str, x: f64) {
        let at = self.x.at(x);
        canvas.line(class, (at, self.y.pixels.0), (at, self.y.pixels.0 - 16.0));
    }
}

/// A legend, one series a line, from `(x, y)` down. Returns where it ends.
pub(crate) fn legend(canvas: &mut Canvas, (x, y): (f64, f64), keys: &[Key]) -> f64 {
    let mut at = y;
    for key in keys {
        if !key.line.is_empty() {
            canvas.line(&key.line, (x, at - 4.0), (x + 34.0, at - 4.0));
        }
        if let Some((class, shape)) = &key.marker {
            canvas.marker(class, *shape, (x + 17.0, at - 4.0), "");
        }
        canvas.text("key", (x + 43.0, at), &key.label);
        at += 19.0;
    }
    at
}
