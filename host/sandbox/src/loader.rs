//! Calling a loader: files in, rows out.

use std::collections::{BTreeMap, BTreeSet};

use wasmtime::StoreContextMut;
use wasmtime::component::{Linker, WasmList};

use crate::bindings::loader::exports::autods::plugin::ingest;
use crate::bindings::{sink, sources, types};
use crate::call_error::{Budget, CallError, Rejection};
use crate::fault::Places;
use crate::ipc::{self, Bounds, Declared, Flaw, Storage};
use crate::meter::{Meter, Usage};
use crate::plugin::{Call, Entry, Plugin, usage};
use crate::policy::mib;
use crate::sources::Sources;
use crate::stream::Outbox;
use crate::world::{World, qualified};

pub use crate::bindings::types::{Fault, FaultCode, Param, Scalar, ValueKind};
pub use crate::stream::Stream;
pub use ingest::{Coding, ColumnSpec, Job, Shard, Summary, TableSpec};

/// What a loader made of a shard. Streams were checked and may be trusted to be Arrow; their
/// values are still the file's.
#[derive(Clone, Debug, PartialEq)]
pub struct LoadOutput {
    /// For each table of the job that got rows, its Arrow IPC streams in the order of the file.
    pub tables: BTreeMap<String, Vec<Stream>>,
    /// Quality metrics, in the order posted; their names are in the manifest.
    pub metrics: Vec<Metric>,
    /// What the shard held, as the loader counted.
    pub summary: Summary,
}

/// A quality metric.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Metric {
    /// Its name, from the manifest.
    pub name: String,
    /// Index of the column it is about, in its table.
    pub column: Option<u32>,
    /// Its value; finite.
    pub value: f64,
}

/// How a column of this kind is stored in Arrow (`wit/loader.wit`, `sink.emit`).
pub fn storage(kind: ValueKind) -> Storage {
    match kind {
        ValueKind::Boolean => Storage::Boolean,
        ValueKind::Integer => Storage::Int64,
        ValueKind::Number => Storage::Float64,
        ValueKind::Category | ValueKind::Ordinal | ValueKind::Text | ValueKind::Identifier => {
            Storage::Utf8
        }
        ValueKind::Date => Storage::Date32,
        ValueKind::Datetime => Storage::TimestampMicros,
    }
}

/// Asks a loader to split the sources into shards of about `shard_bytes` each. The shards are
/// ranges of sources, in order, and do not overlap.
///
/// # Errors
/// Where the plugin faults, traps or passes a limit, or plans shards that are no such ranges.
pub fn plan(
    plugin: &Plugin,
    sources: &Sources,
    job: &Job,
    shard_bytes: u64,
) -> Result<(Vec<Shard>, Usage), CallError> {
    let (shards, state) = call(plugin, sources, job, "plan", |guest, store| {
        guest
            .autods_plugin_ingest()
            .call_plan(store, job, shard_bytes)
    })?;
    check_shards(&shards, sources, plugin.limits().shards)?;
    Ok((shards, usage(state)))
}

/// Asks a loader to read one shard.
///
/// # Errors
/// Where the plugin faults, traps or passes a limit. An emit that was refused fails the call even
/// if the plugin goes on: rows that were lost silently would be worse than none.
pub fn load(
    plugin: &Plugin,
    sources: &Sources,
    job: &Job,
    shard: &Shard,
) -> Result<(LoadOutput, Usage), CallError> {
    let (summary, mut state) = call(plugin, sources, job, "load", |guest, store| {
        guest.autods_plugin_ingest().call_load(store, job, *shard)
    })?;
    if u64::from(summary.undeclared_columns) > plugin.limits().output_columns {
        return Err(CallError::OutputRejected(Rejection::Summary));
    }
    let streams = std::mem::take(&mut state.outbox).finish(state.tables.len());
    let tables = state.tables.iter().zip(streams);
    let output = LoadOutput {
        tables: tables
            .filter(|(_, streams)| !streams.is_empty())
            .map(|(table, streams)| (table.name.clone(), streams))
            .collect(),
        metrics: std::mem::take(&mut state.metrics),
        summary,
    };
    Ok((output, usage(state)))
}

fn call<R>(
    plugin: &Plugin,
    sources: &Sources,
    job: &Job,
    export: &'static str,
    ask: impl FnOnce(
        &crate::bindings::loader::Loader,
        &mut wasmtime::Store<LoaderCall>,
    ) -> wasmtime::Result<Result<R, Fault>>,
) -> Result<(R, LoaderCall), CallError> {
    let Entry::Loader(entry) = plugin.entry() else {
        return Err(plugin.wrong_world(World::Loader));
    };
    let state = LoaderCall::new(plugin, sources.clone(), job)?;
    let (answer, mut state) = plugin.run(export, state, |store| {
        let guest = entry.instantiate(&mut *store)?;
        store.data_mut().meter.entered = true;
        ask(&guest, store)
    })?;
    // The host knows why it refused something; the plugin's own word for it says less.
    match (state.refused.take(), answer) {
        (Some(refused), _) => Err(refused),
        (None, Err(fault)) => Err(CallError::Fault(state.places().bind(fault))),
        (None, Ok(answer)) => Ok((answer, state)),
    }
}

fn check_shards(shards: &[Shard], sources: &Sources, limit: u64) -> Result<(), CallError> {
    let found = shards.len() as u64;
    if found > limit {
        return Err(CallError::OutputRejected(Rejection::TooMany {
            what: "shards",
            key: "shards",
            found,
            limit,
        }));
    }
    let mut order: Vec<(usize, &Shard)> = shards.iter().enumerate().collect();
    order.sort_by_key(|(_, shard)| (shard.source, shard.start, shard.end));
    let mut before: Option<&Shard> = None;
    for (index, shard) in order {
        let inside = sources
            .get(shard.source as usize)
            .is_some_and(|source| shard.end <= source.size());
        let apart =
            before.is_none_or(|before| before.source != shard.source || before.end <= shard.start);
        if !inside || shard.start > shard.end || shard.first_line == 0 || !apart {
            let shard = u32::try_from(index).unwrap_or(u32::MAX);
            return Err(CallError::OutputRejected(Rejection::Shard { shard }));
        }
        before = Some(shard);
    }
    Ok(())
}

/// What a loader's call carries.
pub(crate) struct LoaderCall {
    pub(crate) meter: Meter,
    sources: Sources,
    tables: Vec<Table>,
    metric_names: BTreeSet<String>,
    outbox: Outbox,
    stream_count: u64,
    metrics: Vec<Metric>,
    /// The first thing that the host refused.
    refused: Option<CallError>,
}

struct Table {
    name: String,
    columns: Vec<(String, Storage)>,
}

impl Call for LoaderCall {
    fn meter(&mut self) -> &mut Meter {
        &mut self.meter
    }
}

impl LoaderCall {
    /// A call that has no sources and may emit nothing.
    pub(crate) fn idle(plugin: &Plugin) -> Self {
        Self {
            meter: plugin.meter(),
            sources: Sources::in_memory([]),
            tables: Vec::new(),
            metric_names: BTreeSet::new(),
            outbox: Outbox::default(),
            stream_count: 0,
            metrics: Vec::new(),
            refused: None,
        }
    }

    fn new(plugin: &Plugin, sources: Sources, job: &Job) -> Result<Self, CallError> {
        let mut names = BTreeSet::new();
        let mut tables = Vec::with_capacity(job.tables.len());
        for table in &job.tables {
            if !names.insert(&table.name) {
                return Err(CallError::Input {
                    what: "a table twice in one job",
                });
            }
            let mut columns = BTreeSet::new();
            if !table
                .columns
                .iter()
                .all(|column| columns.insert(&column.name))
            {
                return Err(CallError::Input {
                    what: "a column twice in one table",
                });
            }
            if table.columns.is_empty() {
                return Err(CallError::Input {
                    what: "a table without columns",
                });
            }
            let names = table.columns.iter().map(|column| column.name.as_str());
            if let Err(column) = plugin.manifest().may_fill(&table.name, names) {
                let column = column.map(|place| u32::try_from(place).unwrap_or(u32::MAX));
                return Err(CallError::NotInManifest {
                    table: u32::try_from(tables.len()).unwrap_or(u32::MAX),
                    column,
                });
            }
            tables.push(Table {
                name: table.name.clone(),
                columns: table
                    .columns
                    .iter()
                    .map(|column| (column.name.clone(), storage(column.kind)))
                    .collect(),
            });
        }
        Ok(Self {
            meter: plugin.meter(),
            sources,
            outbox: Outbox::default(),
            stream_count: 0,
            tables,
            metric_names: plugin.manifest().emits.metrics.iter().cloned().collect(),
            metrics: Vec::new(),
            refused: None,
        })
    }

    /// What a fault of this call can be about.
    fn places(&self) -> Places {
        Places {
            sources: self.sources.len() as u64,
            lines: self.sources.iter().map(crate::Source::size).max(),
            columns: self
                .tables
                .iter()
                .map(|table| table.columns.len() as u64)
                .max(),
            count: self.meter.limits.output_columns,
        }
    }

    fn refuse<T>(&mut self, error: CallError, told: sink::SinkError) -> Result<T, sink::SinkError> {
        self.refused.get_or_insert(error);
        Err(told)
    }

    fn over<T>(&mut self, what: Budget, requested: u64) -> Result<T, sink::SinkError> {
        self.meter.over.get_or_insert((what, requested));
        let limit = what.limit(&self.meter.limits);
        self.refuse(
            CallError::HostBudget { what, limit },
            sink::SinkError::BudgetExhausted,
        )
    }

    /// Looks at a stream where it lies.
    fn examine(&self, table: &str, stream: &[u8]) -> Result<Examined, Refused> {
        let Some(index) = self.tables.iter().position(|known| known.name == table) else {
            return Err(Refused::Output(
                Rejection::UnknownTable,
                sink::SinkError::UnknownTable,
            ));
        };
        let limits = &self.meter.limits;
        let bytes_out = self.meter.usage.bytes_out;
        let bytes = bytes_out.saturating_add(stream.len() as u64);
        if bytes > mib(limits.output_mib) {
            return Err(Refused::Over(Budget::OutputBytes, bytes));
        }
        if self.stream_count >= limits.output_streams {
            return Err(Refused::Over(Budget::OutputStreams, self.stream_count + 1));
        }
        let bounds = Bounds {
            rows: limits.output_rows.saturating_sub(self.meter.usage.rows_out),
            columns: limits.output_columns,
        };
        let columns = &self.tables[index].columns;
        match ipc::check(stream, &bounds, |found| match_columns(found, columns)) {
            Ok(rows) => Ok(Examined { index, bytes, rows }),
            // How many there are in all was not counted: at least one more.
            Err(Flaw::TooManyRows) => Err(Refused::Over(
                Budget::OutputRows,
                limits.output_rows.saturating_add(1),
            )),
            Err(flaw) => {
                let table = u32::try_from(index).unwrap_or(u32::MAX);
                Err(Refused::Output(
                    Rejection::Stream { table, flaw },
                    told(flaw),
                ))
            }
        }
    }
}

/// A stream that can be taken.
struct Examined {
    /// Its table.
    index: usize,
    /// Bytes of the call with it.
    bytes: u64,
    /// Its rows.
    rows: u64,
}

/// Why a stream was not taken.
enum Refused {
    Output(Rejection, sink::SinkError),
    Over(Budget, u64),
}

/// Links `sink`. It is not linked by the generated code, which would make a copy of every stream
/// before anybody looked at it.
pub(crate) fn link_sink(linker: &mut Linker<LoaderCall>) -> wasmtime::Result<()> {
    let mut instance = linker.instance(&qualified("sink"))?;
    instance.func_wrap("emit", emit)?;
    instance.func_wrap("metric", metric)
}

type Answer = wasmtime::Result<(Result<(), sink::SinkError>,)>;

fn emit(
    mut store: StoreContextMut<'_, LoaderCall>,
    (table, stream): (String, WasmList<u8>),
) -> Answer {
    store.data_mut().meter.host_call()?;
    let mut outbox = std::mem::take(&mut store.data_mut().outbox);
    // the plugin waits: what was looked at is what is kept
    let bytes = stream.as_le_slice(&store);
    let examined = store.data().examine(&table, bytes);
    if let Ok(taken) = &examined {
        outbox.keep(taken.index, bytes);
    }
    let call = store.data_mut();
    call.outbox = outbox;
    Ok((match examined {
        Ok(taken) => {
            call.meter.usage.bytes_out = taken.bytes;
            call.meter.usage.rows_out += taken.rows;
            call.stream_count += 1;
            Ok(())
        }
        Err(Refused::Output(rejection, told)) => {
            call.refuse(CallError::OutputRejected(rejection), told)
        }
        Err(Refused::Over(budget, requested)) => call.over(budget, requested),
    },))
}

fn metric(
    mut store: StoreContextMut<'_, LoaderCall>,
    (name, column, value): (String, Option<u32>, f64),
) -> Answer {
    let call = store.data_mut();
    call.meter.host_call()?;
    Ok((call.metric(name, column, value),))
}

fn told(flaw: Flaw) -> sink::SinkError {
    match flaw {
        Flaw::Malformed => sink::SinkError::MalformedBatch,
        Flaw::Unsupported => sink::SinkError::UnsupportedEncoding,
        Flaw::Undeclared { .. } | Flaw::TooManyColumns => sink::SinkError::UndeclaredColumn,
        Flaw::Missing { .. } => sink::SinkError::MissingColumn,
        Flaw::WrongType { .. } => sink::SinkError::WrongType,
        Flaw::TooManyRows => sink::SinkError::BudgetExhausted,
    }
}

/// A stream has exactly the columns of the job, in the job's order.
pub(crate) fn match_columns(
    found: &[Declared<'_>],
    wanted: &[(String, Storage)],
) -> Result<(), Flaw> {
    let index = |index: usize| u32::try_from(index).unwrap_or(u32::MAX);
    let known: BTreeSet<&str> = wanted.iter().map(|(name, _)| name.as_str()).collect();
    if let Some(stray) = found.iter().position(|column| !known.contains(column.name)) {
        return Err(Flaw::Undeclared {
            column: index(stray),
        });
    }
    for (place, (name, storage)) in wanted.iter().enumerate() {
        match found.get(place) {
            Some(column) if column.name == name => {
                if column.storage != Some(*storage) {
                    return Err(Flaw::WrongType {
                        column: index(place),
                    });
                }
            }
            _ => {
                return Err(Flaw::Missing {
                    column: index(place),
                });
            }
        }
    }
    // All names are known and all places are taken: what is left stands there twice.
    if found.len() > wanted.len() {
        return Err(Flaw::Undeclared {
            column: index(wanted.len()),
        });
    }
    Ok(())
}

impl types::Host for LoaderCall {}

impl sources::Host for LoaderCall {
    fn describe(&mut self) -> wasmtime::Result<Vec<sources::SourceInfo>> {
        self.meter.host_call()?;
        Ok(self
            .sources
            .iter()
            .map(|source| sources::SourceInfo {
                name: source.name().to_owned(),
                size: source.size(),
                inflated: source.inflated(),
            })
            .collect())
    }

    fn read_at(
        &mut self,
        source: u32,
        offset: u64,
        length: u32,
    ) -> wasmtime::Result<Result<Vec<u8>, sources::ReadError>> {
        self.meter.host_call()?;
        let Some(file) = self.sources.get(source as usize) else {
            return Ok(Err(sources::ReadError::UnknownSource));
        };
        let length = u64::from(length);
        if offset
            .checked_add(length)
            .is_none_or(|end| end > file.size())
        {
            return Ok(Err(sources::ReadError::OutOfRange));
        }
        let read = self.meter.usage.bytes_in.saturating_add(length);
        let limits = &self.meter.limits;
        // More than its memory it could not take anyway; the host need not read it first.
        if read > mib(limits.read_mib) || length > mib(limits.memory_mib) {
            let what = Budget::ReadBytes;
            self.meter.over.get_or_insert((what, read));
            let limit = what.limit(limits);
            self.refused
                .get_or_insert(CallError::HostBudget { what, limit });
            return Ok(Err(sources::ReadError::BudgetExhausted));
        }
        match file.read_at(offset, usize::try_from(length).unwrap_or(usize::MAX)) {
            Ok(bytes) => {
                self.meter.usage.bytes_in = read;
                Ok(Ok(bytes))
            }
            Err(error) => {
                let kind = error.kind();
                self.refused.get_or_insert(CallError::Source {
                    source_index: source,
                    kind,
                });
                Ok(Err(sources::ReadError::Io))
            }
        }
    }
}

impl LoaderCall {
    fn metric(
        &mut self,
        name: String,
        column: Option<u32>,
        value: f64,
    ) -> Result<(), sink::SinkError> {
        let columns = self
            .tables
            .iter()
            .map(|table| table.columns.len())
            .max()
            .unwrap_or(0);
        let declared = self.metric_names.contains(&name);
        if !declared
            || !value.is_finite()
            || column.is_some_and(|column| column as usize >= columns)
        {
            let error = CallError::OutputRejected(Rejection::Metric);
            return self.refuse(error, sink::SinkError::InvalidMetric);
        }
        if self.metrics.len() as u64 >= self.meter.limits.metrics {
            let requested = self.metrics.len() as u64 + 1;
            return self.over(Budget::Metrics, requested);
        }
        self.metrics.push(Metric {
            name,
            column,
            value,
        });
        Ok(())
    }
}
