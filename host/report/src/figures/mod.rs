//! Figures, from events.

mod attributions;
mod attrition;
mod calibration;
mod curves;
mod decision;
mod experiments;
mod flow;
mod subgroups;

pub(crate) use attributions::attributions;
pub(crate) use attrition::attrition;
pub(crate) use calibration::calibration;
pub(crate) use curves::{precision_recall, roc};
pub(crate) use decision::decision;
pub(crate) use experiments::experiments;
pub(crate) use flow::flow;
pub(crate) use subgroups::subgroups;

use autods_board::{Curves, Sample};

use crate::{
    reading::{Found, Reading},
    svg::{Key, Marker, shorten},
};

/// Most series of one figure; more cannot be told apart.
const MOST_SERIES: usize = 5;

/// The curves that are drawn: those of the deciding population, first the champion's, then the
/// baselines', at most five.
fn shown<'a>(reading: &Reading<'a>) -> Vec<Found<'a, Curves>> {
    let champion = reading.champion().map(|champion| champion.experiment.id());
    let primary = reading.primary();
    let mut all: Vec<_> = reading
        .curves()
        .into_iter()
        .filter(|found| primary.is_none_or(|primary| found.body.population == primary))
        .collect();
    all.sort_by_key(|found| {
        let standing = match found.body.experiment {
            0 => 1,
            experiment if Some(experiment) == champion => 0,
            _ => 2,
        };
        (standing, found.body.sample == Sample::LockBox, found.id())
    });
    all.truncate(MOST_SERIES);
    all
}

/// What a curve is called.
fn name(found: &Found<'_, Curves>) -> String {
    let model = crate::resolver::legible(&found.body.model);
    let sample = match found.body.sample {
        Sample::OutOfFold => "out of fold",
        Sample::LockBox => "lock-box",
    };
    format!("{}, {sample}", shorten(&model, 34))
}

/// A series' entry in the legend, as a line with a marker.
fn key(series: usize, label: String) -> Key {
    Key {
        line: format!("line s{series}"),
        marker: Some((format!("s{series}"), Marker::of(series))),
        label,
    }
}

/// Up to `count` points spread over a curve, for its markers.
fn spread(points: &[(f64, f64)], count: usize) -> Vec<(f64, f64)> {
    (1..=count)
        .filter_map(|part| points.get(part * points.len() / (count + 1)).copied())
        .collect()
}
