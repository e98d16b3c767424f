//! Calibration: does what was predicted come about?

use autods_board::Curves;

use crate::{
    ReportError,
    document::{Figure, Line},
    figures::{name, shown},
    format::Format,
    reading::{Found, Reading},
    svg::{Canvas, Key, Marker, Plot, legend, nice},
};

/// Observed against predicted risk of the champion, with the rows behind each point.
pub(crate) fn calibration(reading: &Reading<'_>) -> Result<Option<Figure>, ReportError> {
    let champion = reading.champion().map(|champion| champion.experiment.id());
    let curves: Vec<Found<'_, Curves>> = shown(reading)
        .into_iter()
        .filter(|found| {
            !found.body.calibration.is_empty() && Some(found.body.experiment) == champion
        })
        .collect();
    if curves.is_empty() {
        return Ok(None);
    }
    let bins = || curves.iter().flat_map(|found| &found.body.calibration);
    let highest = bins()
        .map(|bin| bin.predicted.max(bin.observed.upper))
        .fold(0.0, f64::max);
    let most = bins().map(|bin| bin.n as f64).fold(0.0, f64::max);
    let top = nice(0.0, highest.clamp(0.02, 1.0), 5).1.min(1.0);
    let mut canvas = Canvas::new();
    let plot = Plot::new(
        &mut canvas,
        "calibration",
        (64.0, 12.0, 464.0, 292.0),
        (0.0, top, ""),
        (0.0, top, "Observed share with the outcome"),
    );
    let rows = Plot::new(
        &mut canvas,
        "calibration-rows",
        (64.0, 324.0, 464.0, 372.0),
        (0.0, top, "Mean predicted risk"),
        (0.0, nice(0.0, most, 2).1, "Rows"),
    );
    plot.line(&mut canvas, "reference", &[(0.0, 0.0), (top, top)]);
    let mut keys = Vec::new();
    for (series, found) in curves.iter().enumerate() {
        let shift = (series as f64 - (curves.len() - 1) as f64 / 2.0) * 8.0;
        let points: Vec<_> = found
            .body
            .calibration
            .iter()
            .map(|bin| (bin.predicted, bin.observed.value))
            .collect();
        plot.line(&mut canvas, &format!("line thin s{series}"), &points);
        for (index, bin) in found.body.calibration.iter().enumerate() {
            let at = format!("/Curves/calibration/{index}");
            let resolver = &reading.resolver;
            let tip = format!(
                "{}: predicted {}, observed {}, {} rows (event {})",
                name(found),
                resolver.text(found.id(), &format!("{at}/predicted"), Format::Fixed(3))?,
                resolver.estimate_text(found.id(), &format!("{at}/observed"), Format::Fixed(3))?,
                resolver.text(found.id(), &format!("{at}/n"), Format::Count)?,
                found.id(),
            );
            plot.interval(
                &mut canvas,
                &format!("whisker s{series}"),
                bin.predicted,
                (bin.observed.lower, bin.observed.upper),
                0.0,
            );
            plot.marker(
                &mut canvas,
                &format!("s{series}"),
                Marker::of(series),
                (bin.predicted, bin.observed.value),
                &tip,
            );
            rows.bar(
                &mut canvas,
                &format!("bar s{series}"),
                bin.predicted,
                bin.n as f64,
                (7.0, shift),
                &tip,
            );
        }
        keys.push(super::key(series, name(found)));
    }
    keys.push(Key {
        line: "reference".to_owned(),
        marker: None,
        label: "perfect calibration".to_owned(),
    });
    let end = legend(&mut canvas, (16.0, 436.0), &keys);
    let drawing = canvas.finish(
        "calibration",
        (484.0, end),
        "Calibration of the promoted model",
        format!(
            "Observed share of rows with the outcome against mean predicted risk, with intervals, and rows in each bin: {}.",
            curves.iter().map(name).collect::<Vec<_>>().join("; ")
        ),
    );
    let caption = Line::strong("Calibration.")
        + " Deciding population. Bars are 95 % CI (Wilson); below, the rows in each bin. Points on the thin diagonal mean that predicted risks come about as predicted.";
    Ok(Some(Figure {
        drawing,
        caption,
        wide: false,
    }))
}
