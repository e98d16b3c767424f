//! The OMOP Common Data Model, versions 5.3 and 5.4: its tables as they are, or as events.
//!
//! A source is one table of the model, and named for it. Its header is matched with the
//! specification ([`cdm`]) whatever its case; a name that the model has not is a fault, and the log
//! says which column it may mean. `plan` cuts a source at its records; `load` reads one shard row by
//! row, so that memory does not grow with the table. Where the vocabulary's `concept` is among the
//! sources, a shard is read twice: once for the concepts that it names, which alone are kept.
//!
//! Every record is checked by rules of OHDSI's Data Quality Dashboard that need no other record,
//! and violations are counted; what the dictionary asks for and cannot be read is a fault.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

pub mod cdm;
mod concepts;
mod dictionary;
mod event;
mod fields;
mod header;
mod load;
mod options;
mod parquet;
mod plan;
mod quality;
mod records;
mod rows;
mod sources;
mod suggest;

use autods_sdk::loader::{Fault, Job, Loader, LoaderHost, Shard, Summary};

use options::Options;

/// The loader.
pub struct OmopLoader;

impl Loader for OmopLoader {
    fn plan(job: &Job, shard_bytes: u64, host: &dyn LoaderHost) -> Result<Vec<Shard>, Fault> {
        plan::plan(job, Options::read(&job.params)?, shard_bytes, host)
    }

    fn load(job: &Job, shard: &Shard, host: &dyn LoaderHost) -> Result<Summary, Fault> {
        load::load(job, Options::read(&job.params)?, shard, host)
    }
}

autods_sdk::export_loader!(OmopLoader);
