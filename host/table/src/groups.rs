//! Rows that belong together.

use std::collections::HashMap;

use crate::cells::{Cells, MISSING};
use crate::error::TableError;
use crate::table::Table;

/// One code for each row: equal in rows of the same subject, counting from 0 in order of first
/// appearance.
///
/// # Errors
/// [`TableError::UnknownColumn`]; [`TableError::MissingKey`] if a row has no subject, because it
/// could then stand on both sides of a split.
pub fn subject_index(table: &Table, column: &str) -> Result<Vec<u32>, TableError> {
    let cells = Cells::of(table.array(column)?);
    let missing = cells.codes.iter().filter(|&&code| code == MISSING).count();
    if missing > 0 {
        return Err(TableError::MissingKey {
            table: table.name().to_owned(),
            column: column.to_owned(),
            rows: missing as u64,
        });
    }
    Ok(cells.codes)
}

/// One code for each row: equal in rows that are equal in all the columns given, counting from 0
/// in order of first appearance. Missing equals missing. Exact, not by hash.
///
/// # Errors
/// [`TableError::UnknownColumn`].
pub fn duplicate_groups(
    table: &Table,
    columns: &[impl AsRef<str>],
) -> Result<Vec<u32>, TableError> {
    let mut groups = vec![0_u32; table.rows()];
    for column in columns {
        let cells = Cells::of(table.array(column.as_ref())?);
        let mut seen: HashMap<(u32, u32), u32> = HashMap::new();
        for (group, code) in groups.iter_mut().zip(cells.codes) {
            let next = seen.len() as u32;
            *group = *seen.entry((*group, code)).or_insert(next);
        }
    }
    Ok(groups)
}
