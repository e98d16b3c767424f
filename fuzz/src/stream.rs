//! Arrow IPC streams of a plugin.
//!
//! Promise: the host checks messages and values itself; a stream that it accepts is accepted by the
//! Arrow reader with its full validation, has exactly the columns of the job, with their types, and
//! as many rows as were counted; and every value of it can be read.

use std::sync::Arc;

use arrow_array::{
    Array, ArrayRef, BooleanArray, Date32Array, Float32Array, Float64Array, Int64Array,
    RecordBatch, StringArray, TimestampMicrosecondArray,
};
use arrow_ipc::{reader::StreamReader, writer::StreamWriter};
use arrow_schema::{DataType, TimeUnit};
use autods_sandbox::{Storage, fuzzing};

const ROWS: u64 = 10_000;
const COLUMNS: u64 = 16;
const KINDS: [(&str, Storage); 7] = [
    ("b", Storage::Boolean),
    ("i", Storage::Int64),
    ("e", Storage::Float32),
    ("f", Storage::Float64),
    ("s", Storage::Utf8),
    ("d", Storage::Date32),
    ("t", Storage::TimestampMicros),
];

/// The first byte says which columns the job has, one bit each; the rest is the stream.
pub fn run(input: &[u8]) {
    let Some((mask, stream)) = input.split_first() else {
        return;
    };
    let wanted: Vec<(String, Storage)> = chosen(*mask)
        .map(|(name, storage)| (name.to_owned(), storage))
        .collect();
    let Ok(rows) = fuzzing::stream(stream, ROWS, COLUMNS, &wanted) else {
        return;
    };
    assert!(rows <= ROWS);
    assert_eq!(fuzzing::rows(stream), Ok(rows));
    let reader = StreamReader::try_new(stream, None).expect("it was accepted");
    let schema = reader.schema();
    assert_eq!(schema.fields().len(), wanted.len());
    for (field, (name, storage)) in schema.fields().iter().zip(&wanted) {
        assert_eq!(field.name(), name);
        assert_eq!(field.data_type(), &data_type(*storage));
    }
    let mut found = 0;
    for batch in reader {
        let batch = batch.expect("it was accepted");
        found += batch.num_rows() as u64;
        for column in batch.columns() {
            read(column);
        }
    }
    assert_eq!(found, rows, "other rows were counted than there are");
}

fn chosen(mask: u8) -> impl Iterator<Item = (&'static str, Storage)> {
    KINDS
        .into_iter()
        .enumerate()
        .filter(move |(bit, _)| mask >> bit & 1 == 1)
        .map(|(_, kind)| kind)
}

fn data_type(storage: Storage) -> DataType {
    match storage {
        Storage::Boolean => DataType::Boolean,
        Storage::Int64 => DataType::Int64,
        Storage::Float32 => DataType::Float32,
        Storage::Float64 => DataType::Float64,
        Storage::Utf8 => DataType::Utf8,
        Storage::Date32 => DataType::Date32,
        Storage::TimestampMicros => DataType::Timestamp(TimeUnit::Microsecond, None),
    }
}

/// Reads every value.
fn read(column: &ArrayRef) {
    column
        .to_data()
        .validate_full()
        .expect("an accepted column is valid");
    if let Some(texts) = column.as_any().downcast_ref::<StringArray>() {
        for text in texts.iter().flatten() {
            assert!(std::str::from_utf8(text.as_bytes()).is_ok());
        }
    }
    let nulls = (0..column.len()).filter(|row| column.is_null(*row)).count();
    assert_eq!(nulls, column.null_count());
}

/// A stream of each single kind, of all, of none, and without rows.
pub fn seeds() -> Vec<Vec<u8>> {
    let masks = (0..7).map(|bit| 1 << bit).chain([0b111_1111, 0b001_0010]);
    masks
        .flat_map(|mask| {
            [0_usize, 1, 9].map(|rows| {
                let stream = stream(mask, rows);
                let wanted: Vec<(String, Storage)> = chosen(mask)
                    .map(|(name, storage)| (name.to_owned(), storage))
                    .collect();
                fuzzing::stream(&stream, ROWS, COLUMNS, &wanted).expect("an honest stream");
                [vec![mask], stream].concat()
            })
        })
        .collect()
}

fn stream(mask: u8, rows: usize) -> Vec<u8> {
    let some = |row: usize| row % 3 != 1;
    let numbers = || (0..rows).map(move |row| some(row).then_some(row as i64));
    let columns = chosen(mask).map(|(name, storage)| {
        let column: ArrayRef = match storage {
            Storage::Boolean => Arc::new(
                (0..rows)
                    .map(|row| some(row).then_some(row % 2 == 0))
                    .collect::<BooleanArray>(),
            ),
            Storage::Int64 => Arc::new(numbers().collect::<Int64Array>()),
            Storage::Float32 => Arc::new(
                (0..rows)
                    .map(|row| some(row).then_some(row as f32))
                    .collect::<Float32Array>(),
            ),
            Storage::Float64 => Arc::new(
                (0..rows)
                    .map(|row| Some(row as f64))
                    .collect::<Float64Array>(),
            ),
            Storage::Utf8 => Arc::new(
                (0..rows)
                    .map(|row| some(row).then(|| format!("é{row}")))
                    .collect::<StringArray>(),
            ),
            Storage::Date32 => Arc::new(
                (0..rows)
                    .map(|row| some(row).then_some(row as i32))
                    .collect::<Date32Array>(),
            ),
            Storage::TimestampMicros => Arc::new(numbers().collect::<TimestampMicrosecondArray>()),
        };
        (name, column)
    });
    let batch = RecordBatch::try_from_iter(columns).expect("columns of one length");
    let mut writer = StreamWriter::try_new(Vec::new(), &batch.schema()).expect("writing to memory");
    writer.write(&batch).expect("writing to memory");
    writer.write(&batch).expect("writing to memory");
    writer.finish().expect("writing to memory");
    writer.into_inner().expect("writing to memory")
}
