//! The design matrix.

use std::collections::BTreeSet;

use crate::LearnerError;
use crate::sample::MAX_ROWS;

/// Most columns of a design matrix.
pub(crate) const MAX_COLUMNS: usize = 65_536;

/// Rows × named columns of 32-bit numbers, row after row. NaN is missing.
#[derive(Clone, Debug, PartialEq)]
pub struct Design {
    names: Vec<String>,
    rows: usize,
    values: Vec<f32>,
}

impl Design {
    /// A matrix from its values, row after row: `rows × names.len()` of them, NaN for missing.
    ///
    /// # Errors
    /// A number of values that does not fit, a name given twice, infinite values, more than
    /// 65,536 columns or 2³¹ rows.
    pub fn new(names: Vec<String>, rows: usize, values: Vec<f32>) -> Result<Self, LearnerError> {
        let columns = names.len();
        if rows > MAX_ROWS
            || columns > MAX_COLUMNS
            || rows.checked_mul(columns) != Some(values.len())
        {
            return Err(LearnerError::Shape {
                rows,
                columns,
                got: values.len(),
            });
        }
        let mut seen = BTreeSet::new();
        if let Some(twice) = names.iter().find(|name| !seen.insert(name.as_str())) {
            return Err(LearnerError::Columns {
                what: "a column is named twice",
                column: twice.clone(),
            });
        }
        if values.iter().any(|value| value.is_infinite()) {
            let infinite = |column: usize| {
                values[column..]
                    .iter()
                    .step_by(columns)
                    .filter(|v| v.is_infinite())
                    .count()
            };
            let column = (0..columns)
                .find(|column| infinite(*column) > 0)
                .unwrap_or(0);
            return Err(LearnerError::Infinite {
                column: names[column].clone(),
                count: infinite(column),
            });
        }
        Ok(Self {
            names,
            rows,
            values,
        })
    }

    /// The columns' names.
    #[must_use]
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Number of rows.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// All values, row after row.
    #[must_use]
    pub fn values(&self) -> &[f32] {
        &self.values
    }

    /// The values of one row; nothing past the last row.
    #[must_use]
    pub fn row(&self, row: usize) -> Option<&[f32]> {
        let columns = self.names.len();
        (row < self.rows).then(|| &self.values[row * columns..(row + 1) * columns])
    }

    /// The values of one column, from the first row on; empty past the last column.
    pub fn column(&self, column: usize) -> impl Iterator<Item = f32> + '_ {
        let columns = self.names.len();
        let values = if column < columns {
            self.values.get(column..)
        } else {
            None
        };
        values
            .unwrap_or_default()
            .iter()
            .step_by(columns.max(1))
            .copied()
    }

    /// The matrix of some rows, in the order given; a row may be repeated.
    ///
    /// # Errors
    /// A row past the last one.
    pub fn select(&self, rows: &[u32]) -> Result<Self, LearnerError> {
        let columns = self.names.len();
        let mut values = Vec::with_capacity(rows.len().saturating_mul(columns));
        for row in rows {
            let row = self.row(*row as usize).ok_or(LearnerError::Size {
                learner: "design matrix",
                what: "as row numbers",
                got: *row as usize,
                minimum: 0,
                maximum: self.rows.saturating_sub(1),
            })?;
            values.extend_from_slice(row);
        }
        Ok(Self {
            names: self.names.clone(),
            rows: rows.len(),
            values,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn parts_that_do_not_fit_are_refused() {
        assert!(Design::new(names(&["a"]), 2, vec![0.0]).is_err());
        assert!(Design::new(names(&["a", "a"]), 1, vec![0.0, 0.0]).is_err());
        assert_eq!(
            Design::new(names(&["a", "b"]), 2, vec![0.0, 1.0, 2.0, f32::INFINITY]),
            Err(LearnerError::Infinite {
                column: "b".into(),
                count: 1
            })
        );
        assert!(Design::new(vec![], usize::MAX, vec![]).is_err());
    }

    #[test]
    fn rows_and_columns_are_where_they_belong() {
        let design = Design::new(names(&["a", "b"]), 2, vec![0.0, 1.0, 2.0, 3.0]).unwrap();
        assert_eq!(design.row(1), Some(&[2.0, 3.0][..]));
        assert_eq!(design.row(2), None);
        assert_eq!(design.column(1).collect::<Vec<_>>(), [1.0, 3.0]);
        assert_eq!(design.column(2).count(), 0);
        assert_eq!(
            design.select(&[1, 1]).unwrap().values(),
            [2.0, 3.0, 2.0, 3.0]
        );
        assert!(design.select(&[2]).is_err());
    }
}
