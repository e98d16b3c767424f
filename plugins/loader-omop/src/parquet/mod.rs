//! Tables in Parquet: read a row group at a time, so that memory grows with the largest row group
//! and not with the file. Pages may be plain, or compressed with Snappy or gzip.

mod file;
mod schema;
mod text;
mod window;

pub(crate) use file::{File, GroupRows};
