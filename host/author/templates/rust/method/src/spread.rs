//! Centre and scale of a column.

/// What was learnt about a column.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Spread {
    /// What is taken off.
    pub(crate) centre: f64,
    /// What is divided by; above 0.
    pub(crate) scale: f64,
}

impl Spread {
    /// Leaves values as they are.
    pub(crate) const AS_IT_IS: Self = Self { centre: 0.0, scale: 1.0 };

    /// Of these values, in any order; `None` for fewer than two. Values that are all the same get
    /// the scale 1: there is nothing to divide by.
    pub(crate) fn of(mut values: Vec<f64>, robust: bool) -> Option<Self> {
        if values.len() < 2 {
            return None;
        }
        // in one order, so that sums have the same bits whatever the order of the rows
        values.sort_by(f64::total_cmp);
        let (centre, scale) = if robust {
            let quantile = |share| quantile(&values, share);
            (quantile(0.5), quantile(0.75) - quantile(0.25))
        } else {
            let n = values.len() as f64;
            let mean = values.iter().sum::<f64>() / n;
            let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
            (mean, (squares / (n - 1.0)).sqrt())
        };
        let scale = if scale > 0.0 { scale } else { 1.0 };
        (centre.is_finite() && scale.is_finite()).then_some(Self { centre, scale })
    }

    /// A value, centred and scaled.
    pub(crate) fn apply(self, value: f64) -> f64 {
        (value - self.centre) / self.scale
    }
}

/// Linear interpolation between the two nearest of sorted values.
fn quantile(sorted: &[f64], share: f64) -> f64 {
    let place = share * (sorted.len() - 1) as f64;
    let below = place.floor();
    let (low, high) = (sorted[below as usize], sorted[place.ceil() as usize]);
    low + (place - below) * (high - low)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn centre_and_scale_are_those_of_a_textbook() {
        let values = vec![2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0];
        let plain = Spread::of(values.clone(), false).unwrap();
        assert_eq!(plain.centre, 5.0);
        assert!((plain.scale - (32.0f64 / 7.0).sqrt()).abs() < 1e-15);
        let robust = Spread::of(values, true).unwrap();
        assert_eq!((robust.centre, robust.scale), (4.5, 5.5 - 4.0));
    }

    #[test]
    fn too_few_values_have_no_spread_and_equal_ones_the_scale_one() {
        assert_eq!(Spread::of(vec![1.0], false), None);
        assert_eq!(Spread::of(vec![3.0, 3.0], false).unwrap().scale, 1.0);
    }
}
