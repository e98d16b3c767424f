//! Out-of-fold predictions at rest, so that a killed run loses no captured result.
//!
//! A file holds magic, the digest of the rows it is about, the predictions, and a digest of all
//! that. One that does not check is computed anew.

use std::{fs, path::PathBuf};

use sha2::{Digest as _, Sha256};

use super::Lab;
use autods_ledger::Entry;

use crate::{error::Result, integrity::sha256, layout::write_atomically, session::write_ledger};

const MAGIC: &[u8; 8] = b"autodsp1";

fn digest_rows(rows: &[u32]) -> [u8; 32] {
    let mut hash = Sha256::new();
    for row in rows {
        hash.update(row.to_le_bytes());
    }
    hash.finalize().into()
}

impl Lab<'_> {
    fn capture_path(&self, fingerprint: &str, population: &str, seed: u64) -> PathBuf {
        let short: String = fingerprint.chars().take(24).collect();
        self.artifacts
            .join(format!("oof-{short}-{population}-{seed}.bin"))
    }

    pub(crate) fn captured(
        &self,
        fingerprint: &str,
        population: &str,
        seed: u64,
        rows: &[u32],
    ) -> Option<Vec<f64>> {
        let bytes = fs::read(self.capture_path(fingerprint, population, seed)).ok()?;
        let (body, digest) = bytes.split_at_checked(bytes.len().checked_sub(32)?)?;
        if Sha256::digest(body).as_slice() != digest {
            return None;
        }
        let rest = body.strip_prefix(MAGIC)?;
        let rest = rest.strip_prefix(&digest_rows(rows))?;
        if rest.len() != rows.len() * 8 {
            return None;
        }
        Some(
            rest.chunks_exact(8)
                .map(|c| {
                    let mut b = [0u8; 8];
                    b.copy_from_slice(c);
                    f64::from_le_bytes(b)
                })
                .collect(),
        )
    }

    pub(crate) fn capture(
        &self,
        fingerprint: &str,
        population: &str,
        seed: u64,
        rows: &[u32],
        predictions: &[f64],
    ) -> Result<()> {
        let mut bytes = Vec::with_capacity(72 + predictions.len() * 8);
        bytes.extend_from_slice(MAGIC);
        bytes.extend_from_slice(&digest_rows(rows));
        for p in predictions {
            bytes.extend_from_slice(&p.to_le_bytes());
        }
        let digest: [u8; 32] = Sha256::digest(&bytes).into();
        bytes.extend_from_slice(&digest);
        let path = self.capture_path(fingerprint, population, seed);
        write_atomically(&path, &bytes)?;
        write_ledger(
            self.ledger,
            &Entry::Wrote {
                path: format!(
                    "artifacts/{}",
                    path.file_name().unwrap_or_default().to_string_lossy()
                ),
                sha256: sha256(&bytes),
            },
        )
    }
}
