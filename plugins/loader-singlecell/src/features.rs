//! A row for each feature.

use std::ops::Range;

use autods_sdk::loader::{Fault, FaultCode, TableSpec};

use crate::blocks::blocks;
use crate::column::Column;
use crate::experiment::Experiment;
use crate::frame::BLOCK;
use crate::writer::Writer;

/// The columns of the dictionary, found among those of the features.
pub(crate) struct Features<'e, 'h> {
    experiment: &'e Experiment<'h>,
    columns: Vec<Column<'h>>,
    /// How many of them are columns of the frame.
    of_frame: usize,
}

impl<'e, 'h> Features<'e, 'h> {
    pub(crate) fn find(experiment: &'e Experiment<'h>, table: &TableSpec) -> Result<Self, Fault> {
        let frame = &experiment.features;
        let mut columns = Vec::new();
        let mut of_frame = 0;
        for (at, spec) in table.columns.iter().enumerate() {
            let missing = || {
                let fault = experiment.origin.fault(FaultCode::MissingColumn);
                fault.in_column(at)
            };
            let column = match spec.name.as_str() {
                "feature" => frame.index(&experiment.store)?,
                "symbol" if experiment.symbols.is_empty() => frame.index(&experiment.store)?,
                "symbol" => frame
                    .column(&experiment.store, &experiment.symbols)?
                    .ok_or_else(missing)?,
                name => {
                    of_frame += 1;
                    let name = name.strip_prefix("var.").unwrap_or(name);
                    let column = frame.column(&experiment.store, name);
                    let column = column.map_err(|fault| fault.in_column(at))?;
                    column.ok_or_else(missing)?
                }
            };
            columns.push(column);
        }
        Ok(Self {
            experiment,
            columns,
            of_frame,
        })
    }

    /// Writes those features.
    pub(crate) fn read(&self, rows: &Range<u64>, writer: &mut Writer<'_>) -> Result<(), Fault> {
        for block in blocks(rows.clone(), BLOCK) {
            let read = |(at, column): (usize, &Column<'_>)| {
                column.read(&block).map_err(|fault| fault.in_column(at))
            };
            let columns: Vec<_> = self
                .columns
                .iter()
                .enumerate()
                .map(read)
                .collect::<Result<_, _>>()?;
            for (place, row) in block.clone().enumerate() {
                for (at, column) in columns.iter().enumerate() {
                    let text = column.get(place).and_then(Option::as_deref);
                    writer.cell(at, text, row.saturating_add(1))?;
                }
                writer.end_row()?;
            }
        }
        Ok(())
    }

    /// Columns of the frame that the dictionary does not name.
    pub(crate) fn undeclared(&self) -> Result<u32, Fault> {
        let names = self.experiment.features.names(&self.experiment.store)?;
        Ok(u32::try_from(names.len().saturating_sub(self.of_frame)).unwrap_or(u32::MAX))
    }
}
