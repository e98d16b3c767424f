//! The ROC curve, thinned.

use crate::order::{ascending, ties};
use crate::sample::{both_classes, scores, setting};
use crate::{CurvePoint, StatisticError};

const WHAT: &str = "ROC curve";

/// The ROC curve from (0, 0) to (1, 1): x the false positive rate, y the true positive rate, at
/// most `max_points` (2 to 10,000) of them, evenly spread along the curve.
///
/// # Errors
/// As [`auroc`](crate::auroc); `max_points` out of range.
pub fn roc_curve(
    outcome: &[bool],
    score: &[f64],
    max_points: usize,
) -> Result<Vec<CurvePoint>, StatisticError> {
    setting(WHAT, "max-points", max_points as f64, 2.0, 10_000.0)?;
    let classes = both_classes(WHAT, outcome, 1)?;
    scores(WHAT, outcome, score)?;
    let order = ascending(score);
    let runs: Vec<&[u32]> = ties(&order, score).collect();
    let mut points = vec![CurvePoint { x: 0.0, y: 0.0 }];
    let (mut true_positives, mut false_positives) = (0usize, 0usize);
    for tie in runs.into_iter().rev() {
        let events = tie.iter().filter(|row| outcome[**row as usize]).count();
        true_positives += events;
        false_positives += tie.len() - events;
        points.push(CurvePoint {
            x: false_positives as f64 / classes.non_events() as f64,
            y: true_positives as f64 / classes.events as f64,
        });
    }
    Ok(thin(points, max_points))
}

/// At most `max_points` (at least 2) of a curve's points: both ends, and the rest at equal
/// distances along it.
pub(crate) fn thin(points: Vec<CurvePoint>, max_points: usize) -> Vec<CurvePoint> {
    if points.len() <= max_points {
        return points;
    }
    let distance = |a: &CurvePoint, b: &CurvePoint| (a.x - b.x).abs() + (a.y - b.y).abs();
    let length: f64 = points
        .windows(2)
        .map(|pair| distance(&pair[0], &pair[1]))
        .sum();
    let step = length / (max_points as f64 - 1.0);
    let last = points.len() - 1;
    let mut kept = Vec::with_capacity(max_points);
    let (mut walked, mut next) = (0.0, 0.0);
    for (index, point) in points.iter().enumerate() {
        if index > 0 {
            walked += distance(&points[index - 1], point);
        }
        if index == last {
            kept.push(*point);
        } else if walked >= next && kept.len() + 1 < max_points {
            kept.push(*point);
            next += step * ((walked - next) / step).floor().max(0.0) + step;
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thinned_curve_keeps_its_ends_and_never_falls() {
        let outcome: Vec<bool> = (0..1000).map(|i| (i * 7919) % 13 < 4).collect();
        let score: Vec<f64> = (0..1000).map(|i| f64::from((i * 31) % 997)).collect();
        let curve = roc_curve(&outcome, &score, 50).unwrap();
        assert!(curve.len() <= 50 && curve.len() >= 40, "{}", curve.len());
        assert_eq!(curve[0], CurvePoint { x: 0.0, y: 0.0 });
        assert_eq!(*curve.last().unwrap(), CurvePoint { x: 1.0, y: 1.0 });
        assert!(
            curve
                .windows(2)
                .all(|p| p[0].x <= p[1].x && p[0].y <= p[1].y)
        );
    }

    #[test]
    fn a_perfect_score_goes_through_the_corner() {
        let curve = roc_curve(&[false, true], &[0.1, 0.9], 10).unwrap();
        assert!(curve.contains(&CurvePoint { x: 0.0, y: 1.0 }));
    }
}
