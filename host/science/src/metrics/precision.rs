//! Precision and recall.

use super::roc::thin;
use crate::order::{ascending, ties};
use crate::sample::{both_classes, scores, setting};
use crate::{CurvePoint, StatisticError};

const WHAT: &str = "average precision";

/// Average precision: Σ (Rₖ − Rₖ₋₁) Pₖ over the distinct scores, without interpolation (as
/// scikit-learn's `average_precision_score`). 0 to 1; chance is the prevalence.
///
/// # Errors
/// Lengths that differ, scores that are not finite, only one class.
pub fn average_precision(outcome: &[bool], score: &[f64]) -> Result<f64, StatisticError> {
    let points = points(WHAT, outcome, score)?;
    let mut total = 0.0;
    let mut recall = 0.0;
    for point in points {
        total += (point.x - recall) * point.y;
        recall = point.x;
    }
    Ok(total)
}

/// The precision–recall curve by ascending recall: x recall, y precision, at most `max_points`
/// (2 to 10,000) of them. The first point is (0, 1), where nothing is flagged.
///
/// # Errors
/// As [`average_precision`]; `max_points` out of range.
pub fn precision_recall_curve(
    outcome: &[bool],
    score: &[f64],
    max_points: usize,
) -> Result<Vec<CurvePoint>, StatisticError> {
    const WHAT: &str = "precision–recall curve";
    setting(WHAT, "max-points", max_points as f64, 2.0, 10_000.0)?;
    let mut curve = vec![CurvePoint { x: 0.0, y: 1.0 }];
    curve.extend(points(WHAT, outcome, score)?);
    Ok(thin(curve, max_points))
}

fn points(
    what: &'static str,
    outcome: &[bool],
    score: &[f64],
) -> Result<Vec<CurvePoint>, StatisticError> {
    let classes = both_classes(what, outcome, 1)?;
    scores(what, outcome, score)?;
    let order = ascending(score);
    let runs: Vec<&[u32]> = ties(&order, score).collect();
    let (mut events, mut flagged) = (0usize, 0usize);
    Ok(runs
        .into_iter()
        .rev()
        .map(|tie| {
            flagged += tie.len();
            events += tie.iter().filter(|row| outcome[**row as usize]).count();
            CurvePoint {
                x: events as f64 / classes.events as f64,
                y: events as f64 / flagged as f64,
            }
        })
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_constant_score_has_the_prevalence_as_its_average_precision() {
        let outcome = [true, false, false, false];
        assert_eq!(average_precision(&outcome, &[0.3; 4]), Ok(0.25));
    }
}
