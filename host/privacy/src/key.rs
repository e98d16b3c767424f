//! The secret of a run.

use std::fmt::{self, Write as _};
use std::fs::{self, File};
use std::hint::black_box;
use std::io::{self, Read, Write};
use std::path::Path;

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

use crate::error::PrivacyError;

/// Bytes of a key.
const BYTES: usize = 32;

/// 32 random bytes under which one run pseudonymises and shifts. Two runs have two keys, so that
/// their tables cannot be linked; destroying the key makes the pseudonyms final.
pub struct Key([u8; BYTES]);

impl Key {
    /// A new key from the operating system's randomness.
    ///
    /// # Errors
    /// [`PrivacyError::NoRandomness`].
    pub fn generate() -> Result<Self, PrivacyError> {
        let mut key = Self([0; BYTES]);
        getrandom::fill(&mut key.0).map_err(|_| PrivacyError::NoRandomness)?;
        Ok(key)
    }

    /// Write the key to a new file, mode 0600, and put it on disk.
    ///
    /// # Errors
    /// [`PrivacyError::Io`]; a file that is there already is never overwritten.
    pub fn write_new(&self, path: &Path) -> Result<(), PrivacyError> {
        let mut options = File::options();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options
            .open(path)
            .map_err(PrivacyError::io("create", path))?;
        let written = file.write_all(&self.0).and_then(|()| file.sync_all());
        written.map_err(|error| {
            // Half a key is worse than none.
            let _ = fs::remove_file(path);
            PrivacyError::io("write", path)(error)
        })
    }

    /// Read a key from a file that only its owner can read.
    ///
    /// # Errors
    /// [`PrivacyError::Exposed`] if group or others have any right to it;
    /// [`PrivacyError::NotAKey`]; [`PrivacyError::Io`].
    pub fn read(path: &Path) -> Result<Self, PrivacyError> {
        let not_a_key = || PrivacyError::NotAKey {
            path: path.to_owned(),
        };
        let mut file = File::open(path).map_err(PrivacyError::io("open", path))?;
        let metadata = file.metadata().map_err(PrivacyError::io("look at", path))?;
        if !metadata.is_file() || metadata.len() != BYTES as u64 {
            return Err(not_a_key());
        }
        #[cfg(unix)]
        {
            let mode = std::os::unix::fs::PermissionsExt::mode(&metadata.permissions()) & 0o777;
            if mode & 0o077 != 0 {
                return Err(PrivacyError::Exposed {
                    path: path.to_owned(),
                    mode,
                });
            }
        }
        let mut key = Self([0; BYTES]);
        file.read_exact(&mut key.0)
            .map_err(PrivacyError::io("read", path))?;
        // A file that was created and never written, or wiped.
        if key.0.iter().all(|&byte| byte == key.0[0]) {
            Err(not_a_key())
        } else {
            Ok(key)
        }
    }

    /// Overwrite and remove a key file. What a journaling file system or a solid-state disk keeps
    /// of the old bytes is out of reach.
    ///
    /// # Errors
    /// [`PrivacyError::Io`].
    pub fn destroy(path: &Path) -> Result<(), PrivacyError> {
        let wipe = || -> io::Result<()> {
            let mut file = File::options().write(true).open(path)?;
            file.write_all(&[0; BYTES])?;
            file.sync_all()?;
            drop(file);
            fs::remove_file(path)
        };
        wipe().map_err(PrivacyError::io("destroy", path))
    }

    /// A name for the key that says nothing about it: 8 bytes of a hash, 16 hexadecimal digits.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let mut hash = Sha256::new();
        hash.update(b"autods key fingerprint\0");
        hash.update(self.0);
        hex(&hash.finalize()[..8])
    }

    /// HMAC-SHA256 of a value, kept apart by purpose.
    pub(crate) fn code(&self, purpose: &str, value: &str) -> [u8; 32] {
        // HMAC takes keys of any length (RFC 2104), so that this cannot fail.
        let Ok(mut code) = Hmac::<Sha256>::new_from_slice(&self.0) else {
            return [0; 32];
        };
        code.update(&(purpose.len() as u64).to_le_bytes());
        code.update(purpose.as_bytes());
        code.update(value.as_bytes());
        code.finalize().into_bytes().into()
    }

    #[cfg(test)]
    pub(crate) fn of(byte: u8) -> Self {
        let mut bytes = [byte; BYTES];
        bytes[0] = !byte;
        Self(bytes)
    }
}

/// As far as the compiler lets us: it must assume that the zeros are looked at.
impl Drop for Key {
    fn drop(&mut self) {
        self.0.fill(0);
        black_box(&self.0);
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Key({})", self.fingerprint())
    }
}

/// Lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
            // Writing to a string cannot fail.
            let _ = write!(text, "{byte:02x}");
            text
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_comes_back_from_its_file_and_is_gone_once_destroyed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        let key = Key::generate().unwrap();
        key.write_new(&path).unwrap();
        assert_eq!(Key::read(&path).unwrap().fingerprint(), key.fingerprint());
        assert!(key.write_new(&path).is_err(), "never overwritten");
        Key::destroy(&path).unwrap();
        assert!(!path.exists());
        assert!(Key::read(&path).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn a_key_that_others_can_read_is_refused() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        Key::generate().unwrap().write_new(&path).unwrap();
        assert_eq!(
            fs::metadata(&path).unwrap().permissions().mode() & 0o777,
            0o600
        );
        for mode in [0o640, 0o604, 0o620, 0o666] {
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            assert!(
                matches!(Key::read(&path), Err(PrivacyError::Exposed { .. })),
                "{mode:o}"
            );
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_file_that_is_no_key_is_refused() {
        use std::os::unix::fs::OpenOptionsExt;
        let folder = tempfile::tempdir().unwrap();
        for (name, bytes) in [
            ("short", &[1_u8, 2, 3][..]),
            ("empty", &[]),
            ("zero", &[0; 32]),
            ("long", &[7; 33]),
        ] {
            let path = folder.path().join(name);
            let mut file = File::options()
                .write(true)
                .create_new(true)
                .mode(0o600)
                .open(&path)
                .unwrap();
            file.write_all(bytes).unwrap();
            assert!(
                matches!(Key::read(&path), Err(PrivacyError::NotAKey { .. })),
                "{name}"
            );
        }
    }

    #[test]
    fn keys_differ_and_debug_output_hides_them() {
        let (one, other) = (Key::generate().unwrap(), Key::generate().unwrap());
        assert_ne!(one.fingerprint(), other.fingerprint());
        assert_eq!(one.fingerprint().len(), 16);
        assert!(!format!("{one:?}").contains(&hex(&one.0)[..8]));
    }

    #[test]
    fn purposes_are_kept_apart() {
        let key = Key::of(7);
        assert_ne!(key.code("subject", "1"), key.code("record-id", "1"));
        assert_ne!(key.code("ab", "c"), key.code("a", "bc"));
    }
}
