//! Reading one shard.

use autods_sdk::loader::{Fault, LoaderHost, Shard, Summary, TableSpec};

use crate::cells::Cells;
use crate::experiment::Experiment;
use crate::features::Features;
use crate::options::{Options, Rows};
use crate::origin::Origin;
use crate::plan;
use crate::quality::Quality;
use crate::values::Values;
use crate::writer::Writer;

/// Reads a shard and emits its rows.
pub(crate) fn load(
    table: &TableSpec,
    options: &Options,
    shard: &Shard,
    host: &dyn LoaderHost,
) -> Result<Summary, Fault> {
    let origin = Origin::new(host, shard.source)?;
    let is_whole = shard.start == 0 && shard.end >= origin.size;
    // features are cut whether the matrix is in order or not, and read no value of it
    let is_whole = is_whole && options.rows != Rows::Features;
    let experiment = Experiment::open(origin, options, is_whole)?;
    let rows = plan::of(&experiment, options).within(shard.start..shard.end);
    let mut writer = Writer::new(host, table, shard.source);
    let mut quality = Quality::default();
    if rows.start == 0 && shard.start == 0 {
        [quality.cells, quality.features] = experiment.matrix.shape();
    }
    let undeclared_columns = match options.rows {
        Rows::Cells => {
            let cells = Cells::find(&experiment, table)?;
            cells.read(&rows, &mut writer, &mut quality)?;
            cells.undeclared()?
        }
        Rows::Features => {
            let features = Features::find(&experiment, table)?;
            features.read(&rows, &mut writer)?;
            features.undeclared()?
        }
        Rows::Values => {
            Values::find(&experiment, table)?.read(&rows, &mut writer, &mut quality)?;
            0
        }
    };
    quality.post(host)?;
    let emitted = writer.finish()?;
    Ok(Summary {
        records: emitted,
        emitted,
        undeclared_columns,
    })
}
