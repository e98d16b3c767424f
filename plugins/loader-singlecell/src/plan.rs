//! Cutting files at rows.

use autods_sdk::loader::{Fault, FaultCode, LoaderHost, Shard, TableSpec};

use crate::cells::Cells;
use crate::experiment::Experiment;
use crate::features::Features;
use crate::matrix::Axis;
use crate::mtx;
use crate::options::{Options, Rows};
use crate::origin::Origin;
use crate::rows_of::RowsOf;
use crate::values::Values;

/// Splits every source into shards of about `shard_bytes`, every one with a row at least.
pub(crate) fn plan(
    table: &TableSpec,
    options: &Options,
    shard_bytes: u64,
    host: &dyn LoaderHost,
) -> Result<Vec<Shard>, Fault> {
    let sources = host.describe();
    if sources.is_empty() {
        return Err(FaultCode::MissingInput.into());
    }
    let mut shards = Vec::new();
    if sources.iter().all(|source| mtx::is_companion(&source.name)) {
        return Err(FaultCode::MissingInput.into());
    }
    for (source, info) in (0u32..).zip(&sources) {
        if mtx::is_companion(&info.name) {
            continue;
        }
        let origin = Origin::new(host, source)?;
        let experiment = Experiment::open(origin, options, true)?;
        // what the dictionary asks for must be there, before any row is read
        match options.rows {
            Rows::Cells => drop(Cells::find(&experiment, table)?),
            Rows::Features => drop(Features::find(&experiment, table)?),
            Rows::Values => drop(Values::find(&experiment, table)?),
        }
        cut(
            &mut shards,
            source,
            of(&experiment, options),
            shard_bytes,
            is_one(&experiment, options),
        );
    }
    Ok(shards)
}

/// The rows of a file, laid over its bytes.
pub(crate) fn of(experiment: &Experiment<'_>, options: &Options) -> RowsOf {
    let rows = match options.rows {
        Rows::Cells => experiment.cells.length,
        Rows::Features => experiment.features.length,
        // values are read as they are stored, row after row of the matrix
        Rows::Values => experiment.matrix.rows,
    };
    RowsOf {
        rows,
        bytes: experiment.origin.size,
    }
}

/// Whether a file had better be one shard: each would read the whole matrix.
fn is_one(experiment: &Experiment<'_>, options: &Options) -> bool {
    match options.rows {
        Rows::Cells => experiment.matrix.axis == Axis::Features,
        Rows::Features => false,
        Rows::Values => experiment.matrix.is_unordered(),
    }
}

fn cut(shards: &mut Vec<Shard>, source: u32, of: RowsOf, shard_bytes: u64, is_one: bool) {
    if of.rows == 0 {
        return;
    }
    let mut start = 0;
    while start < of.bytes {
        let end = of.next(start).max(start.saturating_add(shard_bytes));
        let end = if is_one { of.bytes } else { end.min(of.bytes) };
        shards.push(Shard {
            source,
            start,
            end,
            first_line: of.before(start).saturating_add(1),
        });
        start = end;
    }
}
