//! Public keys.

use std::fmt;
use std::path::Path;
use std::str::FromStr;

use ed25519_dalek::VerifyingKey;
use serde::{Deserialize, Serialize};

use crate::error::KeyError;
use crate::file;
use crate::key_id::KeyId;
use crate::wire::{ED25519, UNTRUSTED, decode, encode, lines, part};

/// A public key with its id. Displays, and is serialised, as minisign's one-line string
/// (`minisign -P` takes it).
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct PublicKey {
    pub(crate) id: KeyId,
    pub(crate) key: VerifyingKey,
}

impl PublicKey {
    /// Reads a key: the one-line string, or the two lines of a `.pub` file.
    ///
    /// # Errors
    /// [`KeyError::Malformed`]; also for points of small order, under which signatures prove nothing.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        let malformed = |what| KeyError::Malformed {
            kind: "public",
            what,
        };
        if text.len() as u64 > file::FILE_LIMIT {
            return Err(malformed("it is longer than 8 KiB"));
        }
        let line = if text.starts_with(UNTRUSTED) {
            lines::<2>(text).map_err(malformed)?[1]
        } else {
            lines::<1>(text).map_err(malformed)?[0]
        };
        let bytes = decode::<42>(line).map_err(malformed)?;
        if part::<2>(&*bytes, 0) != ED25519 {
            return Err(malformed("it is not an ed25519 key"));
        }
        let key = VerifyingKey::from_bytes(&part(&*bytes, 10))
            .map_err(|_| malformed("its bytes are no point of the curve"))?;
        if key.is_weak() {
            return Err(malformed("it is a weak key"));
        }
        Ok(Self {
            id: KeyId(part(&*bytes, 2)),
            key,
        })
    }

    /// Reads a `.pub` file.
    ///
    /// # Errors
    /// As [`PublicKey::parse`]; [`KeyError::Io`], [`KeyError::TooLong`], [`KeyError::NotAFile`].
    pub fn read(path: &Path) -> Result<Self, KeyError> {
        Self::parse(&file::read_public(path)?)
    }

    /// Writes a new `.pub` file, mode 0644.
    ///
    /// # Errors
    /// [`KeyError::Exists`], [`KeyError::Io`].
    pub fn write(&self, path: &Path) -> Result<(), KeyError> {
        file::write_new(path, &self.to_file(), 0o644)
    }

    /// The two lines of a `.pub` file.
    #[must_use]
    pub fn to_file(&self) -> String {
        format!("{UNTRUSTED}minisign public key {}\n{self}\n", self.id)
    }

    /// Its id.
    #[must_use]
    pub fn id(&self) -> KeyId {
        self.id
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut bytes = [0; 42];
        bytes[..2].copy_from_slice(&ED25519);
        bytes[2..10].copy_from_slice(&self.id.0);
        bytes[10..].copy_from_slice(self.key.as_bytes());
        f.write_str(&encode(&bytes))
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({self})")
    }
}

impl FromStr for PublicKey {
    type Err = KeyError;
    fn from_str(text: &str) -> Result<Self, KeyError> {
        Self::parse(text)
    }
}

impl TryFrom<String> for PublicKey {
    type Error = KeyError;
    fn try_from(text: String) -> Result<Self, KeyError> {
        Self::parse(&text)
    }
}

impl From<PublicKey> for String {
    fn from(key: PublicKey) -> Self {
        key.to_string()
    }
}
