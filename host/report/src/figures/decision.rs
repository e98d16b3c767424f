//! Decision curves: is acting on the model better than acting on everybody or on nobody?

use crate::{
    ReportError,
    document::{Figure, Line},
    figures::{key, name, shown, spread},
    reading::Reading,
    svg::{Canvas, Key, Marker, Plot, legend, nice},
};

/// Net benefit over thresholds.
pub(crate) fn decision(reading: &Reading<'_>) -> Result<Option<Figure>, ReportError> {
    let curves: Vec<_> = shown(reading)
        .into_iter()
        .filter(|found| found.body.decision.len() > 1)
        .collect();
    let Some(first) = curves.first() else {
        return Ok(None);
    };
    let points = || curves.iter().flat_map(|found| &found.body.decision);
    let highest = points()
        .map(|point| point.model.max(point.treat_all))
        .fold(0.01, f64::max);
    let furthest = points().map(|point| point.threshold).fold(0.0, f64::max);
    let top = nice(0.0, highest, 4).1;
    let mut canvas = Canvas::new();
    let area = (64.0, 12.0, 464.0, 372.0);
    let plot = Plot::new(
        &mut canvas,
        "decision",
        area,
        (
            0.0,
            nice(0.0, furthest, 5).1.min(1.0),
            "Threshold on the predicted risk",
        ),
        (-top / 4.0, top, "Net benefit"),
    );
    let mut keys = Vec::new();
    if let Some(locked) = reading.locked() {
        for threshold in &locked.body.protocol.thresholds {
            plot.notch(&mut canvas, "notch", *threshold);
        }
        if !locked.body.protocol.thresholds.is_empty() {
            keys.push(Key {
                line: "notch".to_owned(),
                marker: None,
                label: "thresholds of the protocol".to_owned(),
            });
        }
    }
    let all: Vec<_> = first
        .body
        .decision
        .iter()
        .map(|point| (point.threshold, point.treat_all))
        .collect();
    plot.line(&mut canvas, "treat-all", &all);
    plot.line(&mut canvas, "reference", &[(0.0, 0.0), (1.0, 0.0)]);
    for (series, found) in curves.iter().enumerate().rev() {
        let points: Vec<_> = found
            .body
            .decision
            .iter()
            .map(|point| (point.threshold, point.model))
            .collect();
        plot.line(&mut canvas, &format!("line s{series}"), &points);
        for point in spread(&points, 5) {
            plot.marker(
                &mut canvas,
                &format!("s{series}"),
                Marker::of(series),
                point,
                "",
            );
        }
    }
    let named: Vec<_> = curves.iter().map(name).collect();
    let mut legends: Vec<Key> = named
        .iter()
        .enumerate()
        .map(|(series, label)| key(series, label.clone()))
        .collect();
    legends.push(Key {
        line: "treat-all".to_owned(),
        marker: None,
        label: "act on everybody".to_owned(),
    });
    legends.push(Key {
        line: "reference".to_owned(),
        marker: None,
        label: "act on nobody".to_owned(),
    });
    legends.append(&mut keys);
    let end = legend(&mut canvas, (16.0, area.3 + 64.0), &legends);
    let drawing = canvas.finish(
        "decision",
        (484.0, end),
        "Decision curves",
        format!("Net benefit over thresholds on the predicted risk, against acting on everybody and on nobody: {}.", named.join("; ")),
    );
    let caption = Line::strong("Decision curves.")
        + " Deciding population. A model is useful at the thresholds where its line is above both acting on everybody and acting on nobody.";
    Ok(Some(Figure {
        drawing,
        caption,
        wide: false,
    }))
}
