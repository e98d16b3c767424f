//! Jobs, hosts and real data for the tests.
#![allow(dead_code, reason = "every test uses a part of it")]

use std::io::Read;
use std::path::{Path, PathBuf};

use autods_sdk::loader::{ColumnSpec, Job, TableSpec, ValueKind};
use autods_sdk::params::param_text;
use autods_sdk::testkit::MemoryHost;

/// The columns of the table `event`.
pub const EVENT: &[(&str, ValueKind)] = &[
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

/// The columns of the table `patient`.
pub const PATIENT: &[(&str, ValueKind)] = &[
    ("id", ValueKind::Identifier),
    ("birth-date", ValueKind::Date),
    ("gender", ValueKind::Category),
    ("deceased", ValueKind::Boolean),
    ("deceased-date", ValueKind::Date),
    ("marital-status", ValueKind::Category),
    ("race", ValueKind::Category),
    ("ethnicity", ValueKind::Category),
    ("postal-code", ValueKind::Category),
    ("state", ValueKind::Category),
    ("language", ValueKind::Category),
];

/// The columns of the table `encounter`.
pub const ENCOUNTER: &[(&str, ValueKind)] = &[
    ("id", ValueKind::Identifier),
    ("patient", ValueKind::Identifier),
    ("class", ValueKind::Category),
    ("type", ValueKind::Category),
    ("type-system", ValueKind::Category),
    ("start", ValueKind::Datetime),
    ("end", ValueKind::Datetime),
    ("status", ValueKind::Category),
    ("reason", ValueKind::Category),
    ("discharge-disposition", ValueKind::Category),
];

/// The manifest's metrics.
pub const METRICS: [&str; 9] = [
    "resources",
    "rows",
    "unknown-resources",
    "unknown-extensions",
    "partial-dates",
    "references",
    "contained-references",
    "unresolved-in-bundle",
    "findings-error",
];

/// A job for the table `t`, read as `table`, with those columns.
pub fn job(table: &str, columns: &[(&str, ValueKind)]) -> Job {
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
        params: vec![param_text("table", table)],
    }
}

/// A host for the job that knows the manifest's metrics.
pub fn host(job: &Job) -> MemoryHost {
    METRICS
        .iter()
        .fold(MemoryHost::new(job), |host, name| host.declare_metric(name))
}

/// `fhir/` in `$AUTODS_DATA`, or in `shared/data` beside the checkout; `None`, loudly, where there
/// is none.
pub fn data(folder: &str) -> Option<PathBuf> {
    let data = std::env::var_os("AUTODS_DATA").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"),
        PathBuf::from,
    );
    let path = data.join("fhir").join(folder);
    if path.is_dir() {
        return Some(path);
    }
    eprintln!(
        "SKIPPED: {} is not there; set AUTODS_DATA to the data folder to run this test",
        path.display()
    );
    None
}

/// The files of a folder, by name and inflated.
pub fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    let read = |path: PathBuf| {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let bytes = std::fs::read(&path).unwrap();
        if path.extension().is_none_or(|extension| extension != "gz") {
            return (name, bytes);
        }
        let mut inflated = Vec::new();
        flate2::read::MultiGzDecoder::new(bytes.as_slice())
            .read_to_end(&mut inflated)
            .unwrap();
        (name, inflated)
    };
    paths.into_iter().map(read).collect()
}
