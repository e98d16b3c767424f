//! A row for each value that is not zero, in the order in which they are stored.

use std::ops::Range;

use autods_sdk::loader::{Fault, FaultCode, TableSpec};

use crate::blocks::blocks;
use crate::experiment::Experiment;
use crate::frame::BLOCK;
use crate::genes::Class;
use crate::matrix::Axis;
use crate::quality::Quality;
use crate::writer::{Writer, number};

/// What a column of the dictionary holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Source {
    /// The index of the cell.
    Cell,
    /// The index of the feature.
    Feature,
    /// The symbol of the feature.
    Symbol,
    /// The place of the cell in the file, from 0.
    CellPlace,
    /// The place of the feature in the file, from 0.
    FeaturePlace,
    Value,
}

/// The columns of the dictionary.
pub(crate) struct Values<'e, 'h> {
    experiment: &'e Experiment<'h>,
    columns: Vec<Source>,
    symbols: Vec<String>,
    /// Indexes of the features, where a column wants them.
    features: Vec<String>,
    /// Indexes of all cells, where a column wants them and the matrix is stored by features.
    cells: Vec<String>,
}

impl<'e, 'h> Values<'e, 'h> {
    pub(crate) fn find(experiment: &'e Experiment<'h>, table: &TableSpec) -> Result<Self, Fault> {
        let source = |(at, name): (usize, &str)| {
            Source::named(name).ok_or_else(|| {
                let fault = experiment.origin.fault(FaultCode::MissingColumn);
                fault.in_column(at)
            })
        };
        let names = table.columns.iter().map(|spec| spec.name.as_str());
        let columns: Vec<Source> = names.enumerate().map(source).collect::<Result<_, _>>()?;
        let mut values = Self {
            experiment,
            symbols: experiment.symbols()?,
            features: Vec::new(),
            cells: Vec::new(),
            columns,
        };
        if values.columns.contains(&Source::Feature) {
            values.features = experiment.ids()?;
        }
        let is_by_feature = experiment.matrix.axis == Axis::Features;
        if is_by_feature && values.columns.contains(&Source::Cell) {
            let cells = &experiment.cells;
            values.cells = cells.all(&cells.index(&experiment.store)?)?;
        }
        Ok(values)
    }

    /// Writes the values of those rows of the matrix.
    pub(crate) fn read(
        &self,
        rows: &Range<u64>,
        writer: &mut Writer<'_>,
        quality: &mut Quality,
    ) -> Result<(), Fault> {
        let axis = self.experiment.matrix.axis;
        let classes: Vec<Class> = self
            .symbols
            .iter()
            .map(|symbol| Class::of(symbol))
            .collect();
        let names = if axis == Axis::Cells && self.columns.contains(&Source::Cell) {
            Some(self.experiment.cells.index(&self.experiment.store)?)
        } else {
            None
        };
        // names are read a block of cells at a time; those of features are all in memory
        let size = match axis {
            Axis::Cells => BLOCK,
            Axis::Features => u64::MAX,
        };
        for block in blocks(rows.clone(), size) {
            let names = match &names {
                Some(index) => index.read(&block)?,
                None => Vec::new(),
            };
            let mut last = None;
            let mut seen = 0;
            let see = &mut |row: u64, column: u64, value: f64| {
                seen += u64::from(last.replace(row) != Some(row));
                let (cell, feature) = match axis {
                    Axis::Cells => (row, column),
                    Axis::Features => (column, row),
                };
                quality.add(value, at(&classes, feature).copied().unwrap_or_default());
                let name = match axis {
                    Axis::Cells => at(&names, row - block.start).and_then(Option::as_deref),
                    Axis::Features => at(&self.cells, cell).map(String::as_str),
                };
                self.write([cell, feature], name, value, row.saturating_add(1), writer)
            };
            self.experiment.matrix.visit(block.clone(), see)?;
            if axis == Axis::Cells {
                quality.cells_without_counts += block.end - block.start - seen;
            }
        }
        Ok(())
    }

    fn write(
        &self,
        [cell, feature]: [u64; 2],
        name: Option<&str>,
        value: f64,
        line: u64,
        writer: &mut Writer<'_>,
    ) -> Result<(), Fault> {
        for (column, source) in self.columns.iter().enumerate() {
            match source {
                Source::Cell => writer.cell(column, name, line)?,
                Source::Feature => {
                    let id = at(&self.features, feature).map(String::as_str);
                    writer.cell(column, id, line)?;
                }
                Source::Symbol => {
                    let symbol = at(&self.symbols, feature).map(String::as_str);
                    writer.cell(column, symbol, line)?;
                }
                Source::CellPlace => writer.cell(column, Some(&cell.to_string()), line)?,
                Source::FeaturePlace => writer.cell(column, Some(&feature.to_string()), line)?,
                Source::Value => writer.cell(column, number(value).as_deref(), line)?,
            }
        }
        writer.end_row()
    }
}

impl Source {
    fn named(name: &str) -> Option<Self> {
        Some(match name {
            "cell" => Self::Cell,
            "feature" => Self::Feature,
            "symbol" => Self::Symbol,
            "cell_index" => Self::CellPlace,
            "feature_index" => Self::FeaturePlace,
            "value" => Self::Value,
            _ => return None,
        })
    }
}

/// The item of that feature or cell.
fn at<T>(items: &[T], place: u64) -> Option<&T> {
    usize::try_from(place)
        .ok()
        .and_then(|place| items.get(place))
}
