//! Real files, beside what anndata, h5py, scipy and scanpy read in them (`reference.py`,
//! `reference.json`).
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::cast_precision_loss
)]

mod common;

use std::collections::BTreeMap;

use arrow_array::cast::AsArray;
use arrow_array::types::Int64Type;
use arrow_array::{Array, RecordBatch};
use autods_sdk::loader::{Loader, Param, ValueKind};
use autods_sdk::params::param_text;
use autods_sdk::testkit::LoaderBudget;
use common::{cells, files, job, load, numbers, values_of};
use loader_singlecell::SingleCellLoader;
use serde_json::Value;

const OLD: &str = "pbmc68k/10x_pbmc68k_reduced.h5ad";
const NEW: &str = "pbmc68k/pbmc68k_reduced_enc010.h5ad";
const ZARR: &str = "pbmc68k/10x_pbmc68k_reduced.zarr.zip";
const V3: &str = "tenx/3.0.0/filtered_feature_bc_matrix.h5";
const V2: &str = "tenx/1.2.0/filtered_gene_bc_matrices_h5.h5";
const GENOMES: &str = "tenx/1.2.0/multiple_genomes.h5";
const VISIUM: &str = "tenx/visium_2.1.0/raw_probe_bc_matrix.h5";

const MTX: [&str; 3] = [
    "tenx/3.0.0/filtered_feature_bc_matrix/barcodes.tsv.gz",
    "tenx/3.0.0/filtered_feature_bc_matrix/features.tsv.gz",
    "tenx/3.0.0/filtered_feature_bc_matrix/matrix.mtx.gz",
];

/// What is compared: the reference, the files, the matrix.
const MATRICES: &[(&str, &[&str], &str)] = &[
    ("/pbmc68k/X", &[OLD], "X"),
    ("/pbmc68k/X", &[NEW], "X"),
    ("/pbmc68k/raw", &[OLD], "raw"),
    ("/pbmc68k/raw", &[NEW], "raw"),
    ("/pbmc68k/X", &[ZARR], "X"),
    ("/zarr_counts", &[ZARR], "layers/counts"),
    ("/v3", &[V3], "X"),
    ("/mtx", &MTX, "X"),
    ("/v2", &[V2], "X"),
    ("/genomes", &[GENOMES], "genomes/another_genome"),
    ("/visium", &[VISIUM], "X"),
];

fn reference() -> Value {
    serde_json::from_str(include_str!("reference.json")).unwrap()
}

/// Equal but for the order of summation.
#[track_caller]
fn near(found: f64, expected: &Value, what: &str) {
    let expected = expected.as_f64().unwrap();
    let error = (found - expected).abs() / expected.abs().max(1.0);
    assert!(error < 1e-9, "{what}: {found} is not {expected}");
}

fn whole(table: &RecordBatch, name: &str) -> Vec<f64> {
    let column = table.column_by_name(name).unwrap();
    let column = column.as_primitive::<Int64Type>();
    column.values().iter().map(|value| *value as f64).collect()
}

/// The sum of a column, every row weighted by its number from 1; missing values are left out.
fn weighted(values: &[f64]) -> f64 {
    let values = values.iter().zip(1_u32..);
    let values = values.filter(|(value, _)| !value.is_nan());
    values.map(|(value, row)| value * f64::from(row)).sum()
}

#[test]
fn values_are_those_of_the_reference() {
    let reference = reference();
    for (at, paths, matrix) in MATRICES {
        let Some(files) = files(paths) else { continue };
        let expected = &reference.pointer(at).unwrap()["digest"];
        let (table, host) = load(&values_of(matrix), &files, 50_000);
        let values = numbers(&table, "value");
        let places = whole(&table, "cell_index").into_iter();
        let places = places.zip(whole(&table, "feature_index"));
        let placed = |(value, (cell, feature)): (&f64, (f64, f64))| {
            value * ((cell + 1.0) * 0.5 + (feature + 1.0) * 0.25)
        };
        assert_eq!(
            values.len() as u64,
            expected["values"].as_u64().unwrap(),
            "{paths:?}"
        );
        near(values.iter().sum(), &expected["sum"], "sum");
        near(
            values.iter().map(|v| v * v).sum(),
            &expected["squares"],
            "squares",
        );
        near(
            values.iter().zip(places).map(placed).sum(),
            &expected["placed"],
            "placed",
        );
        for (metric, name) in [
            ("cells", "cells"),
            ("features", "features"),
            ("values", "values"),
            ("negative-values", "negative"),
            ("non-integer-values", "non_integer"),
        ] {
            assert_eq!(
                host.total(metric),
                expected[name].as_f64().unwrap(),
                "{metric} of {paths:?}"
            );
        }
        near(host.total("total-counts"), &expected["sum"], "total-counts");
    }
}

#[test]
fn quality_is_that_of_scanpy() {
    let reference = reference();
    let names = [
        "total_counts",
        "n_features_by_counts",
        "pct_counts_mt",
        "pct_counts_ribo",
        "pct_counts_hb",
    ];
    let columns = names.map(|name| (name, ValueKind::Number));
    for (at, paths, matrix) in MATRICES {
        let Some(files) = files(paths) else { continue };
        let expected = &reference.pointer(at).unwrap()["quality"];
        let job = job(&columns, vec![param_text("matrix", matrix)]);
        let (table, host) = load(&job, &files, 100_000);
        for name in names {
            near(weighted(&numbers(&table, name)), &expected[name], name);
        }
        assert_eq!(
            host.total("cells-without-counts"),
            expected["without"].as_f64().unwrap()
        );
    }
}

fn table(path: &str, columns: &[(&str, ValueKind)], params: Vec<Param>) -> Option<RecordBatch> {
    Some(load(&job(columns, params), &files(&[path])?, 100_000).0)
}

fn counted(table: &RecordBatch, name: &str) -> Value {
    let mut counts: BTreeMap<String, u64> = BTreeMap::new();
    for label in table.column_by_name(name).unwrap().as_string::<i32>() {
        *counts.entry(label.unwrap().to_owned()).or_default() += 1;
    }
    serde_json::to_value(counts).unwrap()
}

#[test]
fn cells_of_both_encodings_are_those_of_the_reference() {
    let expected = &reference()["pbmc68k"];
    let columns = [
        ("barcode", ValueKind::Identifier),
        ("bulk_labels", ValueKind::Category),
        ("phase", ValueKind::Category),
        ("n_genes", ValueKind::Number),
        ("percent_mito", ValueKind::Number),
        ("S_score", ValueKind::Number),
        ("X_pca.1", ValueKind::Number),
        ("X_pca.50", ValueKind::Number),
        ("gene.CD3D", ValueKind::Number),
    ];
    for path in [OLD, NEW] {
        let Some(table) = table(path, &columns, vec![param_text("matrix", "raw")]) else {
            continue;
        };
        assert_eq!(counted(&table, "bulk_labels"), expected["labels"]);
        assert_eq!(counted(&table, "phase"), expected["phase"]);
        for name in ["n_genes", "percent_mito", "S_score"] {
            near(
                weighted(&numbers(&table, name)),
                &expected["obs"][name],
                name,
            );
        }
        for number in ["1", "50"] {
            let values = numbers(&table, &format!("X_pca.{number}"));
            near(weighted(&values), &expected["pca"][number], "X_pca");
        }
        near(
            weighted(&numbers(&table, "gene.CD3D")),
            &expected["cd3d"],
            "CD3D",
        );
        let barcodes = table.column(0).as_string::<i32>();
        assert_eq!(barcodes.value(0), expected["barcodes"][0]);
        assert_eq!(barcodes.value(barcodes.len() - 1), expected["barcodes"][1]);
    }
}

#[test]
fn features_of_both_encodings_are_those_of_the_reference() {
    let expected = &reference()["pbmc68k"]["var"];
    let columns = [
        ("feature", ValueKind::Identifier),
        ("means", ValueKind::Number),
        ("var.highly_variable", ValueKind::Boolean),
    ];
    for path in [OLD, NEW] {
        let Some(table) = table(path, &columns, vec![param_text("rows", "features")]) else {
            continue;
        };
        near(numbers(&table, "means").iter().sum(), &expected[0], "means");
        let variable = table.column(2).as_boolean();
        assert_eq!(variable.true_count() as u64, expected[1].as_u64().unwrap());
    }
}

#[test]
fn h5ad_in_both_encodings_and_zarr_give_identical_matrices() {
    for matrix in ["X", "raw"] {
        let Some(old) = files(&[OLD]) else { return };
        let (old, _) = load(&values_of(matrix), &old, u64::MAX);
        let (new, _) = load(&values_of(matrix), &files(&[NEW]).unwrap(), 30_000);
        assert_eq!(old, new);
        // the copy in Zarr has no `raw`
        if matrix == "X" {
            let (zarr, _) = load(&values_of(matrix), &files(&[ZARR]).unwrap(), 30_000);
            assert_eq!(old, zarr);
        }
    }
}

#[test]
fn the_triplet_is_the_matrix_of_the_same_run() {
    let cells_of = [
        ("barcode", ValueKind::Identifier),
        ("total_counts", ValueKind::Number),
        ("n_features_by_counts", ValueKind::Integer),
        ("pct_counts_mt", ValueKind::Number),
        ("gene.ENSG00000160307", ValueKind::Number),
    ];
    let features_of = [
        ("id", ValueKind::Identifier),
        ("name", ValueKind::Text),
        ("feature_type", ValueKind::Category),
    ];
    let (Some(mtx), Some(hdf5)) = (files(&MTX), files(&[V3])) else {
        return;
    };
    for job in [
        values_of("X"),
        job(&cells_of, Vec::new()),
        job(&features_of, vec![param_text("rows", "features")]),
    ] {
        let sorted = |files, shard_bytes| {
            let mut rows = cells(&load(&job, files, shard_bytes).0);
            // a cell's features are in another order
            rows.sort();
            rows
        };
        assert_eq!(sorted(&mtx, 20_000), sorted(&hdf5, u64::MAX));
        assert_eq!(sorted(&mtx, u64::MAX), sorted(&mtx, 999));
    }
}

#[test]
fn real_files_do_not_depend_on_the_cuts() {
    let columns = [
        ("barcode", ValueKind::Identifier),
        ("total_counts", ValueKind::Number),
        ("n_features_by_counts", ValueKind::Integer),
    ];
    for path in [OLD, NEW, ZARR, V3, V2, VISIUM] {
        let Some(files) = files(&[path]) else {
            continue;
        };
        let job = job(&columns, Vec::new());
        let whole = cells(&load(&job, &files, u64::MAX).0);
        for shard_bytes in [7_777, 100_000] {
            assert_eq!(cells(&load(&job, &files, shard_bytes).0), whole, "{path}");
        }
    }
}

#[test]
fn a_shard_reads_its_part_of_a_file() {
    let columns = [
        ("barcode", ValueKind::Identifier),
        ("total_counts", ValueKind::Number),
    ];
    for (path, matrix) in [(OLD, "X"), (NEW, "raw"), (ZARR, "X")] {
        let Some(files) = files(&[path]) else {
            continue;
        };
        let job = job(&columns, vec![param_text("matrix", matrix)]);
        let size = files[0].1.len() as u64;
        let plan = SingleCellLoader::plan(&job, size / 50, &common::host(&job, &files)).unwrap();
        let budget = LoaderBudget {
            read_bytes: size / 2,
            ..LoaderBudget::default()
        };
        let host = common::host(&job, &files).budget(budget);
        SingleCellLoader::load(&job, &plan[plan.len() / 2], &host).unwrap();
        assert!(u64::from(host.largest_read()) < size / 4, "{path}");
    }
}
