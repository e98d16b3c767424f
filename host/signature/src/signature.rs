//! Detached signatures.

use std::fs::{self, File};
use std::io;
use std::path::Path;

use blake2::{Blake2b512, Digest as _};
use ed25519_dalek::Signer as _;

use crate::error::{KeyError, SignatureError};
use crate::file::{self, FILE_LIMIT, Unread};
use crate::key_id::KeyId;
use crate::public_key::PublicKey;
use crate::secret_key::SecretKey;
use crate::wire::{ED25519, PREHASHED, TRUSTED, UNTRUSTED, decode, encode, lines, part};

/// Longest trusted comment that is written, in bytes.
const COMMENT_LIMIT: usize = 1024;

/// A signature that was read, not yet checked.
#[derive(Clone, PartialEq, Eq)]
pub struct Signature {
    id: KeyId,
    bytes: [u8; 64],
    trusted_comment: String,
    /// Over the signature and its trusted comment.
    global: [u8; 64],
}

impl Signature {
    /// Reads the four lines of a `.minisig` file.
    ///
    /// # Errors
    /// [`SignatureError::Malformed`]; [`SignatureError::Legacy`] for the kind that is not
    /// prehashed; [`SignatureError::Missing`] for an empty text.
    pub fn parse(text: &str) -> Result<Self, SignatureError> {
        let malformed = |what| SignatureError::Malformed { what };
        if text.len() as u64 > FILE_LIMIT {
            return Err(malformed("it is longer than 8 KiB"));
        }
        if text.trim().is_empty() {
            return Err(SignatureError::Missing);
        }
        let [untrusted, first, trusted, second] = lines::<4>(text).map_err(malformed)?;
        if !untrusted.starts_with(UNTRUSTED) {
            return Err(malformed("its first line is no untrusted comment"));
        }
        let trusted_comment = trusted
            .strip_prefix(TRUSTED)
            .ok_or_else(|| malformed("its third line is no trusted comment"))?;
        if trusted_comment.contains('\0') {
            return Err(malformed("its trusted comment is not text"));
        }
        let first = decode::<74>(first).map_err(malformed)?;
        let id = KeyId(part(&*first, 2));
        match part::<2>(&*first, 0) {
            PREHASHED => {}
            ED25519 => return Err(SignatureError::Legacy(id)),
            _ => return Err(malformed("it is not an ed25519 signature")),
        }
        Ok(Self {
            id,
            bytes: part(&*first, 10),
            trusted_comment: trusted_comment.to_owned(),
            global: *decode::<64>(second).map_err(malformed)?,
        })
    }

    /// The id of the key that claims to have signed.
    #[must_use]
    pub fn key_id(&self) -> KeyId {
        self.id
    }

    /// Its comment; to be trusted only after [`verify`]. It is whatever the signer wrote, so show
    /// it like any foreign text.
    #[must_use]
    pub fn trusted_comment(&self) -> &str {
        &self.trusted_comment
    }
}

impl std::fmt::Debug for Signature {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Signature({})", self.id)
    }
}

/// Signs `bytes`; gives the text of a `.minisig` file. The same key, bytes and comment give the
/// same text.
///
/// # Errors
/// [`SignatureError::Comment`] if the comment is not one plain line of at most 1024 bytes.
pub fn sign(
    key: &SecretKey,
    bytes: &[u8],
    trusted_comment: &str,
) -> Result<String, SignatureError> {
    if trusted_comment.len() > COMMENT_LIMIT
        || trusted_comment.trim() != trusted_comment
        || trusted_comment.chars().any(char::is_control)
    {
        return Err(SignatureError::Comment);
    }
    let signature = key.key.sign(&Blake2b512::digest(bytes)).to_bytes();
    let global = key
        .key
        .sign(&global_message(&signature, trusted_comment))
        .to_bytes();
    let mut first = [0; 74];
    first[..2].copy_from_slice(&PREHASHED);
    first[2..10].copy_from_slice(&key.id.0);
    first[10..].copy_from_slice(&signature);
    Ok(format!(
        "{UNTRUSTED}signature by key {}\n{}\n{TRUSTED}{trusted_comment}\n{}\n",
        key.id,
        encode(&first),
        encode(&global)
    ))
}

/// Checks that `key` signed `bytes`, and the comment with them.
///
/// # Errors
/// [`SignatureError::UnknownKey`] if another key claims to have signed; [`SignatureError::Bad`].
pub fn verify(bytes: &[u8], signature: &Signature, key: &PublicKey) -> Result<(), SignatureError> {
    if signature.id != key.id {
        return Err(SignatureError::UnknownKey(signature.id));
    }
    let holds = |message: &[u8], signature: &[u8; 64]| {
        // Strict: no point of small order, one encoding for each signature.
        let signature = ed25519_dalek::Signature::from_bytes(signature);
        key.key.verify_strict(message, &signature).is_ok()
    };
    let global = global_message(&signature.bytes, &signature.trusted_comment);
    if holds(&Blake2b512::digest(bytes), &signature.bytes) && holds(&global, &signature.global) {
        Ok(())
    } else {
        Err(SignatureError::Bad(signature.id))
    }
}

fn global_message(signature: &[u8; 64], trusted_comment: &str) -> Vec<u8> {
    [signature.as_slice(), trusted_comment.as_bytes()].concat()
}

/// The text of a `.minisig` file; `None` if there is no such file.
///
/// # Errors
/// [`SignatureError::Unreadable`]; [`SignatureError::Malformed`] if it is longer than 8 KiB, not
/// text or not a regular file.
pub fn read_signature(path: &Path) -> Result<Option<String>, SignatureError> {
    let unreadable = |error: io::Error| SignatureError::Unreadable { kind: error.kind() };
    let found = match fs::metadata(path) {
        Ok(found) => found,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(unreadable(error)),
    };
    if !found.is_file() {
        return Err(SignatureError::Malformed {
            what: "it is not a regular file",
        });
    }
    match file::read_text(&File::open(path).map_err(unreadable)?) {
        Ok(text) => Ok(Some(text.to_string())),
        Err(Unread::TooLong) => Err(SignatureError::Malformed {
            what: "it is longer than 8 KiB",
        }),
        Err(Unread::NotText) => Err(SignatureError::Malformed {
            what: "it is not text",
        }),
        Err(Unread::Io(error)) => Err(unreadable(error)),
    }
}

/// Writes the text of a signature to a new file, mode 0644.
///
/// # Errors
/// [`KeyError::Exists`], [`KeyError::Io`].
pub fn write_signature(path: &Path, text: &str) -> Result<(), KeyError> {
    file::write_new(path, text, 0o644)
}
