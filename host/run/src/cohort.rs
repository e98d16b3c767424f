//! The rows of a run, after de-identification.

use arrow_array::Array as _;
use autods_board::Population;
use autods_table::{Table, TableError};

/// Which rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// Rows outside the lock-box.
    Development,
    /// Rows in the lock-box.
    Lockbox,
}

/// The main table with what the host alone knows about its rows.
pub(crate) struct Cohort {
    /// The de-identified rows.
    pub(crate) table: Table,
    /// Dense subject number of each row, by first appearance: independent of the run's key.
    pub(crate) subject: Vec<u32>,
    /// The outcome of each row.
    pub(crate) outcome: Vec<bool>,
    /// Whether a row's subject is in the lock-box; all false before it is cut.
    pub(crate) lockbox: Vec<bool>,
}

impl Cohort {
    /// Row numbers of a population in a part, ascending.
    pub(crate) fn rows(&self, population: &Population, part: Part) -> Vec<u32> {
        let mut keep: Vec<bool> = match part {
            Part::Development => self.lockbox.iter().map(|&b| !b).collect(),
            Part::Lockbox => self.lockbox.clone(),
        };
        for exclusion in &population.exclude {
            // a column that de-identification removed excludes nobody
            if let Ok(out) = with_codes(&self.table, &exclusion.column, &exclusion.codes) {
                for (keep, out) in keep.iter_mut().zip(out) {
                    *keep &= !out;
                }
            }
        }
        (0u32..)
            .zip(keep)
            .filter_map(|(row, keep)| keep.then_some(row))
            .collect()
    }

    /// Which rows have no value in a column.
    pub(crate) fn missing(&self, column: &str) -> Option<Vec<bool>> {
        let array = self.table.array(column).ok()?;
        Some((0..array.len()).map(|i| array.is_null(i)).collect())
    }

    pub(crate) fn outcomes(&self, rows: &[u32]) -> Vec<bool> {
        rows.iter().map(|&r| self.outcome[r as usize]).collect()
    }

    pub(crate) fn subjects(&self, rows: &[u32]) -> Vec<u32> {
        rows.iter().map(|&r| self.subject[r as usize]).collect()
    }
}

/// The population of everybody.
pub(crate) fn everybody() -> Population {
    Population {
        id: "all".to_owned(),
        title: "all rows".to_owned(),
        exclude: Vec::new(),
    }
}

/// Which rows of a table have one of these codes in a column.
pub(crate) fn with_codes(
    table: &Table,
    column: &str,
    wanted: &[String],
) -> Result<Vec<bool>, TableError> {
    let codes = table.codes(column)?;
    let named: Vec<bool> = codes.levels.iter().map(|l| wanted.contains(l)).collect();
    Ok(codes
        .rows
        .iter()
        .map(|&code| named.get(code as usize) == Some(&true))
        .collect())
}
