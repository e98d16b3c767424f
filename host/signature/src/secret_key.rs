//! Secret keys: made, kept in a file that only its owner can read, wiped from memory when dropped.

use std::fmt;
use std::path::Path;

use blake2::{Blake2b256, Digest as _};
use ed25519_dalek::SigningKey;
use zeroize::Zeroizing;

use crate::error::KeyError;
use crate::file;
use crate::key_id::KeyId;
use crate::password::{COVERED, Cost, WRITTEN, stream};
use crate::public_key::PublicKey;
use crate::wire::{ED25519, UNTRUSTED, decode, encode, lines, part};

/// The algorithms in front of a key: ed25519, none or scrypt, BLAKE2b.
const UNPROTECTED: [u8; 2] = [0, 0];
const SCRYPT: [u8; 2] = *b"Sc";
const BLAKE2B: [u8; 2] = *b"B2";
/// Where the parts of the 158 bytes stand.
const SALT: usize = 6;
const OPERATIONS: usize = SALT + 32;
const MEMORY: usize = OPERATIONS + 8;
const BODY: usize = MEMORY + 8;
const LENGTH: usize = BODY + COVERED;

/// A secret key with its id. Neither its `Debug` form nor any message shows more than the id.
pub struct SecretKey {
    pub(crate) id: KeyId,
    pub(crate) key: SigningKey,
}

impl SecretKey {
    /// Makes a key out of the operating system's random numbers.
    ///
    /// # Errors
    /// [`KeyError::NoRandomness`].
    pub fn generate() -> Result<Self, KeyError> {
        let mut seed = Zeroizing::new([0; 32]);
        let mut id = [0; 8];
        getrandom::fill(seed.as_mut_slice()).map_err(|_| KeyError::NoRandomness)?;
        getrandom::fill(&mut id).map_err(|_| KeyError::NoRandomness)?;
        Ok(Self {
            id: KeyId(id),
            key: SigningKey::from_bytes(&seed),
        })
    }

    /// Reads a key file that only its owner can read. `password` is used if the key is protected;
    /// opening one that minisign's tool made takes 1 GiB of memory and some seconds.
    ///
    /// # Errors
    /// [`KeyError::Exposed`] if its group or others may read it, [`KeyError::Symlink`],
    /// [`KeyError::TooLong`], [`KeyError::PasswordNeeded`], [`KeyError::WrongPassword`],
    /// [`KeyError::Malformed`], [`KeyError::Io`].
    pub fn read(path: &Path, password: Option<&str>) -> Result<Self, KeyError> {
        Self::parse(&file::read_secret(path)?, password)
    }

    /// Writes a new key file, mode 0600, protected if a password is given; never over another.
    ///
    /// # Errors
    /// [`KeyError::Exists`], [`KeyError::EmptyPassword`], [`KeyError::NoRandomness`],
    /// [`KeyError::Io`].
    pub fn write(&self, path: &Path, password: Option<&str>) -> Result<(), KeyError> {
        file::write_new(path, &self.to_file(password)?, 0o600)
    }

    /// The public half.
    #[must_use]
    pub fn public(&self) -> PublicKey {
        PublicKey {
            id: self.id,
            key: self.key.verifying_key(),
        }
    }

    /// Its id.
    #[must_use]
    pub fn id(&self) -> KeyId {
        self.id
    }

    /// Reads the text of a key file.
    ///
    /// # Errors
    /// As [`SecretKey::read`], without those of files.
    pub fn parse(text: &str, password: Option<&str>) -> Result<Self, KeyError> {
        let malformed = |what| KeyError::Malformed {
            kind: "secret",
            what,
        };
        if text.len() as u64 > file::FILE_LIMIT {
            return Err(malformed("it is longer than 8 KiB"));
        }
        let [comment, line] = lines::<2>(text).map_err(malformed)?;
        if !comment.starts_with(UNTRUSTED) {
            return Err(malformed("its first line is no untrusted comment"));
        }
        let mut bytes = decode::<LENGTH>(line).map_err(malformed)?;
        if part::<2>(&*bytes, 0) != ED25519 || part::<2>(&*bytes, 4) != BLAKE2B {
            return Err(malformed("it is not an ed25519 key"));
        }
        let protected = match part::<2>(&*bytes, 2) {
            UNPROTECTED => false,
            SCRYPT => true,
            _ => {
                return Err(malformed(
                    "it is protected in a way that minisign does not have",
                ));
            }
        };
        if protected {
            let password = password.ok_or(KeyError::PasswordNeeded)?;
            let cost = Cost {
                operations: u64::from_le_bytes(part(&*bytes, OPERATIONS)),
                memory: u64::from_le_bytes(part(&*bytes, MEMORY)),
            };
            let stream = stream(password, &part(&*bytes, SALT), cost)?;
            cover(&mut bytes[BODY..], &stream);
        }
        let id = KeyId(part(&*bytes, BODY));
        let pair = Zeroizing::new(part::<64>(&*bytes, BODY + 8));
        let found = part::<32>(&*bytes, BODY + 72);
        // minisign's tool before 0.12 leaves the checksum of an unprotected key empty.
        let sound = found == checksum(id, &pair) || (!protected && found == [0; 32]);
        match SigningKey::from_keypair_bytes(&pair) {
            Ok(key) if sound => Ok(Self { id, key }),
            _ if protected => Err(KeyError::WrongPassword),
            _ => Err(malformed("it is damaged")),
        }
    }

    /// The two lines of a key file.
    fn to_file(&self, password: Option<&str>) -> Result<Zeroizing<String>, KeyError> {
        let pair = Zeroizing::new(self.key.to_keypair_bytes());
        let mut bytes = Zeroizing::new([0; LENGTH]);
        bytes[..2].copy_from_slice(&ED25519);
        bytes[4..6].copy_from_slice(&BLAKE2B);
        bytes[BODY..BODY + 8].copy_from_slice(&self.id.0);
        bytes[BODY + 8..BODY + 72].copy_from_slice(&*pair);
        bytes[BODY + 72..].copy_from_slice(&checksum(self.id, &pair));
        if let Some(password) = password {
            if password.is_empty() {
                return Err(KeyError::EmptyPassword);
            }
            let mut salt = [0; 32];
            getrandom::fill(&mut salt).map_err(|_| KeyError::NoRandomness)?;
            let stream = stream(password, &salt, WRITTEN)?;
            cover(&mut bytes[BODY..], &stream);
            bytes[2..4].copy_from_slice(&SCRYPT);
            bytes[SALT..OPERATIONS].copy_from_slice(&salt);
            bytes[OPERATIONS..MEMORY].copy_from_slice(&WRITTEN.operations.to_le_bytes());
            bytes[MEMORY..BODY].copy_from_slice(&WRITTEN.memory.to_le_bytes());
        }
        let line = Zeroizing::new(encode(&*bytes));
        let kind = if password.is_some() { "encrypted " } else { "" };
        Ok(Zeroizing::new(format!(
            "{UNTRUSTED}minisign {kind}secret key {}\n{}\n",
            self.id, *line
        )))
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SecretKey({})", self.id)
    }
}

/// BLAKE2b-256 of algorithm, id and key.
fn checksum(id: KeyId, pair: &[u8; 64]) -> [u8; 32] {
    let mut hash = Blake2b256::new();
    hash.update(ED25519);
    hash.update(id.0);
    hash.update(pair);
    hash.finalize().into()
}

fn cover(body: &mut [u8], stream: &[u8; COVERED]) {
    for (byte, key) in body.iter_mut().zip(stream) {
        *byte ^= key;
    }
}
