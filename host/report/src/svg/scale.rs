//! Axes: from values to pixels, and where the ticks stand.

/// A linear map from values to pixels.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scale {
    /// Values at the two ends.
    pub(crate) values: (f64, f64),
    /// Pixels at the two ends.
    pub(crate) pixels: (f64, f64),
}

impl Scale {
    pub(crate) fn at(&self, value: f64) -> f64 {
        let span = self.values.1 - self.values.0;
        let share = if span == 0.0 {
            0.5
        } else {
            (value - self.values.0) / span
        };
        self.pixels.0 + share * (self.pixels.1 - self.pixels.0)
    }

    /// The same, not beyond the ends.
    pub(crate) fn within(&self, value: f64) -> f64 {
        let (low, high) = (
            self.values.0.min(self.values.1),
            self.values.0.max(self.values.1),
        );
        self.at(value.clamp(low, high))
    }
}

/// A step of 1, 2 or 5 times a power of ten that divides `span` into about `parts`.
fn step(span: f64, parts: usize) -> f64 {
    let rough = span / parts.max(1) as f64;
    if !(rough > 0.0 && rough.is_finite()) {
        return 1.0;
    }
    let power = 10f64.powf(rough.log10().floor());
    let share = rough / power;
    let nice = if share < 1.5 {
        1.0
    } else if share < 3.5 {
        2.0
    } else if share < 7.5 {
        5.0
    } else {
        10.0
    };
    nice * power
}

/// Ends that lie on ticks.
pub(crate) fn nice(low: f64, high: f64, parts: usize) -> (f64, f64) {
    let (low, high) = if high > low {
        (low, high)
    } else {
        (low - 0.05, low + 0.05)
    };
    let step = step(high - low, parts);
    (
        (low / step + 1e-9).floor() * step,
        (high / step - 1e-9).ceil() * step,
    )
}

/// Ticks between two ends, with their labels.
pub(crate) fn ticks(low: f64, high: f64, parts: usize) -> Vec<(f64, String)> {
    let step = step(high - low, parts);
    let decimals = (-step.log10().floor()).clamp(0.0, 9.0) as usize;
    let first = (low / step - 1e-9).ceil() as i64;
    let last = (high / step + 1e-9).floor() as i64;
    (first..=last.min(first + 50))
        .map(|index| {
            let value = index as f64 * step;
            let text = format!("{:.decimals$}", value.abs());
            let negative = value < 0.0 && text.bytes().any(|b| matches!(b, b'1'..=b'9'));
            (value, if negative { format!("−{text}") } else { text })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_inside() {
        let labels: Vec<String> = ticks(0.0, 1.0, 5)
            .into_iter()
            .map(|(_, label)| label)
            .collect();
        assert_eq!(labels, ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]);
        let labels: Vec<String> = ticks(-0.02, 0.1, 4)
            .into_iter()
            .map(|(_, label)| label)
            .collect();
        assert_eq!(
            labels,
            ["−0.02", "0.00", "0.02", "0.04", "0.06", "0.08", "0.10"]
        );
        assert!(
            ticks(0.0, 25_000.0, 4)
                .iter()
                .any(|(_, label)| label == "20000")
        );
    }

    #[test]
    fn nice_ends_enclose_the_values() {
        let (low, high) = nice(0.613, 0.702, 5);
        assert!(
            low <= 0.613 && high >= 0.702 && high - low < 0.13,
            "{low} {high}"
        );
        let (low, high) = nice(0.5, 0.5, 5);
        assert!(low < 0.5 && high > 0.5);
    }
}
