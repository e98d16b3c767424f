//! Tables to test with.
#![allow(dead_code, reason = "each test file uses some of it")]

use std::io::{Read, Write};
use std::path::PathBuf;
use std::sync::Arc;

use arrow_array::{ArrayRef, BooleanArray, Date32Array, Float64Array, Int64Array, StringArray};
use autods_table::{Availability, Column, Kind, Role, Table};

pub fn column(name: &str, kind: Kind) -> Column {
    Column {
        name: name.to_owned(),
        label: String::new(),
        kind,
        role: Role::Predictor,
        available: Availability::Unknown,
        sensitive: false,
        unit: None,
        codings: Vec::new(),
        missing: Vec::new(),
    }
}

pub fn role(name: &str, kind: Kind, role: Role) -> Column {
    Column {
        role,
        ..column(name, kind)
    }
}

/// A column of texts, read as its kind says; an empty text is missing.
pub fn array(kind: Kind, texts: &[&str]) -> ArrayRef {
    let present = |text: &&&str| !text.is_empty();
    let cells = || texts.iter().map(|text| Some(text).filter(present));
    match kind {
        Kind::Boolean => Arc::new(
            cells()
                .map(|cell| cell.map(|text| *text == "1" || *text == "true"))
                .collect::<BooleanArray>(),
        ),
        Kind::Integer => Arc::new(
            cells()
                .map(|cell| cell.map(|text| text.parse().unwrap()))
                .collect::<Int64Array>(),
        ),
        Kind::Number => Arc::new(
            cells()
                .map(|cell| cell.map(|text| text.parse().unwrap()))
                .collect::<Float64Array>(),
        ),
        Kind::Date => Arc::new(
            cells()
                .map(|cell| {
                    cell.map(|text| {
                        let epoch = jiff::civil::date(1970, 1, 1);
                        let date: jiff::civil::Date = text.parse().unwrap();
                        date.since(epoch).unwrap().get_days()
                    })
                })
                .collect::<Date32Array>(),
        ),
        Kind::Datetime => unimplemented!("no test reads one from text"),
        _ => Arc::new(cells().map(|cell| cell.copied()).collect::<StringArray>()),
    }
}

pub fn table(columns: Vec<Column>, texts: &[Vec<&str>]) -> Table {
    let arrays = columns
        .iter()
        .zip(texts)
        .map(|(column, texts)| array(column.kind, texts))
        .collect();
    Table::new("t", columns, arrays).unwrap()
}

/// One column and its values.
pub fn single(column: Column, texts: &[&str]) -> Table {
    table(vec![column], &[texts.to_vec()])
}

/// A file of the shared data, from `$AUTODS_DATA` or beside the checkout. Without it the test
/// says so and passes.
pub fn data(path: &str) -> Option<String> {
    let root = std::env::var_os("AUTODS_DATA").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"),
        PathBuf::from,
    );
    let path = root.join(path);
    let Ok(bytes) = std::fs::read(&path) else {
        // Past the capture of the test harness, so that nobody takes a skip for a pass.
        let _ = writeln!(
            std::io::stderr(),
            "SKIPPED: {} is not there; set AUTODS_DATA",
            path.display()
        );
        return None;
    };
    let mut text = String::new();
    if path.extension().is_some_and(|extension| extension == "gz") {
        flate2::read::GzDecoder::new(&bytes[..])
            .read_to_string(&mut text)
            .unwrap();
    } else {
        text = String::from_utf8(bytes).unwrap();
    }
    Some(text)
}

/// A table of a CSV file; the columns are what `declare` makes of the header.
pub fn read(csv: &str, missing: &str, declare: impl Fn(&str) -> Column) -> Table {
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let columns: Vec<Column> = reader.headers().unwrap().iter().map(declare).collect();
    let records: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let texts: Vec<Vec<&str>> = (0..columns.len())
        .map(|field| {
            records
                .iter()
                .map(|record| {
                    if record[field] == *missing {
                        ""
                    } else {
                        &record[field]
                    }
                })
                .collect()
        })
        .collect();
    table(columns, &texts)
}
