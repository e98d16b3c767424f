//! Parquet, beside the same records in CSV (`parquet/make.py`).
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use std::sync::Mutex;

use autods_sdk::loader::{FaultCode, Job, Loader, ValueKind};
use autods_sdk::params::param_text;
use common::{EVENT, METRICS, columns_of, host, job, load};
use loader_omop::OmopLoader;
use proptest::prelude::*;

const CONDITIONS: &[u8] = include_bytes!("parquet/condition_occurrence.parquet");
const DRUGS: &[u8] = include_bytes!("parquet/drug_exposure.parquet");

const TABLES: [(&str, &str, &[u8]); 2] = [
    (
        "condition_occurrence",
        include_str!("parquet/condition_occurrence.csv"),
        CONDITIONS,
    ),
    (
        "drug_exposure",
        include_str!("parquet/drug_exposure.csv"),
        DRUGS,
    ),
];

fn dictionary(name: &str, csv: &str) -> Job {
    let columns = columns_of(name, csv);
    let columns: Vec<_> = columns
        .iter()
        .map(|(name, kind)| (name.as_str(), *kind))
        .collect();
    job(name, &columns, Vec::new())
}

#[test]
fn parquet_has_the_rows_and_counts_of_csv() {
    for (name, csv, parquet) in TABLES {
        let of_events = job("t", &EVENT, vec![param_text("rows", "events")]);
        for (job, table) in [(dictionary(name, csv), name), (of_events, "t")] {
            let (loaded, text) = load(&job, 5000, &[(&format!("{name}.csv"), csv.into())]);
            loaded.unwrap();
            assert_eq!(text.table(table).unwrap().num_rows(), 300);
            for shard_bytes in [1, 5000, u64::MAX] {
                let file = format!("{name}.parquet");
                let (loaded, host) = load(&job, shard_bytes, &[(&file, parquet.into())]);
                loaded.unwrap();
                assert_eq!(host.table(table), text.table(table), "{name} {shard_bytes}");
                for metric in METRICS {
                    assert_eq!(host.total(metric), text.total(metric), "{name} {metric}");
                }
            }
        }
    }
}

#[test]
fn a_file_is_cut_at_its_row_groups() {
    let (name, csv, parquet) = TABLES[0];
    let job = dictionary(name, csv);
    let host = host(&job).source("condition_occurrence.parquet", parquet);
    let shards = OmopLoader::plan(&job, 1, &host).unwrap();
    let rows: Vec<u64> = shards.iter().map(|shard| shard.first_line).collect();
    assert_eq!(rows, [1, 71, 141, 211, 281]);
    assert!(shards.is_sorted_by(|one, next| one.end <= next.start));
}

#[test]
fn a_fault_names_the_number_of_the_row() {
    let job = job(
        "condition_occurrence",
        &[("condition_source_value", ValueKind::Date)],
        Vec::new(),
    );
    let source = [("condition_occurrence.parquet", CONDITIONS.to_vec())];
    let fault = load(&job, 1, &source).0.unwrap_err();
    assert_eq!(fault.code, FaultCode::InvalidValue);
    assert_eq!(
        (fault.source, fault.line, fault.column),
        (Some(0), Some(1), Some(0))
    );
    let text = [(
        "condition_occurrence.parquet",
        b"no Parquet at all".to_vec(),
    )];
    let fault = load(&job, 1, &text).0.unwrap_err();
    assert_eq!((fault.code, fault.source), (FaultCode::Malformed, Some(0)));
}

#[test]
fn pages_that_cannot_be_inflated_are_a_fault_when_the_file_is_planned() {
    let zstandard = include_bytes!("parquet/zstandard.parquet");
    let job = job(
        "drug_exposure",
        &[("person_id", ValueKind::Integer)],
        Vec::new(),
    );
    let host = host(&job).source("drug_exposure.parquet", zstandard.as_slice());
    let fault = OmopLoader::plan(&job, 1, &host).unwrap_err();
    assert_eq!((fault.code, fault.source), (FaultCode::Malformed, Some(0)));
    let said = host.messages();
    assert_eq!(
        said,
        ["pages are compressed, and neither by Snappy nor by gzip"]
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn damaged_files_give_rows_or_a_fault_or_the_reader_of_pages_gives_up(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        is_drug in any::<bool>(),
    ) {
        let (name, csv, parquet) = TABLES[usize::from(is_drug)];
        let mut bytes = parquet.to_vec();
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        let job = dictionary(name, csv);
        let file = format!("{name}.parquet");
        match own_panics(|| load(&job, 1, &[(&file, bytes)]).0) {
            Ok(Err(fault)) => prop_assert_eq!(fault.source, Some(0)),
            Ok(Ok(())) => {}
            // the sandbox ends the call
            Err(place) => prop_assert!(place.contains("parquet-"), "{}", place),
        }
    }
}

/// What a call gives, or the file in which it panicked.
fn own_panics<T>(call: impl FnOnce() -> T) -> Result<T, String> {
    static PLACE: Mutex<String> = Mutex::new(String::new());
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _one = ONE_AT_A_TIME.lock().unwrap();
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(|place| place.file().to_owned());
        *PLACE.lock().unwrap() = place.unwrap_or_default();
    }));
    let given = std::panic::catch_unwind(std::panic::AssertUnwindSafe(call));
    std::panic::set_hook(before);
    given.map_err(|_| PLACE.lock().unwrap().clone())
}
