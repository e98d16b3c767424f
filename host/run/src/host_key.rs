//! The host's own key: signs the head of every run's ledger.

use std::path::Path;

use autods_ledger::{Entry, KeyAction, KeyKind, Ledger, Outcome, seal};
use autods_signature::{KeyError, PublicKey, SecretKey};

use crate::{
    error::{Result, RunError},
    layout::{RunDir, make_dir},
    session::ledger_error,
};

/// The secret half, in the keys directory; mode 0600.
const SECRET: &str = "host.key";
/// The public half, for whoever checks a run.
const PUBLIC: &str = "host.pub";

/// The host's key, read once at the start and then kept in memory.
pub(crate) struct HostKey {
    key: SecretKey,
    action: KeyAction,
}

impl HostKey {
    /// The key in this directory; made on first use.
    pub(crate) fn open(directory: &Path) -> Result<Self> {
        if !directory.is_dir() {
            make_dir(directory)?;
        }
        let path = directory.join(SECRET);
        let wrong = |error: KeyError| RunError::Data(format!("the host's key: {error}"));
        let (key, action) = if path.symlink_metadata().is_ok() {
            (
                SecretKey::read(&path, None).map_err(wrong)?,
                KeyAction::Read,
            )
        } else {
            let key = SecretKey::generate().map_err(wrong)?;
            match key.write(&path, None) {
                Ok(()) => (key, KeyAction::Made),
                // another run made it in this moment
                Err(KeyError::Exists { .. }) => (
                    SecretKey::read(&path, None).map_err(wrong)?,
                    KeyAction::Read,
                ),
                Err(error) => return Err(wrong(error)),
            }
        };
        let public = directory.join(PUBLIC);
        if public.is_file() {
            let known = PublicKey::read(&public).map_err(wrong)?;
            if known != key.public() {
                return Err(RunError::Data(format!(
                    "{} is not the public half of {}: move it away, so that it is written anew, or restore the key it belongs to",
                    public.display(),
                    path.display()
                )));
            }
        } else {
            match key.public().write(&public) {
                Ok(()) | Err(KeyError::Exists { .. }) => {}
                Err(error) => return Err(wrong(error)),
            }
        }
        Ok(Self { key, action })
    }

    /// The key in this directory, which must be there.
    pub(crate) fn existing(directory: &Path) -> Result<Self> {
        if directory.join(SECRET).symlink_metadata().is_err() {
            return Err(RunError::Data(format!(
                "the host's key is not in {}: put {SECRET} back there, so that the head of the ledger can be signed anew",
                directory.display()
            )));
        }
        Self::open(directory)
    }

    /// Its public half.
    pub(crate) fn public(&self) -> PublicKey {
        self.key.public()
    }

    /// What the ledger says about its use.
    pub(crate) fn entry(&self) -> Entry {
        Entry::KeyUsed {
            key: KeyKind::Host,
            action: self.action,
            fingerprint: self.key.id().to_string(),
        }
    }

    /// Sign the head of a run's ledger as it lies on disk.
    pub(crate) fn seal(&self, dir: &RunDir) -> Result<()> {
        // nothing is signed that does not hold
        Ledger::verify(&dir.ledger()).map_err(|e| ledger_error(&e))?;
        let who = concat!("autods-host ", env!("CARGO_PKG_VERSION"));
        seal(&dir.ledger(), &self.key, who).map_err(|e| ledger_error(&e))
    }

    /// Say in the ledger that the run ended otherwise than it should, and sign that too.
    pub(crate) fn close_failed(&self, dir: &RunDir, error: &RunError) -> Result<()> {
        let outcome = match error {
            RunError::Gate { .. } => Outcome::Held,
            _ => Outcome::Failed,
        };
        let ledger = Ledger::open(&dir.ledger()).map_err(|e| ledger_error(&e))?;
        ledger
            .record(&Entry::RunClosed { outcome })
            .map_err(|e| ledger_error(&e))?;
        drop(ledger);
        self.seal(dir)
    }
}
