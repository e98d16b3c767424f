//! How fast a cohort is validated and read as events, natively and on one thread:
//! `cargo bench -p loader-fhir`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr
)]

#[path = "../tests/common/mod.rs"]
mod common;

use std::time::Instant;

use autods_sdk::testkit::load_all;
use loader_fhir::FhirLoader;

fn main() {
    let Some(folder) = common::data("synthea_cohort") else {
        return;
    };
    let mut text = Vec::new();
    for (_, bytes) in common::files(&folder) {
        text.extend_from_slice(&bytes);
    }
    let job = common::job("event", common::EVENT);
    let runs = (0..4).map(|_| {
        let host = common::host(&job).source("all.ndjson", text.clone());
        let start = Instant::now();
        load_all::<FhirLoader>(&job, 8 << 20, &host).unwrap();
        start.elapsed()
    });
    let seconds = runs.min().unwrap().as_secs_f64();
    let megabytes = text.len() as f64 / 1e6;
    println!(
        "{megabytes:.0} MB in {seconds:.2} s: {:.0} MB/s",
        megabytes / seconds
    );
}
