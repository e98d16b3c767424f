//! Tables: rows in Arrow, columns as the task's dictionary declares them.
//!
//! The design decision: a [`Table`] is one record batch in one canonical form. Whatever shards,
//! batches and column order a loader chose are gone once the table stands, a NaN is a missing
//! value, and [`Table::digest`] therefore says whether two runs saw the same data.
//!
//! Nothing here is safe to show. A [`Profile`] holds exact counts of small groups; only what
//! `autods-privacy` makes of it may leave the row zone. Errors name tables, columns, rows and
//! limits, never a value.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod cells;
mod digest;
mod error;
mod frame;
mod groups;
mod histogram;
mod outcome;
mod profile;
mod select;
mod storage;
mod store;
mod stream;
mod table;
mod values;

pub use autods_spec::{Availability, Coding, Column, Kind, Role};
pub use error::TableError;
pub use groups::{duplicate_groups, subject_index};
pub use histogram::Histogram;
pub use profile::{ColumnProfile, Level, Profile, QUANTILES, profile};
pub use storage::storage_type;
pub use store::Written;
pub use table::Table;
pub use values::Codes;
