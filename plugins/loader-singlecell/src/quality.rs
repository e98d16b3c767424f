//! Quality control: numbers that add up over shards.

use autods_sdk::loader::{Fault, LoaderHost};

use crate::genes::Class;

/// The metrics of a shard.
#[derive(Debug, Default)]
pub(crate) struct Quality {
    /// Of the file; only the shard with its first row counts them.
    pub(crate) cells: u64,
    pub(crate) features: u64,
    pub(crate) cells_without_counts: u64,
    values: u64,
    total: f64,
    mitochondrial: f64,
    non_integer: u64,
    negative: u64,
    non_finite: u64,
}

impl Quality {
    /// A value that is not zero.
    pub(crate) fn add(&mut self, value: f64, class: Class) {
        self.values += 1;
        if !value.is_finite() {
            self.non_finite += 1;
            return;
        }
        self.total += value;
        if class.mitochondrial {
            self.mitochondrial += value;
        }
        self.non_integer += u64::from(value.fract() != 0.0);
        self.negative += u64::from(value < 0.0);
    }

    pub(crate) fn post(&self, host: &dyn LoaderHost) -> Result<(), Fault> {
        #[allow(clippy::cast_precision_loss, reason = "counts are below 2^53")]
        let count = |number: u64| number as f64;
        // sums of the largest numbers there are may have no number
        let finite = |sum: f64| if sum.is_finite() { sum } else { 0.0 };
        for (name, value) in [
            ("cells", count(self.cells)),
            ("features", count(self.features)),
            ("values", count(self.values)),
            ("total-counts", finite(self.total)),
            ("mitochondrial-counts", finite(self.mitochondrial)),
            ("cells-without-counts", count(self.cells_without_counts)),
            ("non-integer-values", count(self.non_integer)),
            ("negative-values", count(self.negative)),
            ("non-finite-values", count(self.non_finite)),
        ] {
            host.metric(name, None, value)?;
        }
        Ok(())
    }
}
