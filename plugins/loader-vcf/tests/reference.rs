//! Real files, beside what cyvcf2 reads in them (`reference.py`, `reference.json`).
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::cast_precision_loss
)]

mod common;

use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int64Type};
use arrow_array::{Array, RecordBatch};
use autods_sdk::loader::{Job, ValueKind};
use autods_sdk::params::{param_flag, param_text};
use autods_sdk::testkit::{MemoryHost, load_all};
use common::{file, host, job};
use loader_vcf::VcfLoader;
use serde_json::Value;

fn loaded(job: &Job, text: &[u8]) -> (RecordBatch, MemoryHost) {
    let host = host(job).source("a.vcf", text);
    if let Err(fault) = load_all::<VcfLoader>(job, 50_000, &host) {
        panic!("{fault:?}: {:?}", host.messages());
    }
    (host.table("t").unwrap(), host)
}

fn whole(table: &RecordBatch, name: &str) -> u64 {
    let column = table.column_by_name(name).unwrap();
    let values = column.as_primitive::<Int64Type>().iter().flatten();
    values.sum::<i64>().try_into().unwrap()
}

fn number(table: &RecordBatch, name: &str) -> f64 {
    let column = table.column_by_name(name).unwrap();
    column.as_primitive::<Float64Type>().iter().flatten().sum()
}

fn files() -> Vec<(String, Value)> {
    let reference: Value = serde_json::from_str(include_str!("reference.json")).unwrap();
    let files = reference["files"].as_object().unwrap().clone();
    assert_eq!(files.len(), 10);
    files.into_iter().collect()
}

#[test]
fn sites_are_those_of_the_reference() {
    let columns = [
        ("pos", ValueKind::Integer),
        ("n-called", ValueKind::Integer),
        ("n-samples", ValueKind::Integer),
        ("allele-count", ValueKind::Integer),
        ("allele-number", ValueKind::Integer),
        ("allele-frequency", ValueKind::Number),
        ("call-rate", ValueKind::Number),
        ("heterozygosity", ValueKind::Number),
    ];
    let job = job(&columns, Vec::new());
    for (path, expected) in files() {
        let Some(text) = file(&path) else { continue };
        let (table, host) = loaded(&job, &text);
        let records = expected["records"].as_u64().unwrap();
        let samples = expected["samples"].as_u64().unwrap();
        let found = [
            ("records", table.num_rows() as u64),
            ("positions", whole(&table, "pos")),
            ("called", whole(&table, "n-called")),
            ("allele_count", whole(&table, "allele-count")),
            ("allele_number", whole(&table, "allele-number")),
            ("missing", host.total("genotypes-missing") as u64),
            ("snvs", host.total("snvs") as u64),
            ("indels", host.total("indels") as u64),
            ("transitions", host.total("transitions") as u64),
            ("multiallelic", host.total("multiallelic") as u64),
            ("passed", host.total("pass-records") as u64),
        ];
        for (name, found) in found {
            assert_eq!(Some(found), expected[name].as_u64(), "{path}: {name}");
        }
        assert_eq!(
            host.total("genotypes"),
            (records * samples) as f64,
            "{path}"
        );
        assert_eq!(whole(&table, "n-samples"), records * samples, "{path}");
        for (name, found) in [
            ("frequency", number(&table, "allele-frequency")),
            ("call_rate", number(&table, "call-rate")),
            ("heterozygosity", number(&table, "heterozygosity")),
        ] {
            let expected = expected[name].as_f64().unwrap();
            assert!(
                (found - expected).abs() < 1e-9,
                "{path}: {name} {found} {expected}"
            );
        }
    }
}

#[test]
fn dosages_are_those_of_the_reference() {
    let columns = [
        ("sample", ValueKind::Identifier),
        ("dosage", ValueKind::Integer),
    ];
    let job = job(&columns, vec![param_text("rows", "genotypes")]);
    for (path, expected) in files() {
        let Some(text) = file(&path) else { continue };
        let (table, _) = loaded(&job, &text);
        let dosages = table.column_by_name("dosage").unwrap();
        // the same digest as in reference.py: a missing dosage counts as 3
        let digest = dosages
            .as_primitive::<Int64Type>()
            .iter()
            .map(|dosage| dosage.map_or(3, |dosage| u128::try_from(dosage).unwrap()))
            .fold(0, |digest, dosage| (digest * 5 + dosage) % ((1 << 61) - 1));
        assert_eq!(
            Some(digest),
            expected["digest"].as_u64().map(u128::from),
            "{path}"
        );
    }
}

#[test]
fn splitting_keeps_the_alleles_of_a_site() {
    let columns = [
        ("alt", ValueKind::Text),
        ("allele-count", ValueKind::Integer),
    ];
    let job = job(&columns, vec![param_flag("split", true)]);
    for (path, expected) in files() {
        let Some(text) = file(&path) else { continue };
        let (table, _) = loaded(&job, &text);
        let count = expected["allele_count"].as_u64();
        assert_eq!(Some(whole(&table, "allele-count")), count, "{path}");
        assert!(table.num_rows() as u64 >= expected["records"].as_u64().unwrap());
    }
}

#[test]
fn a_site_with_33_alternate_alleles_is_split() {
    let job = job(
        &[("variant", ValueKind::Text)],
        vec![param_flag("split", true)],
    );
    let Some(text) = file("vcf/hail_small/33alleles.vcf") else {
        return;
    };
    let (table, _) = loaded(&job, &text);
    assert_eq!((table.num_rows(), table.column(0).null_count()), (33, 0));
}
