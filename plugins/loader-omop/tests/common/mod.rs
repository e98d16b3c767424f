//! Jobs, hosts and real data for the tests.
#![allow(dead_code, reason = "every test uses a part of it")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr
)]

use std::io::Read;
use std::path::{Path, PathBuf};

use arrow_array::cast::AsArray;
use arrow_array::types::{Date32Type, Float64Type, Int64Type, TimestampMicrosecondType};
use arrow_array::{Array, RecordBatch};
use autods_sdk::loader::{ColumnSpec, Fault, Job, Param, TableSpec, ValueKind};
use autods_sdk::testkit::{MemoryHost, load_all};
use loader_omop::OmopLoader;
use loader_omop::cdm::{self, Datatype, Versions};

/// The manifest's metrics.
pub const METRICS: [&str; 14] = [
    "records",
    "is-required",
    "cdm-datatype",
    "is-primary-key",
    "primary-key-unchecked",
    "is-foreign-key",
    "fk-domain",
    "is-standard-valid-concept",
    "standard-concept-record-completeness",
    "source-concept-record-completeness",
    "source-value-completeness",
    "plausible-value-low",
    "plausible-value-high",
    "plausible-temporal-after",
];

/// The columns of `loader-fhir`'s events.
pub const EVENT: [(&str, ValueKind); 14] = [
    ("id", ValueKind::Identifier),
    ("kind", ValueKind::Category),
    ("person", ValueKind::Identifier),
    ("visit", ValueKind::Identifier),
    ("time", ValueKind::Datetime),
    ("end", ValueKind::Datetime),
    ("system", ValueKind::Category),
    ("code", ValueKind::Category),
    ("label", ValueKind::Text),
    ("value-number", ValueKind::Number),
    ("value-text", ValueKind::Text),
    ("value-code", ValueKind::Category),
    ("unit", ValueKind::Category),
    ("status", ValueKind::Category),
];

/// A table of a job.
pub fn table(name: &str, columns: &[(&str, ValueKind)]) -> TableSpec {
    let columns = columns.iter().map(|&(name, kind)| ColumnSpec {
        name: name.to_owned(),
        kind,
        unit: None,
        codings: Vec::new(),
        missing: Vec::new(),
    });
    TableSpec {
        name: name.to_owned(),
        columns: columns.collect(),
        missing: Vec::new(),
    }
}

/// A job for a table with those columns.
pub fn job(name: &str, columns: &[(&str, ValueKind)], params: Vec<Param>) -> Job {
    Job {
        tables: vec![table(name, columns)],
        params,
    }
}

/// The columns that a header has, each as the specification has it.
pub fn columns_of(name: &str, header: &str) -> Vec<(String, ValueKind)> {
    let table = cdm::table(name).unwrap();
    let names = header.lines().next().unwrap().split(',');
    names
        .filter_map(|name| table.column(name, Versions::BOTH))
        .map(|column| {
            let kind = match column.datatype {
                Datatype::Integer => ValueKind::Integer,
                Datatype::Float => ValueKind::Number,
                Datatype::Date => ValueKind::Date,
                Datatype::Datetime => ValueKind::Datetime,
                Datatype::Text => ValueKind::Text,
            };
            (column.name.to_owned(), kind)
        })
        .collect()
}

/// A host for the job that knows the manifest's metrics.
pub fn host(job: &Job) -> MemoryHost {
    METRICS
        .iter()
        .fold(MemoryHost::new(job), |host, name| host.declare_metric(name))
}

/// Loads sources; gives the fault, if there is one, and the host.
pub fn load(
    job: &Job,
    shard_bytes: u64,
    sources: &[(&str, Vec<u8>)],
) -> (Result<(), Fault>, MemoryHost) {
    let host = sources.iter().fold(host(job), |host, (name, bytes)| {
        host.source(name, bytes.clone())
    });
    let loaded = load_all::<OmopLoader>(job, shard_bytes, &host);
    (loaded.map(|_| ()), host)
}

/// The cells of a table, as texts; `None` is a missing value.
pub fn cells(table: &RecordBatch) -> Vec<Vec<Option<String>>> {
    let cell = |column: &dyn Array, row: usize| {
        if column.is_null(row) {
            return None;
        }
        if let Some(texts) = column.as_string_opt::<i32>() {
            return Some(texts.value(row).to_owned());
        }
        if let Some(whole) = column.as_primitive_opt::<Int64Type>() {
            return Some(whole.value(row).to_string());
        }
        if let Some(days) = column.as_primitive_opt::<Date32Type>() {
            return Some(format!("day {}", days.value(row)));
        }
        if let Some(micros) = column.as_primitive_opt::<TimestampMicrosecondType>() {
            return Some(format!("second {}", micros.value(row) / 1_000_000));
        }
        Some(column.as_primitive::<Float64Type>().value(row).to_string())
    };
    (0..table.num_rows())
        .map(|row| {
            let columns = table.columns().iter();
            columns.map(|column| cell(column.as_ref(), row)).collect()
        })
        .collect()
}

/// `$AUTODS_DATA`, or `shared/data` beside the checkout.
pub fn data() -> PathBuf {
    std::env::var_os("AUTODS_DATA").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"),
        PathBuf::from,
    )
}

/// A file of the data folder, inflated; `None`, loudly, where it is not there.
pub fn file(path: &str) -> Option<Vec<u8>> {
    let path = data().join(path);
    let Ok(packed) = std::fs::read(&path) else {
        eprintln!(
            "SKIPPED: {} is not there; set AUTODS_DATA to the data folder to run this test",
            path.display()
        );
        return None;
    };
    let mut bytes = Vec::new();
    flate2::read::MultiGzDecoder::new(packed.as_slice())
        .read_to_end(&mut bytes)
        .unwrap();
    Some(bytes)
}

/// A table of GiBleed.
pub fn gibleed(table: &str) -> Option<Vec<u8>> {
    file(&format!("omop/gibleed/{table}.csv.gz"))
}
