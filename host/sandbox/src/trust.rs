//! Whether a plugin is the one that somebody answers for: digests, signature, lock, revocation.

use serde::Serialize;

use autods_signature::{SignatureError, glob};

use crate::digest;
use crate::lock::{Lock, Pinned};
use crate::manifest::Manifest;
use crate::policy::{LockRule, Policy, Requirement};
use crate::refusal::Refusal;

/// What lies beside a component: its manifest as it was written, and what vouches for it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Papers {
    /// The manifest's file.
    pub manifest: String,
    /// The signature of the manifest, if there is one.
    pub signature: Option<String>,
    /// The lock of the folder, if there is one.
    pub lock: Option<String>,
    /// The signature of the lock, if there is one.
    pub lock_signature: Option<String>,
}

/// What is known about a plugin's signature.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "state")]
pub enum Seal {
    /// There is none.
    #[default]
    Unsigned,
    /// A trusted signer's.
    Signed {
        /// The signer's name in the policy.
        signer: String,
        /// Id of their key.
        key: String,
    },
    /// There is one that does not count; the refusals say why.
    NotTrusted {
        /// Id of the key, where it could be read.
        key: Option<String>,
    },
}

impl Seal {
    /// Id of a trusted signer's key.
    pub fn key(&self) -> Option<&str> {
        match self {
            Self::Signed { key, .. } => Some(key),
            _ => None,
        }
    }
}

/// What the lock says about a plugin.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum LockState {
    /// There is no lock.
    #[default]
    NoLock,
    /// It is exactly what the lock pins.
    Pinned,
    /// The lock does not know it.
    NotPinned,
    /// It is not what the lock pins, or the lock cannot be used.
    Differs,
}

/// What came of looking at the papers.
pub(crate) struct Trust {
    pub(crate) seal: Seal,
    pub(crate) lock: LockState,
    pub(crate) pinned: Option<Pinned>,
    pub(crate) manifest_sha256: String,
    pub(crate) refusals: Vec<Refusal>,
}

/// Looks at everything but the interface, which is known only later: [`interface_differs`].
pub(crate) fn examine(
    manifest: &Manifest,
    papers: &Papers,
    component: &str,
    policy: &Policy,
) -> Trust {
    let mut refusals = Vec::new();
    let manifest_sha256 = digest::sha256(papers.manifest.as_bytes());
    let trusted = policy.trusted();
    for (what, sha256) in [("component", component), ("manifest", &manifest_sha256)] {
        if trusted.not_revoked(sha256).is_err() {
            refusals.push(Refusal::Revoked {
                what,
                sha256: sha256.to_owned(),
            });
        }
    }
    if let Some(expected) = &manifest.component.sha256
        && expected != component
    {
        refusals.push(Refusal::OtherComponent {
            expected: expected.clone(),
            found: component.to_owned(),
        });
    }
    let seal = seal(manifest, papers, policy, &mut refusals);
    let mut lock = LockState::NoLock;
    let mut pinned = None;
    match read_lock(papers, policy) {
        Ok(None) => {
            if policy.plugins.lock != LockRule::Optional {
                refusals.push(Refusal::NotLocked {
                    what: "there is no autods.lock beside it",
                });
            }
        }
        Ok(Some(found)) => match found.get(&manifest.plugin.id) {
            None if policy.plugins.lock == LockRule::Optional => lock = LockState::NotPinned,
            None => {
                lock = LockState::NotPinned;
                refusals.push(Refusal::NotLocked {
                    what: "autods.lock does not name it",
                });
            }
            Some(entry) => {
                let differences = differences(entry, component, &manifest_sha256, &seal);
                lock = if differences.is_empty() {
                    LockState::Pinned
                } else {
                    LockState::Differs
                };
                refusals.extend(differences);
                pinned = Some(entry.clone());
            }
        },
        Err(refusal) => {
            lock = LockState::Differs;
            refusals.push(refusal);
        }
    }
    Trust {
        seal,
        lock,
        pinned,
        manifest_sha256,
        refusals,
    }
}

/// The refusal of a plugin whose interface is not the one pinned.
pub(crate) fn interface_differs(pinned: Option<&Pinned>, interface: &str) -> Option<Refusal> {
    let pinned = pinned?;
    (pinned.interface != interface).then(|| Refusal::OtherThanLocked {
        what: "interface",
        pinned: pinned.interface.clone(),
        found: interface.to_owned(),
    })
}

fn differences(entry: &Pinned, component: &str, manifest: &str, seal: &Seal) -> Vec<Refusal> {
    let none = "nobody";
    [
        ("component", entry.component.as_str(), component),
        ("manifest", entry.manifest.as_str(), manifest),
        (
            "signer",
            entry.signer.as_deref().unwrap_or(none),
            seal.key().unwrap_or(none),
        ),
    ]
    .into_iter()
    // What was unsigned when it was pinned may be signed since.
    .filter(|(what, pinned, found)| pinned != found && !(*what == "signer" && *pinned == none))
    .map(|(what, pinned, found)| Refusal::OtherThanLocked {
        what,
        pinned: pinned.to_owned(),
        found: found.to_owned(),
    })
    .collect()
}

fn seal(
    manifest: &Manifest,
    papers: &Papers,
    policy: &Policy,
    refusals: &mut Vec<Refusal>,
) -> Seal {
    if papers.signature.is_none() && policy.plugins.signature == Requirement::Optional {
        return Seal::Unsigned;
    }
    let identity = &manifest.plugin;
    let trusted = policy.trusted();
    let signed = trusted
        .check(papers.manifest.as_bytes(), papers.signature.as_deref())
        .and_then(|signer| {
            signer.may_sign(&identity.id, identity.world.name())?;
            Ok(signer)
        });
    match signed {
        Ok(_) if manifest.component.sha256.is_none() => {
            refusals.push(Refusal::SignedWithoutDigest);
            Seal::NotTrusted { key: None }
        }
        Ok(signer) => Seal::Signed {
            signer: signer.name.clone(),
            key: signer.key.id().to_string(),
        },
        Err(fault) => {
            let key = fault.key_id().map(|id| id.to_string());
            let missing = fault == SignatureError::Missing;
            // A stranger's signature is as good as none where none is needed.
            let stranger = matches!(fault, SignatureError::UnknownKey(_))
                && policy.plugins.signature == Requirement::Optional;
            // Said already, of the manifest as such.
            let revoked = matches!(fault, SignatureError::RevokedDigest(_));
            if !stranger && !revoked {
                let of = "the manifest";
                refusals.push(Refusal::Signature { of, fault });
            }
            if missing {
                Seal::Unsigned
            } else {
                Seal::NotTrusted { key }
            }
        }
    }
}

/// That somebody signed a lock whom the policy trusts with one.
///
/// # Errors
/// As [`autods_signature::Signers::check`], and [`SignatureError::NotAllowed`] of a signer whom the
/// policy trusts with some plugins only: that is not the whole folder.
pub fn lock_is_signed(
    text: &str,
    signature: Option<&str>,
    policy: &Policy,
) -> Result<(), SignatureError> {
    let trusted = policy.trusted();
    let signer = trusted.check(text.as_bytes(), signature)?;
    let named = signer
        .plugins
        .as_ref()
        .is_none_or(|ids| ids.iter().any(|pattern| glob::matches(pattern, Lock::FILE)));
    named
        .then_some(())
        .ok_or_else(|| SignatureError::NotAllowed {
            signer: signer.name.clone(),
            key: signer.key.id(),
            what: "autods.lock",
        })
}

fn read_lock(papers: &Papers, policy: &Policy) -> Result<Option<Lock>, Refusal> {
    let Some(text) = &papers.lock else {
        return Ok(None);
    };
    if papers.lock_signature.is_some() || policy.plugins.lock == LockRule::Signed {
        match lock_is_signed(text, papers.lock_signature.as_deref(), policy) {
            Err(SignatureError::UnknownKey(_)) if policy.plugins.lock != LockRule::Signed => {}
            Err(fault) => {
                let of = Lock::FILE;
                return Err(Refusal::Signature { of, fault });
            }
            Ok(()) => {}
        }
    }
    Lock::parse(Lock::FILE, text)
        .map(Some)
        .map_err(|error| Refusal::BadLock {
            what: error.to_string(),
        })
}
