//! Single-cell matrices: h5ad (AnnData in HDF5), AnnData in zipped Zarr, 10x HDF5, Matrix Market
//! triplets and Loom.
//!
//! Whatever the format, a file is an [`experiment::Experiment`]: a frame of cells, a frame of
//! features, and a matrix between them that is never read whole. The dictionary of a task wants cells
//! (a row is a cell, with what its counts come to), features, or the stored values one by one.
//!
//! A shard is a range of rows. The contract cuts files at bytes, so rows are laid evenly over the
//! bytes of their file ([`rows_of`]): any cut of the bytes is a cut of the rows, and no
//! row depends on where the cuts are.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod anndata;
mod array;
mod attribute;
mod blocks;
mod cells;
mod column;
mod element;
mod experiment;
mod features;
mod format;
mod frame;
mod genes;
mod hdf5;
mod load;
mod loom;
mod matrix;
mod mtx;
mod options;
mod origin;
mod plan;
mod quality;
mod rows_of;
mod store;
mod tenx;
mod values;
mod writer;
mod zarr;

use autods_sdk::loader::{Fault, FaultCode, Job, Loader, LoaderHost, Shard, Summary, TableSpec};

use options::Options;

/// The loader.
pub struct SingleCellLoader;

impl Loader for SingleCellLoader {
    fn plan(job: &Job, shard_bytes: u64, host: &dyn LoaderHost) -> Result<Vec<Shard>, Fault> {
        plan::plan(
            only_table(job)?,
            &Options::read(&job.params)?,
            shard_bytes,
            host,
        )
    }

    fn load(job: &Job, shard: &Shard, host: &dyn LoaderHost) -> Result<Summary, Fault> {
        load::load(only_table(job)?, &Options::read(&job.params)?, shard, host)
    }
}

autods_sdk::export_loader!(SingleCellLoader);

/// A file holds one table: cells, features or values.
fn only_table(job: &Job) -> Result<&TableSpec, Fault> {
    match job.tables.as_slice() {
        [table] => Ok(table),
        tables => Err(Fault::from(FaultCode::MissingInput).expected_found(1, tables.len() as u64)),
    }
}
