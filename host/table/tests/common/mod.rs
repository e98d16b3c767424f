//! Tables to test with.
#![allow(dead_code, reason = "each test file uses some of it")]

use std::sync::Arc;

use arrow_array::{
    ArrayRef, BooleanArray, Date32Array, Float64Array, Int64Array, StringArray,
    TimestampMicrosecondArray,
};
use autods_table::{Coding, Column, Kind, Table};
use proptest::prelude::*;

pub fn column(name: &str, kind: Kind) -> Column {
    Column {
        name: name.to_owned(),
        label: String::new(),
        kind,
        role: autods_table::Role::Predictor,
        available: autods_table::Availability::Unknown,
        sensitive: false,
        unit: None,
        codings: Vec::new(),
        missing: Vec::new(),
    }
}

pub fn coded(name: &str, codes: &[(&str, &str)]) -> Column {
    let codings = codes
        .iter()
        .map(|(code, label)| Coding {
            code: (*code).to_owned(),
            label: (*label).to_owned(),
        })
        .collect();
    Column {
        codings,
        ..column(name, Kind::Category)
    }
}

pub fn texts(values: &[Option<&str>]) -> ArrayRef {
    Arc::new(StringArray::from(values.to_vec()))
}

pub fn integers(values: &[Option<i64>]) -> ArrayRef {
    Arc::new(Int64Array::from(values.to_vec()))
}

/// One row of a table with a column of every stored type.
pub type Row = (
    Option<bool>,
    Option<i64>,
    Option<f64>,
    Option<String>,
    Option<i32>,
    Option<i64>,
);

pub fn row() -> impl Strategy<Value = Row> {
    (
        any::<Option<bool>>(),
        prop::option::of(-3_i64..3),
        prop::option::of(prop::num::f64::NORMAL | prop::num::f64::ZERO | prop::num::f64::SUBNORMAL),
        prop::option::of("[a-c\u{e9}]{0,3}"),
        any::<Option<i32>>(),
        any::<Option<i64>>(),
    )
}

pub fn every_kind() -> Vec<Column> {
    vec![
        column("flag", Kind::Boolean),
        column("whole", Kind::Integer),
        column("real", Kind::Number),
        coded(
            "code",
            &[("a", "first"), ("b", "second"), ("code", "label")],
        ),
        column("day", Kind::Date),
        column("moment", Kind::Datetime),
    ]
}

pub fn arrays(rows: &[Row]) -> Vec<ArrayRef> {
    vec![
        Arc::new(rows.iter().map(|row| row.0).collect::<BooleanArray>()),
        Arc::new(rows.iter().map(|row| row.1).collect::<Int64Array>()),
        Arc::new(rows.iter().map(|row| row.2).collect::<Float64Array>()),
        Arc::new(
            rows.iter()
                .map(|row| row.3.as_deref())
                .collect::<StringArray>(),
        ),
        Arc::new(rows.iter().map(|row| row.4).collect::<Date32Array>()),
        Arc::new(
            rows.iter()
                .map(|row| row.5)
                .collect::<TimestampMicrosecondArray>(),
        ),
    ]
}

pub fn table(rows: &[Row]) -> Table {
    Table::new("visits", every_kind(), arrays(rows)).unwrap()
}
