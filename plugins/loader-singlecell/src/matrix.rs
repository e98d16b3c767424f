//! Matrices of cells and features, read by ranges of their rows.

use std::ops::Range;

use autods_sdk::loader::Fault;

use crate::array::{Array, BLOCK};
use crate::blocks::blocks;
use crate::mtx::Entries;
use crate::origin::Origin;

/// Values of a compressed matrix that are read at once.
const VALUES: u64 = 64 << 10;

/// What a row of a stored matrix is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Axis {
    Cells,
    Features,
}

/// A matrix.
pub(crate) struct Matrix<'h> {
    origin: Origin<'h>,
    /// What its rows are; its columns are the other.
    pub(crate) axis: Axis,
    pub(crate) rows: u64,
    pub(crate) columns: u64,
    values: Values<'h>,
}

#[expect(clippy::large_enum_variant, reason = "a file has one matrix")]
enum Values<'h> {
    Dense(Array<'h>),
    /// Row after row: `indptr` says where each begins in the other two.
    Compressed {
        data: Array<'h>,
        indices: Array<'h>,
        indptr: Array<'h>,
    },
    /// Line after line.
    Entries(Entries<'h>),
}

/// What is told of a value: its row, its column, and itself.
pub(crate) type See<'a> = dyn FnMut(u64, u64, f64) -> Result<(), Fault> + 'a;

impl<'h> Matrix<'h> {
    /// A matrix that stores every value.
    pub(crate) fn dense(origin: Origin<'h>, axis: Axis, array: Array<'h>) -> Result<Self, Fault> {
        let [rows, columns] = array.shape[..] else {
            return Err(array.malformed("a matrix has two dimensions"));
        };
        Ok(Self {
            origin,
            axis,
            rows,
            columns,
            values: Values::Dense(array),
        })
    }

    /// A matrix that stores the values of its rows one after the other, with their columns.
    pub(crate) fn compressed(
        origin: Origin<'h>,
        axis: Axis,
        [rows, columns]: [u64; 2],
        [data, indices, indptr]: [Array<'h>; 3],
    ) -> Result<Self, Fault> {
        let indptr = indptr.expect_vector(rows.saturating_add(1))?;
        let stored = data.rows();
        Ok(Self {
            origin,
            axis,
            rows,
            columns,
            values: Values::Compressed {
                data: data.expect_vector(stored)?,
                indices: indices.expect_vector(stored)?,
                indptr,
            },
        })
    }

    /// A matrix that is a list of entries: one of cells if they are in the order of their cells, else
    /// one of features.
    pub(crate) fn entries(origin: Origin<'h>, entries: Entries<'h>) -> Self {
        let [features, cells] = entries.shape();
        let (axis, rows, columns) = if entries.is_ordered {
            (Axis::Cells, cells, features)
        } else {
            (Axis::Features, features, cells)
        };
        Self {
            origin,
            axis,
            rows,
            columns,
            values: Values::Entries(entries),
        }
    }

    /// Whether to read a part of its rows takes as long as to read them all.
    pub(crate) fn is_unordered(&self) -> bool {
        matches!(&self.values, Values::Entries(entries) if !entries.is_ordered)
    }

    /// Cells and features.
    pub(crate) fn shape(&self) -> [u64; 2] {
        match self.axis {
            Axis::Cells => [self.rows, self.columns],
            Axis::Features => [self.columns, self.rows],
        }
    }

    /// Every value of those rows that is not zero, row after row; in the order of the file where it is
    /// unordered.
    pub(crate) fn visit(&self, rows: Range<u64>, see: &mut See<'_>) -> Result<(), Fault> {
        match &self.values {
            Values::Dense(array) => self.visit_dense(array, rows, see),
            Values::Entries(entries) if entries.is_ordered => entries.visit_cells(&rows, see),
            Values::Entries(entries) => entries.visit_features(&rows, see),
            Values::Compressed {
                data,
                indices,
                indptr,
            } => blocks(rows, BLOCK / 8)
                .try_for_each(|rows| self.visit_compressed([data, indices, indptr], rows, see)),
        }
    }

    fn visit_dense(
        &self,
        array: &Array<'_>,
        rows: Range<u64>,
        see: &mut See<'_>,
    ) -> Result<(), Fault> {
        if self.columns == 0 {
            return Ok(());
        }
        for block in blocks(rows, array.block()) {
            let values = array.numbers(block.start, block.end - block.start)?;
            let width = usize::try_from(self.columns).unwrap_or(usize::MAX);
            for (row, values) in block.zip(values.chunks_exact(width)) {
                for (column, value) in (0..).zip(values) {
                    if *value != 0.0 {
                        see(row, column, *value)?;
                    }
                }
            }
        }
        Ok(())
    }

    fn visit_compressed(
        &self,
        [data, indices, indptr]: [&Array<'_>; 3],
        rows: Range<u64>,
        see: &mut See<'_>,
    ) -> Result<(), Fault> {
        let starts = indptr.indices(rows.start, rows.end - rows.start + 1)?;
        let is_ordered = starts.is_sorted() && starts.last().is_none_or(|end| *end <= data.rows());
        if !is_ordered {
            return Err(indptr.malformed("rows out of order, or beyond the values"));
        }
        let (Some(first), Some(last)) = (starts.first(), starts.last()) else {
            return Ok(());
        };
        let mut row = rows.start;
        let mut ends = starts.iter().skip(1).copied().peekable();
        for block in blocks(*first..*last, VALUES) {
            let count = block.end - block.start;
            let columns = indices.indices(block.start, count)?;
            let values = data.numbers(block.start, count)?;
            for ((at, column), value) in block.zip(columns).zip(values) {
                while ends.next_if(|end| *end <= at).is_some() {
                    row += 1;
                }
                if column >= self.columns {
                    let fault = self
                        .origin
                        .malformed(&indices.path, "an index out of range");
                    let fault = fault.at_line(row.saturating_add(1));
                    return Err(fault.expected_found(self.columns, column));
                }
                if value != 0.0 {
                    see(row, column, value)?;
                }
            }
        }
        Ok(())
    }
}
