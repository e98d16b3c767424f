//! Matrix Market triplets, as Cell Ranger and others write them: `matrix.mtx` with a value a line,
//! `barcodes.tsv` with a cell a line, and `features.tsv` (or `genes.tsv`) with a feature a line.
//!
//! Lines of the matrix are in the order of their cells as a rule, and then those of a cell are found
//! by bisection of the file; where they are not, the file is read from its beginning to its end.

mod entries;
mod header;
mod lines;
mod triplet;

pub(crate) use entries::Entries;
pub(crate) use triplet::{is_companion, open};
