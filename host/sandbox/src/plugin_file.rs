//! A plugin as it lies on disk: read once, hashed, audited; what is compiled later is this buffer.

use std::fs::{self, File};
use std::io::Read;
use std::path::Path;

use crate::audit::Audit;
use crate::grant::Purpose;
use crate::lock::Lock;
use crate::manifest::Manifest;
use crate::policy::{LockRule, Policy};
use crate::refusal::Refusal;
use crate::trust::Papers;

/// Greatest size of a manifest or signature.
const PAPER: u64 = 1 << 20;
/// Greatest size of a lock.
const LOCK: u64 = 1 << 22;

/// The bytes of a component with the manifest, the papers and the audit that belong to exactly
/// these bytes.
#[derive(Clone)]
pub struct PluginFile {
    manifest: Manifest,
    bytes: Vec<u8>,
    papers: Papers,
    audit: Audit,
    policy: Policy,
    purpose: Purpose,
}

impl PluginFile {
    /// Reads a component, its manifest (`<stem>.toml` or else `plugin.toml` beside it), the
    /// manifest's signature (`.minisig`) and the folder's `autods.lock`. None of them may be a link.
    ///
    /// A component that would be refused is read all the same, so that [`PluginFile::audit`] can
    /// say everything that is wrong with it.
    ///
    /// # Errors
    /// Where one of the files cannot be read or is not a plain file, the manifest is wrong, or the
    /// component is larger than `component.size-kib` of the policy.
    pub fn read(component: &Path, policy: &Policy) -> Result<Self, Refusal> {
        // a plugin that is not there at all is said to be so, not to have no manifest
        if let Err(error) = fs::symlink_metadata(component) {
            return Err(unreadable(component, error.kind()));
        }
        let place = Manifest::place(component);
        let text = required_text(&place)?;
        let manifest = Manifest::parse(&place.display().to_string(), &text)?;
        let limit_kib = policy.component.size_kib;
        let limit = limit_kib.saturating_mul(1024);
        let Some(bytes) = plain_file(component, limit)? else {
            return Err(unreadable(component, std::io::ErrorKind::NotFound));
        };
        if bytes.len() as u64 > limit {
            return Err(Refusal::TooLarge { limit_kib });
        }
        let lock = component.with_file_name(Lock::FILE);
        let papers = Papers {
            manifest: text,
            signature: text_beside(&place, PAPER)?,
            lock: optional_text(&lock, LOCK)?,
            lock_signature: text_beside(&lock, PAPER)?,
        };
        Ok(Self::with_papers(manifest, bytes, papers, policy))
    }

    /// As [`PluginFile::read`] for somebody who is about to pin it: the folder's lock has no say.
    ///
    /// # Errors
    /// As [`PluginFile::read`], and the first refusal of its audit: only what would be admitted is
    /// pinned.
    pub fn read_to_pin(component: &Path, policy: &Policy) -> Result<Self, Refusal> {
        let mut policy = policy.clone();
        policy.plugins.lock = LockRule::Optional;
        let mut file = Self::read(component, &policy)?;
        file.papers.lock = None;
        file.papers.lock_signature = None;
        let file = file.for_purpose(Purpose::ANY);
        match file.audit.refusals.first() {
            Some(refusal) => Err(refusal.clone()),
            None => Ok(file),
        }
    }

    /// Takes a component that is already in memory, with nothing that vouches for it.
    pub fn from_parts(manifest: Manifest, bytes: Vec<u8>, policy: &Policy) -> Self {
        let papers = Papers {
            manifest: toml::to_string(&manifest).unwrap_or_default(),
            ..Papers::default()
        };
        Self::with_papers(manifest, bytes, papers, policy)
    }

    fn with_papers(manifest: Manifest, bytes: Vec<u8>, papers: Papers, policy: &Policy) -> Self {
        let audit = Audit::with_papers(&manifest, &bytes, &papers, policy, &Purpose::ANY);
        Self {
            manifest,
            bytes,
            papers,
            audit,
            policy: policy.clone(),
            purpose: Purpose::ANY,
        }
    }

    /// The same file for what a run wants it for.
    #[must_use]
    pub fn for_purpose(mut self, purpose: Purpose) -> Self {
        let policy = self.policy.clone();
        self.audit =
            Audit::with_papers(&self.manifest, &self.bytes, &self.papers, &policy, &purpose);
        self.purpose = purpose;
        self
    }

    /// Its manifest.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// What it is and would do.
    pub fn audit(&self) -> &Audit {
        &self.audit
    }

    /// SHA-256 of the component, in hexadecimal.
    pub fn sha256(&self) -> &str {
        &self.audit.sha256
    }

    /// The component.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// What lies beside it, as it was read.
    pub fn papers(&self) -> &Papers {
        &self.papers
    }

    /// Its parts, with an audit under `policy`, which need not be the one that it was read under.
    pub(crate) fn into_parts(self, policy: &Policy) -> (Manifest, Vec<u8>, Audit) {
        if *policy == self.policy {
            return (self.manifest, self.bytes, self.audit);
        }
        let audit = Audit::with_papers(
            &self.manifest,
            &self.bytes,
            &self.papers,
            policy,
            &self.purpose,
        );
        (self.manifest, self.bytes, audit)
    }
}

fn unreadable(path: &Path, kind: std::io::ErrorKind) -> Refusal {
    Refusal::Unreadable {
        file: path.display().to_string(),
        kind,
    }
}

fn required_text(path: &Path) -> Result<String, Refusal> {
    optional_text(path, PAPER)?.ok_or_else(|| {
        Refusal::Manifest(crate::keys::FileError::Io {
            file: path.display().to_string(),
            kind: std::io::ErrorKind::NotFound,
        })
    })
}

/// The signature beside a file.
fn text_beside(path: &Path, limit: u64) -> Result<Option<String>, Refusal> {
    let mut name = path.as_os_str().to_owned();
    name.push(".minisig");
    optional_text(Path::new(&name), limit)
}

fn optional_text(path: &Path, limit: u64) -> Result<Option<String>, Refusal> {
    let Some(bytes) = plain_file(path, limit)? else {
        return Ok(None);
    };
    if bytes.len() as u64 > limit {
        return Err(unreadable(path, std::io::ErrorKind::FileTooLarge));
    }
    String::from_utf8(bytes)
        .map(Some)
        .map_err(|_| unreadable(path, std::io::ErrorKind::InvalidData))
}

/// At most `limit` and one more byte of a plain file; `None` where there is nothing of that name.
///
/// What was looked at and what was opened are the same file: whoever puts a link in between is
/// found out by device and number.
fn plain_file(path: &Path, limit: u64) -> Result<Option<Vec<u8>>, Refusal> {
    let not_a_file = |what| Refusal::NotAFile {
        file: path.display().to_string(),
        what,
    };
    let seen = match fs::symlink_metadata(path) {
        Ok(seen) => seen,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(unreadable(path, error.kind())),
    };
    if seen.is_symlink() {
        return Err(not_a_file("a symbolic link"));
    }
    if !seen.is_file() {
        return Err(not_a_file("not a plain file"));
    }
    let read = || -> std::io::Result<Option<Vec<u8>>> {
        let file = File::open(path)?;
        if !same_file(&seen, &file.metadata()?) {
            return Ok(None);
        }
        let mut bytes = Vec::new();
        file.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
        Ok(Some(bytes))
    };
    match read() {
        Ok(Some(bytes)) => Ok(Some(bytes)),
        Ok(None) => Err(not_a_file("another file than a moment ago")),
        Err(error) => Err(unreadable(path, error.kind())),
    }
}

#[cfg(unix)]
fn same_file(seen: &fs::Metadata, opened: &fs::Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    (seen.dev(), seen.ino()) == (opened.dev(), opened.ino())
}

#[cfg(not(unix))]
fn same_file(seen: &fs::Metadata, opened: &fs::Metadata) -> bool {
    opened.is_file() && seen.len() == opened.len()
}
