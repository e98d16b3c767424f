//! Boxes and arrows.

use crate::svg::Canvas;

/// A box with lines of text in it.
pub(crate) struct FlowBox {
    pub(crate) x: f64,
    pub(crate) y: f64,
    pub(crate) height: f64,
}

const LINE: f64 = 18.0;

/// Draws a box around lines of text; the first line is the heading. Long lines are wrapped.
pub(crate) fn boxed(
    canvas: &mut Canvas,
    class: &str,
    (x, y): (f64, f64),
    width: f64,
    lines: &[String],
) -> FlowBox {
    let most = ((width - 24.0) / 7.0) as usize;
    let mut wrapped = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        for part in wrap(line, most) {
            wrapped.push((index == 0, part));
        }
    }
    let height = wrapped.len() as f64 * LINE + 18.0;
    canvas.rect(class, (x, y), (width, height), "");
    for (index, (heading, text)) in wrapped.iter().enumerate() {
        let class = if *heading { "head" } else { "name" };
        canvas.text(class, (x + 12.0, y + 22.0 + index as f64 * LINE), text);
    }
    FlowBox { x, y, height }
}

/// An arrow along points.
pub(crate) fn arrow(canvas: &mut Canvas, points: &[(f64, f64)]) {
    canvas.polyline("flow", points, None);
    if let [.., from, to] = points {
        let (dx, dy) = (to.0 - from.0, to.1 - from.1);
        let length = dx.hypot(dy).max(1e-9);
        let (dx, dy) = (dx / length * 7.0, dy / length * 7.0);
        let back = (to.0 - dx, to.1 - dy);
        canvas.polyline(
            "flow-head",
            &[
                (back.0 - dy * 0.6, back.1 + dx * 0.6),
                *to,
                (back.0 + dy * 0.6, back.1 - dx * 0.6),
            ],
            None,
        );
    }
}

fn wrap(text: &str, most: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut length = 0;
    for word in text.split(' ') {
        let word_length = word.chars().count();
        if length > 0 && length + 1 + word_length > most {
            lines.push(String::new());
            length = 0;
        }
        if let Some(line) = lines.last_mut() {
            if length > 0 {
                line.push(' ');
                length += 1;
            }
            line.push_str(word);
            length += word_length;
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lines_are_wrapped_between_words() {
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("unbreakable", 4), ["unbreakable"]);
    }
}
