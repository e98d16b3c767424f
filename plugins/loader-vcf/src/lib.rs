//! Variant calls: VCF 4.1 to 4.5, as text.
//!
//! A file is a header, which declares what the records may say, and one record a line. The
//! dictionary of a task wants sites (a row is a record) or genotypes (a row is a sample in a
//! record), and of both no more than it names; records are checked by the rules of the file's
//! version all the same, whether anybody wants the column or not.
//!
//! `plan` reads each file once, cuts it at line ends and looks at what only the file as a whole can
//! show: that contigs stand together, that positions are in order, that no variant stands twice.
//! `load` reads the header again, and then its shard in chunks: memory grows with the longest line
//! and not with the file.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod alleles;
mod broken;
mod columns;
mod counts;
mod definitions;
mod genotype;
mod header;
mod info;
mod lines;
mod load;
mod meta;
mod options;
mod order;
mod pair;
mod percent;
mod plan;
mod quality;
mod record;
mod rows;
mod samples;
mod values;
mod version;

use autods_sdk::loader::{Fault, FaultCode, Job, Loader, LoaderHost, Shard, Summary, TableSpec};

use options::Options;

/// The loader.
pub struct VcfLoader;

impl Loader for VcfLoader {
    fn plan(job: &Job, shard_bytes: u64, host: &dyn LoaderHost) -> Result<Vec<Shard>, Fault> {
        let options = Options::read(&job.params)?;
        plan::plan(only_table(job)?, options, shard_bytes, host)
    }

    fn load(job: &Job, shard: &Shard, host: &dyn LoaderHost) -> Result<Summary, Fault> {
        let options = Options::read(&job.params)?;
        load::load(only_table(job)?, options, shard, host)
    }
}

autods_sdk::export_loader!(VcfLoader);

/// A file holds one table: sites, or genotypes.
fn only_table(job: &Job) -> Result<&TableSpec, Fault> {
    match job.tables.as_slice() {
        [table] => Ok(table),
        tables => Err(Fault::from(FaultCode::MissingInput).expected_found(1, tables.len() as u64)),
    }
}
