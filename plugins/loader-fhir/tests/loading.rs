//! What small sources give, however they are cut, and how bad ones are reported.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr
)]

mod common;

use arrow_array::cast::AsArray;
use arrow_array::{Array, RecordBatch};
use autods_sdk::loader::{Fault, FaultCode, Job, ValueKind};
use autods_sdk::params::param_flag;
use autods_sdk::testkit::{MemoryHost, load_all};
use common::{EVENT, METRICS, host, job};
use loader_fhir::FhirLoader;
use proptest::prelude::*;

const LINES: &str = concat!(
    r#"{"resourceType":"Observation","id":"o1","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"85354-9"}]},"subject":{"reference":"Patient/p1"},"effectiveDateTime":"2020-05","component":[{"code":{"coding":[{"code":"8480-6"}]},"valueQuantity":{"value":120.5,"unit":"mmHg","system":"http://unitsofmeasure.org","code":"mm[Hg]"}},{"code":{"text":"é"},"valueString":"high"}]}"#,
    "\r\n\n",
    r#"{"resourceType":"Condition","id":"c1","clinicalStatus":{"coding":[{"code":"active"}]},"code":{"text":"Cough"},"subject":{"reference":"urn:uuid:p2"},"onsetDateTime":"2020-01-02T03:04:05+02:00"}"#,
    "\n",
    r##"{"resourceType":"MedicationRequest","id":"m1","status":"active","intent":"order","contained":[{"resourceType":"Medication","id":"med","code":{"coding":[{"code":"1191"}]}}],"medicationReference":{"reference":"#med"},"subject":{"reference":"http://x.org/fhir/Patient/p3/_history/2"}}"##,
);

fn read(job: &Job, bytes: &[u8], shard_bytes: u64) -> (Result<RecordBatch, Fault>, MemoryHost) {
    let host = host(job).source("a.ndjson", bytes);
    let read = load_all::<FhirLoader>(job, shard_bytes, &host);
    (read.map(|_| host.table("t").unwrap()), host)
}

fn texts(rows: &RecordBatch, name: &str) -> Vec<String> {
    let column = rows.column_by_name(name).unwrap().as_string::<i32>();
    column
        .iter()
        .map(|text| text.unwrap_or("-").to_owned())
        .collect()
}

#[test]
fn statements_become_rows() {
    let (rows, host) = read(&job("event", EVENT), LINES.as_bytes(), u64::MAX);
    let rows = rows.unwrap();
    assert_eq!(texts(&rows, "id"), ["o1", "o1#1", "o1#2", "c1", "m1"]);
    assert_eq!(texts(&rows, "person"), ["p1", "p1", "p1", "p2", "p3"]);
    assert_eq!(
        texts(&rows, "code"),
        ["85354-9", "8480-6", "-", "-", "1191"]
    );
    assert_eq!(texts(&rows, "unit"), ["-", "mm[Hg]", "-", "-", "-"]);
    assert_eq!(texts(&rows, "value-text"), ["-", "-", "high", "-", "-"]);
    assert_eq!(
        texts(&rows, "status"),
        ["final", "final", "final", "active", "active"]
    );
    assert_eq!(rows.column_by_name("time").unwrap().null_count(), 1);
    let expected = [3.0, 5.0, 0.0, 0.0, 3.0, 4.0, 1.0, 0.0, 0.0];
    assert_eq!(METRICS.map(|name| host.total(name)), expected);
}

#[test]
fn a_document_gives_the_rows_of_its_one_line() {
    let line = LINES.lines().next().unwrap();
    let value: serde_json::Value = serde_json::from_str(line).unwrap();
    let document = serde_json::to_string_pretty(&value).unwrap();
    let job = job("event", EVENT);
    let whole = read(&job, line.as_bytes(), 1).0.unwrap();
    assert_eq!(whole, read(&job, document.as_bytes(), 1).0.unwrap());
    let marked = format!("\u{feff}{document}\n");
    assert_eq!(whole, read(&job, marked.as_bytes(), 1).0.unwrap());
}

#[test]
fn faults_name_the_line() {
    let mut strict = job("event", &EVENT[..1]);
    strict.params.push(param_flag("strict", true));
    let fault = |job: &Job, text: &str| read(job, text.as_bytes(), 1).0.unwrap_err();
    let wrong = format!("{LINES}\n{{\"resourceType\":\"Condition\",\"id\":\"a_b\"}}");
    let found = fault(&strict, &wrong);
    assert_eq!((found.code, found.line), (FaultCode::Malformed, Some(5)));
    let lax = job("event", &EVENT[..1]);
    assert!(read(&lax, wrong.as_bytes(), 1).0.is_ok());
    let found = fault(&lax, &format!("{LINES}\n{{\"resourceType\""));
    assert_eq!((found.code, found.line), (FaultCode::Malformed, Some(5)));
    let found = fault(
        &strict,
        "{\n\"resourceType\": \"Patient\",\n\"id\": \"a_b\"\n}",
    );
    assert_eq!((found.code, found.line), (FaultCode::Malformed, Some(3)));
    assert_eq!(fault(&lax, " \n\n").code, FaultCode::EmptyInput);
    let other = job("event", &[EVENT[0], ("gender", ValueKind::Text)]);
    let found = fault(&other, LINES);
    assert_eq!(
        (found.code, found.column),
        (FaultCode::MissingColumn, Some(1))
    );
    let number = job("event", &[("label", ValueKind::Number)]);
    let found = fault(&number, LINES);
    assert_eq!(
        (found.code, found.line, found.column),
        (FaultCode::InvalidValue, Some(1), Some(0))
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn any_cutting_gives_the_same_rows(shard_bytes in prop_oneof![Just(1_u64), Just(100), 1..2000_u64]) {
        let job = job("event", EVENT);
        let (whole, all) = read(&job, LINES.as_bytes(), u64::MAX);
        let (cut, parts) = read(&job, LINES.as_bytes(), shard_bytes);
        prop_assert_eq!(whole.unwrap(), cut.unwrap());
        for name in METRICS {
            prop_assert_eq!(all.total(name), parts.total(name));
        }
    }

    #[test]
    fn mutated_bytes_never_panic(
        changes in prop::collection::vec((0..LINES.len(), any::<u8>()), 1..6),
        shard_bytes in 1..2000_u64,
    ) {
        let mut bytes = LINES.as_bytes().to_vec();
        for (at, byte) in changes {
            bytes[at] = byte;
        }
        let lines = bytes.iter().filter(|byte| **byte == b'\n').count() as u64 + 1;
        if let Err(fault) = read(&job("event", EVENT), &bytes, shard_bytes).0 {
            // codes and places, and nothing of a row: the line exists, and no number is carried
            prop_assert!(fault.line.is_some_and(|line| (1..=lines).contains(&line)));
            prop_assert_eq!((fault.expected, fault.found), (None, None));
        }
    }
}
