//! Locally weighted regression (Cleveland 1979), without robustness iterations.
//!
//! Local lines with tricube weights over the nearest two thirds of the rows. Fits are made at
//! points at least one hundredth of the range apart and interpolated between them, so that the
//! work stays proportional to the number of rows.

/// Smooths `y` over ascending `x`; one value for each row. Equal `x` get equal values.
pub(crate) fn lowess(x: &[f64], y: &[f64], span: f64) -> Vec<f64> {
    let rows = x.len();
    if rows < 2 {
        return y.to_vec();
    }
    let neighbours = ((span * rows as f64 + 1e-7) as usize).clamp(2, rows);
    let range = x[rows - 1] - x[0];
    let spacing = 0.01 * range;
    let mut smooth = vec![0.0; rows];
    let (mut left, mut right) = (0, neighbours - 1);
    // `fitted` is the last row with a value, `at` the row that is fitted next.
    let mut fitted: Option<usize> = None;
    let mut at = 0;
    loop {
        while right + 1 < rows && x[at] - x[left] > x[right + 1] - x[at] {
            left += 1;
            right += 1;
        }
        smooth[at] = local_line(x, y, at, left, right, range).unwrap_or(y[at]);
        if let Some(before) = fitted {
            let gap = x[at] - x[before];
            for between in before + 1..at {
                let share = (x[between] - x[before]) / gap;
                smooth[between] = share * smooth[at] + (1.0 - share) * smooth[before];
            }
        }
        let mut last = at;
        let reach = x[last] + spacing;
        let mut next = last + 1;
        while next < rows && x[next] <= reach {
            if x[next] == x[last] {
                smooth[next] = smooth[last];
                last = next;
            }
            next += 1;
        }
        fitted = Some(last);
        if last + 1 >= rows {
            return smooth;
        }
        at = (last + 1).max(next - 1);
    }
}

/// The local line's value at `x[at]` from the rows `left..=right` (and those tied with the
/// farthest one); nothing where all weights vanish.
fn local_line(
    x: &[f64],
    y: &[f64],
    at: usize,
    left: usize,
    right: usize,
    range: f64,
) -> Option<f64> {
    let here = x[at];
    let bandwidth = (here - x[left]).max(x[right] - here);
    let (outer, inner) = (0.999 * bandwidth, 0.001 * bandwidth);
    let mut weights = Vec::with_capacity(right - left + 1);
    let mut total = 0.0;
    for (row, there) in x.iter().enumerate().skip(left) {
        let distance = (there - here).abs();
        if distance <= outer {
            let weight = if distance <= inner {
                1.0
            } else {
                (1.0 - (distance / bandwidth).powi(3)).powi(3)
            };
            weights.push((row, weight));
            total += weight;
        } else if *there > here {
            break;
        }
    }
    if total <= 0.0 {
        return None;
    }
    for (_, weight) in &mut weights {
        *weight /= total;
    }
    if bandwidth > 0.0 {
        let mean: f64 = weights.iter().map(|(row, weight)| weight * x[*row]).sum();
        let spread: f64 = weights
            .iter()
            .map(|(row, weight)| weight * (x[*row] - mean).powi(2))
            .sum();
        if spread.sqrt() > 0.001 * range {
            let slope = (here - mean) / spread;
            for (row, weight) in &mut weights {
                *weight *= 1.0 + slope * (x[*row] - mean);
            }
        }
    }
    Some(weights.iter().map(|(row, weight)| weight * y[*row]).sum())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_straight_line_stays_straight() {
        let x: Vec<f64> = (0..500).map(|i| f64::from(i) / 499.0).collect();
        let y: Vec<f64> = x.iter().map(|x| 0.1 + 0.5 * x).collect();
        let smooth = lowess(&x, &y, 2.0 / 3.0);
        for (smooth, y) in smooth.iter().zip(&y) {
            assert!((smooth - y).abs() < 1e-9);
        }
    }

    #[test]
    fn equal_values_have_equal_smooths() {
        let x = [0.1, 0.1, 0.1, 0.2, 0.2, 0.9];
        let y = [0.0, 1.0, 0.0, 1.0, 1.0, 1.0];
        let smooth = lowess(&x, &y, 2.0 / 3.0);
        assert_eq!(smooth[0], smooth[2]);
        assert_eq!(smooth[3], smooth[4]);
        assert!(smooth.iter().all(|value| value.is_finite()));
    }
}
