//! The real file: Diabetes 130-US hospitals (UCI 296), 101,766 encounters.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr
)]

mod common;

use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::Instant;

use arrow_array::Array;
use arrow_array::cast::AsArray;
use arrow_array::types::Int64Type;
use autods_sdk::loader::{FaultCode, Job, Loader, Shard, ValueKind};
use autods_sdk::testkit::load_all;
use common::{column, host, job};
use loader_table::TableLoader;

/// `$AUTODS_DATA`, or `shared/data` beside the checkout.
fn data() -> PathBuf {
    std::env::var_os("AUTODS_DATA").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"),
        PathBuf::from,
    )
}

fn encounters() -> Option<Vec<u8>> {
    let path = data().join("ehr/diabetes130/diabetic_data.csv.gz");
    let Ok(packed) = std::fs::read(&path) else {
        eprintln!(
            "SKIPPED: {} is not there; set AUTODS_DATA to the data folder to run this test",
            path.display()
        );
        return None;
    };
    let mut text = Vec::new();
    flate2::read::MultiGzDecoder::new(packed.as_slice())
        .read_to_end(&mut text)
        .unwrap();
    Some(text)
}

fn dictionary() -> Job {
    let mut job = job(&[
        ("encounter_id", ValueKind::Identifier),
        ("patient_nbr", ValueKind::Identifier),
        ("race", ValueKind::Category),
        ("age", ValueKind::Ordinal),
        ("weight", ValueKind::Ordinal),
        ("time_in_hospital", ValueKind::Integer),
        ("num_lab_procedures", ValueKind::Number),
        ("diag_1", ValueKind::Category),
        ("readmitted", ValueKind::Category),
    ]);
    job.tables[0].missing = vec!["?".to_owned()];
    job
}

#[test]
fn the_real_file_has_its_known_counts() {
    let Some(text) = encounters() else { return };
    let job = dictionary();
    let host = host(&job).source("diabetic_data.csv", text);
    let start = Instant::now();
    let summary = load_all::<TableLoader>(&job, 4 << 20, &host).unwrap();
    eprintln!("loaded in {:?}", start.elapsed());
    assert_eq!((summary.records, summary.undeclared_columns), (101_766, 41));
    let rows = host.table("t").unwrap();
    let missing = |name: &str| rows.column_by_name(name).unwrap().null_count();
    // as the data set's authors give them: 2 % of race, 97 % of weight
    assert_eq!(
        (missing("race"), missing("weight"), missing("diag_1")),
        (2273, 98_569, 21)
    );
    let readmitted = rows
        .column_by_name("readmitted")
        .unwrap()
        .as_string::<i32>();
    assert_eq!(
        readmitted
            .iter()
            .flatten()
            .filter(|code| *code == "<30")
            .count(),
        11_357
    );
    let stay = rows
        .column_by_name("time_in_hospital")
        .unwrap()
        .as_primitive::<Int64Type>();
    assert_eq!(stay.values().iter().sum::<i64>(), 447_362);
}

#[test]
fn shards_of_the_real_file_give_the_rows_of_the_whole() {
    let Some(text) = encounters() else { return };
    let job = dictionary();
    let whole = host(&job).source("a.csv", text.clone());
    load_all::<TableLoader>(&job, u64::MAX, &whole).unwrap();
    let parts = host(&job).source("a.csv", text);
    let shards: Vec<Shard> = TableLoader::plan(&job, 777_777, &parts).unwrap();
    assert_eq!(shards.len(), 25);
    for shard in &shards {
        TableLoader::load(&job, shard, &parts).unwrap();
    }
    assert_eq!(whole.table("t"), parts.table("t"));
}

#[test]
fn a_code_that_the_dictionary_forgot_is_found_in_the_real_file() {
    let Some(text) = encounters() else { return };
    let mut job = dictionary();
    column(&mut job, 2).codings = common::codings(3);
    let host = host(&job).source("a.csv", text);
    let fault = load_all::<TableLoader>(&job, u64::MAX, &host).unwrap_err();
    assert_eq!(
        (fault.code, fault.line, fault.column),
        (FaultCode::UnknownCode, Some(2), Some(2))
    );
}
