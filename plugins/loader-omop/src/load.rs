//! Reading one shard.

use std::borrow::Cow;

use autods_sdk::loader::{
    Fault, FaultCode, Job, LoaderHost, Shard, Summary, TableSpec, TableWriter, ValueKind, cell,
};

use crate::cdm::iso;
use crate::concepts::{Concepts, MAX_CONCEPTS, Wanted};
use crate::dictionary::{self, Cell};
use crate::event::{self, Statements};
use crate::header::Header;
use crate::options::Options;
use crate::quality::{Keys, Quality};
use crate::rows::{Row, Rows};
use crate::sources::Sources;

/// Reads a shard and emits its rows.
pub(crate) fn load(
    job: &Job,
    options: Options,
    shard: &Shard,
    host: &dyn LoaderHost,
) -> Result<Summary, Fault> {
    let sources = Sources::new(job, options, host)?;
    let source = sources.get(shard.source).ok_or(FaultCode::MissingInput)?;
    let spec = sources.spec(source).ok_or(FaultCode::MissingInput)?;
    let in_source = |fault: Fault| fault.in_source(shard.source);
    let header = Header::read(host, source, Some(spec), options)?;
    let cells = dictionary::cells(spec, &header, &sources, options).map_err(in_source)?;
    let rows = || {
        let range = (shard.start, shard.end);
        Rows::new(host, &header, shard.source, range, shard.first_line)
    };
    // a fault of the vocabulary has its own source
    let in_rows = |fault: Fault| match fault.source {
        None => fault.in_source(shard.source),
        Some(_) => fault,
    };
    let concepts = concepts(rows(), &header, &sources, options, host).map_err(in_rows)?;
    let mut writer = RowWriter {
        writer: TableWriter::new(host, spec),
        statements: event::view(header.table).map(|view| Statements::new(view, &header)),
        concepts: concepts.as_ref(),
        cells: &cells,
        spec,
    };
    let mut quality = Quality::new(spec, &header, options);
    let mut rows = rows();
    let mut read = 0;
    while let Some(row) = rows.next()? {
        quality.check(row, concepts.as_ref()).map_err(in_source)?;
        writer.write(row).map_err(in_source)?;
        read += 1;
    }
    let emitted = writer.writer.finish().map_err(in_source)?;
    quality.post(host, concepts.is_some())?;
    let keys = Keys::of(&header, shard, read, &sources, options, host)?;
    #[allow(clippy::cast_precision_loss, reason = "counts are below 2^53")]
    {
        host.metric("is-primary-key", None, keys.duplicates as f64)?;
        host.metric("primary-key-unchecked", None, keys.unchecked as f64)?;
    }
    Ok(Summary {
        records: read,
        emitted,
        undeclared_columns: undeclared(&header, &cells),
    })
}

/// The concepts that the rows name; `None` where the job has no vocabulary.
fn concepts(
    mut rows: Rows<'_>,
    header: &Header,
    sources: &Sources<'_>,
    options: Options,
    host: &dyn LoaderHost,
) -> Result<Option<Concepts>, Fault> {
    let is_vocabulary = header.table.name == "concept";
    if is_vocabulary || sources.of_table("concept").next().is_none() {
        return Ok(None);
    }
    let columns = header.columns.iter().enumerate();
    let places: Vec<usize> = columns
        .filter_map(|(place, column)| (*column)?.is_concept().then_some(place))
        .collect();
    let mut wanted = Wanted::default();
    while let Some(row) = rows.next()? {
        wanted.add(row, &places, MAX_CONCEPTS)?;
    }
    Concepts::read(&wanted, sources, options, host).map(Some)
}

/// Fields of the file that no column of the dictionary is read from.
fn undeclared(header: &Header, cells: &[Cell]) -> u32 {
    let read = cells
        .iter()
        .filter(|cell| matches!(cell, Cell::Field { .. }));
    u32::try_from(header.columns.len().saturating_sub(read.count())).unwrap_or(u32::MAX)
}

/// Writes rows into the columns that the dictionary asks for.
struct RowWriter<'j> {
    writer: TableWriter<'j>,
    statements: Option<Statements>,
    concepts: Option<&'j Concepts>,
    cells: &'j [Cell],
    spec: &'j TableSpec,
}

impl RowWriter<'_> {
    fn write(&mut self, row: Row<'_>) -> Result<(), Fault> {
        let has_events = matches!(self.cells.first(), Some(Cell::Event(_)));
        let statements = self.statements.as_ref().filter(|_| has_events);
        let statement = statements.map(|statements| statements.read(row, self.concepts));
        for (at, (cell, column)) in self.cells.iter().zip(&self.spec.columns).enumerate() {
            let text = match *cell {
                Cell::Field { place, datatype } if datatype.is_time() => {
                    Some(time(row.get(place), column.kind))
                }
                Cell::Field { place, .. } => Some(Cow::Borrowed(row.get(place))),
                Cell::Concept { place, part } => {
                    let concept = self.concepts.and_then(|all| all.get(row.get(place)));
                    concept.map(|concept| Cow::Borrowed(concept.part(part)))
                }
                Cell::Event(place) => {
                    let text = statement
                        .as_ref()
                        .and_then(|cells| cells.get(place)?.clone());
                    text.map(|text| match event::COLUMNS.get(place) {
                        Some(&("time" | "end")) => {
                            Cow::Owned(time(&text, column.kind).into_owned())
                        }
                        _ => text,
                    })
                }
            };
            let written = match text {
                Some(text) => self.writer.cell(at, &text),
                None => self.writer.missing(at),
            };
            written.map_err(|code| Fault::from(code).at_line(row.line).in_column(at))?;
        }
        self.writer.end_row()
    }
}

/// A date, with a time or without, as its column is to be read: a date's time is left out, and
/// `YYYYMMDD` becomes ISO 8601.
fn time(text: &str, kind: ValueKind) -> Cow<'_, str> {
    match kind {
        ValueKind::Date if text.len() > 10 && cell::datetime(text).is_some() => {
            Cow::Borrowed(text.get(..10).unwrap_or(text))
        }
        ValueKind::Date | ValueKind::Datetime => iso(text),
        _ => Cow::Borrowed(text),
    }
}
