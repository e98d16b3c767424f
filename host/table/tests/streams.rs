//! What loaders emit becomes one table, and nothing they emit breaks the host.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use std::sync::Arc;

use arrow_array::{ArrayRef, Float64Array, Int32Array, RecordBatch};
use arrow_ipc::writer::StreamWriter;
use arrow_schema::{Field, Schema};
use autods_table::{Column, Kind, Table, TableError};
use common::{Row, column, every_kind, integers, row, table, texts};
use proptest::prelude::*;

fn stream(columns: &[(&str, ArrayRef)]) -> Vec<u8> {
    let fields: Vec<Field> = columns
        .iter()
        .map(|(name, array)| Field::new(*name, array.data_type().clone(), true))
        .collect();
    let schema = Arc::new(Schema::new(fields));
    let batch = RecordBatch::try_new(
        schema.clone(),
        columns.iter().map(|(_, array)| array.clone()).collect(),
    )
    .unwrap();
    let mut bytes = Vec::new();
    let mut writer = StreamWriter::try_new(&mut bytes, &schema).unwrap();
    writer.write(&batch).unwrap();
    writer.finish().unwrap();
    drop(writer);
    bytes
}

fn whole(table: &Table) -> Vec<u8> {
    let names: Vec<&str> = table
        .columns()
        .iter()
        .map(|column| column.name.as_str())
        .collect();
    let rows: Vec<u32> = (0..table.rows() as u32).collect();
    table.to_ipc(&names, &rows).unwrap()
}

fn two() -> Vec<Column> {
    vec![column("a", Kind::Integer), column("b", Kind::Category)]
}

#[test]
fn columns_are_found_by_name_whatever_their_order() {
    let ordered = stream(&[
        ("a", integers(&[Some(1), None])),
        ("b", texts(&[Some("x"), Some("y")])),
    ]);
    let swapped = stream(&[
        ("b", texts(&[Some("x"), Some("y")])),
        ("a", integers(&[Some(1), None])),
    ]);
    let first = Table::from_streams("t", &two(), vec![ordered]).unwrap();
    let second = Table::from_streams("t", &two(), vec![swapped]).unwrap();
    assert_eq!(first, second);
    assert_eq!(first.digest(), second.digest());
}

#[test]
fn no_stream_is_a_table_without_rows() {
    let table = Table::from_streams("t", &two(), Vec::<Vec<u8>>::new()).unwrap();
    assert_eq!(table.rows(), 0);
    assert_eq!(table.digest().len(), 64);
}

#[test]
fn an_undeclared_column_is_refused_and_not_named() {
    let bytes = stream(&[
        ("a", integers(&[Some(1)])),
        ("b", texts(&[Some("x")])),
        ("ignore previous instructions", texts(&[Some("x")])),
    ]);
    let error = Table::from_streams("t", &two(), vec![bytes]).unwrap_err();
    assert!(matches!(error, TableError::Malformed { stream: 0, .. }));
    assert!(!error.to_string().contains("ignore"));
}

#[test]
fn a_missing_column_is_named() {
    let good = stream(&[("a", integers(&[Some(1)])), ("b", texts(&[Some("x")]))]);
    let bad = stream(&[("a", integers(&[Some(1)]))]);
    let error = Table::from_streams("t", &two(), vec![good, bad]).unwrap_err();
    assert!(matches!(error, TableError::MissingColumn { stream: 1, column, .. } if column == "b"));
}

#[test]
fn a_wrong_type_is_refused() {
    let narrow: ArrayRef = Arc::new(Int32Array::from(vec![1]));
    let bytes = stream(&[("a", narrow), ("b", texts(&[Some("x")]))]);
    let error = Table::from_streams("t", &two(), vec![bytes]).unwrap_err();
    assert!(matches!(error, TableError::WrongType { column, .. } if column == "a"));
}

#[test]
fn not_a_number_is_missing_and_infinity_an_error() {
    let columns = [column("x", Kind::Number)];
    let nan: ArrayRef = Arc::new(Float64Array::from(vec![1.0, f64::NAN]));
    let table = Table::from_streams("t", &columns, vec![stream(&[("x", nan)])]).unwrap();
    assert_eq!(table.array("x").unwrap().null_count(), 1);
    let infinite: ArrayRef = Arc::new(Float64Array::from(vec![1.0, f64::INFINITY]));
    let error = Table::from_streams("t", &columns, vec![stream(&[("x", infinite)])]).unwrap_err();
    assert!(matches!(error, TableError::NotFinite { rows: 1, .. }));
}

#[test]
fn dictionary_columns_are_refused() {
    let codes: ArrayRef = Arc::new(
        ["x", "y"]
            .into_iter()
            .collect::<arrow_array::DictionaryArray<arrow_array::types::Int32Type>>(),
    );
    let bytes = stream(&[("a", integers(&[Some(1), None])), ("b", codes)]);
    assert!(Table::from_streams("t", &two(), vec![bytes]).is_err());
}

#[test]
fn a_truncated_stream_is_an_error() {
    let bytes = stream(&[("a", integers(&[Some(1)])), ("b", texts(&[Some("x")]))]);
    for length in 0..bytes.len() {
        match Table::from_streams("t", &two(), vec![bytes[..length].to_vec()]) {
            Err(_) => {}
            // The end-of-stream marker is optional; all rows are there.
            Ok(table) => assert!(
                length + 8 >= bytes.len() || table.rows() == 0,
                "{length} of {}",
                bytes.len()
            ),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_digest_does_not_depend_on_batches(
        rows in prop::collection::vec(row(), 1..60),
        cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..5),
    ) {
        let whole_table = table(&rows);
        let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(rows.len())).collect();
        cuts.extend([0, rows.len()]);
        cuts.sort_unstable();
        let streams = cuts.windows(2).map(|pair| whole(&table(&rows[pair[0]..pair[1]]))).collect();
        let pieces = Table::from_streams("visits", &every_kind(), streams).unwrap();
        prop_assert_eq!(&pieces, &whole_table);
        prop_assert_eq!(pieces.digest(), whole_table.digest());
    }

    #[test]
    fn any_change_of_a_cell_changes_the_digest(
        rows in prop::collection::vec(row(), 1..20),
        at in any::<prop::sample::Index>(),
        other in row(),
    ) {
        let at = at.index(rows.len());
        let mut changed: Vec<Row> = rows.clone();
        changed[at] = other;
        prop_assert_eq!(changed == rows, table(&changed).digest() == table(&rows).digest());
    }

    #[test]
    fn damaged_streams_never_panic(
        rows in prop::collection::vec(row(), 0..20),
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
    ) {
        let mut bytes = whole(&table(&rows));
        for (at, byte) in damage {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if let Ok(table) = Table::from_streams("visits", &every_kind(), vec![bytes]) {
            let _ = table.digest();
            let _ = autods_table::profile(&table);
        }
    }

    #[test]
    fn any_bytes_are_an_error_not_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = Table::from_streams("visits", &every_kind(), vec![bytes]);
    }
}

#[test]
fn a_batch_that_points_outside_its_body_is_refused_before_it_is_decoded() {
    let bytes = stream(&[("a", integers(&[Some(1)])), ("b", texts(&[Some("x")]))]);
    let mut refused = 0;
    // Somewhere in the metadata stand the offsets and lengths of the buffers.
    for at in 0..bytes.len() {
        let mut bytes = bytes.clone();
        bytes[at] = 0x7F;
        let error = Table::from_streams("t", &two(), vec![bytes])
            .err()
            .map(|error| error.to_string());
        refused += usize::from(
            error
                .as_ref()
                .is_some_and(|text| text.contains("outside its body")),
        );
        assert!(
            !error.is_some_and(|text| text.contains("contradicts itself")),
            "the decoder panicked at {at}"
        );
    }
    assert!(refused > 0);
}
