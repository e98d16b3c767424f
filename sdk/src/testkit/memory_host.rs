//! Files and a sink in memory, with the host's own rules.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use arrow_array::RecordBatch;

use crate::ipc;
use crate::loader::{
    Fault, Job, Loader, LoaderHost, LogLevel, ReadError, SinkError, SourceInfo, Summary, schema,
};

/// What one call may use; without limits at first.
#[derive(Clone, Copy, Debug)]
pub struct Budget {
    /// Bytes that reads may give.
    pub read_bytes: u64,
    /// Rows that may be emitted.
    pub rows: u64,
    /// Bytes of messages.
    pub log_bytes: usize,
}

impl Default for Budget {
    fn default() -> Self {
        Self {
            read_bytes: u64::MAX,
            rows: u64::MAX,
            log_bytes: 64 << 10,
        }
    }
}

/// A quality-control number that a loader posted.
#[derive(Clone, Debug, PartialEq)]
pub struct Metric {
    /// Its name.
    pub name: String,
    /// The column's index, if it is about one.
    pub column: Option<u32>,
    /// Its value.
    pub value: f64,
}

/// The host of a loader, in memory. It refuses what the host refuses: reads out of range, columns
/// that the job does not declare, wrong types, metrics outside the manifest, and what exceeds the
/// budget.
pub struct MemoryHost {
    sources: Vec<(String, Vec<u8>)>,
    job: Job,
    metrics: Vec<String>,
    budget: Budget,
    read: Cell<u64>,
    largest_read: Cell<u32>,
    rows: Cell<u64>,
    logged: Cell<usize>,
    emitted: RefCell<BTreeMap<String, Vec<RecordBatch>>>,
    posted: RefCell<Vec<Metric>>,
    messages: RefCell<Vec<String>>,
}

impl MemoryHost {
    /// A host for that job, without sources.
    #[must_use]
    pub fn new(job: &Job) -> Self {
        Self {
            sources: Vec::new(),
            job: job.clone(),
            metrics: Vec::new(),
            budget: Budget::default(),
            read: Cell::new(0),
            largest_read: Cell::new(0),
            rows: Cell::new(0),
            logged: Cell::new(0),
            emitted: RefCell::default(),
            posted: RefCell::default(),
            messages: RefCell::default(),
        }
    }

    /// With one more source.
    #[must_use]
    pub fn source(mut self, name: &str, bytes: impl Into<Vec<u8>>) -> Self {
        self.sources.push((name.to_owned(), bytes.into()));
        self
    }

    /// With a metric that the manifest declares.
    #[must_use]
    pub fn declare_metric(mut self, name: &str) -> Self {
        self.metrics.push(name.to_owned());
        self
    }

    /// With that budget.
    #[must_use]
    pub fn budget(mut self, budget: Budget) -> Self {
        self.budget = budget;
        self
    }

    /// The batches of a table so far, in the order they were emitted.
    #[must_use]
    pub fn batches(&self, table: &str) -> Vec<RecordBatch> {
        self.emitted
            .borrow()
            .get(table)
            .cloned()
            .unwrap_or_default()
    }

    /// The rows of a table so far, as one batch; empty where none were emitted.
    #[must_use]
    pub fn table(&self, table: &str) -> Option<RecordBatch> {
        let spec = self.job.tables.iter().find(|spec| spec.name == table)?;
        ipc::concat(&schema(spec), &self.batches(table)).ok()
    }

    /// The metrics so far.
    #[must_use]
    pub fn posted(&self) -> Vec<Metric> {
        self.posted.borrow().clone()
    }

    /// Sum of a metric over all calls so far.
    #[must_use]
    pub fn total(&self, metric: &str) -> f64 {
        let posted = self.posted.borrow();
        posted
            .iter()
            .filter(|posted| posted.name == metric)
            .map(|posted| posted.value)
            .sum()
    }

    /// The messages so far.
    #[must_use]
    pub fn messages(&self) -> Vec<String> {
        self.messages.borrow().clone()
    }

    /// Bytes of the largest read so far.
    #[must_use]
    pub fn largest_read(&self) -> u32 {
        self.largest_read.get()
    }

    fn checked(&self, table: &str, stream: &[u8]) -> Result<RecordBatch, SinkError> {
        let spec = self
            .job
            .tables
            .iter()
            .find(|spec| spec.name == table)
            .ok_or(SinkError::UnknownTable)?;
        let batch = ipc::decode(stream.to_vec()).map_err(|_| SinkError::MalformedBatch)?;
        let declared = schema(spec);
        let given = batch.schema();
        for field in given.fields() {
            let Ok(expected) = declared.field_with_name(field.name()) else {
                return Err(SinkError::UndeclaredColumn);
            };
            if expected.data_type() != field.data_type() {
                return Err(SinkError::WrongType);
            }
        }
        for field in declared.fields() {
            if given.field_with_name(field.name()).is_err() {
                return Err(SinkError::MissingColumn);
            }
        }
        let rows = self.rows.get() + batch.num_rows() as u64;
        if rows > self.budget.rows {
            return Err(SinkError::BudgetExhausted);
        }
        self.rows.set(rows);
        Ok(batch)
    }
}

impl LoaderHost for MemoryHost {
    fn describe(&self) -> Vec<SourceInfo> {
        self.sources
            .iter()
            .map(|(name, bytes)| SourceInfo {
                name: name.clone(),
                size: bytes.len() as u64,
                inflated: false,
            })
            .collect()
    }

    fn read_at(&self, source: u32, offset: u64, length: u32) -> Result<Vec<u8>, ReadError> {
        let (_, bytes) = self
            .sources
            .get(source as usize)
            .ok_or(ReadError::UnknownSource)?;
        let start = usize::try_from(offset).map_err(|_| ReadError::OutOfRange)?;
        let range = start
            .checked_add(length as usize)
            .and_then(|end| bytes.get(start..end))
            .ok_or(ReadError::OutOfRange)?;
        let read = self.read.get() + u64::from(length);
        if read > self.budget.read_bytes {
            return Err(ReadError::BudgetExhausted);
        }
        self.read.set(read);
        self.largest_read.set(self.largest_read.get().max(length));
        Ok(range.to_vec())
    }

    fn emit(&self, table: &str, stream: &[u8]) -> Result<(), SinkError> {
        let batch = self.checked(table, stream)?;
        self.emitted
            .borrow_mut()
            .entry(table.to_owned())
            .or_default()
            .push(batch);
        Ok(())
    }

    fn metric(&self, name: &str, column: Option<u32>, value: f64) -> Result<(), SinkError> {
        if !value.is_finite() || !self.metrics.iter().any(|declared| declared == name) {
            return Err(SinkError::InvalidMetric);
        }
        self.posted.borrow_mut().push(Metric {
            name: name.to_owned(),
            column,
            value,
        });
        Ok(())
    }

    fn log(&self, _level: LogLevel, message: &str) -> bool {
        let logged = self.logged.get() + message.len();
        if logged > self.budget.log_bytes {
            return false;
        }
        self.logged.set(logged);
        self.messages.borrow_mut().push(message.to_owned());
        true
    }
}

/// Plans and then loads every shard, in order; gives the sum of the summaries.
///
/// # Errors
/// The first fault.
pub fn load_all<L: Loader>(
    job: &Job,
    shard_bytes: u64,
    host: &dyn LoaderHost,
) -> Result<Summary, Fault> {
    let mut total = Summary {
        records: 0,
        emitted: 0,
        undeclared_columns: 0,
    };
    for shard in L::plan(job, shard_bytes, host)? {
        let summary = L::load(job, &shard, host)?;
        total.records += summary.records;
        total.emitted += summary.emitted;
        total.undeclared_columns = total.undeclared_columns.max(summary.undeclared_columns);
    }
    Ok(total)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ValueKind;
    use crate::loader::{
        BATCH_ROWS, ColumnSpec, FaultCode, Shard, SourceReader, TableSpec, TableWriter,
    };

    /// Every byte of a source is a row.
    struct Bytes;

    impl Loader for Bytes {
        fn plan(_: &Job, shard_bytes: u64, host: &dyn LoaderHost) -> Result<Vec<Shard>, Fault> {
            let mut shards = Vec::new();
            for (source, info) in (0u32..).zip(host.describe()) {
                for start in (0..info.size).step_by(shard_bytes as usize) {
                    shards.push(Shard {
                        source,
                        start,
                        end: info.size.min(start + shard_bytes),
                        first_line: 1,
                    });
                }
            }
            Ok(shards)
        }

        fn load(job: &Job, shard: &Shard, host: &dyn LoaderHost) -> Result<Summary, Fault> {
            let mut writer = TableWriter::new(host, &job.tables[0]);
            let mut reader = SourceReader::new(host, shard.source, shard.start, shard.end);
            while let Some(chunk) = reader.next_chunk()? {
                for byte in chunk {
                    writer
                        .cell(0, &byte.to_string())
                        .map_err(|code| Fault::from(code).in_source(shard.source))?;
                    writer.missing(1)?;
                    writer.end_row()?;
                }
            }
            let emitted = writer.finish()?;
            host.metric("rows", None, emitted as f64)?;
            Ok(Summary {
                records: emitted,
                emitted,
                undeclared_columns: 0,
            })
        }
    }
    crate::export_loader!(Bytes);

    fn job() -> Job {
        let column = |name: &str, kind| ColumnSpec {
            name: name.to_owned(),
            kind,
            unit: None,
            codings: Vec::new(),
            missing: Vec::new(),
        };
        Job {
            tables: vec![TableSpec {
                name: "bytes".to_owned(),
                columns: vec![
                    column("value", ValueKind::Integer),
                    column("note", ValueKind::Text),
                ],
                missing: vec!["7".to_owned()],
            }],
            params: Vec::new(),
        }
    }

    #[test]
    fn rows_arrive_in_order_and_in_batches() {
        let bytes: Vec<u8> = (0..20_000u32).map(|n| (n % 251) as u8).collect();
        let host = MemoryHost::new(&job())
            .source("a.bin", bytes.clone())
            .declare_metric("rows");
        let summary = load_all::<Bytes>(&job(), 15_000, &host).unwrap();
        assert_eq!(summary.emitted, 20_000);
        assert_eq!(host.total("rows"), 20_000.0);
        let table = host.table("bytes").unwrap();
        assert_eq!(table.num_rows(), 20_000);
        assert_eq!(
            table.column(0).null_count(),
            bytes.iter().filter(|b| **b == 7).count()
        );
        assert_eq!(host.batches("bytes")[0].num_rows(), BATCH_ROWS);
    }

    #[test]
    fn the_stand_in_refuses_what_the_host_refuses() {
        let host = MemoryHost::new(&job()).source("a.bin", vec![1, 2, 3]);
        assert_eq!(host.read_at(1, 0, 1), Err(ReadError::UnknownSource));
        assert_eq!(host.read_at(0, 1, 3), Err(ReadError::OutOfRange));
        assert_eq!(
            host.metric("rows", None, 1.0),
            Err(SinkError::InvalidMetric)
        );
        assert_eq!(host.emit("bytes", b"?"), Err(SinkError::MalformedBatch));
        assert_eq!(host.emit("other", b""), Err(SinkError::UnknownTable));
        let fault = load_all::<Bytes>(&job(), 10, &host).unwrap_err();
        assert_eq!(
            fault.code,
            FaultCode::HostRefused,
            "the metric is not declared"
        );
        let narrow = MemoryHost::new(&job())
            .source("a.bin", vec![1, 2, 3])
            .declare_metric("rows")
            .budget(Budget {
                rows: 2,
                ..Budget::default()
            });
        assert!(load_all::<Bytes>(&job(), 10, &narrow).is_err());
        assert!(narrow.batches("bytes").is_empty());
    }
}
