//! A plugin as it lies on disk: read once, hashed, audited; what is compiled later is this buffer.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use crate::audit::Audit;
use crate::manifest::Manifest;
use crate::policy::Policy;
use crate::refusal::Refusal;

/// The bytes of a component with the manifest and audit that belong to exactly these bytes.
#[derive(Clone)]
pub struct PluginFile {
    manifest: Manifest,
    bytes: Vec<u8>,
    audit: Audit,
    policy: Policy,
}

impl PluginFile {
    /// Reads a component and its manifest (`<stem>.toml` or else `plugin.toml` beside it).
    ///
    /// A component that would be refused is read all the same, so that [`PluginFile::audit`] can
    /// say everything that is wrong with it.
    ///
    /// # Errors
    /// Where one of both files cannot be read, the manifest is wrong, or the component is larger
    /// than `component.size-kib` of the policy.
    pub fn read(component: &Path, policy: &Policy) -> Result<Self, Refusal> {
        let manifest = Manifest::beside(component)?;
        let unreadable = |error: std::io::Error| Refusal::Unreadable {
            file: component.display().to_string(),
            kind: error.kind(),
        };
        let limit_kib = policy.component.size_kib;
        let limit = limit_kib.saturating_mul(1024);
        // Looked at first, because opening a named pipe waits for somebody to write into it.
        if !std::fs::metadata(component).map_err(unreadable)?.is_file() {
            return Err(unreadable(std::io::ErrorKind::InvalidInput.into()));
        }
        let mut bytes = Vec::new();
        File::open(component)
            .map_err(unreadable)?
            .take(limit.saturating_add(1))
            .read_to_end(&mut bytes)
            .map_err(unreadable)?;
        if bytes.len() as u64 > limit {
            return Err(Refusal::TooLarge { limit_kib });
        }
        Ok(Self::from_parts(manifest, bytes, policy))
    }

    /// Takes a component that is already in memory.
    pub fn from_parts(manifest: Manifest, bytes: Vec<u8>, policy: &Policy) -> Self {
        let audit = Audit::of(&manifest, &bytes, policy);
        Self {
            manifest,
            bytes,
            audit,
            policy: policy.clone(),
        }
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

    /// Its parts, with an audit under `policy`, which need not be the one that it was read under.
    pub(crate) fn into_parts(self, policy: &Policy) -> (Manifest, Vec<u8>, Audit) {
        if *policy == self.policy {
            return (self.manifest, self.bytes, self.audit);
        }
        let audit = Audit::of(&self.manifest, &self.bytes, policy);
        (self.manifest, self.bytes, audit)
    }
}
