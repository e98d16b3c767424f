//! ROC and precision–recall curves.

use autods_board::Curves;

use crate::{
    ReportError,
    document::{Figure, Line},
    figures::{key, name, shown, spread},
    format::Format,
    reading::{Found, Reading},
    svg::{Canvas, Key, Marker, Plot, legend, nice},
};

const AREA: (f64, f64, f64, f64) = (64.0, 12.0, 464.0, 372.0);

/// The area under the ROC curve that was computed for the same model, population and sample.
fn auroc(reading: &Reading<'_>, curve: &Found<'_, Curves>) -> Result<Option<String>, ReportError> {
    let curve = curve.body;
    for found in reading.whole() {
        let same = found.body.experiment == curve.experiment
            && found.body.model == curve.model
            && found.body.population == curve.population
            && found.body.sample == curve.sample;
        if same && found.body.auroc.is_some() {
            return Ok(Some(reading.resolver.text(
                found.id(),
                "/Evaluated/auroc/value",
                Format::Fixed(3),
            )?));
        }
    }
    Ok(None)
}

/// ROC curves.
pub(crate) fn roc(reading: &Reading<'_>) -> Result<Option<Figure>, ReportError> {
    let curves: Vec<_> = shown(reading)
        .into_iter()
        .filter(|found| !found.body.roc.is_empty())
        .collect();
    if curves.is_empty() {
        return Ok(None);
    }
    let mut canvas = Canvas::new();
    let plot = Plot::new(
        &mut canvas,
        "roc",
        AREA,
        (0.0, 1.0, "False positive rate (1 − specificity)"),
        (0.0, 1.0, "True positive rate (sensitivity)"),
    );
    plot.line(&mut canvas, "reference", &[(0.0, 0.0), (1.0, 1.0)]);
    let (mut keys, mut described) = (Vec::new(), Vec::new());
    for (series, found) in curves.iter().enumerate().rev() {
        let points: Vec<_> = found
            .body
            .roc
            .iter()
            .map(|point| (point.x, point.y))
            .collect();
        plot.line(&mut canvas, &format!("line s{series}"), &points);
        for point in spread(&points, 4) {
            plot.marker(
                &mut canvas,
                &format!("s{series}"),
                Marker::of(series),
                point,
                "",
            );
        }
    }
    for (series, found) in curves.iter().enumerate() {
        let label = match auroc(reading, found)? {
            Some(area) => format!("{} (AUROC {area})", name(found)),
            None => name(found),
        };
        described.push(label.clone());
        keys.push(key(series, label));
    }
    keys.push(Key {
        line: "reference".to_owned(),
        marker: None,
        label: "chance".to_owned(),
    });
    let end = legend(&mut canvas, (16.0, AREA.3 + 64.0), &keys);
    let drawing = canvas.finish(
        "roc",
        (484.0, end),
        "ROC curves",
        format!(
            "Sensitivity against one minus specificity, deciding population: {}.",
            described.join("; ")
        ),
    );
    let caption = Line::strong("ROC curves.")
        + " Deciding population. Further to the upper left is better; the thin diagonal is chance.";
    Ok(Some(Figure {
        drawing,
        caption,
        wide: false,
    }))
}

/// Precision–recall curves.
pub(crate) fn precision_recall(reading: &Reading<'_>) -> Result<Option<Figure>, ReportError> {
    let curves: Vec<_> = shown(reading)
        .into_iter()
        .filter(|found| !found.body.precision_recall.is_empty())
        .collect();
    if curves.is_empty() {
        return Ok(None);
    }
    let highest = curves
        .iter()
        .flat_map(|found| &found.body.precision_recall)
        .filter(|point| point.x >= 0.01)
        .map(|point| point.y)
        .fold(0.0, f64::max);
    let top = nice(0.0, highest.clamp(0.05, 1.0), 5).1.min(1.0);
    let mut canvas = Canvas::new();
    let plot = Plot::new(
        &mut canvas,
        "pr",
        AREA,
        (0.0, 1.0, "Recall (sensitivity)"),
        (0.0, top, "Precision (positive predictive value)"),
    );
    let mut keys = Vec::new();
    let mut described = Vec::new();
    let share = prevalence(reading);
    if let Some(share) = share {
        plot.line(&mut canvas, "reference", &[(0.0, share), (1.0, share)]);
    }
    for (series, found) in curves.iter().enumerate().rev() {
        let points: Vec<_> = found
            .body
            .precision_recall
            .iter()
            .map(|point| (point.x, point.y))
            .collect();
        plot.line(&mut canvas, &format!("line s{series}"), &points);
        for point in spread(&points, 4) {
            plot.marker(
                &mut canvas,
                &format!("s{series}"),
                Marker::of(series),
                point,
                "",
            );
        }
    }
    for (series, found) in curves.iter().enumerate() {
        described.push(name(found));
        keys.push(key(series, name(found)));
    }
    if let Some(share) = share {
        let label = format!("flagging at random: {}", Format::Percent(1).write(share));
        described.push(label.clone());
        keys.push(Key {
            line: "reference".to_owned(),
            marker: None,
            label,
        });
    }
    let end = legend(&mut canvas, (16.0, AREA.3 + 64.0), &keys);
    let drawing = canvas.finish(
        "precision-recall",
        (484.0, end),
        "Precision–recall curves",
        format!(
            "Precision against recall, deciding population: {}.",
            described.join("; ")
        ),
    );
    let caption = Line::strong("Precision–recall curves.")
        + " Deciding population. The thin level line is the share of rows with the outcome. Note where the upright axis ends.";
    Ok(Some(Figure {
        drawing,
        caption,
        wide: false,
    }))
}

/// Share of rows with the outcome, from the first evaluation of the deciding population that has both counts.
fn prevalence(reading: &Reading<'_>) -> Option<f64> {
    let primary = reading.primary();
    reading
        .whole()
        .into_iter()
        .filter(|found| primary.is_none_or(|primary| found.body.population == primary))
        .find_map(|found| match (found.body.n, found.body.events) {
            (Some(n), Some(events)) if n > 0 => Some(events as f64 / n as f64),
            _ => None,
        })
}
