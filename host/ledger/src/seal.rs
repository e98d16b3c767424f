//! The signed head: what a host said about a ledger when its run ended.
//!
//! What is signed is the head file, which names the last record's number and hash; the chain does
//! the rest. `minisign -Vm ledger.head -p host.pub` checks it without this program.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use autods_signature::{
    KeyId, PublicKey, SecretKey, Signature, SignatureError, read_signature, sign,
};
use serde::Serialize;

use crate::entry::Entry;
use crate::error::LedgerError;
use crate::head::{Head, sync_folder};
use crate::verify::read;

/// Where the head of a ledger stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "state", rename_all = "kebab-case")]
pub enum HeadSignature {
    /// The run is not closed; records after the signed one are chained, and nothing more.
    Open {
        /// The record up to which the ledger is signed, with the given key where one was given.
        signed: Option<u64>,
    },
    /// A key signed it; no public key was given to check that with.
    Unchecked {
        /// The key that claims to have signed.
        key: KeyId,
    },
    /// The given key signed it.
    Checked {
        /// The key.
        key: KeyId,
        /// What the signer wrote beside it.
        comment: String,
    },
}

/// Why the head of a closed run does not hold.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// A closed run without a signature.
    #[error(
        "the run is closed, but the head of its ledger is not signed: ledger.head.minisig is missing"
    )]
    Missing,
    /// The signature covers an earlier head.
    #[error(
        "the head that was signed is that of record {signed}, but the ledger goes on to record {records}"
    )]
    Grown {
        /// The record whose head was signed.
        signed: u64,
        /// Records in the ledger.
        records: u64,
    },
    /// The signature covers more than there is.
    #[error(
        "the head that was signed is that of record {signed}, but the ledger has only {records}: records were taken out"
    )]
    Cut {
        /// The record whose head was signed.
        signed: u64,
        /// Records in the ledger.
        records: u64,
    },
    /// Another key signed.
    #[error(
        "the head is signed by key {signed}, but the public key given is {expected}; if the run was made by another \
         host, give that host's public key"
    )]
    OtherKey {
        /// The key that claims to have signed.
        signed: KeyId,
        /// The key that was expected.
        expected: KeyId,
    },
    /// The key signed something else.
    #[error("the head, its signature or the comment was changed after key {0} signed it")]
    Changed(KeyId),
    /// The signature is not one.
    #[error("ledger.head.minisig: {0}")]
    Signature(SignatureError),
}

/// Where the signature of a ledger's head lies: `ledger.head.minisig`.
#[must_use]
pub fn signature_path(ledger: &Path) -> PathBuf {
    let mut path = Head::path(ledger).into_os_string();
    path.push(".minisig");
    path.into()
}

/// Sign the head file of a synced ledger, replacing an older signature as one step. The comment is
/// `who` and the number of the record that is the head, so that it can be found again when the
/// ledger has gone on.
///
/// # Errors
/// [`LedgerError::Io`]; [`LedgerError::Tampered`] where there is no head; [`LedgerError::Seal`] if
/// `who` is not one plain line.
pub fn seal(ledger: &Path, key: &SecretKey, who: &str) -> Result<(), LedgerError> {
    let head = Head::recall(ledger).map_err(|tampered| LedgerError::Tampered {
        path: ledger.to_owned(),
        tampered,
    })?;
    let comment = format!("{who}, {OF_RECORD}{}", head.seq);
    let text = sign(key, head.line().as_bytes(), &comment)
        .map_err(|why| broken(ledger, SealError::Signature(why)))?;
    let path = signature_path(ledger);
    let temporary = path.with_extension("minisig.new");
    let write = || -> io::Result<()> {
        match fs::remove_file(&temporary) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let mut options = File::options();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&temporary)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        fs::rename(&temporary, &path)?;
        sync_folder(&path)
    };
    write().map_err(|source| {
        // What is left of it is of no use.
        let _ = fs::remove_file(&temporary);
        LedgerError::io("sign the head of", ledger)(source)
    })
}

/// What a signature's comment has before the number of the record.
const OF_RECORD: &str = "head of record ";

/// Check a ledger as [`verify`](crate::verify) does, and the signature of its head, or, where the
/// run goes on, of the head of that time.
///
/// # Errors
/// As [`read`]; [`LedgerError::Seal`] where the run is closed and its head is not signed, or where
/// there is a signature that is not one of this ledger by `key`.
pub fn verify_seal(ledger: &Path, key: Option<&PublicKey>) -> Result<HeadSignature, LedgerError> {
    let records = read(ledger)?;
    let mut closed = false;
    for record in &records {
        match record.entry {
            Entry::RunStarted { .. } | Entry::RunResumed { .. } => closed = false,
            Entry::RunClosed { .. } => closed = true,
            _ => {}
        }
    }
    let seal = |why| broken(ledger, why);
    let text =
        read_signature(&signature_path(ledger)).map_err(|why| seal(SealError::Signature(why)))?;
    let Some(text) = text else {
        return match closed {
            true => Err(seal(SealError::Missing)),
            false => Ok(HeadSignature::Open { signed: None }),
        };
    };
    let signature = Signature::parse(&text).map_err(|why| seal(SealError::Signature(why)))?;
    let all = records.len() as u64;
    let signed = signature
        .trusted_comment()
        .rsplit_once(OF_RECORD)
        .and_then(|(_, seq)| seq.parse().ok())
        .unwrap_or(all);
    let head = match usize::try_from(signed)
        .ok()
        .and_then(|seq| seq.checked_sub(1))
    {
        Some(at) if signed <= all => Head {
            seq: signed,
            hash: records[at].hash.clone(),
        },
        _ => {
            return Err(seal(SealError::Cut {
                signed,
                records: all,
            }));
        }
    };
    if let Some(key) = key {
        if signature.key_id() != key.id() {
            return Err(seal(SealError::OtherKey {
                signed: signature.key_id(),
                expected: key.id(),
            }));
        }
        autods_signature::verify(head.line().as_bytes(), &signature, key)
            .map_err(|_| seal(SealError::Changed(key.id())))?;
    }
    if !closed {
        return Ok(HeadSignature::Open {
            signed: Some(signed),
        });
    }
    if signed != all {
        return Err(seal(SealError::Grown {
            signed,
            records: all,
        }));
    }
    Ok(match key {
        None => HeadSignature::Unchecked {
            key: signature.key_id(),
        },
        Some(key) => HeadSignature::Checked {
            key: key.id(),
            comment: signature.trusted_comment().to_owned(),
        },
    })
}

fn broken(ledger: &Path, why: SealError) -> LedgerError {
    LedgerError::Seal {
        path: ledger.to_owned(),
        why,
    }
}
