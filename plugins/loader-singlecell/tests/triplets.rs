//! Matrix Market triplets: which lists belong to which matrix, what is refused, and how it is cut.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use autods_sdk::loader::{FaultCode, Job, Loader, ValueKind};
use autods_sdk::params::param_text;
use autods_sdk::testkit::LoaderBudget;
use common::{cells, host, job, load, try_load};
use loader_singlecell::SingleCellLoader;
use proptest::prelude::*;

fn file(name: &str, text: impl Into<String>) -> (String, Vec<u8>) {
    (name.to_owned(), text.into().into_bytes())
}

fn matrix(sizes: &str, entries: &str) -> String {
    format!("%%MatrixMarket matrix coordinate real general\n{sizes}\n{entries}")
}

fn barcodes_and(column: &str) -> Job {
    let columns = [
        ("barcode", ValueKind::Identifier),
        (column, ValueKind::Number),
    ];
    job(&columns, Vec::new())
}

/// Rows as texts between spaces.
fn rows(job: &Job, files: &[(String, Vec<u8>)]) -> Vec<String> {
    let text = |row: Vec<Option<String>>| {
        let words = row.into_iter().map(|text| text.unwrap_or("-".to_owned()));
        words.collect::<Vec<_>>().join(" ")
    };
    let table = load(job, files, 1).0;
    cells(&table).into_iter().map(text).collect()
}

#[test]
fn lists_belong_to_the_matrix_of_their_name_or_their_place() {
    let one = matrix("2 1 1", "1 1 5\n");
    let other = matrix("2 1 1", "2 1 7\n");
    let (features, plain) = ("g1\tA\ng2\tB\n", "g1\ng2\n");
    let by_name = [
        file("a_matrix.mtx.gz", one.as_str()),
        file("b_barcodes.tsv", "cell-b\n"),
        file("b_genes.tsv", plain),
        file("a_barcodes.tsv.gz", "cell-a\n"),
        file("a_features.tsv.gz", features),
        file("b_matrix.mtx", other.as_str()),
    ];
    let by_place = [
        file("barcodes.tsv", "cell-a\n"),
        file("features.tsv", features),
        file("matrix.mtx", one.as_str()),
        file("barcodes.tsv", "cell-b\r\n"),
        file("features.tsv", features),
        file("matrix.mtx", other.as_str()),
    ];
    for files in [by_name, by_place] {
        let job = barcodes_and("gene.g2");
        assert_eq!(rows(&job, &files), ["cell-a 0", "cell-b 7"]);
    }
}

#[test]
fn what_is_no_triplet_is_refused() {
    let whole = matrix("2 2 2", "1 1 5\n2 2 7\n");
    let code = |files: &[(String, Vec<u8>)], column: &str| {
        let (summary, _) = try_load(&barcodes_and(column), files, 10);
        let fault = summary.unwrap_err();
        (fault.code, fault.source, fault.line)
    };
    let with = |matrix: &str, barcodes: &str, features: &str| {
        [
            file("matrix.mtx", matrix),
            file("barcodes.tsv", barcodes),
            file("features.tsv", features),
        ]
    };
    let (barcodes, features) = ("a\nb\n", "g1\tA\ng2\tA\n");
    let all = with(&whole, barcodes, features);
    assert_eq!(
        code(&all[..2], "total_counts"),
        (FaultCode::MissingInput, Some(0), None)
    );
    assert_eq!(
        code(&all[1..], "total_counts"),
        (FaultCode::MissingInput, None, None)
    );
    assert_eq!(
        code(&all, "gene.A"),
        (FaultCode::DuplicateColumn, Some(0), None)
    );
    let of = |matrix: &str, barcodes: &str, features: &str| {
        code(&with(matrix, barcodes, features), "total_counts")
    };
    let malformed = |line| (FaultCode::Malformed, Some(0), line);
    assert_eq!(of(&whole, "a\n", features), malformed(None));
    assert_eq!(of(&whole, barcodes, "g1\tA\n"), malformed(None));
    assert_eq!(
        of(&whole, "", features),
        (FaultCode::EmptyInput, Some(1), None)
    );
    assert_eq!(
        of(&whole, barcodes, "g1\tA\ng2\n"),
        (FaultCode::RaggedRecord, Some(2), Some(2))
    );
    for (entries, line) in [
        ("1 1 5\n2 3 7\n", Some(4)),
        ("0 1 5\n2 2 7\n", Some(3)),
        ("1 1\n2 2 7\n", Some(3)),
        ("1 1 5 6\n2 2 7\n", Some(3)),
        ("1 1 x\n2 2 7\n", Some(3)),
        ("1 1 5\n", None),
        ("1 1 5\n2 2 7\n2 2 7\n", None),
    ] {
        assert_eq!(
            of(&matrix("2 2 2", entries), barcodes, features),
            malformed(line),
            "{entries}"
        );
    }
    for sizes in ["2 2", "2 2 2 2", "x 2 2", "-1 2 2", ""] {
        let (code, source, line) = of(&matrix(sizes, "1 1 5\n"), barcodes, features);
        assert_eq!(
            (code, source),
            (FaultCode::Malformed, Some(0)),
            "{sizes}: {line:?}"
        );
    }
    let array = whole.replace("coordinate", "array");
    assert_eq!(of(&array, barcodes, features), malformed(Some(1)));
    let huge = matrix("2 18446744073709551615 0", "");
    assert_eq!(of(&huge, barcodes, features), malformed(None));
}

#[test]
fn values_that_are_no_counts_are_counted() {
    let entries = "1 1 -1\n2 1 0.5\n1 2 nan\n2 2 0\n2 3 inf\n";
    let files = [
        file("matrix.mtx", matrix("2 3 5", entries)),
        file("barcodes.tsv", "a\nb\nc\n"),
        file("features.tsv", "g1\ng2\n"),
    ];
    let job = barcodes_and("total_counts");
    let (table, host) = load(&job, &files, 1);
    let totals: Vec<_> = cells(&table)
        .into_iter()
        .map(|row| row[1].clone())
        .collect();
    assert_eq!(totals, [Some("-0.5".to_owned()), None, None]);
    for (metric, value) in [
        ("values", 4.0),
        ("negative-values", 1.0),
        ("non-integer-values", 1.0),
        ("non-finite-values", 2.0),
        ("total-counts", -0.5),
        ("cells-without-counts", 0.0),
    ] {
        assert_eq!(host.total(metric), value, "{metric}");
    }
}

#[test]
fn a_shard_of_a_large_matrix_reads_little_of_it() {
    let cells = 20_000;
    let entry = |cell: u32| format!("{} {} {}\n", 1 + cell % 7, 1 + cell, 1 + cell % 3);
    let entries: String = (0..cells)
        .flat_map(|cell| [entry(cell), entry(cell)])
        .collect();
    let barcodes: String = (0..cells).map(|cell| format!("{cell}\n")).collect();
    let files = [
        file(
            "matrix.mtx",
            matrix(&format!("7 {cells} {}", 2 * cells), &entries),
        ),
        file("barcodes.tsv", barcodes.as_str()),
        file("features.tsv", "a\nb\nc\nd\ne\nf\ng\n"),
    ];
    let job = barcodes_and("total_counts");
    let shards = SingleCellLoader::plan(&job, 1000, &host(&job, &files)).unwrap();
    assert!(shards.len() > 100);
    let budget = LoaderBudget {
        // its list of cells, a chunk, and the looks of a bisection
        read_bytes: barcodes.len() as u64 + (256 << 10) + 40_000,
        ..LoaderBudget::default()
    };
    let host = host(&job, &files).budget(budget);
    SingleCellLoader::load(&job, &shards[60], &host).unwrap();
    let table = host.table("t").unwrap();
    let first = shards[60].first_line - 1;
    let expected = format!("{first} {}", 2 * (1 + first % 3));
    let row = common::cells(&table).remove(0);
    assert_eq!(
        row.into_iter().flatten().collect::<Vec<_>>().join(" "),
        expected
    );
}

proptest! {
    #[test]
    fn rows_do_not_depend_on_the_cuts(
        mut entries in prop::collection::vec((1_u32..6, 1_u32..9, 0_u32..4), 0..40),
        ordered in any::<bool>(), blank in any::<bool>(), shard_bytes in 1_u64..200,
    ) {
        if ordered {
            entries.sort_by_key(|entry| entry.1);
        }
        let lines = entries.iter().map(|(gene, cell, value)| {
            format!("{gene} {cell} {value}\n{}", if blank { "\n" } else { "" })
        });
        let lines: String = lines.collect();
        let files = [
            file("matrix.mtx", matrix(&format!("5 8 {}", entries.len()), &lines)),
            file("barcodes.tsv", "a\nb\nc\nd\ne\nf\ng\nh\n"),
            file("features.tsv", "1\n2\n3\n4\n5\n"),
        ];
        let values = job(&common::VALUES, vec![param_text("rows", "values")]);
        for job in [barcodes_and("total_counts"), values] {
            let rows = |shard_bytes| {
                let (table, host) = load(&job, &files, shard_bytes);
                (cells(&table), common::METRICS.map(|name| host.total(name)))
            };
            let whole = rows(u64::MAX);
            prop_assert_eq!(&rows(shard_bytes), &whole);
            prop_assert_eq!(&rows(1), &whole);
        }
        let total: u32 = entries.iter().map(|entry| entry.2).sum();
        let (_, host) = load(&barcodes_and("total_counts"), &files, shard_bytes);
        prop_assert_eq!(host.total("total-counts"), f64::from(total));
    }
}
