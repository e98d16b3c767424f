//! Who is trusted to sign, what, and what is trusted no longer.

use serde::{Deserialize, Serialize};

use crate::digest::Digest;
use crate::error::{SignatureError, SignersError};
use crate::glob;
use crate::key_id::KeyId;
use crate::public_key::PublicKey;
use crate::signature::{Signature, verify};

/// Somebody whose signature is trusted; one `[[signers]]` of a policy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Signer {
    /// A name for messages, 1 to 100 printable characters.
    pub name: String,
    /// The public key, as minisign's one-line string.
    pub key: PublicKey,
    /// Patterns of plugin ids (`*`, `?`) that this signer may sign; absent: any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plugins: Option<Vec<String>>,
    /// Worlds that this signer may sign for; absent: any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub worlds: Option<Vec<String>>,
}

impl Signer {
    /// Whether this signer is trusted with a plugin of this id and world.
    ///
    /// # Errors
    /// [`SignatureError::NotAllowed`].
    pub fn may_sign(&self, plugin: &str, world: &str) -> Result<(), SignatureError> {
        let refused = |what| SignatureError::NotAllowed {
            signer: self.name.clone(),
            key: self.key.id(),
            what,
        };
        let allowed = |patterns: &Option<Vec<String>>, name: &str| {
            patterns
                .as_ref()
                .is_none_or(|patterns| patterns.iter().any(|pattern| glob::matches(pattern, name)))
        };
        if !allowed(&self.plugins, plugin) {
            return Err(refused("a plugin of this id"));
        }
        if !allowed(&self.worlds, world) {
            return Err(refused("a plugin of this world"));
        }
        Ok(())
    }
}

/// What is trusted no longer; `[revoked]` of a policy.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Revoked {
    /// Ids of keys.
    pub keys: Vec<KeyId>,
    /// SHA-256 of files.
    pub sha256: Vec<Digest>,
}

/// Trusted signers and what was revoked. The default trusts nobody.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, try_from = "Listed")]
pub struct Signers {
    signers: Vec<Signer>,
    revoked: Revoked,
}

/// As a file lists them, before anybody looked whether it makes sense.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Listed {
    #[serde(default)]
    signers: Vec<Signer>,
    #[serde(default)]
    revoked: Revoked,
}

impl TryFrom<Listed> for Signers {
    type Error = SignersError;
    fn try_from(listed: Listed) -> Result<Self, SignersError> {
        Self::new(listed.signers, listed.revoked)
    }
}

impl Signers {
    /// A list of signers.
    ///
    /// # Errors
    /// [`SignersError`] if two share a name or a key id, so that it would not be clear whose
    /// permissions count, or if a name cannot be shown.
    pub fn new(signers: Vec<Signer>, revoked: Revoked) -> Result<Self, SignersError> {
        for (place, signer) in signers.iter().enumerate() {
            let length = signer.name.chars().count();
            if length == 0 || length > 100 || signer.name.chars().any(char::is_control) {
                return Err(SignersError::Name);
            }
            for other in &signers[..place] {
                if other.name == signer.name {
                    return Err(SignersError::SameName(signer.name.clone()));
                }
                if other.key.id() == signer.key.id() {
                    return Err(SignersError::SameKey(signer.key.id()));
                }
            }
        }
        Ok(Self { signers, revoked })
    }

    /// Who signed `bytes`, if somebody who is trusted did and nothing was revoked. Ask
    /// [`Signer::may_sign`] next: being trusted is not being trusted with everything.
    ///
    /// # Errors
    /// In this order: [`SignatureError::RevokedDigest`], [`SignatureError::Missing`] for `None` or
    /// an empty text, [`SignatureError::Malformed`] or [`SignatureError::Legacy`],
    /// [`SignatureError::Revoked`], [`SignatureError::UnknownKey`], [`SignatureError::Bad`].
    pub fn check(
        &self,
        bytes: &[u8],
        signature_text: Option<&str>,
    ) -> Result<&Signer, SignatureError> {
        self.not_revoked(Digest::of(bytes).as_str())?;
        let signature = Signature::parse(signature_text.ok_or(SignatureError::Missing)?)?;
        let id = signature.key_id();
        if self.revoked.keys.contains(&id) {
            return Err(SignatureError::Revoked(id));
        }
        let signer = self
            .signers
            .iter()
            .find(|signer| signer.key.id() == id)
            .ok_or(SignatureError::UnknownKey(id))?;
        verify(bytes, &signature, &signer.key)?;
        Ok(signer)
    }

    /// Refuses a file whose SHA-256 (in hexadecimal) was revoked, such as a component that a
    /// signed manifest names.
    ///
    /// # Errors
    /// [`SignatureError::RevokedDigest`].
    pub fn not_revoked(&self, sha256: &str) -> Result<(), SignatureError> {
        match self
            .revoked
            .sha256
            .iter()
            .find(|digest| digest.as_str().eq_ignore_ascii_case(sha256))
        {
            Some(digest) => Err(SignatureError::RevokedDigest(digest.to_string())),
            None => Ok(()),
        }
    }

    /// The signers, as listed.
    #[must_use]
    pub fn signers(&self) -> &[Signer] {
        &self.signers
    }

    /// What was revoked.
    #[must_use]
    pub fn revoked(&self) -> &Revoked {
        &self.revoked
    }
}
