//! What is learnt about a column: where its tails begin, its middle, centre and scale.

/// What was learnt about a column.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Tails {
    /// Values below this become this.
    pub(crate) low: f64,
    /// Values above this become this.
    pub(crate) high: f64,
    /// Stands in for a missing value: the median.
    pub(crate) middle: f64,
    /// Mean of the training values, pulled in and with missing ones filled.
    pub(crate) centre: f64,
    /// Their standard deviation (n − 1), or 1 where they are all the same.
    pub(crate) scale: f64,
}

impl Tails {
    /// Of the values of a column, missing ones included, with a `share` of the known ones in either
    /// tail. `None` where fewer than two are known.
    pub(crate) fn of(values: &[Option<f64>], share: f64) -> Option<Self> {
        let mut known: Vec<f64> = values.iter().copied().flatten().collect();
        if known.len() < 2 {
            return None;
        }
        // in one order, so that sums have the same bits whatever the order of the rows
        known.sort_by(f64::total_cmp);
        let mut tails = Self {
            low: quantile(&known, share),
            high: quantile(&known, 1.0 - share),
            middle: quantile(&known, 0.5),
            centre: 0.0,
            scale: 1.0,
        };
        known.resize(values.len(), tails.middle);
        let filled: Vec<f64> = known.into_iter().map(|value| tails.pulled_in(value)).collect();
        let n = filled.len() as f64;
        let centre = filled.iter().sum::<f64>() / n;
        let squares: f64 = filled.iter().map(|value| (value - centre).powi(2)).sum();
        let scale = (squares / (n - 1.0)).sqrt();
        tails.centre = centre;
        if scale > 0.0 {
            tails.scale = scale;
        }
        (centre.is_finite() && scale.is_finite()).then_some(tails)
    }

    /// A value as the next method should see it.
    pub(crate) fn apply(self, value: Option<f64>) -> f64 {
        (self.pulled_in(value.unwrap_or(self.middle)) - self.centre) / self.scale
    }

    fn pulled_in(self, value: f64) -> f64 {
        value.max(self.low).min(self.high)
    }
}

/// Linear interpolation between the two nearest of sorted values (Hyndman and Fan, "Sample
/// quantiles in statistical packages", 1996, definition 7).
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
    fn a_wild_value_moves_no_further_than_the_tail() {
        let values: Vec<Option<f64>> = (0..=100).map(|value| Some(f64::from(value))).collect();
        let calm = Tails::of(&values, 0.05).unwrap();
        assert_eq!((calm.low, calm.high, calm.middle), (5.0, 95.0, 50.0));
        assert_eq!(calm.apply(Some(1e9)), calm.apply(Some(95.0)));
        assert_eq!(calm.apply(None), calm.apply(Some(50.0)));
    }

    #[test]
    fn too_few_values_have_no_tails_and_equal_ones_the_scale_one() {
        assert_eq!(Tails::of(&[Some(1.0), None], 0.01), None);
        assert_eq!(Tails::of(&[Some(3.0), None, Some(3.0)], 0.01).unwrap().scale, 1.0);
    }
}
