//! Real exports against an independent reading of them (`reference/expected.py`).
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr
)]

mod common;

use std::collections::{BTreeMap, BTreeSet};

use arrow_array::cast::AsArray;
use arrow_array::types::Float64Type;
use arrow_array::{Array, RecordBatch};
use autods_sdk::loader::{Job, ValueKind};
use autods_sdk::testkit::{MemoryHost, load_all};
use common::{ENCOUNTER, EVENT, PATIENT, data, files, host, job};
use loader_fhir::FhirLoader;
use serde_json::Value;

fn expected(folder: &str) -> Value {
    let all: Value = serde_json::from_str(include_str!("reference/expected.json")).unwrap();
    all[folder].clone()
}

/// Everything in a folder, read as a table; `None` where the folder is not there.
fn load(folder: &str, job: &Job, shard_bytes: u64) -> Option<(MemoryHost, RecordBatch)> {
    let files = files(&data(folder)?);
    let sources = files.into_iter();
    let host = sources.fold(host(job), |host, (name, bytes)| host.source(&name, bytes));
    load_all::<FhirLoader>(job, shard_bytes, &host).unwrap();
    let rows = host.table("t").unwrap();
    Some((host, rows))
}

fn texts<'r>(rows: &'r RecordBatch, name: &str) -> Vec<Option<&'r str>> {
    let column = rows.column_by_name(name).unwrap().as_string::<i32>();
    column.iter().collect()
}

fn counts(rows: &RecordBatch, name: &str) -> BTreeMap<String, u64> {
    let mut counts = BTreeMap::new();
    for text in texts(rows, name).into_iter().flatten() {
        *counts.entry(text.to_owned()).or_default() += 1;
    }
    counts
}

fn as_counts(value: &Value) -> BTreeMap<String, u64> {
    serde_json::from_value(value.clone()).unwrap()
}

#[test]
fn events_are_those_that_another_reader_counts_and_sums() {
    for folder in ["bulk_synthea_10", "synthea_cohort"] {
        let job = job("event", EVENT);
        let Some((host, rows)) = load(folder, &job, 100_000) else {
            return;
        };
        let expected = expected(folder);
        assert_eq!(counts(&rows, "kind"), as_counts(&expected["kinds"]));
        assert_eq!(
            host.total("resources"),
            expected["resources"].as_f64().unwrap()
        );
        assert_eq!(
            host.total("references"),
            expected["references"].as_f64().unwrap()
        );
        assert_eq!(host.total("rows"), rows.num_rows() as f64);
        let persons: BTreeSet<_> = texts(&rows, "person").into_iter().collect();
        assert!(!persons.contains(&None));
        assert_eq!(persons.len() as u64, expected["persons"].as_u64().unwrap());

        let numbers = rows.column_by_name("value-number").unwrap();
        let numbers = numbers.as_primitive::<Float64Type>();
        let mut sums: BTreeMap<&str, (u64, f64)> = BTreeMap::new();
        let keys = texts(&rows, "kind").into_iter().zip(texts(&rows, "code"));
        for ((kind, code), number) in keys.zip(numbers) {
            if let (Some("observation"), Some(code), Some(number)) = (kind, code, number) {
                let (count, sum) = sums.entry(code).or_default();
                *count += 1;
                *sum += number;
            }
        }
        assert_eq!(
            sums.len(),
            expected["value-sums"].as_object().unwrap().len()
        );
        for (code, (count, sum)) in sums {
            let reference = expected["value-sums"][code].as_f64().unwrap();
            assert!(
                (sum - reference).abs() <= 1e-9 * reference.abs().max(1.0),
                "{code}"
            );
            assert_eq!(
                Some(count),
                expected["value-counts"][code].as_u64(),
                "{code}"
            );
        }
    }
}

#[test]
fn patients_and_encounters_are_those_that_another_reader_counts() {
    for folder in ["bulk_synthea_10", "synthea_cohort"] {
        let patients = job("patient", PATIENT);
        let Some((_, rows)) = load(folder, &patients, u64::MAX) else {
            return;
        };
        let expected = expected(folder);
        assert_eq!(counts(&rows, "gender"), as_counts(&expected["genders"]));
        assert_eq!(counts(&rows, "race"), as_counts(&expected["races"]));
        let deceased = rows.column_by_name("deceased").unwrap().as_boolean();
        assert_eq!(
            deceased.true_count() as u64,
            expected["deceased"].as_u64().unwrap()
        );
        assert_eq!(rows.column_by_name("birth-date").unwrap().null_count(), 0);
        let encounters = job("encounter", ENCOUNTER);
        let (_, rows) = load(folder, &encounters, u64::MAX).unwrap();
        assert_eq!(counts(&rows, "class"), as_counts(&expected["classes"]));
        assert!(texts(&rows, "patient").iter().all(Option::is_some));
        assert_eq!(rows.column_by_name("start").unwrap().null_count(), 0);
    }
}

#[test]
fn a_bundle_gives_its_patient_and_resolves_within_itself() {
    let columns = [("id", ValueKind::Identifier)];
    let Some((host, patients)) = load("synthea_bundles", &job("patient", &columns), 1) else {
        return;
    };
    assert_eq!(patients.num_rows(), 12);
    assert_eq!(host.total("unresolved-in-bundle"), 0.0);
    assert_eq!(host.total("findings-error"), 0.0);
    let (_, events) = load("synthea_bundles", &job("event", EVENT), 1).unwrap();
    let ids: BTreeSet<_> = texts(&patients, "id").into_iter().collect();
    let persons: BTreeSet<_> = texts(&events, "person").into_iter().collect();
    assert_eq!(persons, ids);
    let kinds = counts(&events, "kind");
    assert!(kinds.contains_key("claim") && kinds.contains_key("diagnostic-report"));
}

#[test]
fn the_cohort_is_valid() {
    let columns = [("id", ValueKind::Identifier)];
    let Some((host, _)) = load("synthea_cohort", &job("event", &columns), 8 << 20) else {
        return;
    };
    assert_eq!(host.total("findings-error"), 0.0);
}
