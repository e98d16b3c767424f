//! What a plugin can try with the rows that it puts out.

use std::collections::BTreeSet;
use std::sync::Arc;

use arrow_array::types::Int32Type;
use arrow_array::{
    Array, ArrayRef, DictionaryArray, Float32Array, Int32Array, Int64Array, LargeStringArray,
    ListArray, RecordBatch, StringArray,
};
use arrow_ipc::CompressionType;
use arrow_ipc::writer::IpcWriteOptions;
use arrow_schema::{Field, Schema};
use autods_sandbox::method::{self, OutputNames, TableData};
use autods_sandbox::{Budget, CallError, Flaw, Rejection, loader};

use crate::build::{DATA, Module, admit, applying, job, shard, sources, stream, write};

fn numbers(n: usize) -> ArrayRef {
    Arc::new(Int64Array::from_iter(
        (0..n).map(|i| (i % 3 > 0).then_some(i as i64)),
    ))
}

fn texts(n: usize) -> ArrayRef {
    Arc::new(StringArray::from_iter(
        (0..n).map(|i| (i % 2 > 0).then(|| format!("é{i}"))),
    ))
}

pub fn good(n: usize) -> Vec<u8> {
    stream(vec![("n", numbers(n)), ("t", texts(n))])
}

fn emit(stream: &[u8]) -> Result<u64, CallError> {
    let plugin = admit("loader", &Module::emitting(stream));
    let (output, usage) = loader::load(&plugin, &sources(), &job(), &shard())?;
    assert_eq!(output.tables["rows"], vec![stream.to_vec()]);
    assert_eq!(usage.bytes_out, stream.len() as u64);
    Ok(usage.rows_out)
}

fn flaw(stream: &[u8]) -> Flaw {
    match emit(stream).unwrap_err() {
        CallError::OutputRejected(Rejection::Stream { table: 0, flaw }) => flaw,
        other => panic!("{other}"),
    }
}

#[test]
fn a_stream_of_the_declared_columns_is_taken_as_it_is() {
    assert_eq!(emit(&good(100)), Ok(100));
    assert_eq!(emit(&good(0)), Ok(0));
}

#[test]
fn more_rows_than_the_budget_are_refused() {
    let error = emit(&good(101)).unwrap_err();
    assert_eq!(
        error,
        CallError::HostBudget {
            what: Budget::OutputRows,
            limit: 100
        }
    );
    // The budget is the call's, not the stream's.
    let mut twice = Module::emitting(&good(60));
    twice.second = twice.second.repeat(2);
    let error = loader::load(&admit("loader", &twice), &sources(), &job(), &shard()).unwrap_err();
    assert_eq!(
        error,
        CallError::HostBudget {
            what: Budget::OutputRows,
            limit: 100
        }
    );
}

#[test]
fn an_emit_that_was_refused_fails_the_call_even_if_the_plugin_goes_on() {
    // `emitting` ignores the answer and reports success.
    let mut module = Module::emitting(&good(3));
    module.second.push_str(&format!(
        "(call $emit (i32.const {DATA}) (i32.const 4) (i32.const 0) (i32.const 9) (i32.const 512))"
    ));
    let error = loader::load(&admit("loader", &module), &sources(), &job(), &shard()).unwrap_err();
    assert_eq!(error.code(), "output-rejected");
}

#[test]
fn too_many_streams_are_refused() {
    let mut many = Module::emitting(&good(1));
    many.second = many.second.repeat(6);
    let error = loader::load(&admit("loader", &many), &sources(), &job(), &shard()).unwrap_err();
    assert_eq!(
        error,
        CallError::HostBudget {
            what: Budget::OutputStreams,
            limit: 5
        }
    );
}

#[test]
fn a_table_that_nobody_asked_for_is_refused() {
    let module = Module::emitting_into("patients", &good(1));
    let error = loader::load(&admit("loader", &module), &sources(), &job(), &shard()).unwrap_err();
    assert_eq!(error, CallError::OutputRejected(Rejection::UnknownTable));
}

#[test]
fn columns_are_those_of_the_job_in_its_order() {
    assert_eq!(
        flaw(&stream(vec![("n", numbers(2)), ("smith", texts(2))])),
        Flaw::Undeclared { column: 1 }
    );
    assert_eq!(
        flaw(&stream(vec![("n", numbers(2))])),
        Flaw::Missing { column: 1 }
    );
    assert_eq!(
        flaw(&stream(vec![("t", texts(2)), ("n", numbers(2))])),
        Flaw::Missing { column: 0 }
    );
    assert_eq!(
        flaw(&stream(vec![
            ("n", numbers(2)),
            ("t", texts(2)),
            ("t", texts(2))
        ])),
        Flaw::Undeclared { column: 2 }
    );
}

#[test]
fn types_are_those_of_the_job() {
    let narrow: ArrayRef = Arc::new(Int32Array::from(vec![1, 2]));
    assert_eq!(
        flaw(&stream(vec![("n", narrow), ("t", texts(2))])),
        Flaw::WrongType { column: 0 }
    );
    let large: ArrayRef = Arc::new(LargeStringArray::from(vec!["a", "b"]));
    assert_eq!(
        flaw(&stream(vec![("n", numbers(2)), ("t", large)])),
        Flaw::WrongType { column: 1 }
    );
}

#[test]
fn dictionaries_and_nesting_are_refused() {
    let dictionary: ArrayRef = Arc::new(DictionaryArray::<Int32Type>::from_iter(["a", "b"]));
    assert_eq!(
        flaw(&stream(vec![("n", numbers(2)), ("t", dictionary)])),
        Flaw::Unsupported
    );
    let list: ArrayRef = Arc::new(ListArray::from_iter_primitive::<Int32Type, _, _>(vec![
        Some(vec![Some(1)]),
        None,
    ]));
    assert_eq!(
        flaw(&stream(vec![("n", numbers(2)), ("t", list)])),
        Flaw::Unsupported
    );
}

#[test]
fn compression_is_refused() {
    // Without rows there is nothing to compress, so the writer needs no codec to say that it does.
    let batch = RecordBatch::try_from_iter(vec![("n", numbers(0))]).unwrap();
    let options = IpcWriteOptions::default()
        .try_with_compression(Some(CompressionType::ZSTD))
        .unwrap();
    let plugin = admit("loader", &Module::emitting(&write(&batch, options)));
    let mut job = job();
    job.tables[0].columns.truncate(1);
    let error = loader::load(&plugin, &sources(), &job, &shard()).unwrap_err();
    let flaw = Flaw::Unsupported;
    assert_eq!(
        error,
        CallError::OutputRejected(Rejection::Stream { table: 0, flaw })
    );
}

#[test]
fn metadata_of_the_plugins_own_is_refused() {
    let note = std::collections::HashMap::from([("note".to_owned(), "smith".to_owned())]);
    let n = Field::new("n", arrow_schema::DataType::Int64, true);
    let t = Field::new("t", arrow_schema::DataType::Utf8, true);
    for schema in [
        Schema::new(vec![n.clone().with_metadata(note.clone()), t.clone()]),
        Schema::new_with_metadata(vec![n, t], note),
    ] {
        let batch = RecordBatch::try_new(Arc::new(schema), vec![numbers(2), texts(2)]).unwrap();
        assert_eq!(
            flaw(&write(&batch, IpcWriteOptions::default())),
            Flaw::Unsupported
        );
    }
}

#[test]
fn bytes_that_are_no_stream_are_refused() {
    let whole = good(9);
    for bytes in [
        b"".to_vec(),
        b"n,t\n1,x\n".to_vec(),
        vec![0xff; 64],
        [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f].to_vec(),
        [0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0].to_vec(),
        whole[..whole.len() - 40].to_vec(),
        [whole.clone(), whole.clone()].concat(),
        [whole.clone(), b"smith".to_vec()].concat(),
    ] {
        assert_eq!(flaw(&bytes), Flaw::Malformed, "{} bytes", bytes.len());
    }
}

#[test]
fn a_text_column_whose_offsets_or_bytes_lie_is_refused() {
    let whole = good(9);
    let text = "é1".as_bytes();
    let at = whole
        .windows(text.len())
        .position(|window| window == text)
        .unwrap();
    let mut latin = whole.clone();
    latin[at] = 0xff;
    assert_eq!(flaw(&latin), Flaw::Malformed);
    // The offsets 0, 0, 3, 3, … come before the text.
    let offsets = [0_i32, 0, 3, 3].map(i32::to_le_bytes).concat();
    let at = whole
        .windows(16)
        .position(|window| window == offsets)
        .unwrap();
    for lie in [-1, i32::MAX] {
        let mut bytes = whole.clone();
        bytes[at + 8..at + 12].copy_from_slice(&lie.to_le_bytes());
        assert_eq!(flaw(&bytes), Flaw::Malformed, "{lie}");
    }
}

fn apply(table: &str, stream: &[u8]) -> Result<u64, CallError> {
    let input = TableData {
        name: "rows".into(),
        stream: good(4),
    };
    let names = OutputNames {
        columns: BTreeSet::from(["n".to_owned(), "t".to_owned()]),
        levels: BTreeSet::from(["Up".to_owned()]),
    };
    let plugin = admit("method", &applying(table, stream));
    let (output, usage) = method::apply(&plugin, b"state", &[input], &names)?;
    assert_eq!(output[0].stream, stream);
    Ok(usage.rows_out)
}

fn floats(n: usize) -> ArrayRef {
    Arc::new(Float32Array::from_iter(
        (0..n).map(|i| (i > 0).then_some(i as f32)),
    ))
}

#[test]
fn a_method_gives_back_floats_under_known_names_row_for_row() {
    let output = stream(vec![
        ("n", floats(4)),
        ("n:missing", floats(4)),
        ("t=Up", floats(4)),
    ]);
    assert_eq!(apply("rows", &output), Ok(4));
}

#[test]
fn a_column_named_by_the_method_itself_is_refused() {
    for name in ["t=Smith", "MRN 4711", "n:Smith", "n "] {
        let output = stream(vec![("n", floats(4)), (name, floats(4))]);
        let error = apply("rows", &output).unwrap_err();
        assert_eq!(
            error,
            CallError::OutputRejected(Rejection::ColumnName { column: 1 }),
            "{name}"
        );
    }
    let twice = stream(vec![("n", floats(4)), ("n", floats(4))]);
    let error = apply("rows", &twice).unwrap_err();
    assert_eq!(
        error,
        CallError::OutputRejected(Rejection::ColumnName { column: 1 })
    );
}

#[test]
fn text_cannot_leave_a_method() {
    let error = apply("rows", &stream(vec![("t", texts(4))])).unwrap_err();
    let flaw = Flaw::WrongType { column: 0 };
    assert_eq!(
        error,
        CallError::OutputRejected(Rejection::Stream { table: 0, flaw })
    );
}

#[test]
fn another_number_of_rows_is_refused() {
    for n in [0, 3, 5] {
        let error = apply("rows", &stream(vec![("n", floats(n))])).unwrap_err();
        let rejection = Rejection::RowCount {
            expected: 4,
            found: n as u64,
        };
        assert_eq!(error, CallError::OutputRejected(rejection));
    }
}

#[test]
fn a_table_that_was_not_handed_in_is_refused() {
    let error = apply("other", &stream(vec![("n", floats(4))])).unwrap_err();
    assert_eq!(error, CallError::OutputRejected(Rejection::UnknownTable));
    let nothing = admit("method", &Module::default());
    let error = method::apply(&nothing, &[], &[], &OutputNames::default()).unwrap_err();
    assert_eq!(error, CallError::OutputRejected(Rejection::UnknownTable));
}

#[test]
fn a_state_larger_than_the_policy_is_refused() {
    let state = Module::first(
        "(drop (memory.grow (i32.const 60))) (i32.store (i32.const 1036) (i32.const 1048577))",
    );
    let recipe = method::Recipe {
        columns: vec![],
        outcome: None,
        inner_fold: None,
        params: vec![],
    };
    let plugin = admit("method", &state);
    let error = method::fit(&plugin, &[], &recipe, 1, &OutputNames::default()).unwrap_err();
    assert!(
        matches!(
            error,
            CallError::OutputRejected(Rejection::TooMany {
                key: "state-mib",
                ..
            })
        ),
        "{error}"
    );
}

#[test]
fn arrays_are_what_the_test_believes_they_are() {
    assert_eq!(numbers(4).null_count(), 2);
    assert_eq!(texts(4).null_count(), 2);
}
