//! Damaged files give rows or a fault: no panic, no endless loop, no unbounded memory.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use autods_sdk::loader::{FaultCode, Job, Loader, ValueKind};
use autods_sdk::params::param_text;
use autods_sdk::testkit::LoaderBudget;
use common::{VALUES, fixtures, host, job, try_load};
use loader_singlecell::SingleCellLoader;
use proptest::prelude::*;

/// A file of every format, with the columns that are wanted of its cells.
const FILES: &[(&[&str], &[&str])] = &[
    (
        &["old.h5ad"],
        &["barcode", "cell_type", "X_pca.2", "total_counts"],
    ),
    (&["old_text.h5ad"], &["barcode", "gene.MS4A1"]),
    (
        &["v07.h5ad"],
        &["barcode", "cell_type", "score", "gene.MS4A1"],
    ),
    (
        &["csr.h5ad"],
        &["barcode", "cell_type", "age", "note", "X_pca.2"],
    ),
    (&["v3.h5"], &["barcode", "pct_counts_mt", "gene.MS4A1"]),
    (&["v2.h5"], &["barcode", "pct_counts_mt"]),
    (
        &["v2.zarr.zip"],
        &["barcode", "cell_type", "age", "note", "X_pca.2"],
    ),
    (
        &["v3.zarr.zip"],
        &["barcode", "cell_type", "note", "gene.MS4A1"],
    ),
    (&["small.loom"], &["barcode", "n", "gene.MS4A1"]),
    (
        &["matrix.mtx", "barcodes.tsv", "features.tsv"],
        &["barcode", "gene.MS4A1"],
    ),
    (
        &["unsorted.mtx", "barcodes.tsv", "features.tsv"],
        &["barcode", "total_counts"],
    ),
];

/// What is done to a byte and those after it.
#[derive(Clone, Debug)]
enum Damage {
    Flip(u8),
    Word(u64),
    Cut,
}

fn damage() -> impl Strategy<Value = Vec<(prop::sample::Index, Damage)>> {
    let words = prop_oneof![
        Just(0),
        Just(u64::MAX),
        Just(1 << 40),
        Just(0x7fff_ffff_ffff_ffff),
        0_u64..70_000,
        any::<u64>()
    ];
    let damage = prop_oneof![
        8 => (1_u8..=255).prop_map(Damage::Flip),
        4 => words.prop_map(Damage::Word),
        1 => Just(Damage::Cut),
    ];
    prop::collection::vec((any::<prop::sample::Index>(), damage), 1..6)
}

fn damaged(bytes: &[u8], damage: &[(prop::sample::Index, Damage)]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for (at, damage) in damage {
        if bytes.is_empty() {
            break;
        }
        let at = at.index(bytes.len());
        match damage {
            Damage::Flip(mask) => bytes[at] ^= mask,
            Damage::Word(word) => {
                let places = bytes[at..].iter_mut();
                places
                    .zip(word.to_le_bytes())
                    .for_each(|(to, from)| *to = from);
            }
            Damage::Cut => bytes.truncate(at),
        }
    }
    bytes
}

fn jobs(file: &str, columns: &[&str]) -> Vec<Job> {
    let columns: Vec<_> = columns
        .iter()
        .map(|name| (*name, ValueKind::Text))
        .collect();
    let matrix = if file == "v2.h5" { "genomes/mm10" } else { "X" };
    let with = |columns: &[(&str, ValueKind)], rows| {
        let params = vec![param_text("rows", rows), param_text("matrix", matrix)];
        job(columns, params)
    };
    vec![
        with(&columns, "cells"),
        with(&VALUES, "values"),
        with(
            &[("feature", ValueKind::Text), ("symbol", ValueKind::Text)],
            "features",
        ),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases()))]

    #[test]
    fn damaged_files_give_rows_or_a_fault(
        which in any::<prop::sample::Index>(), part in any::<prop::sample::Index>(), damage in damage(),
    ) {
        let (names, columns) = FILES[which.index(FILES.len())];
        let mut files = fixtures(names);
        let part = part.index(files.len());
        files[part].1 = damaged(&files[part].1, &damage);
        for job in jobs(names[0], columns) {
            // no more work than a whole file of that size could need, by far
            let budget = LoaderBudget { read_bytes: 4 << 30, rows: 1 << 24, ..LoaderBudget::default() };
            let host = host(&job, &files).budget(budget);
            if let Ok(shards) = SingleCellLoader::plan(&job, 4000, &host) {
                for shard in &shards {
                    if let Err(fault) = SingleCellLoader::load(&job, shard, &host) {
                        prop_assert_ne!(fault.code, FaultCode::HostRefused);
                    }
                }
            }
        }
    }
}

/// More with `SINGLECELL_CASES`.
fn cases() -> u32 {
    let cases = std::env::var("SINGLECELL_CASES").ok();
    cases.and_then(|cases| cases.parse().ok()).unwrap_or(400)
}

#[test]
fn every_truncated_file_is_a_fault_in_its_source() {
    for (names, columns) in FILES {
        let files = fixtures(names);
        for part in 0..files.len() {
            let size = files[part].1.len();
            for left in (0..size - 1).step_by(size / 40 + 1) {
                let mut files = files.clone();
                files[part].1.truncate(left);
                for job in jobs(names[0], columns) {
                    let (summary, _) = try_load(&job, &files, 4000);
                    let Err(fault) = summary else { continue };
                    assert!(fault.source.is_some(), "{fault:?} of {}", names[part]);
                    let is_empty = fault.code == FaultCode::EmptyInput;
                    assert_eq!(is_empty, left == 0 && fault.source == Some(part as u32));
                }
            }
        }
    }
}

#[test]
fn links_in_circles_and_out_of_the_file_are_faults() {
    let files = fixtures(&["links.h5ad"]);
    for name in [
        "root",
        "itself",
        "there",
        "nowhere",
        "outside",
        "alias",
        "itself/n",
        "root/obs/n",
    ] {
        let job = job(&[(name, ValueKind::Text)], Vec::new());
        let (summary, _) = try_load(&job, &files, 1000);
        let fault = summary.unwrap_err();
        let codes = [FaultCode::MissingColumn, FaultCode::Malformed];
        assert!(codes.contains(&fault.code), "{name}: {fault:?}");
        assert_eq!((fault.source, fault.column), (Some(0), Some(0)), "{name}");
    }
    // the rest of the file is read all the same
    let job = job(&[("n", ValueKind::Integer)], Vec::new());
    let (summary, host) = try_load(&job, &files, 1000);
    assert!(summary.is_ok(), "{summary:?} {:?}", host.messages());
}

/// A tree of chunks of twenty levels, every node of which names the one below it as all of its
/// children: few bytes, and more leaves than could ever be visited.
#[test]
fn a_tree_that_comes_back_to_the_same_nodes_ends() {
    const KEY: usize = 24;
    let mut files = fixtures(&["v07.h5ad"]);
    let bytes = &mut files[0].1;
    let starts = |bytes: &[u8], at: usize| bytes[at..].starts_with(b"TREE\x01\x00\x10\x00");
    let leaf = (0..bytes.len()).find(|at| starts(bytes, *at)).unwrap();
    let leaf_address = (leaf as u64).to_le_bytes();
    let layout = bytes.windows(8).position(|word| word == leaf_address);
    let layout = layout.unwrap();
    let key = bytes[leaf + 24..leaf + 24 + KEY].to_vec();
    let mut below = leaf as u64;
    for level in 1..=20 {
        let address = bytes.len() as u64;
        bytes.extend(b"TREE\x01");
        bytes.extend([level, 16, 0]);
        bytes.extend([0xff; 16]);
        for _ in 0..16 {
            bytes.extend(&key);
            bytes.extend(below.to_le_bytes());
        }
        bytes.extend(&key);
        below = address;
    }
    bytes[layout..layout + 8].copy_from_slice(&below.to_le_bytes());
    let (summary, host) = try_load(
        &job(&VALUES, vec![param_text("rows", "values")]),
        &files,
        4000,
    );
    assert_eq!(summary.unwrap_err().code, FaultCode::Malformed);
    let messages = host.messages();
    assert!(
        messages.iter().any(|text| text.contains("again and again")),
        "{messages:?}"
    );
}
