//! What a file gives, and how a bad one is reported.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use autods_sdk::loader::{FaultCode, Job, Loader, Shard, ValueKind};
use autods_sdk::params::{param_flag, param_text};
use autods_sdk::testkit::load_all;
use common::{cells, host, job, load, rows};
use loader_vcf::VcfLoader;

const SMALL: &str = include_str!("small.vcf");

fn sites(columns: &[(&str, ValueKind)], split: bool) -> Job {
    job(columns, vec![param_flag("split", split)])
}

fn genotypes(columns: &[(&str, ValueKind)], split: bool) -> Job {
    let params = vec![param_text("rows", "genotypes"), param_flag("split", split)];
    job(columns, params)
}

/// Cells as `a|b|c`, missing ones empty.
fn lines(rows: Vec<Vec<Option<String>>>) -> Vec<String> {
    rows.into_iter()
        .map(|row| {
            row.into_iter()
                .map(Option::unwrap_or_default)
                .collect::<Vec<_>>()
                .join(" ")
        })
        .collect()
}

const SITE: &[(&str, ValueKind)] = &[
    ("variant", ValueKind::Identifier),
    ("id", ValueKind::Text),
    ("qual", ValueKind::Number),
    ("filter", ValueKind::Category),
    ("info.AF", ValueKind::Text),
    ("info.DB", ValueKind::Boolean),
    ("info.NOTE", ValueKind::Text),
    ("n-called", ValueKind::Integer),
    ("n-samples", ValueKind::Integer),
    ("allele-count", ValueKind::Integer),
    ("allele-number", ValueKind::Integer),
    ("allele-frequency", ValueKind::Number),
    ("call-rate", ValueKind::Number),
    ("heterozygosity", ValueKind::Number),
];

#[test]
fn a_record_is_a_site() {
    assert_eq!(
        lines(rows(&sites(SITE, false), SMALL)),
        [
            "1-100-A-G rs1 29.5 PASS 0.5 true a;b 4 4 4 8 0.5 1 0.5",
            "1-200-AT-A,ATT   q10;s50 0.25,0.75 false  2 4 4 5 0.8 0.5 1",
            "X-5-C-. rs2;rs3 0 PASS  false 100% 3 4 0 7 0 0.75 0",
            "X-9-N-<DEL>  12   true        ",
        ]
    );
}

#[test]
fn a_record_is_split_into_its_alleles() {
    let columns = &[
        ("alt", ValueKind::Text),
        ("info.AF", ValueKind::Number),
        ("allele-count", ValueKind::Integer),
        ("allele-number", ValueKind::Integer),
        ("heterozygosity", ValueKind::Number),
    ];
    assert_eq!(
        lines(rows(&sites(columns, true), SMALL)),
        [
            "G 0.5 4 8 0.5",
            "A 0.25 2 5 0.5",
            "ATT 0.75 2 5 1",
            "  0 7 0",
            "<DEL>    "
        ]
    );
}

#[test]
fn a_sample_in_a_record_is_a_genotype() {
    let columns = &[
        ("pos", ValueKind::Integer),
        ("sample", ValueKind::Identifier),
        ("dosage", ValueKind::Integer),
        ("phased", ValueKind::Boolean),
        ("ploidy", ValueKind::Integer),
        ("format.DP", ValueKind::Integer),
        ("format.AD", ValueKind::Text),
    ];
    assert_eq!(
        lines(rows(&genotypes(columns, false), SMALL)),
        [
            "100 s 1 0 true 2 7 3,4",
            "100 s 2 1 false 2 8 4,4",
            "100 s 3 2 true 2 9 ",
            "100 s 4 1 true 2  ",
            "200 s 1 2 false 2 1 ",
            "200 s 2 1 true 2  ",
            "200 s 3  false 2 3 ",
            "200 s 4   2  ",
            "5 s 1 0 false 2  ",
            "5 s 2 0 true 1  ",
            "5 s 3  false 2  ",
            "5 s 4 0 false 3  ",
            "9 s 1    30 ",
            "9 s 2     ",
            "9 s 3    5 ",
            "9 s 4    6 ",
        ]
    );
    let columns = &[
        ("sample", ValueKind::Identifier),
        ("alt", ValueKind::Text),
        ("dosage", ValueKind::Integer),
        ("format.AD", ValueKind::Integer),
    ];
    let rows = lines(rows(&genotypes(columns, true), SMALL));
    assert_eq!(rows.len(), 4 + 8 + 4 + 4);
    assert_eq!(
        rows[..6],
        [
            "s 1 G 0 4",
            "s 2 G 1 4",
            "s 3 G 2 ",
            "s 4 G 1 ",
            "s 1 A 1 ",
            "s 1 ATT 1 "
        ]
    );
}

#[test]
fn metrics_count_records_alleles_and_genotypes() {
    let job = sites(&[("pos", ValueKind::Integer)], false);
    let (summary, host) = load(&job, SMALL);
    let summary = summary.unwrap();
    assert_eq!(
        (summary.records, summary.emitted, summary.undeclared_columns),
        (4, 4, 9)
    );
    let totals = common::METRICS.map(|name| host.total(name) as u64);
    assert_eq!(totals, [4, 2, 1, 1, 2, 1, 1, 0, 12, 3]);
}

#[test]
fn shards_of_any_size_give_the_same_rows() {
    let job = genotypes(
        &[("variant", ValueKind::Text), ("format.DP", ValueKind::Text)],
        true,
    );
    let (_, whole) = load(&job, SMALL);
    for shard_bytes in [1, 100, 10_000] {
        let host = host(&job).source("a.vcf", SMALL);
        load_all::<VcfLoader>(&job, shard_bytes, &host).unwrap();
        assert_eq!(host.table("t"), whole.table("t"));
    }
    let shards = VcfLoader::plan(&job, 1, &whole).unwrap();
    assert_eq!(shards.len(), 4);
    let header = SMALL.find("\n1\t").unwrap() as u64 + 1;
    assert_eq!((shards[0].start, shards[0].first_line), (header, 15));
    assert_eq!(shards[3].end, SMALL.len() as u64);
}

#[test]
fn a_file_without_records_gives_no_rows_and_one_without_bytes_is_a_fault() {
    let job = sites(&[("pos", ValueKind::Integer)], false);
    let text = "##fileformat=VCFv4.3\r\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\r\n\r\n";
    assert_eq!(load(&job, text).0.unwrap().emitted, 0);
    assert_eq!(load(&job, "").0.unwrap_err().code, FaultCode::EmptyInput);
    assert_eq!(
        VcfLoader::plan(&job, 1, &host(&job)).unwrap_err().code,
        FaultCode::MissingInput
    );
}

#[test]
fn columns_that_the_file_does_not_have_are_missing() {
    for (name, split) in [
        ("sample", false),
        ("format.DP", false),
        ("info.NONE", true),
        ("info.DP", true), // reserved, but not declared
        ("CHROM", false),
    ] {
        let columns = &[("pos", ValueKind::Integer), (name, ValueKind::Text)];
        let fault = load(&sites(columns, split), SMALL).0.unwrap_err();
        let found = (fault.code, fault.source, fault.line, fault.column);
        assert_eq!(
            found,
            (FaultCode::MissingColumn, Some(0), Some(14), Some(1)),
            "{name}"
        );
    }
    let columns = &[("allele-count", ValueKind::Integer)];
    let fault = load(&genotypes(columns, false), SMALL).0.unwrap_err();
    assert_eq!(fault.code, FaultCode::MissingColumn);
}

#[test]
fn parameters_are_checked() {
    for params in [
        vec![param_text("rows", "rows")],
        vec![param_text("split", "true")],
        vec![param_text("other", "x")],
    ] {
        let job = job(&[("pos", ValueKind::Integer)], params);
        assert!(load(&job, SMALL).0.is_err());
    }
}

/// `SMALL` with one text put for another in its records.
fn damaged(from: &str, to: &str) -> String {
    assert!(SMALL.contains(from), "{from}");
    SMALL.replacen(from, to, 1)
}

#[test]
fn faults_name_the_line_and_the_column() {
    let columns = &[
        ("pos", ValueKind::Integer),
        ("alt", ValueKind::Text),
        ("info.AF", ValueKind::Text),
        ("dosage", ValueKind::Integer),
    ];
    let job = genotypes(columns, false);
    let malformed = FaultCode::Malformed;
    for (from, to, line, column, code) in [
        ("1\t200\t.", "1\t-200\t.", 16, None, malformed),
        ("1\t200\t.", "1\t99\t.", 16, None, malformed),
        ("X\t5\t", "1\t100\t", 17, None, malformed),
        ("\tA,ATT\t", "\tA,<ATT\t", 16, Some(1), malformed),
        ("AF=0.25,0.75", "AF=0.25", 16, Some(2), malformed),
        ("AF=0.25,0.75", "AF=0.25,x", 16, Some(2), malformed),
        ("AF=0.5;DB", "AF=0.5;DB;DB", 15, Some(2), malformed),
        ("0|0:7:3,4", "0|2:7:3,4", 15, Some(3), malformed),
        ("0|0:7:3,4", "0|0:7:3,4,5", 15, Some(3), malformed),
        ("0|0:7:3,4", "0|0:7.5:3,4", 15, Some(3), malformed),
        ("0|0:7:3,4", "0|0:7:3,4:5", 15, Some(3), malformed),
        ("0|0:7:3,4", "", 15, Some(3), malformed),
        ("GT:DP:AD", "DP:GT:AD", 15, None, malformed),
        ("GT:DP:AD", "GT:DP:DP", 15, None, malformed),
        ("\t30\t", "\t30\t30\t", 18, None, FaultCode::RaggedRecord),
        ("\t30\t", "\t", 18, None, FaultCode::RaggedRecord),
        ("q10;s50", "q10;q10", 16, None, malformed),
        ("\nX\t5", "\n\nX\t5", 17, None, malformed),
        ("VCFv4.3", "VCFv3.3", 1, None, malformed),
        ("VCFv4.3", "VCFv4.30", 1, None, malformed),
        ("\ts 2\t", "\ts 1\t", 14, None, FaultCode::DuplicateColumn),
        ("Type=Flag", "Type=Flags", 4, None, malformed),
        ("##INFO=<ID=DB", "##INFO=<ID=AF", 4, None, malformed),
    ] {
        let text = if line == 0 {
            continue;
        } else {
            damaged(from, to)
        };
        for shard_bytes in [1, u64::MAX] {
            let host = host(&job).source("a.vcf", text.as_str());
            let fault = load_all::<VcfLoader>(&job, shard_bytes, &host).expect_err(to);
            let found = (fault.code, fault.line, fault.column);
            assert_eq!(
                found,
                (code, Some(line), column),
                "{from} -> {to}: {:?}",
                host.messages()
            );
        }
    }
    let mut bytes = SMALL.as_bytes().to_vec();
    let at = SMALL.find("q10;").unwrap();
    bytes[at] = 0xff;
    let fault = load(&job, bytes).0.unwrap_err();
    assert_eq!((fault.code, fault.line), (FaultCode::InvalidUtf8, Some(16)));
}

#[test]
fn values_that_the_dictionary_has_otherwise_are_named_too() {
    let columns = &[("chrom", ValueKind::Text), ("info.AF", ValueKind::Number)];
    let fault = load(&sites(columns, false), SMALL).0.unwrap_err();
    let found = (fault.code, fault.line, fault.column);
    assert_eq!(found, (FaultCode::InvalidValue, Some(16), Some(1)));
    let chrom = &[("chrom", ValueKind::Integer)];
    let fault = load(&sites(chrom, false), SMALL).0.unwrap_err();
    assert_eq!((fault.line, fault.column), (Some(17), Some(0)));
}

#[test]
fn files_of_several_persons_make_one_table() {
    let job = genotypes(
        &[
            ("sample", ValueKind::Identifier),
            ("dosage", ValueKind::Integer),
        ],
        false,
    );
    let one = |name: &str, gt: &str| {
        format!(
            "##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\t{name}\n\
             1\t1\t.\tA\tC\t.\t.\t.\tGT\t{gt}"
        )
    };
    let host = host(&job)
        .source("p1.vcf", one("p1", "0/1"))
        .source("p2.vcf", one("p2", "1/1"));
    let shards: Vec<Shard> = VcfLoader::plan(&job, 1 << 20, &host).unwrap();
    assert_eq!(
        shards.iter().map(|shard| shard.source).collect::<Vec<_>>(),
        [0, 1]
    );
    load_all::<VcfLoader>(&job, 1 << 20, &host).unwrap();
    assert_eq!(lines(cells(&host.table("t").unwrap())), ["p1 1", "p2 2"]);
}
