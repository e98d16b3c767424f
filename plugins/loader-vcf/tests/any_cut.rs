//! Any file gives the same rows however it is cut, and no bytes make the loader panic.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use autods_sdk::loader::{Job, Loader, ValueKind};
use autods_sdk::params::{param_flag, param_text};
use autods_sdk::testkit::load_all;
use common::{cells, host, job};
use loader_vcf::VcfLoader;
use proptest::prelude::*;

const SMALL: &str = include_str!("small.vcf");

fn jobs() -> [Job; 2] {
    let text = |names: &[&'static str]| -> Vec<(&'static str, ValueKind)> {
        names.iter().map(|name| (*name, ValueKind::Text)).collect()
    };
    let sites = text(&[
        "variant",
        "qual",
        "filter",
        "info.AF",
        "info.DB",
        "info.NOTE",
        "call-rate",
    ]);
    let calls = text(&[
        "variant",
        "sample",
        "dosage",
        "phased",
        "ploidy",
        "format.AD",
        "format.DP",
    ]);
    [
        job(&sites, vec![param_flag("split", true)]),
        job(&calls, vec![param_text("rows", "genotypes")]),
    ]
}

#[derive(Clone, Debug)]
struct File {
    line_end: &'static str,
    last_line_end: bool,
    records: Vec<(u32, String, String, [String; 4])>,
}

impl File {
    fn text(&self) -> String {
        let (header, _) = SMALL.split_at(SMALL.find("\n1\t").unwrap());
        let mut text = header.replace('\n', self.line_end);
        let mut pos = 0;
        for (step, reference, alternate, samples) in &self.records {
            pos += step;
            let samples = samples.join("\t");
            text.push_str(self.line_end);
            text.push_str(&format!(
                "1\t{pos}\t.\t{reference}\t{alternate}\t.\tPASS\tDB\tGT:DP\t{samples}"
            ));
        }
        if self.last_line_end {
            text.push_str(self.line_end);
        }
        text
    }
}

fn file() -> impl Strategy<Value = File> {
    let sample = || "([01.][/|][01.]|[01.])(:[0-9]{1,3})?";
    let record = (
        1u32..1000,
        "[ACGTN]{1,4}",
        "[ACGT]{1,3}(,<DEL>)?|<DEL>|\\*",
        [sample(), sample(), sample(), sample()],
    );
    (
        prop_oneof![Just("\n"), Just("\r\n")],
        any::<bool>(),
        proptest::collection::vec(record, 0..12),
    )
        .prop_map(|(line_end, last_line_end, records)| File {
            line_end,
            last_line_end,
            records,
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn rows_and_metrics_do_not_depend_on_the_shards(file in file(), shard_bytes in 1u64..300) {
        let text = file.text();
        for job in jobs() {
            let load = |shard_bytes| {
                let host = host(&job).source("a.vcf", text.as_str());
                let summary = load_all::<VcfLoader>(&job, shard_bytes, &host).unwrap();
                let metrics = common::METRICS.map(|name| host.total(name));
                (summary.records, cells(&host.table("t").unwrap()), metrics)
            };
            let whole = load(u64::MAX);
            prop_assert_eq!(whole.0, file.records.len() as u64);
            prop_assert_eq!(&load(1), &whole);
            prop_assert_eq!(&load(100), &whole);
            prop_assert_eq!(&load(shard_bytes), &whole);
        }
    }

    #[test]
    fn damaged_files_give_rows_or_a_fault_but_no_panic(
        changes in proptest::collection::vec(
            (0usize..2000, prop_oneof![
                proptest::sample::select(b"\t\n\r:;,=./|<>[]*\"%0129AG#".to_vec()),
                any::<u8>(),
            ], 0u8..3),
            1..8,
        ),
        shard_bytes in 1u64..500,
    ) {
        let mut bytes = SMALL.as_bytes().to_vec();
        for (at, byte, how) in changes {
            let at = at % bytes.len();
            match how {
                0 => bytes[at] = byte,
                1 => bytes.insert(at, byte),
                _ => drop(bytes.remove(at)),
            }
        }
        for job in jobs() {
            let host = host(&job).source("a.vcf", bytes.clone());
            let Ok(shards) = VcfLoader::plan(&job, shard_bytes, &host) else { continue };
            for pair in shards.windows(2) {
                prop_assert_eq!(pair[0].end, pair[1].start);
            }
            for shard in &shards {
                let _ = VcfLoader::load(&job, shard, &host);
            }
        }
    }
}
