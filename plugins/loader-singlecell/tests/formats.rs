//! One small experiment in every format, beside what went into it (`fixtures/fixtures.py`).
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use autods_sdk::loader::{FaultCode, Loader, Shard, ValueKind};
use autods_sdk::params::param_text;
use common::{VALUES, cells, fixtures, job, load, try_load, values_of};
use loader_singlecell::SingleCellLoader;
use serde_json::Value;

/// Formats, their files, and how they are read.
const FORMATS: &[(&[&str], &str)] = &[
    (&["csr.h5ad"], "X"),
    (&["csr.h5ad"], "raw"),
    (&["csc.h5ad"], "X"),
    (&["dense.h5ad"], "X"),
    (&["dense.h5ad"], "raw"),
    (&["old.h5ad"], "X"),
    (&["old.h5ad"], "raw"),
    (&["old_text.h5ad"], "X"),
    (&["old_text.h5ad"], "raw"),
    (&["v07.h5ad"], "X"),
    (&["v3.h5"], "X"),
    (&["v2.h5"], "genomes/GRCh38"),
    (&["matrix.mtx", "barcodes.tsv", "features.tsv"], "X"),
    (&["barcodes.tsv", "features.tsv", "unsorted.mtx"], "X"),
    (&["small.loom"], "X"),
    (&["v2.zarr.zip"], "X"),
    (&["v3.zarr.zip"], "X"),
];

fn expected() -> Value {
    serde_json::from_str(include_str!("fixtures/small.json")).unwrap()
}

/// Columns of the expectation, row by row, as the table shows them.
fn rows(expected: &Value, names: &[&str]) -> Vec<Vec<Option<String>>> {
    let text = |value: &Value| match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        Value::Number(number) if number.is_f64() => Some(number.as_f64().unwrap().to_string()),
        other => Some(other.to_string()),
    };
    let rows = expected[names[0]].as_array().unwrap().len();
    let row = |row: usize| {
        names
            .iter()
            .map(|name| text(&expected[name][row]))
            .collect()
    };
    (0..rows).map(row).collect()
}

#[test]
fn every_format_gives_the_same_cells() {
    let names = [
        "barcode",
        "total_counts",
        "n_features_by_counts",
        "pct_counts_mt",
        "pct_counts_ribo",
        "pct_counts_hb",
        "gene",
    ];
    let all = expected();
    let of_mt = |value: &&Value| value[1] == 0;
    let values = all["values"].as_array().unwrap().iter().filter(of_mt);
    let mitochondrial: f64 = values.map(|value| value[2].as_f64().unwrap()).sum();
    assert!(mitochondrial > 0.0);
    let expected = rows(&all, &names);
    for (files, matrix) in FORMATS {
        let is_10x = !files[0].ends_with(".h5ad") && !files[0].ends_with(".zip");
        let mut params = vec![param_text("matrix", matrix)];
        if !is_10x {
            params.push(param_text("symbols", "symbol_of"));
        }
        let columns = [
            ("barcode", ValueKind::Identifier),
            ("total_counts", ValueKind::Number),
            ("n_features_by_counts", ValueKind::Integer),
            ("pct_counts_mt", ValueKind::Number),
            ("pct_counts_ribo", ValueKind::Number),
            ("pct_counts_hb", ValueKind::Number),
            ("gene.CD3D", ValueKind::Number),
        ];
        let job = job(&columns, params);
        let files = fixtures(files);
        for shard_bytes in [1, 100, 5000, u64::MAX] {
            let (table, host) = load(&job, &files, shard_bytes);
            assert_eq!(cells(&table), expected, "{} {matrix}", files[0].0);
            assert_eq!(host.total("cells"), 11.0);
            assert_eq!(host.total("features"), 7.0);
            assert_eq!(host.total("cells-without-counts"), 1.0);
            assert_eq!(host.total("non-integer-values"), 0.0);
            assert_eq!(host.total("mitochondrial-counts"), mitochondrial);
        }
    }
}

#[test]
fn every_format_gives_the_same_values() {
    let expected = expected();
    let barcodes = expected["barcode"].as_array().unwrap();
    let mut values: Vec<Vec<Option<String>>> = Vec::new();
    for value in expected["values"].as_array().unwrap() {
        let cell = usize::try_from(value[0].as_u64().unwrap()).unwrap();
        values.push(vec![
            Some(barcodes[cell].as_str().unwrap().to_owned()),
            Some(value[0].to_string()),
            Some(value[1].to_string()),
            Some(value[2].as_f64().unwrap().to_string()),
        ]);
    }
    values.sort();
    for (files, matrix) in FORMATS {
        let files = fixtures(files);
        let mut whole = None;
        for shard_bytes in [1, 300, u64::MAX] {
            let (table, host) = load(&values_of(matrix), &files, shard_bytes);
            let found = cells(&table);
            let mut sorted = found.clone();
            sorted.sort();
            assert_eq!(sorted, values, "{} {matrix}", files[0].0);
            assert_eq!(host.total("values"), values.len() as f64);
            let whole = whole.get_or_insert(found.clone());
            assert_eq!(&found, whole, "another order in shards of {shard_bytes}");
        }
    }
}

#[test]
fn columns_of_cells_are_read_in_every_encoding() {
    let all = [
        ("cell_type", ValueKind::Category),
        ("n", ValueKind::Integer),
        ("score", ValueKind::Number),
        ("doublet", ValueKind::Boolean),
        ("age", ValueKind::Integer),
        ("smoker", ValueKind::Boolean),
        ("note", ValueKind::Text),
        ("X_pca.2", ValueKind::Number),
    ];
    let names = [
        "cell_type",
        "n",
        "score",
        "doublet",
        "age",
        "smoker",
        "note",
        "pca_2",
    ];
    for file in [
        "csr.h5ad",
        "csc.h5ad",
        "dense.h5ad",
        "v2.zarr.zip",
        "v3.zarr.zip",
    ] {
        let files = fixtures(&[file]);
        for shard_bytes in [1, u64::MAX] {
            let (table, _) = load(&job(&all, Vec::new()), &files, shard_bytes);
            assert_eq!(cells(&table), rows(&expected(), &names), "{file}");
        }
    }
    for file in ["old.h5ad", "old_text.h5ad", "v07.h5ad"] {
        let (table, _) = load(&job(&all[..4], Vec::new()), &fixtures(&[file]), 1);
        assert_eq!(cells(&table), rows(&expected(), &names[..4]), "{file}");
    }
    let (table, _) = load(&job(&all[7..], Vec::new()), &fixtures(&["old.h5ad"]), 1);
    assert_eq!(cells(&table), rows(&expected(), &names[7..]));
}

#[test]
fn features_have_their_columns() {
    let columns = [
        ("feature", ValueKind::Identifier),
        ("symbol", ValueKind::Text),
    ];
    for (files, matrix) in FORMATS {
        let mut params = vec![param_text("rows", "features"), param_text("matrix", matrix)];
        if files[0].ends_with(".h5ad") || files[0].ends_with(".zip") {
            params.push(param_text("symbols", "symbol_of"));
        }
        for shard_bytes in [1, u64::MAX] {
            let (table, _) = load(
                &job(&columns, params.clone()),
                &fixtures(files),
                shard_bytes,
            );
            let expected = rows(&expected(), &["features", "symbols"]);
            assert_eq!(cells(&table), expected, "{} {matrix}", files[0]);
        }
    }
    let of_10x = [
        ("id", ValueKind::Text),
        ("name", ValueKind::Text),
        ("feature_type", ValueKind::Category),
    ];
    let features = job(&of_10x, vec![param_text("rows", "features")]);
    let (table, _) = load(&features, &fixtures(&["v3.h5"]), 1);
    assert_eq!(cells(&table)[6][1].as_deref(), Some("MS4A1"));
    assert_eq!(cells(&table)[6][2].as_deref(), Some("Gene Expression"));
}

#[test]
fn layers_and_genomes_are_chosen_by_name() {
    let (_, host) = load(&values_of("layers/log"), &fixtures(&["csr.h5ad"]), 1);
    let sum = expected()["log_sum"].as_f64().unwrap();
    assert!((host.total("total-counts") - sum).abs() < 1e-9);
    let genomes = fixtures(&["v2.h5"]);
    let (_, one) = load(&values_of("genomes/GRCh38"), &genomes, 1);
    let (_, other) = load(&values_of("genomes/mm10"), &genomes, 1);
    assert_eq!(2.0 * one.total("total-counts"), other.total("total-counts"));
}

#[test]
fn any_range_of_cells_is_read_from_a_matrix_that_is_stored_by_features() {
    let columns = [
        ("barcode", ValueKind::Identifier),
        ("total_counts", ValueKind::Number),
        ("gene.CD3D", ValueKind::Number),
    ];
    for (file, symbols) in [("csc.h5ad", "symbol_of"), ("small.loom", "Gene")] {
        let job = job(&columns, vec![param_text("symbols", symbols)]);
        let files = fixtures(&[file]);
        let (whole, _) = load(&job, &files, u64::MAX);
        let host = common::host(&job, &files);
        let size = files[0].1.len() as u64;
        // `plan` makes one shard of such a file; another cut gives the same rows all the same
        for pair in [0, size / 3, size / 2, size].windows(2) {
            let shard = Shard {
                source: 0,
                start: pair[0],
                end: pair[1],
                first_line: 1,
            };
            SingleCellLoader::load(&job, &shard, &host).unwrap();
        }
        assert_eq!(host.table("t").unwrap(), whole, "{file}");
        assert_eq!(host.total("cells-without-counts"), 1.0);
        assert_eq!(host.total("cells"), 11.0);
    }
}

#[test]
fn what_a_file_has_not_is_a_fault() {
    let code = |job: &_, file: &str| {
        let (summary, _) = try_load(job, &fixtures(&[file]), 1);
        let fault = summary.unwrap_err();
        (fault.code, fault.column)
    };
    let missing = |name| {
        job(
            &[("barcode", ValueKind::Text), (name, ValueKind::Text)],
            Vec::new(),
        )
    };
    for name in [
        "absent",
        "gene.ABSENT",
        "X_pca.4",
        "X_pca.0",
        "absent.1",
        "obs.",
        "cell_type/codes",
        "__categories",
    ] {
        for file in ["csr.h5ad", "old.h5ad", "v07.h5ad", "v3.h5"] {
            assert_eq!(
                code(&missing(name), file),
                (FaultCode::MissingColumn, Some(1)),
                "{name} {file}"
            );
        }
    }
    for matrix in ["raw", "layers/log", "genomes/mm10"] {
        assert_eq!(
            code(&values_of(matrix), "v3.h5"),
            (FaultCode::MissingInput, None)
        );
    }
    assert_eq!(
        code(&values_of("layers/none"), "csr.h5ad").0,
        FaultCode::MissingInput
    );
    assert_eq!(
        code(&values_of("X"), "v2.h5").0,
        FaultCode::ParameterOutOfRange
    );
    for matrix in ["", "layers/", "layers/..", "layers/a/b", "Y"] {
        assert_eq!(
            code(&values_of(matrix), "csr.h5ad").0,
            FaultCode::ParameterOutOfRange
        );
    }
    let unknown = job(&VALUES, vec![param_text("raws", "values")]);
    assert_eq!(code(&unknown, "csr.h5ad").0, FaultCode::UnknownParameter);
    let wrong = job(&[("note", ValueKind::Integer)], Vec::new());
    let (summary, _) = try_load(&wrong, &fixtures(&["csr.h5ad"]), 1);
    let fault = summary.unwrap_err();
    assert_eq!(
        (fault.code, fault.source, fault.line, fault.column),
        (FaultCode::InvalidValue, Some(0), Some(1), Some(0))
    );
}

#[test]
fn columns_that_nobody_asked_for_are_counted() {
    let job = job(&[("n", ValueKind::Integer)], Vec::new());
    for (file, left) in [
        ("csr.h5ad", 6),
        ("old.h5ad", 3),
        ("v07.h5ad", 3),
        ("v3.h5", 0),
    ] {
        let (summary, _) = try_load(&job, &fixtures(&[file]), 1);
        if file != "v3.h5" {
            assert_eq!(summary.unwrap().undeclared_columns, left, "{file}");
        }
    }
}
