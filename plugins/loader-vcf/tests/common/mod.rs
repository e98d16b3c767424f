//! Jobs, hosts and files for the tests.
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
use arrow_array::types::{Float64Type, Int64Type};
use arrow_array::{Array, RecordBatch};
use autods_sdk::loader::{ColumnSpec, Fault, Job, Param, Summary, TableSpec, ValueKind};
use autods_sdk::testkit::{MemoryHost, load_all};
use loader_vcf::VcfLoader;

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

/// The metrics of the manifest.
pub const METRICS: [&str; 10] = [
    "records",
    "pass-records",
    "multiallelic",
    "snvs",
    "indels",
    "symbolic",
    "transitions",
    "transversions",
    "genotypes",
    "genotypes-missing",
];

/// A host for the job that knows the manifest's metrics.
pub fn host(job: &Job) -> MemoryHost {
    METRICS
        .iter()
        .fold(MemoryHost::new(job), |host, name| host.declare_metric(name))
}

/// Loads a text whole.
pub fn load(job: &Job, text: impl Into<Vec<u8>>) -> (Result<Summary, Fault>, MemoryHost) {
    let host = host(job).source("a.vcf", text);
    (load_all::<VcfLoader>(job, u64::MAX, &host), host)
}

/// The rows of a text, every cell as text; `None` is a missing value.
pub fn rows(job: &Job, text: impl Into<Vec<u8>>) -> Vec<Vec<Option<String>>> {
    let (summary, host) = load(job, text);
    summary.unwrap();
    cells(&host.table("t").unwrap())
}

/// The cells of a table, as texts.
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

/// `$AUTODS_DATA`, or `shared/data` beside the checkout.
pub fn data() -> PathBuf {
    std::env::var_os("AUTODS_DATA").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"),
        PathBuf::from,
    )
}

/// A file of the data folder, inflated.
pub fn file(path: &str) -> Option<Vec<u8>> {
    let path = data().join(path);
    let Ok(bytes) = std::fs::read(&path) else {
        skipped(&path);
        return None;
    };
    if !bytes.starts_with(b"\x1f\x8b") {
        return Some(bytes);
    }
    let mut text = Vec::new();
    flate2::read::MultiGzDecoder::new(bytes.as_slice())
        .read_to_end(&mut text)
        .unwrap();
    Some(text)
}

/// Says that a test could not be run.
pub fn skipped(path: &Path) {
    eprintln!(
        "SKIPPED: {} is not there; set AUTODS_DATA to the data folder to run this test",
        path.display()
    );
}
