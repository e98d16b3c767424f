//! Signatures that can be checked without a network, by anybody, with a tool of their own.
//!
//! The design decision: files are [minisign](https://jedisct1.github.io/minisign/)'s, byte for
//! byte, so that nobody has to trust this crate: `minisign -Vm FILE -P KEY` checks what it signs,
//! and it checks what `minisign -Sm FILE` signs. The formats are read here, strictly and within
//! bounds; ed25519, BLAKE2b and scrypt come from kept libraries.
//!
//! A signature covers the BLAKE2b-512 hash of the bytes (`ED`, minisign's only way of signing
//! since version 0.10), and a second one covers the first and the trusted comment. Signatures of
//! the old kind (`Ed`, over the bytes themselves) are refused with their own error: two ways of
//! signing one file are one way too many.
//!
//! ```
//! use autods_signature::{SecretKey, Signature, sign, verify};
//!
//! let key = SecretKey::generate()?;
//! let text = sign(&key, b"bytes", "what this signature is for")?;
//! let signature = Signature::parse(&text)?;
//! assert_eq!(signature.trusted_comment(), "what this signature is for");
//! verify(b"bytes", &signature, &key.public())?;
//! assert!(verify(b"other bytes", &signature, &key.public()).is_err());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod digest;
mod error;
mod file;
pub mod glob;
mod key_id;
mod password;
mod public_key;
mod secret_key;
mod signature;
mod signers;
mod wire;

pub use digest::Digest;
pub use error::{KeyError, SignatureError, SignersError};
pub use file::FILE_LIMIT;
pub use key_id::KeyId;
pub use public_key::PublicKey;
pub use secret_key::SecretKey;
pub use signature::{Signature, read_signature, sign, verify, write_signature};
pub use signers::{Revoked, Signer, Signers};
