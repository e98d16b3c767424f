//! Subjects and their rows.

use std::collections::BTreeMap;

use crate::StatisticError;
use crate::sample::{MAX_ROWS, same_length};

/// Dense codes by first appearance, so that nothing depends on what the codes were.
#[derive(Clone, Debug)]
pub(crate) struct Groups {
    /// The group of each row.
    pub of_row: Vec<u32>,
    /// Number of groups.
    pub count: u32,
}

impl Groups {
    pub fn new(what: &'static str, codes: &[u32]) -> Result<Self, StatisticError> {
        let rows = codes.len();
        if rows == 0 || rows > MAX_ROWS {
            return Err(StatisticError::Rows {
                what,
                rows,
                minimum: 1,
                maximum: MAX_ROWS,
            });
        }
        let mut dense = BTreeMap::new();
        let mut count = 0u32;
        let of_row = codes
            .iter()
            .map(|code| {
                *dense.entry(*code).or_insert_with(|| {
                    count += 1;
                    count - 1
                })
            })
            .collect();
        Ok(Self { of_row, count })
    }

    /// Rows and events of each group.
    pub fn sizes(
        &self,
        what: &'static str,
        outcome: &[bool],
    ) -> Result<Vec<GroupSize>, StatisticError> {
        same_length(what, self.of_row.len(), outcome.len())?;
        let mut sizes = vec![GroupSize::default(); self.count as usize];
        for (group, event) in self.of_row.iter().zip(outcome) {
            let size = &mut sizes[*group as usize];
            size.rows += 1;
            size.events += u32::from(*event);
        }
        Ok(sizes)
    }
}

/// Rows and events of one group.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct GroupSize {
    pub rows: u32,
    pub events: u32,
}
