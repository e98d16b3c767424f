//! The conformance files of the specification's own repository (samtools/hts-specs).
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use std::path::PathBuf;

use autods_sdk::loader::ValueKind;
use common::{data, job, load, skipped};

fn files(folder: &str) -> Vec<PathBuf> {
    let folder = data().join("vcf/hts_specs").join(folder);
    let Ok(entries) = std::fs::read_dir(&folder) else {
        skipped(&folder);
        return Vec::new();
    };
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert!(!files.is_empty());
    files
}

/// Every file that must be refused, and the line that is at fault.
const FAILED: [(&str, u64); 25] = [
    ("failed_body_alt_000.vcf", 4),
    ("failed_body_chrom_000.vcf", 4),
    ("failed_body_contiguous_000.vcf", 9),
    ("failed_body_duplicated_000.vcf", 5),
    ("failed_body_filter_000.vcf", 4),
    ("failed_body_format_000.vcf", 4),
    ("failed_body_id_000.vcf", 4),
    ("failed_body_info_000.vcf", 4),
    ("failed_body_pos_000.vcf", 4),
    ("failed_body_qual_000.vcf", 4),
    ("failed_body_ref_000.vcf", 4),
    ("failed_body_sample_000.vcf", 4),
    ("failed_body_samples_ploidy_000.vcf", 4),
    ("failed_body_unsorted_000.vcf", 8),
    ("failed_fileformat_000.vcf", 1),
    ("failed_header_000.vcf", 2),
    ("failed_meta_000.vcf", 3),
    ("failed_meta_alt_000.vcf", 3),
    ("failed_meta_assembly_000.vcf", 3),
    ("failed_meta_contig_000.vcf", 3),
    ("failed_meta_format_000.vcf", 3),
    ("failed_meta_info_000.vcf", 3),
    ("failed_meta_pedigree_000.vcf", 3),
    ("failed_meta_pedigreedb_000.vcf", 3),
    ("failed_meta_sample_000.vcf", 3),
];

#[test]
fn every_file_that_must_pass_is_taken() {
    let job = job(&[("variant", ValueKind::Identifier)], Vec::new());
    let mut wrong = Vec::new();
    for folder in ["4.1/passed", "4.2/passed"] {
        for path in files(folder) {
            let text = std::fs::read_to_string(&path).unwrap();
            let records = text.lines().filter(|line| !line.starts_with('#')).count() as u64;
            let (summary, host) = load(&job, text);
            match summary {
                Ok(summary) => assert_eq!((summary.records, summary.emitted), (records, records)),
                Err(fault) => wrong.push((path, fault, host.messages())),
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_file_that_must_fail_is_refused_at_its_line() {
    let job = job(&[("variant", ValueKind::Identifier)], Vec::new());
    let files = files("4.1/failed");
    let mut found = Vec::new();
    for path in &files {
        let (summary, host) = load(&job, std::fs::read(path).unwrap());
        let name = path.file_name().unwrap().to_str().unwrap();
        let fault = summary.expect_err(name);
        // the log says which rule, in words that are the same for every file
        assert_eq!(host.messages().len(), 1, "{name}");
        found.push((name, fault.line.unwrap()));
    }
    if !files.is_empty() {
        assert_eq!(found, FAILED);
    }
}
