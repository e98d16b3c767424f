//! Delimited text: CSV, TSV and their kin.
//!
//! Records follow RFC 4180 with what files in the wild add to it: a byte order mark, lines that end
//! in `\n`, `\r\n` or `\r`, blank lines (skipped and counted), another delimiter or quote, a quote
//! inside an unquoted field (taken as it stands). The first record of every file is its header;
//! the job's columns are found in it by name, in any order, and every other column is left alone.
//!
//! `plan` reads each file once and cuts it where a record ends, outside quotes; the shards cover
//! all records and nothing twice, and each knows the number of its first line. `load` reads one
//! shard in chunks of 1 MiB: memory does not grow with the file. Both find records by the same
//! [`Scanner`], so they cannot disagree on where one ends.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod dialect;
mod fields;
mod header;
mod load;
mod plan;
mod records;
mod scanner;

use autods_sdk::loader::{Fault, FaultCode, Job, Loader, LoaderHost, Shard, Summary, TableSpec};

pub use dialect::Dialect;
pub use scanner::Scanner;

/// The loader.
pub struct TableLoader;

impl Loader for TableLoader {
    fn plan(job: &Job, shard_bytes: u64, host: &dyn LoaderHost) -> Result<Vec<Shard>, Fault> {
        plan::plan(
            only_table(job)?,
            Dialect::read(&job.params)?,
            shard_bytes,
            host,
        )
    }

    fn load(job: &Job, shard: &Shard, host: &dyn LoaderHost) -> Result<Summary, Fault> {
        load::load(only_table(job)?, Dialect::read(&job.params)?, shard, host)
    }
}

autods_sdk::export_loader!(TableLoader);

/// A delimited file holds one table.
fn only_table(job: &Job) -> Result<&TableSpec, Fault> {
    match job.tables.as_slice() {
        [table] => Ok(table),
        tables => Err(Fault::from(FaultCode::MissingInput).expected_found(1, tables.len() as u64)),
    }
}
