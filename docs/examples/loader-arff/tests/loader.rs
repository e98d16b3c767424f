//! The loader without a host: `autods_sdk::testkit` stands in for it.

use autods_sdk::loader::{ColumnSpec, FaultCode, Job, TableSpec, ValueKind};
use autods_sdk::testkit::{MemoryHost, load_all};
use loader_arff::Arff;

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
            name: "patients".to_owned(),
            columns: columns.collect(),
            missing: Vec::new(),
        }],
        params: Vec::new(),
    }
}

fn host(job: &Job, text: &str) -> MemoryHost {
    MemoryHost::new(job)
        .source("a.arff", text)
        .declare_metric("records")
        .declare_metric("skipped-lines")
}

#[test]
fn every_wrong_line_is_a_fault_that_names_it() {
    let job = job(&[("age", ValueKind::Integer)]);
    let head = "@relation r\n@attribute age numeric\n";
    for (text, code, line) in [
        ("", FaultCode::EmptyInput, None),
        ("age\n1\n", FaultCode::Malformed, Some(1)),
        ("@attribute age numeric\n", FaultCode::Malformed, Some(1)),
        ("@relation r\n@attribute age\n", FaultCode::Malformed, Some(2)),
        ("@relation r\n@attribute 'age numeric\n", FaultCode::Malformed, Some(2)),
        ("@relation r\n@data\n", FaultCode::Malformed, Some(2)),
        (head, FaultCode::Malformed, None),
        (&format!("{head}@attribute age real\n"), FaultCode::DuplicateColumn, Some(3)),
        ("@relation r\n@attribute sex {F,M}\n@data\n", FaultCode::MissingColumn, Some(3)),
        (&format!("{head}@data\n1\n1,2\n"), FaultCode::RaggedRecord, Some(5)),
        (&format!("{head}@data\n'1\n"), FaultCode::UnterminatedQuote, Some(4)),
        (&format!("{head}@data\n1\none\n"), FaultCode::InvalidValue, Some(5)),
    ] {
        let host = host(&job, text);
        let fault = load_all::<Arff>(&job, 1 << 20, &host).unwrap_err();
        assert_eq!((fault.code, fault.line), (code, line), "{text:?}");
    }
}

#[test]
fn keywords_in_any_case_and_line_ends_of_either_kind_are_read() {
    let job = job(&[("age", ValueKind::Integer)]);
    let host = host(&job, "@RELATION r\r\n@Attribute age{1,2}\r\n@Data\r\n1\r\n2");
    let summary = load_all::<Arff>(&job, 1, &host).unwrap();
    assert_eq!((summary.records, summary.emitted), (2, 2));
}
