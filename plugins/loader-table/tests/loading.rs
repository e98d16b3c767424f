//! What a file gives, and how a bad one is reported.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use arrow_array::RecordBatch;
use arrow_array::cast::AsArray;
use arrow_array::types::{Date32Type, Float64Type, Int64Type};
use autods_sdk::loader::{Fault, FaultCode, Job, Summary, ValueKind};
use autods_sdk::params::param_text;
use autods_sdk::testkit::{LoaderBudget, MemoryHost, load_all};
use common::{column, host, job};
use loader_table::TableLoader;

fn patients() -> Job {
    let mut job = job(&[
        ("id", ValueKind::Identifier),
        ("sex", ValueKind::Category),
        ("age", ValueKind::Integer),
        ("weight", ValueKind::Number),
        ("seen", ValueKind::Date),
        ("smoker", ValueKind::Boolean),
    ]);
    job.tables[0].missing = vec!["?".to_owned()];
    job
}

fn load(job: &Job, text: &str) -> (Result<Summary, Fault>, MemoryHost) {
    let host = host(job).source("patients.csv", text);
    (load_all::<TableLoader>(job, 1 << 20, &host), host)
}

fn rows(job: &Job, text: &str) -> RecordBatch {
    let (summary, host) = load(job, text);
    summary.unwrap();
    host.table("t").unwrap()
}

fn fault(job: &Job, text: &str) -> Fault {
    load(job, text).0.unwrap_err()
}

fn texts(rows: &RecordBatch, name: &str) -> Vec<Option<String>> {
    let column = rows.column_by_name(name).unwrap().as_string::<i32>();
    column.iter().map(|text| text.map(str::to_owned)).collect()
}

const GOOD: &str = "\u{feff}sex,extra,id,age,weight,seen,smoker\r\n\
    F,x,p1,34,61.5,2020-02-29,yes\r\n\
    \r\n\
    ?,\"a,\r\nb\",\"p\"\"2\",,?,,?\r\n\
    m,,é,-1,1e2,1969-12-31,0";

#[test]
fn columns_are_found_by_name_and_read_by_their_kind() {
    let (summary, host) = load(&patients(), GOOD);
    let expected = Summary {
        records: 3,
        emitted: 3,
        undeclared_columns: 1,
    };
    assert_eq!(summary.unwrap(), expected);
    assert_eq!(host.total("records"), 3.0);
    assert_eq!(host.total("blank-lines"), 1.0);
    let rows = host.table("t").unwrap();
    assert_eq!(
        texts(&rows, "id"),
        [Some("p1".into()), Some("p\"2".into()), Some("é".into())]
    );
    assert_eq!(
        texts(&rows, "sex"),
        [Some("F".into()), None, Some("m".into())]
    );
    let ages = rows
        .column_by_name("age")
        .unwrap()
        .as_primitive::<Int64Type>();
    assert_eq!(ages.iter().collect::<Vec<_>>(), [Some(34), None, Some(-1)]);
    let weights = rows
        .column_by_name("weight")
        .unwrap()
        .as_primitive::<Float64Type>();
    assert_eq!(
        weights.iter().collect::<Vec<_>>(),
        [Some(61.5), None, Some(100.0)]
    );
    let seen = rows
        .column_by_name("seen")
        .unwrap()
        .as_primitive::<Date32Type>();
    assert_eq!(
        seen.iter().collect::<Vec<_>>(),
        [Some(18_321), None, Some(-1)]
    );
    let smokers = rows.column_by_name("smoker").unwrap().as_boolean();
    assert_eq!(
        smokers.iter().collect::<Vec<_>>(),
        [Some(true), None, Some(false)]
    );
}

#[test]
fn nothing_is_trimmed() {
    let job = job(&[("a", ValueKind::Text)]);
    assert_eq!(texts(&rows(&job, "a\n x \n"), "a"), [Some(" x ".into())]);
    assert_eq!(fault(&job, " a\nx\n").code, FaultCode::MissingColumn);
}

#[test]
fn tabs_and_no_quotes_are_a_matter_of_parameters() {
    let mut job = job(&[("a", ValueKind::Text), ("b", ValueKind::Text)]);
    job.params = vec![param_text("delimiter", "\\t"), param_text("quote", "")];
    let rows = rows(&job, "a\tb\n\"1\t,2\"\n");
    assert_eq!(texts(&rows, "a"), [Some("\"1".into())]);
    assert_eq!(texts(&rows, "b"), [Some(",2\"".into())]);
}

#[test]
fn a_ragged_record_is_reported_with_its_line() {
    let job = job(&[("a", ValueKind::Text), ("b", ValueKind::Text)]);
    let text = "a,b\n1,2\n\n\"x\ny\",3\n4,5,6\n7,8\n";
    let fault = fault(&job, text);
    let expected = Fault::from(FaultCode::RaggedRecord)
        .in_source(0)
        .at_line(6)
        .expected_found(2, 3);
    assert_eq!(fault, expected);
    for shard_bytes in 1..30 {
        let host = host(&job).source("a.csv", text);
        let fault = load_all::<TableLoader>(&job, shard_bytes, &host).unwrap_err();
        assert_eq!(fault, expected, "the line does not depend on the shards");
    }
}

#[test]
fn a_value_of_another_kind_is_reported_with_line_and_column() {
    let fault = fault(
        &patients(),
        "id,sex,age,weight,seen,smoker\n1,F,2,3,2020-01-01,1\n2,F,2,3,2020-02-30,1\n",
    );
    let expected = Fault::from(FaultCode::InvalidValue)
        .in_source(0)
        .at_line(3)
        .in_column(4);
    assert_eq!(fault, expected);
}

#[test]
fn a_code_outside_the_dictionary_is_reported() {
    let mut job = job(&[("sex", ValueKind::Category)]);
    assert_eq!(texts(&rows(&job, "sex\nX\n"), "sex"), [Some("X".into())]);
    for codes in [2, 20] {
        column(&mut job, 0).codings = common::codings(codes);
        assert_eq!(texts(&rows(&job, "sex\nc1\n"), "sex"), [Some("c1".into())]);
        let expected = Fault::from(FaultCode::UnknownCode)
            .in_source(0)
            .at_line(3)
            .in_column(0);
        assert_eq!(fault(&job, "sex\nc0\nX\n"), expected);
    }
}

#[test]
fn a_missing_or_repeated_column_is_reported_by_its_index() {
    let job = job(&[("a", ValueKind::Text), ("b", ValueKind::Text)]);
    let missing = fault(&job, "a,c\n1,2\n");
    assert_eq!(
        (missing.code, missing.column),
        (FaultCode::MissingColumn, Some(1))
    );
    let repeated = fault(&job, "a,b,b\n1,2,3\n");
    assert_eq!(
        (repeated.code, repeated.column),
        (FaultCode::DuplicateColumn, Some(1))
    );
    let undeclared = load(&job, "a,x,x,b\n1,2,3,4\n").0.unwrap();
    assert_eq!(undeclared.undeclared_columns, 2);
}

#[test]
fn an_input_without_records_is_empty() {
    let job = job(&[("a", ValueKind::Text)]);
    for text in ["", "\n", "\u{feff}", "a", "a\n", "a\r\n\r\n\n"] {
        assert_eq!(fault(&job, text).code, FaultCode::EmptyInput, "{text:?}");
    }
}

#[test]
fn an_open_quote_is_reported_where_it_opens() {
    let job = job(&[("a", ValueKind::Text)]);
    let expected = Fault::from(FaultCode::UnterminatedQuote)
        .in_source(0)
        .at_line(3);
    assert_eq!(fault(&job, "a\n1\n\"2\n3\n4\n"), expected);
}

#[test]
fn bytes_that_are_not_utf8_are_reported_with_their_line() {
    let job = job(&[("a", ValueKind::Text)]);
    let host = host(&job).source("a.csv", b"a,b\n1,2\n3,\xE9\n".to_vec());
    let fault = load_all::<TableLoader>(&job, 100, &host).unwrap_err();
    assert_eq!(
        fault,
        Fault::from(FaultCode::InvalidUtf8).in_source(0).at_line(3)
    );
}

#[test]
fn several_files_are_one_table_if_they_have_one_header() {
    let job = job(&[("a", ValueKind::Integer)]);
    let both = host(&job)
        .source("1.csv", "a,b\n1,x\n")
        .source("2.csv", "a,b\n2,y\n3,z");
    assert_eq!(load_all::<TableLoader>(&job, 1, &both).unwrap().records, 3);
    let rows = both.table("t").unwrap();
    assert_eq!(
        rows.column(0).as_primitive::<Int64Type>().values(),
        &[1, 2, 3]
    );
    let other = host(&job)
        .source("1.csv", "a,b\n1,x\n")
        .source("2.csv", "b,a\ny,2\n");
    let fault = load_all::<TableLoader>(&job, 1, &other).unwrap_err();
    assert_eq!((fault.code, fault.source), (FaultCode::Malformed, Some(1)));
}

#[test]
fn parameters_and_jobs_that_make_no_sense_are_faults() {
    let mut wrong = job(&[("a", ValueKind::Text)]);
    wrong.params = vec![param_text("delimitre", ";")];
    assert_eq!(fault(&wrong, "a\n1\n").code, FaultCode::UnknownParameter);
    let mut two = job(&[("a", ValueKind::Text)]);
    two.tables.push(two.tables[0].clone());
    assert_eq!(fault(&two, "a\n1\n").code, FaultCode::MissingInput);
    let none = job(&[("a", ValueKind::Text)]);
    let nothing = load_all::<TableLoader>(&none, 1, &host(&none)).unwrap_err();
    assert_eq!(nothing.code, FaultCode::MissingInput);
}

#[test]
fn a_budget_that_is_used_up_is_a_fault() {
    let job = job(&[("a", ValueKind::Text)]);
    let narrow = host(&job)
        .source("a.csv", "a\n1\n2\n")
        .budget(LoaderBudget {
            rows: 1,
            ..LoaderBudget::default()
        });
    let fault = load_all::<TableLoader>(&job, 100, &narrow).unwrap_err();
    assert_eq!(fault.code, FaultCode::HostRefused);
}

#[test]
fn a_large_file_is_read_in_pieces() {
    let job = job(&[("n", ValueKind::Integer), ("text", ValueKind::Text)]);
    let mut text = String::from("n,text\r\n");
    for n in 0..120_000 {
        text.push_str(&format!("{n},\"line one of {n}\r\nline two\"\r\n"));
    }
    let host = host(&job).source("a.csv", text);
    let summary = load_all::<TableLoader>(&job, 1 << 20, &host).unwrap();
    assert_eq!(summary.records, 120_000);
    assert!(host.largest_read() <= 1 << 20);
    let rows = host.table("t").unwrap();
    let numbers = rows.column(0).as_primitive::<Int64Type>();
    assert!(numbers.values().iter().copied().eq(0..120_000));
    assert_eq!(
        rows.column(1).as_string::<i32>().value(119_999),
        "line one of 119999\r\nline two"
    );
}
