//! A row for each cell, with what its counts come to.

use std::collections::HashMap;
use std::ops::Range;

use autods_sdk::loader::{Fault, FaultCode, TableSpec};

use crate::blocks::blocks;
use crate::column::Column;
use crate::experiment::Experiment;
use crate::frame::BLOCK;
use crate::genes::Class;
use crate::matrix::Axis;
use crate::quality::Quality;
use crate::writer::{Writer, number};

/// Sums that are held at once where a matrix is stored by features: 64 MiB.
const SUMS: u64 = 8 << 20;

/// What a column of the dictionary holds.
enum Source<'h> {
    /// What the frame of cells says.
    Frame(Column<'h>),
    /// What the counts come to.
    Metric(Metric),
    /// The value of a feature, by its place among those that are wanted.
    Gene(usize),
}

/// Quality-control metrics of a cell, as scanpy's `calculate_qc_metrics` names them.
#[derive(Clone, Copy)]
enum Metric {
    TotalCounts,
    FeaturesByCounts,
    PercentMitochondrial,
    PercentRibosomal,
    PercentHaemoglobin,
}

/// What the counts of a cell come to.
#[derive(Clone, Copy, Default)]
struct Sums {
    total: f64,
    features: u64,
    mitochondrial: f64,
    ribosomal: f64,
    haemoglobin: f64,
}

/// The columns of the dictionary, found in the experiment.
pub(crate) struct Cells<'e, 'h> {
    experiment: &'e Experiment<'h>,
    columns: Vec<Source<'h>>,
    /// Columns of the frame among them.
    of_frame: usize,
    /// Of every feature.
    classes: Vec<Class>,
    /// The wanted features, and their place among the wanted.
    genes: HashMap<u64, usize>,
}

impl<'e, 'h> Cells<'e, 'h> {
    pub(crate) fn find(experiment: &'e Experiment<'h>, table: &TableSpec) -> Result<Self, Fault> {
        let symbols = experiment.symbols()?;
        let mut cells = Self {
            experiment,
            columns: Vec::new(),
            of_frame: 0,
            classes: symbols.iter().map(|symbol| Class::of(symbol)).collect(),
            genes: HashMap::new(),
        };
        let names = table.columns.iter().map(|spec| spec.name.as_str());
        let is_gene = |name: &str| name.starts_with(GENE);
        let ids = if names.clone().any(is_gene) {
            experiment.ids()?
        } else {
            Vec::new()
        };
        for (at, name) in names.enumerate() {
            let in_column = |fault: Fault| fault.in_source(experiment.origin.source).in_column(at);
            let source = match name.strip_prefix(GENE) {
                Some(gene) => cells.gene(gene, &ids, &symbols),
                None => cells.source(name),
            };
            cells.columns.push(source.map_err(in_column)?);
        }
        Ok(cells)
    }

    /// What holds a column that is no gene.
    fn source(&mut self, name: &str) -> Result<Source<'h>, Fault> {
        let Experiment { cells, store, .. } = self.experiment;
        if name == "barcode" {
            return Ok(Source::Frame(cells.index(store)?));
        }
        if let Some(metric) = Metric::named(name) {
            return Ok(Source::Metric(metric));
        }
        let own = name.strip_prefix("obs.").unwrap_or(name);
        if let Some(column) = cells.column(store, own)? {
            self.of_frame += 1;
            return Ok(Source::Frame(column));
        }
        let embedding = self.experiment.embedding(name)?;
        embedding
            .map(Source::Frame)
            .ok_or_else(|| FaultCode::MissingColumn.into())
    }

    /// The feature of that index or, where none is, of that symbol; there must be one only.
    fn gene(
        &mut self,
        name: &str,
        ids: &[String],
        symbols: &[String],
    ) -> Result<Source<'h>, Fault> {
        let places = |names: &[String]| {
            let places = (0u64..).zip(names).filter(|(_, known)| *known == name);
            places.map(|(place, _)| place).collect::<Vec<_>>()
        };
        let mut found = places(ids);
        if found.is_empty() {
            found = places(symbols);
        }
        match found.as_slice() {
            [] => Err(FaultCode::MissingColumn.into()),
            [place] => {
                let next = self.genes.len();
                Ok(Source::Gene(*self.genes.entry(*place).or_insert(next)))
            }
            several => {
                let fault = Fault::from(FaultCode::DuplicateColumn);
                Err(fault.expected_found(1, several.len() as u64))
            }
        }
    }

    /// Writes those cells.
    pub(crate) fn read(
        &self,
        rows: &Range<u64>,
        writer: &mut Writer<'_>,
        quality: &mut Quality,
    ) -> Result<(), Fault> {
        // each pass over a matrix that is stored by features reads all of it
        let pass = match self.experiment.matrix.axis {
            Axis::Cells => BLOCK,
            Axis::Features => SUMS / (5 + self.genes.len() as u64),
        };
        for cells in blocks(rows.clone(), pass) {
            let counts = self.count(&cells, quality)?;
            let mut next = counts.sums.iter().zip(counts.genes());
            for block in blocks(cells, BLOCK) {
                self.write(&block, &mut next, writer)?;
            }
        }
        Ok(())
    }

    /// What the counts of those cells come to.
    fn count(&self, cells: &Range<u64>, quality: &mut Quality) -> Result<Counts, Fault> {
        let matrix = &self.experiment.matrix;
        let mut counts = Counts::new(cells, self.genes.len());
        match matrix.axis {
            Axis::Cells => matrix.visit(cells.clone(), &mut |cell, feature, value| {
                self.add(&mut counts, [cell, feature], value, quality);
                Ok(())
            })?,
            Axis::Features => matrix.visit(0..matrix.rows, &mut |feature, cell, value| {
                if cells.contains(&cell) {
                    self.add(&mut counts, [cell, feature], value, quality);
                }
                Ok(())
            })?,
        }
        let without = counts.sums.iter().filter(|sums| sums.features == 0);
        quality.cells_without_counts += without.count() as u64;
        Ok(counts)
    }

    fn add(
        &self,
        counts: &mut Counts,
        [cell, feature]: [u64; 2],
        value: f64,
        quality: &mut Quality,
    ) {
        let class = usize::try_from(feature).ok();
        let class = class.and_then(|feature| self.classes.get(feature));
        let class = class.copied().unwrap_or_default();
        quality.add(value, class);
        counts.add(cell, value, class);
        if let Some(gene) = self.genes.get(&feature) {
            counts.add_gene(cell, *gene, value);
        }
    }

    /// Writes a block of cells, whose counts come next.
    fn write<'c>(
        &self,
        block: &Range<u64>,
        counts: &mut impl Iterator<Item = (&'c Sums, &'c [f64])>,
        writer: &mut Writer<'_>,
    ) -> Result<(), Fault> {
        let mut frame = Vec::with_capacity(self.columns.len());
        for (at, source) in self.columns.iter().enumerate() {
            frame.push(match source {
                Source::Frame(column) => column.read(block).map_err(|fault| fault.in_column(at))?,
                Source::Metric(_) | Source::Gene(_) => Vec::new(),
            });
        }
        for (place, (cell, (sums, genes))) in block.clone().zip(counts).enumerate() {
            let line = cell.saturating_add(1);
            for (at, (source, read)) in self.columns.iter().zip(&frame).enumerate() {
                match source {
                    Source::Frame(_) => {
                        let text = read.get(place).and_then(Option::as_deref);
                        writer.cell(at, text, line)?;
                    }
                    Source::Metric(metric) => {
                        writer.cell(at, metric.of(sums).as_deref(), line)?;
                    }
                    Source::Gene(gene) => {
                        let value = genes.get(*gene).copied().and_then(number);
                        writer.cell(at, value.as_deref(), line)?;
                    }
                }
            }
            writer.end_row()?;
        }
        Ok(())
    }

    /// Columns of the frame that the dictionary does not name.
    pub(crate) fn undeclared(&self) -> Result<u32, Fault> {
        let names = self.experiment.cells.names(&self.experiment.store)?;
        Ok(u32::try_from(names.len().saturating_sub(self.of_frame)).unwrap_or(u32::MAX))
    }
}

/// How a column that holds the value of a feature is named: `gene.` and its index or symbol.
const GENE: &str = "gene.";

impl Metric {
    fn named(name: &str) -> Option<Self> {
        Some(match name {
            "total_counts" => Self::TotalCounts,
            "n_features_by_counts" => Self::FeaturesByCounts,
            "pct_counts_mt" => Self::PercentMitochondrial,
            "pct_counts_ribo" => Self::PercentRibosomal,
            "pct_counts_hb" => Self::PercentHaemoglobin,
            _ => return None,
        })
    }

    /// A share of nothing is missing.
    fn of(self, sums: &Sums) -> Option<String> {
        let percent = |part: f64| number(100.0 * part / sums.total);
        match self {
            Self::TotalCounts => number(sums.total),
            Self::FeaturesByCounts => Some(sums.features.to_string()),
            Self::PercentMitochondrial => percent(sums.mitochondrial),
            Self::PercentRibosomal => percent(sums.ribosomal),
            Self::PercentHaemoglobin => percent(sums.haemoglobin),
        }
    }
}

/// Sums of a range of cells, and the values of the wanted features in them.
struct Counts {
    start: u64,
    sums: Vec<Sums>,
    /// Cell after cell.
    values: Vec<f64>,
    genes: usize,
}

impl Counts {
    fn new(cells: &Range<u64>, genes: usize) -> Self {
        let length = usize::try_from(cells.end.saturating_sub(cells.start)).unwrap_or_default();
        Self {
            start: cells.start,
            sums: vec![Sums::default(); length],
            values: vec![0.0; length.saturating_mul(genes)],
            genes,
        }
    }

    fn place(&self, cell: u64) -> Option<usize> {
        usize::try_from(cell.checked_sub(self.start)?).ok()
    }

    fn add(&mut self, cell: u64, value: f64, class: Class) {
        let Some(sums) = self.place(cell).and_then(|place| self.sums.get_mut(place)) else {
            return;
        };
        sums.total += value;
        sums.features += 1;
        sums.mitochondrial += if class.mitochondrial { value } else { 0.0 };
        sums.ribosomal += if class.ribosomal { value } else { 0.0 };
        sums.haemoglobin += if class.haemoglobin { value } else { 0.0 };
    }

    fn add_gene(&mut self, cell: u64, gene: usize, value: f64) {
        let place = self
            .place(cell)
            .and_then(|place| place.checked_mul(self.genes));
        let place = place.and_then(|place| place.checked_add(gene));
        if let Some(sum) = place.and_then(|place| self.values.get_mut(place)) {
            *sum += value;
        }
    }

    /// The values of each cell.
    fn genes(&self) -> impl Iterator<Item = &[f64]> {
        (0..self.sums.len()).map(|cell| {
            let start = cell.saturating_mul(self.genes);
            let end = start.saturating_add(self.genes);
            self.values.get(start..end).unwrap_or_default()
        })
    }
}
