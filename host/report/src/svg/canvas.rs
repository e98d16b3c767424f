//! Elements of a drawing.

use std::fmt::Write as _;

/// A finished drawing.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Drawing {
    /// Unique on the page.
    pub(crate) id: &'static str,
    pub(crate) width: f64,
    pub(crate) height: f64,
    pub(crate) title: String,
    pub(crate) description: String,
    body: String,
}

/// The shape of a point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Marker {
    Circle,
    Square,
    Triangle,
    Diamond,
    Cross,
    Wedge,
}

impl Marker {
    /// A shape for the n-th series.
    pub(crate) fn of(series: usize) -> Self {
        const ALL: [Marker; 6] = [
            Marker::Circle,
            Marker::Square,
            Marker::Triangle,
            Marker::Diamond,
            Marker::Cross,
            Marker::Wedge,
        ];
        ALL[series % ALL.len()]
    }
}

/// A drawing in the making. Coordinates are in pixels from the upper left corner.
pub(crate) struct Canvas {
    body: String,
}

impl Canvas {
    pub(crate) fn new() -> Self {
        Canvas {
            body: String::new(),
        }
    }

    pub(crate) fn finish(
        self,
        id: &'static str,
        (width, height): (f64, f64),
        title: impl Into<String>,
        description: impl Into<String>,
    ) -> Drawing {
        Drawing {
            id,
            width,
            height,
            title: title.into(),
            description: description.into(),
            body: self.body,
        }
    }

    fn push(&mut self, element: std::fmt::Arguments<'_>) {
        // writing to a String cannot fail
        let _ = self.body.write_fmt(element);
        self.body.push('\n');
    }

    pub(crate) fn line(&mut self, class: &str, from: (f64, f64), to: (f64, f64)) {
        self.push(format_args!(
            r#"<line class="{class}" x1="{}" y1="{}" x2="{}" y2="{}"/>"#,
            at(from.0),
            at(from.1),
            at(to.0),
            at(to.1)
        ));
    }

    pub(crate) fn polyline(&mut self, class: &str, points: &[(f64, f64)], clip: Option<&str>) {
        if points.is_empty() {
            return;
        }
        let list: Vec<String> = points
            .iter()
            .map(|(x, y)| format!("{},{}", at(*x), at(*y)))
            .collect();
        let clip = clip
            .map(|id| format!(r#" clip-path="url(#{id})""#))
            .unwrap_or_default();
        self.push(format_args!(
            r#"<polyline class="{class}"{clip} points="{}"/>"#,
            list.join(" ")
        ));
    }

    pub(crate) fn rect(
        &mut self,
        class: &str,
        (x, y): (f64, f64),
        (width, height): (f64, f64),
        tip: &str,
    ) {
        let (x, y, width, height) = (at(x), at(y), at(width.max(0.0)), at(height.max(0.0)));
        if tip.is_empty() {
            self.push(format_args!(
                r#"<rect class="{class}" x="{x}" y="{y}" width="{width}" height="{height}"/>"#
            ));
        } else {
            self.push(format_args!(
                r#"<rect class="{class}" x="{x}" y="{y}" width="{width}" height="{height}"><title>{}</title></rect>"#,
                escape(tip)
            ));
        }
    }

    /// A rectangle outside of which what refers to it is not drawn.
    pub(crate) fn clip(&mut self, id: &str, (x, y): (f64, f64), (width, height): (f64, f64)) {
        self.push(format_args!(
            r#"<clipPath id="{id}"><rect x="{}" y="{}" width="{}" height="{}"/></clipPath>"#,
            at(x),
            at(y),
            at(width),
            at(height)
        ));
    }

    /// Text; `class` says where it is anchored.
    pub(crate) fn text(&mut self, class: &str, (x, y): (f64, f64), text: &str) {
        self.push(format_args!(
            r#"<text class="{class}" x="{}" y="{}">{}</text>"#,
            at(x),
            at(y),
            escape(text)
        ));
    }

    /// Text that reads upwards.
    pub(crate) fn upward(&mut self, class: &str, (x, y): (f64, f64), text: &str) {
        let (x, y) = (at(x), at(y));
        self.push(format_args!(
            r#"<text class="{class}" x="{x}" y="{y}" transform="rotate(-90 {x} {y})">{}</text>"#,
            escape(text)
        ));
    }

    /// A point, about nine pixels wide.
    pub(crate) fn marker(&mut self, class: &str, shape: Marker, (x, y): (f64, f64), tip: &str) {
        let r = 4.5;
        let path = match shape {
            Marker::Circle => {
                let d = at(2.0 * r);
                format!(
                    "M{} {}a{r} {r} 0 1 0 {d} 0a{r} {r} 0 1 0 -{d} 0z",
                    at(x - r),
                    at(y)
                )
            }
            Marker::Square => polygon(&[
                (x - 4.0, y - 4.0),
                (x + 4.0, y - 4.0),
                (x + 4.0, y + 4.0),
                (x - 4.0, y + 4.0),
            ]),
            Marker::Triangle => polygon(&[(x, y - 5.2), (x + 5.0, y + 3.8), (x - 5.0, y + 3.8)]),
            Marker::Wedge => polygon(&[(x, y + 5.2), (x + 5.0, y - 3.8), (x - 5.0, y - 3.8)]),
            Marker::Diamond => polygon(&[(x, y - 5.6), (x + 5.6, y), (x, y + 5.6), (x - 5.6, y)]),
            Marker::Cross => format!(
                "M{} {}L{} {}M{} {}L{} {}",
                at(x - r),
                at(y - r),
                at(x + r),
                at(y + r),
                at(x - r),
                at(y + r),
                at(x + r),
                at(y - r)
            ),
        };
        if tip.is_empty() {
            self.push(format_args!(r#"<path class="mark {class}" d="{path}"/>"#));
        } else {
            self.push(format_args!(
                r#"<path class="mark {class}" d="{path}"><title>{}</title></path>"#,
                escape(tip)
            ));
        }
    }

    /// Fills for what points down: stripes that also show in black and white.
    pub(crate) fn stripes(&mut self, id: &str) {
        self.push(format_args!(
            r#"<pattern id="{id}" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="stripe-ground" width="6" height="6"/><line class="stripe" x1="0" y1="0" x2="0" y2="6"/></pattern>"#
        ));
    }

    /// A rectangle filled by a pattern.
    pub(crate) fn patterned(
        &mut self,
        class: &str,
        pattern: &str,
        (x, y): (f64, f64),
        (width, height): (f64, f64),
        tip: &str,
    ) {
        self.push(format_args!(
            r#"<rect class="{class}" fill="url(#{pattern})" x="{}" y="{}" width="{}" height="{}"><title>{}</title></rect>"#,
            at(x),
            at(y),
            at(width.max(0.0)),
            at(height.max(0.0)),
            escape(tip)
        ));
    }
}

impl Drawing {
    /// As part of a page that carries the style sheet.
    pub(crate) fn inline(&self) -> String {
        let id = self.id;
        format!(
            "<svg class=\"figure\" role=\"img\" aria-labelledby=\"{id}-title {id}-desc\" viewBox=\"0 0 {w} {h}\" width=\"{w}\" height=\"{h}\" xmlns=\"http://www.w3.org/2000/svg\">\n<title id=\"{id}-title\">{}</title>\n<desc id=\"{id}-desc\">{}</desc>\n{}</svg>",
            escape(&self.title),
            escape(&self.description),
            self.body,
            w = at(self.width),
            h = at(self.height),
        )
    }

    /// As a file of its own.
    pub(crate) fn standalone(&self, style: &str) -> String {
        let inline = self.inline();
        let (head, rest) = inline.split_once('\n').unwrap_or((&inline, ""));
        format!(
            "{head}\n<style>{style}</style>\n<rect class=\"paper\" width=\"100%\" height=\"100%\"/>\n{rest}\n"
        )
    }
}

fn polygon(points: &[(f64, f64)]) -> String {
    let mut path = String::new();
    for (index, (x, y)) in points.iter().enumerate() {
        path.push(if index == 0 { 'M' } else { 'L' });
        path.push_str(&format!("{} {}", at(*x), at(*y)));
    }
    path.push('z');
    path
}

/// A coordinate: at most two decimals, no negative zero.
pub(crate) fn at(value: f64) -> String {
    let text = format!("{value:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" {
        "0".to_owned()
    } else {
        text.to_owned()
    }
}

/// Text between tags or quotes.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            c => escaped.push(c),
        }
    }
    escaped
}

/// Text of at most `most` characters, the cut marked.
pub(crate) fn shorten(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let mut short: String = text.chars().take(most.saturating_sub(1)).collect();
    short.truncate(short.trim_end().len());
    short.push('…');
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn coordinates_have_no_negative_zero_and_no_trailing_zeros() {
        assert_eq!(at(-0.001), "0");
        assert_eq!(at(10.50), "10.5");
        assert_eq!(at(1.0 / 3.0), "0.33");
    }

    #[test]
    fn markup_in_text_stays_text() {
        let mut canvas = Canvas::new();
        canvas.text("t", (0.0, 0.0), "<script>&\"'");
        canvas.marker("m", Marker::Circle, (1.0, 1.0), "</title><script>");
        let svg = canvas.finish("x", (10.0, 10.0), "<b>", "</desc>").inline();
        assert!(!svg.contains("<script") && !svg.contains("<b>"), "{svg}");
        assert_eq!(svg.matches("</desc>").count(), 1);
    }

    #[test]
    fn long_text_is_cut_at_a_character() {
        assert_eq!(shorten("äöüäöü", 4), "äöü…");
        assert_eq!(shorten("short", 10), "short");
    }
}
