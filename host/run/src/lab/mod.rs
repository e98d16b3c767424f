//! The lab: runs approved plans on host-made folds and captures what they show.
//!
//! A fold's rows reach a preparation method as Arrow, its outcome only for training rows; test
//! rows are transformed by the fitted state and scored by the host. Splits, the labels of the
//! lock-box and the scores never leave this module but as aggregates.

mod cache;
mod capture;
mod evaluate;
mod experiment;
mod folds;
mod frame;
mod prepare;
mod single;

pub(crate) use evaluate::{Scored, baseline_names};
pub(crate) use experiment::{Resolved, number};

use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
    sync::atomic::AtomicU64,
};

use autods_ledger::Ledger;
use autods_sandbox::Plugin;
use sha2::{Digest as _, Sha256};

pub(crate) use self::cache::DesignCache;
use crate::cohort::Cohort;

/// The lab of a run.
pub(crate) struct Lab<'a> {
    pub(crate) plugins: &'a BTreeMap<String, Plugin>,
    pub(crate) ledger: &'a Ledger,
    pub(crate) cohort: &'a Cohort,
    /// Codes that the catalogue discloses: they may stand in a design column's name.
    pub(crate) levels: &'a BTreeSet<String>,
    pub(crate) artifacts: PathBuf,
    pub(crate) folds: u32,
    pub(crate) inner_folds: u32,
    pub(crate) seeds: Vec<u64>,
    pub(crate) replicates: u32,
    pub(crate) thresholds: Vec<f64>,
    pub(crate) threshold: u64,
    pub(crate) cache: &'a DesignCache,
    /// Rows that a preparation was fitted on though they were outside its fold.
    pub(crate) foreign: &'a AtomicU64,
}

/// A seed for one purpose, derived from a preset one.
pub(crate) fn derive_seed(purpose: &str, seed: u64, index: u64) -> u64 {
    let mut hash = Sha256::new();
    hash.update(purpose.as_bytes());
    hash.update([0]);
    hash.update(seed.to_le_bytes());
    hash.update(index.to_le_bytes());
    let digest = hash.finalize();
    let mut bytes = [0u8; 8];
    bytes.copy_from_slice(&digest[..8]);
    u64::from_le_bytes(bytes)
}
