//! How fast files are planned and loaded, natively and on one thread: `cargo bench -p loader-vcf`.
//!
//! Minima over several runs. One file is made up: 2504 samples with genotypes and nothing else, as
//! the big reference panels have them.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout
)]

#[path = "../tests/common/mod.rs"]
mod common;

use std::fmt::Write;
use std::time::{Duration, Instant};

use autods_sdk::loader::{Job, Loader, ValueKind};
use autods_sdk::params::param_text;
use autods_sdk::testkit::load_all;
use loader_vcf::VcfLoader;

const RUNS: usize = 7;

fn main() {
    let sites = common::job(
        &[
            ("variant", ValueKind::Identifier),
            ("allele-frequency", ValueKind::Number),
            ("call-rate", ValueKind::Number),
        ],
        Vec::new(),
    );
    let genotypes = common::job(
        &[
            ("sample", ValueKind::Identifier),
            ("variant", ValueKind::Identifier),
            ("dosage", ValueKind::Integer),
        ],
        vec![param_text("rows", "genotypes")],
    );
    println!(
        "{:<44} {:>6} {:>8} {:>8} {:>10}",
        "MB/s", "MB", "plan", "sites", "genotypes"
    );
    let real = [
        "vcf/kg_chr22_5samples/chr22.vcf.gz",
        "vcf/kg_chr20_sample/sample.vcf.bgz",
        "vcf/kg_chr22_gwas/regressionLogisticEpacts.vcf.gz",
    ];
    for path in real {
        if let Some(text) = common::file(path) {
            let name = path.rsplit('/').next().unwrap();
            measure(name, text, &sites, &genotypes);
        }
    }
    measure("made up: GT of 2504 samples", panel(), &sites, &genotypes);
}

fn measure(name: &str, text: Vec<u8>, sites: &Job, genotypes: &Job) {
    let megabytes = text.len() as f64 / 1e6;
    let host = common::host(sites).source("a.vcf", text.clone());
    let plan = least(|| {
        VcfLoader::plan(sites, 8 << 20, &host).unwrap();
    });
    let load = |job: &Job| {
        least(|| {
            let host = common::host(job).source("a.vcf", text.clone());
            load_all::<VcfLoader>(job, 8 << 20, &host).unwrap();
        })
    };
    let speed = |time: Duration| megabytes / time.as_secs_f64();
    println!(
        "{name:<44} {megabytes:>6.1} {:>8.0} {:>8.0} {:>10.0}",
        speed(plan),
        speed(load(sites)),
        speed(load(genotypes))
    );
}

fn least(run: impl Fn()) -> Duration {
    let times = (0..RUNS).map(|_| {
        let start = Instant::now();
        run();
        start.elapsed()
    });
    times.min().unwrap()
}

/// Genotypes of 2000 sites, by a generator of its own.
fn panel() -> Vec<u8> {
    let mut text = String::from(
        "##fileformat=VCFv4.2\n##FORMAT=<ID=GT,Number=1,Type=String,Description=\"\">\n\
         #CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT",
    );
    for sample in 0..2504 {
        write!(text, "\tHG{sample:05}").unwrap();
    }
    let mut state = 1_u64;
    for site in 1..=2000 {
        write!(
            text,
            "\n22\t{}\trs{site}\tA\tG\t100\tPASS\t.\tGT",
            site * 17
        )
        .unwrap();
        for _ in 0..2504 {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            text.push_str(match state >> 60 {
                0 => "\t1|1",
                1 | 2 => "\t0|1",
                3 => "\t1|0",
                4 if state >> 50 & 63 == 0 => "\t.|.",
                _ => "\t0|0",
            });
        }
    }
    text.into_bytes()
}
