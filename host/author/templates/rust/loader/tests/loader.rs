//! The loader without a host: `autods_sdk::testkit` stands in for it.

use autods_sdk::loader::{ColumnSpec, FaultCode, Job, TableSpec, ValueKind};
use autods_sdk::params::param_text;
use autods_sdk::testkit::{MemoryHost, load_all};
use {{snake}}::KeyValues;

fn job(columns: &[(&str, ValueKind)]) -> Job {
    let columns = columns.iter().map(|(name, kind)| ColumnSpec {
        name: (*name).to_owned(),
        kind: *kind,
        unit: None,
        codings: Vec::new(),
        missing: Vec::new(),
    });
    Job {
        tables: vec![TableSpec {
            name: "readings".to_owned(),
            columns: columns.collect(),
            missing: Vec::new(),
        }],
        params: Vec::new(),
    }
}

fn host(job: &Job, text: &str) -> MemoryHost {
    MemoryHost::new(job)
        .source("a.kv", text)
        .declare_metric("records")
        .declare_metric("skipped-lines")
}

#[test]
fn a_key_that_is_not_there_is_a_missing_value() {
    let job = job(&[("id", ValueKind::Integer), ("age", ValueKind::Number)]);
    let host = host(&job, "#keys id age\nid=1;age=63\nid=2\n");
    let summary = load_all::<KeyValues>(&job, 1, &host).unwrap();
    assert_eq!((summary.records, summary.emitted), (2, 2));
    let table = host.table("readings").unwrap();
    assert_eq!(table.column_by_name("age").unwrap().null_count(), 1);
}

#[test]
fn every_wrong_line_is_a_fault_that_names_it() {
    let job = job(&[("id", ValueKind::Integer)]);
    for (text, code, line) in [
        ("", FaultCode::EmptyInput, 1),
        ("id=1\n", FaultCode::Malformed, 1),
        ("#keys age\n", FaultCode::MissingColumn, 1),
        ("#keys id id\n", FaultCode::DuplicateColumn, 1),
        ("#keys id\nid=1\nid\n", FaultCode::Malformed, 3),
        ("#keys id\nid=1\nage=1\n", FaultCode::Malformed, 3),
        ("#keys id\nid=1;id=2\n", FaultCode::DuplicateColumn, 2),
        ("#keys id\nid=one\n", FaultCode::InvalidValue, 2),
    ] {
        let host = host(&job, text);
        let fault = load_all::<KeyValues>(&job, 1 << 20, &host).unwrap_err();
        assert_eq!((fault.code, fault.line), (code, Some(line)), "{text:?}");
    }
}

#[test]
fn a_separator_is_one_character() {
    let mut job = job(&[("id", ValueKind::Integer)]);
    for (separator, good) in [("|", true), ("", false), ("=", false), ("||", false)] {
        job.params = vec![param_text("separator", separator)];
        let host = host(&job, "#keys id\nid=1\n");
        let loaded = load_all::<KeyValues>(&job, 100, &host);
        assert_eq!(loaded.is_ok(), good, "{separator:?}");
    }
}
