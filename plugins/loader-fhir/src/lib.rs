//! FHIR R4 (4.0.1) as JSON: bulk exports, Bundles, single resources.
//!
//! A source is NDJSON, a resource (or a whole Bundle) a line, or one JSON document. `plan` cuts
//! NDJSON at its line ends; a document is one shard. `load` reads resource after resource into a
//! [`json::Json`] that borrows from the line, validates it, and writes the rows of one table: the
//! patients, the encounters, or the events, a row for every clinical statement of whatever kind.
//!
//! A row is made of its resource alone (and of its Bundle, where there is one), so that shards can
//! be read apart from one another; whether a reference leads anywhere in another file is for who
//! joins the tables.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod census;
mod concept;
mod dates;
mod encounter;
mod event;
mod form;
pub mod json;
mod lines;
mod load;
mod options;
mod patient;
mod plan;
mod reference;
mod table;
pub mod validation;

use autods_sdk::loader::{Fault, FaultCode, Job, Loader, LoaderHost, Shard, Summary, TableSpec};

use options::Options;

/// The loader.
pub struct FhirLoader;

impl Loader for FhirLoader {
    fn plan(job: &Job, shard_bytes: u64, host: &dyn LoaderHost) -> Result<Vec<Shard>, Fault> {
        let options = Options::read(&job.params)?;
        options.table.places(only_table(job)?)?;
        plan::plan(shard_bytes, host)
    }

    fn load(job: &Job, shard: &Shard, host: &dyn LoaderHost) -> Result<Summary, Fault> {
        load::load(only_table(job)?, Options::read(&job.params)?, shard, host)
    }
}

autods_sdk::export_loader!(FhirLoader);

/// A job reads resources as one table.
fn only_table(job: &Job) -> Result<&TableSpec, Fault> {
    match job.tables.as_slice() {
        [table] => Ok(table),
        tables => Err(Fault::from(FaultCode::MissingInput).expected_found(1, tables.len() as u64)),
    }
}
