//! Sorting by score, with ties.

/// Row numbers by ascending value; equal values stay in row order.
pub(crate) fn ascending(values: &[f64]) -> Vec<u32> {
    let mut order: Vec<u32> = (0..values.len() as u32).collect();
    order.sort_unstable_by(|a, b| {
        values[*a as usize]
            .total_cmp(&values[*b as usize])
            .then(a.cmp(b))
    });
    order
}

/// Runs of equal values in an order made by [`ascending`].
pub(crate) fn ties<'a>(order: &'a [u32], values: &'a [f64]) -> impl Iterator<Item = &'a [u32]> {
    order.chunk_by(|a, b| values[*a as usize] == values[*b as usize])
}

/// Quantile of sorted values by linear interpolation (Hyndman & Fan 1996, type 7).
pub(crate) fn quantile(sorted: &[f64], probability: f64) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else {
        return f64::NAN;
    };
    let position = probability.clamp(0.0, 1.0) * last as f64;
    let below = position.floor() as usize;
    let above = (below + 1).min(last);
    sorted[below] + (position - below as f64) * (sorted[above] - sorted[below])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn negative_and_positive_zero_are_tied() {
        let values = [0.0, -0.0, 1.0];
        let order = ascending(&values);
        assert_eq!(ties(&order, &values).count(), 2);
    }

    #[test]
    fn quantiles_interpolate_as_type_7_does() {
        let sorted = [1.0, 2.0, 3.0, 4.0];
        assert_eq!(quantile(&sorted, 0.5), 2.5);
        assert_eq!(quantile(&sorted, 0.25), 1.75);
        assert_eq!(quantile(&sorted, 1.0), 4.0);
        assert!(quantile(&[], 0.5).is_nan());
    }
}
