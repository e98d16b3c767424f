//! Jobs, hosts and files for the tests.
#![allow(dead_code, reason = "every test uses a part of it")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr
)]

use std::path::{Path, PathBuf};

use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int64Type};
use arrow_array::{Array, RecordBatch};
use autods_sdk::loader::{ColumnSpec, Fault, Job, Param, Summary, TableSpec, ValueKind};
use autods_sdk::params::param_text;
use autods_sdk::testkit::{MemoryHost, load_all};
use loader_singlecell::SingleCellLoader;

/// The metrics of the manifest.
pub const METRICS: [&str; 9] = [
    "cells",
    "features",
    "values",
    "total-counts",
    "mitochondrial-counts",
    "cells-without-counts",
    "non-integer-values",
    "negative-values",
    "non-finite-values",
];

/// The columns of `rows = "values"`.
pub const VALUES: [(&str, ValueKind); 4] = [
    ("cell", ValueKind::Identifier),
    ("cell_index", ValueKind::Integer),
    ("feature_index", ValueKind::Integer),
    ("value", ValueKind::Number),
];

/// A job for the table `t` with those columns.
pub fn job(columns: &[(&str, ValueKind)], params: Vec<Param>) -> Job {
    let columns = columns.iter().map(|&(name, kind)| ColumnSpec {
        name: name.to_owned(),
        kind,
        unit: None,
        codings: Vec::new(),
        missing: Vec::new(),
    });
    Job {
        tables: vec![TableSpec {
            name: "t".to_owned(),
            columns: columns.collect(),
            missing: Vec::new(),
        }],
        params,
    }
}

/// A job for the values of a matrix.
pub fn values_of(matrix: &str) -> Job {
    job(
        &VALUES,
        vec![param_text("rows", "values"), param_text("matrix", matrix)],
    )
}

/// A host for the job that knows the manifest's metrics and has those files.
pub fn host(job: &Job, files: &[(String, Vec<u8>)]) -> MemoryHost {
    let host = METRICS
        .iter()
        .fold(MemoryHost::new(job), |host, name| host.declare_metric(name));
    files.iter().fold(host, |host, (name, bytes)| {
        host.source(name, bytes.as_slice())
    })
}

/// Loads files in shards of that size.
pub fn try_load(
    job: &Job,
    files: &[(String, Vec<u8>)],
    shard_bytes: u64,
) -> (Result<Summary, Fault>, MemoryHost) {
    let host = host(job, files);
    (load_all::<SingleCellLoader>(job, shard_bytes, &host), host)
}

/// Loads files that must load.
pub fn load(job: &Job, files: &[(String, Vec<u8>)], shard_bytes: u64) -> (RecordBatch, MemoryHost) {
    let (summary, host) = try_load(job, files, shard_bytes);
    if let Err(fault) = summary {
        panic!("{fault:?}: {:?}", host.messages());
    }
    (host.table("t").unwrap(), host)
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
        if let Some(numbers) = column.as_primitive_opt::<Float64Type>() {
            return Some(numbers.value(row).to_string());
        }
        column
            .as_boolean_opt()
            .map(|flags| flags.value(row).to_string())
    };
    (0..table.num_rows())
        .map(|row| {
            table
                .columns()
                .iter()
                .map(|column| cell(column, row))
                .collect()
        })
        .collect()
}

/// A column of numbers; a missing value is NaN.
pub fn numbers(table: &RecordBatch, name: &str) -> Vec<f64> {
    let column = table.column_by_name(name).unwrap();
    let column = column.as_primitive::<Float64Type>();
    column
        .iter()
        .map(|value| value.unwrap_or(f64::NAN))
        .collect()
}

/// Files of `tests/fixtures`.
pub fn fixtures(names: &[&str]) -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let read = |name: &&str| {
        (
            (*name).to_owned(),
            std::fs::read(folder.join(name)).unwrap(),
        )
    };
    names.iter().map(read).collect()
}

/// `scrna/` in `$AUTODS_DATA`, or in `shared/data` beside the checkout.
pub fn data() -> PathBuf {
    let data = std::env::var_os("AUTODS_DATA").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"),
        PathBuf::from,
    );
    data.join("scrna")
}

/// Files of the data folder, inflated; `None`, loudly, where one is not there.
pub fn files(paths: &[&str]) -> Option<Vec<(String, Vec<u8>)>> {
    let mut files = Vec::new();
    for path in paths {
        let path = data().join(path);
        let Ok(mut bytes) = std::fs::read(&path) else {
            skipped(&path);
            return None;
        };
        if bytes.starts_with(b"\x1f\x8b") {
            let mut text = Vec::new();
            let mut inflated = flate2::read::MultiGzDecoder::new(bytes.as_slice());
            std::io::Read::read_to_end(&mut inflated, &mut text).unwrap();
            bytes = text;
        }
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        files.push((name, bytes));
    }
    Some(files)
}

/// Says that a test could not be run.
pub fn skipped(path: &Path) {
    eprintln!(
        "SKIPPED: {} is not there; set AUTODS_DATA to the data folder to run this test",
        path.display()
    );
}
