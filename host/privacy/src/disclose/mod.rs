//! Disclosure control: what may be shown of many people, so that nothing is shown of a few.

mod counts;
mod network;
mod profile;
mod rates;
mod two_way;

pub use profile::{DisclosedColumn, DisclosedHistogram, DisclosedLevel, DisclosedProfile};
pub use two_way::TwoWay;

use serde::{Deserialize, Serialize};

/// The rules under which numbers leave the row zone.
///
/// Counts below the threshold are hidden (primary suppression), and as many others as it takes so
/// that published totals do not give them back (complementary suppression): somebody who knows
/// every number shown, every total, and this program, cannot tell for any hidden small count that
/// it is below the threshold, nor which number it is. See Hundepool et al., *Statistical Disclosure
/// Control* (2012), chapter 4; the threshold is that of the Centers for Medicare & Medicaid Services
/// (cell size suppression policy: no cell of 1 to 10).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Disclosure {
    /// The smallest count that is shown.
    pub threshold: u64,
    /// Whether 0 is hidden too. By default it is shown.
    pub hide_zeros: bool,
}

impl Default for Disclosure {
    fn default() -> Self {
        Self {
            threshold: 11,
            hide_zeros: false,
        }
    }
}

impl Disclosure {
    /// Rules with a threshold that show zeros.
    #[must_use]
    pub fn new(threshold: u64) -> Self {
        Self {
            threshold,
            hide_zeros: false,
        }
    }

    /// Whether a count has to be hidden, whatever stands around it.
    #[must_use]
    pub fn is_small(&self, count: u64) -> bool {
        count < self.threshold && (count > 0 || self.hide_zeros)
    }

    /// A count that stands alone, such as the rows of a table.
    #[must_use]
    pub fn count(&self, count: u64) -> Option<u64> {
        (!self.is_small(count)).then_some(count)
    }

    /// The least that a hidden count can be, as everybody knows.
    pub(crate) fn least(&self) -> u64 {
        u64::from(!self.hide_zeros)
    }
}
