//! Measures, the plain way.

use autods_board::{Estimate, RateRow};
use autods_science::{CalibrationBin, CurvePoint, NetBenefit};

use super::cohort::{Row, Stream};

pub fn estimate(value: f64, error: f64) -> Estimate {
    Estimate {
        value,
        lower: value - 1.96 * error,
        upper: value + 1.96 * error,
    }
}

fn order(p: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..p.len()).collect();
    order.sort_by(|a, b| p[*b].total_cmp(&p[*a]).then(a.cmp(b)));
    order
}

/// Area under the ROC curve by ranks with ties, interval by Hanley and McNeil.
pub fn auroc(y: &[bool], p: &[f64]) -> Estimate {
    let order = order(p);
    let (mut above, mut wins, mut at) = (0.0, 0.0, 0);
    while at < order.len() {
        let mut end = at;
        while end < order.len() && p[order[end]] == p[order[at]] {
            end += 1;
        }
        let with = order[at..end].iter().filter(|i| y[**i]).count() as f64;
        let without = (end - at) as f64 - with;
        wins += without * (above + with / 2.0);
        above += with;
        at = end;
    }
    let (n1, n0) = (above, y.len() as f64 - above);
    let a = wins / (n1 * n0);
    let (q1, q2) = (a / (2.0 - a), 2.0 * a * a / (1.0 + a));
    let variance =
        (a * (1.0 - a) + (n1 - 1.0) * (q1 - a * a) + (n0 - 1.0) * (q2 - a * a)) / (n1 * n0);
    estimate(a, variance.sqrt())
}

pub fn average_precision(y: &[bool], p: &[f64]) -> f64 {
    let (mut hits, mut sum) = (0.0, 0.0);
    for (rank, index) in order(p).into_iter().enumerate() {
        if y[index] {
            hits += 1.0;
            sum += hits / (rank + 1) as f64;
        }
    }
    sum / hits
}

pub fn brier(y: &[bool], p: &[f64]) -> f64 {
    y.iter()
        .zip(p)
        .map(|(y, p)| (p - f64::from(u8::from(*y))).powi(2))
        .sum::<f64>()
        / y.len() as f64
}

fn logit(p: f64) -> f64 {
    let p = p.clamp(1e-6, 1.0 - 1e-6);
    (p / (1.0 - p)).ln()
}

/// Slope of the outcome on the predicted log-odds, and the intercept with the slope held at one.
pub fn calibration(y: &[bool], p: &[f64]) -> (Estimate, Estimate) {
    let (mut a, mut b) = (0.0, 1.0);
    let mut error = 0.0;
    for _ in 0..25 {
        let (mut g0, mut g1, mut h00, mut h01, mut h11) = (0.0, 0.0, 0.0, 0.0, 0.0);
        for (y, p) in y.iter().zip(p) {
            let x = logit(*p);
            let m = 1.0 / (1.0 + (-(a + b * x)).exp());
            let (r, w) = (f64::from(u8::from(*y)) - m, m * (1.0 - m));
            g0 += r;
            g1 += r * x;
            h00 += w;
            h01 += w * x;
            h11 += w * x * x;
        }
        let determinant = h00 * h11 - h01 * h01;
        a += (h11 * g0 - h01 * g1) / determinant;
        b += (h00 * g1 - h01 * g0) / determinant;
        error = (h00 / determinant).sqrt();
    }
    let (mut c, mut spread) = (0.0, 0.0);
    for _ in 0..25 {
        let (mut g, mut h) = (0.0, 0.0);
        for (y, p) in y.iter().zip(p) {
            let m = 1.0 / (1.0 + (-(c + logit(*p))).exp());
            g += f64::from(u8::from(*y)) - m;
            h += m * (1.0 - m);
        }
        c += g / h;
        spread = (1.0 / h).sqrt();
    }
    (estimate(b, error), estimate(c, spread))
}

pub fn wilson(k: f64, n: f64) -> Estimate {
    let (z, share) = (1.96, k / n);
    let middle = (share + z * z / (2.0 * n)) / (1.0 + z * z / n);
    let half = z / (1.0 + z * z / n) * (share * (1.0 - share) / n + z * z / (4.0 * n * n)).sqrt();
    Estimate {
        value: share,
        lower: (middle - half).max(0.0),
        upper: (middle + half).min(1.0),
    }
}

/// ROC and precision–recall curves at `parts` places.
pub fn curves(y: &[bool], p: &[f64], parts: usize) -> (Vec<CurvePoint>, Vec<CurvePoint>) {
    let order = order(p);
    let n1 = y.iter().filter(|y| **y).count() as f64;
    let n0 = y.len() as f64 - n1;
    let (mut roc, mut pr) = (vec![CurvePoint { x: 0.0, y: 0.0 }], Vec::new());
    let (mut tp, mut fp) = (0.0, 0.0);
    let every = (order.len() / parts).max(1);
    for (rank, index) in order.iter().enumerate() {
        if y[*index] {
            tp += 1.0
        } else {
            fp += 1.0
        }
        if (rank + 1) % every == 0 || rank + 1 == order.len() {
            roc.push(CurvePoint {
                x: fp / n0,
                y: tp / n1,
            });
            pr.push(CurvePoint {
                x: tp / n1,
                y: tp / (tp + fp),
            });
        }
    }
    (roc, pr)
}

/// Ten bins of equal size.
pub fn calibration_bins(y: &[bool], p: &[f64]) -> Vec<CalibrationBin> {
    let mut order = order(p);
    order.reverse();
    (0..10)
        .map(|bin| {
            let part = &order[bin * order.len() / 10..(bin + 1) * order.len() / 10];
            let n = part.len() as f64;
            CalibrationBin {
                n: part.len() as u64,
                predicted: part.iter().map(|i| p[*i]).sum::<f64>() / n,
                observed: wilson(part.iter().filter(|i| y[**i]).count() as f64, n),
            }
        })
        .collect()
}

fn counts(y: &[bool], p: &[f64], threshold: f64) -> [f64; 4] {
    let mut counts = [0.0; 4];
    for (y, p) in y.iter().zip(p) {
        counts[usize::from(*p >= threshold) * 2 + usize::from(*y)] += 1.0;
    }
    counts
}

pub fn decision(y: &[bool], p: &[f64]) -> Vec<NetBenefit> {
    let n = y.len() as f64;
    let share = y.iter().filter(|y| **y).count() as f64 / n;
    (1..=50)
        .map(|step| {
            let threshold = f64::from(step) / 100.0;
            let odds = threshold / (1.0 - threshold);
            let [_, _, fp, tp] = counts(y, p, threshold);
            NetBenefit {
                threshold,
                model: tp / n - fp / n * odds,
                treat_all: share - (1.0 - share) * odds,
            }
        })
        .collect()
}

pub fn rates(y: &[bool], p: &[f64], thresholds: &[f64]) -> Vec<RateRow> {
    thresholds
        .iter()
        .map(|threshold| {
            let [tn, missed, fp, tp] = counts(y, p, *threshold);
            let n = y.len() as f64;
            let some = |k: f64, n: f64| (n > 0.0).then(|| wilson(k, n));
            RateRow {
                threshold: *threshold,
                flagged: wilson(tp + fp, n),
                tpr: some(tp, tp + missed),
                fpr: some(fp, fp + tn),
                ppv: some(tp, tp + fp),
                npv: some(tn, tn + missed),
                net_benefit: tp / n - fp / n * threshold / (1.0 - threshold),
            }
        })
        .collect()
}

/// Difference in AUROC of two models on the same rows; its error from ten blocks of subjects.
pub fn paired(rows: &[&Row], y: &[bool], a: &[f64], b: &[f64]) -> Estimate {
    let differences: Vec<f64> = (0..10)
        .map(|block| {
            let own: Vec<usize> = (0..rows.len())
                .filter(|i| rows[*i].subject % 10 == block)
                .collect();
            let y: Vec<bool> = own.iter().map(|i| y[*i]).collect();
            let of = |p: &[f64]| auroc(&y, &own.iter().map(|i| p[*i]).collect::<Vec<_>>()).value;
            of(a) - of(b)
        })
        .collect();
    estimate(
        auroc(y, a).value - auroc(y, b).value,
        deviation(&differences) / 10f64.sqrt(),
    )
}

/// Standard deviation of the AUROC over seeds that jitter the scores a little.
pub fn seed_sd(y: &[bool], p: &[f64], seeds: &[u64]) -> f64 {
    let values: Vec<f64> = seeds
        .iter()
        .map(|seed| {
            let mut stream = Stream::new(*seed);
            let jittered: Vec<f64> = p
                .iter()
                .map(|p| p * (1.0 + 0.05 * stream.normal()))
                .collect();
            auroc(y, &jittered).value
        })
        .collect();
    deviation(&values)
}

fn deviation(values: &[f64]) -> f64 {
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    (squares / (values.len() - 1) as f64).sqrt()
}
