//! Jobs and hosts for the tests.
#![allow(dead_code, reason = "every test uses a part of it")]

use autods_sdk::loader::{Coding, ColumnSpec, Job, TableSpec, ValueKind};
use autods_sdk::testkit::MemoryHost;

/// A job for the table `t` with those columns.
pub fn job(columns: &[(&str, ValueKind)]) -> Job {
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
        params: Vec::new(),
    }
}

/// A column of the job's table.
pub fn column(job: &mut Job, at: usize) -> &mut ColumnSpec {
    &mut job.tables[0].columns[at]
}

/// The codes `c0`, `c1`, …
pub fn codings(n: usize) -> Vec<Coding> {
    (0..n)
        .map(|n| Coding {
            code: format!("c{n}"),
            label: String::new(),
        })
        .collect()
}

/// A host for the job that knows the manifest's metrics.
pub fn host(job: &Job) -> MemoryHost {
    MemoryHost::new(job)
        .declare_metric("records")
        .declare_metric("blank-lines")
}
