//! What can be wrong with a key, a signature or a list of signers, and what to do about it.

use std::io;
use std::path::PathBuf;

use crate::file::FILE_LIMIT;
use crate::key_id::KeyId;

/// Why a key cannot be used, read or written.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The file cannot be read or written.
    #[error("{}: cannot {action}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What was tried.
        action: &'static str,
        /// What the operating system said.
        source: io::Error,
    },
    /// A key file is a symlink.
    #[error(
        "{}: is a symlink; a secret key must be a file of its own: name the file that the link leads to",
        path.display()
    )]
    Symlink {
        /// The file.
        path: PathBuf,
    },
    /// A key file is a folder, a pipe or a device.
    #[error("{}: is not a regular file; name a key file", path.display())]
    NotAFile {
        /// What was named.
        path: PathBuf,
    },
    /// Others can read a secret key.
    #[error(
        "{}: others may read this secret key (mode {mode:04o}); its owner should run `chmod 600 {}` and, \
         if others have had it, make a new key",
        path.display(), path.display()
    )]
    Exposed {
        /// The file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// A key file is longer than any key file is.
    #[error("{}: is longer than {FILE_LIMIT} bytes and so no key file", path.display())]
    TooLong {
        /// The file.
        path: PathBuf,
    },
    /// A key file is there already; it is never overwritten.
    #[error(
        "{}: exists already, and a key is never overwritten; name another file or move this one away",
        path.display()
    )]
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// The text is not a key.
    #[error("not a minisign {kind} key: {what}")]
    Malformed {
        /// `public` or `secret`.
        kind: &'static str,
        /// What is wrong.
        what: &'static str,
    },
    /// The key is protected and no password was given.
    #[error("this secret key is protected by a password; give its password")]
    PasswordNeeded,
    /// The password does not open the key.
    #[error("this password does not open this secret key, or the key file is damaged")]
    WrongPassword,
    /// An empty password protects nothing.
    #[error(
        "an empty password protects nothing; give a password, or none to store the key unprotected"
    )]
    EmptyPassword,
    /// The operating system gives no random numbers.
    #[error("the operating system gives no random numbers, so no key can be made")]
    NoRandomness,
}

impl KeyError {
    /// A stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Io { .. } => "key-unreadable",
            Self::Symlink { .. } => "key-symlink",
            Self::NotAFile { .. } => "key-not-a-file",
            Self::Exposed { .. } => "key-exposed",
            Self::TooLong { .. } => "key-too-long",
            Self::Exists { .. } => "key-exists",
            Self::Malformed { .. } => "key-malformed",
            Self::PasswordNeeded => "key-password-needed",
            Self::WrongPassword => "key-password-wrong",
            Self::EmptyPassword => "key-password-empty",
            Self::NoRandomness => "key-no-randomness",
        }
    }
}

/// Why bytes are not taken as signed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// There is no signature.
    #[error(
        "there is no signature; its author signs it (`minisign -Sm FILE`) and sends the .minisig file along"
    )]
    Missing,
    /// A signature file cannot be read.
    #[error("the signature file cannot be read: {kind}; mend its permissions")]
    Unreadable {
        /// What the operating system said, as a kind.
        kind: io::ErrorKind,
    },
    /// The text is not a signature.
    #[error(
        "not a minisign signature: {what}; ask its author for the .minisig file as minisign wrote it"
    )]
    Malformed {
        /// What is wrong.
        what: &'static str,
    },
    /// It signs the bytes themselves, as minisign did before version 0.10.
    #[error(
        "key {0} made a signature of the old kind (minisign's `-l`), which is not taken; its author signs again \
         without `-l`"
    )]
    Legacy(KeyId),
    /// The key that signed is not among the trusted ones.
    #[error(
        "signed by key {0}, which is not among the trusted signers; whoever is responsible for the site's policy \
         may add it there"
    )]
    UnknownKey(KeyId),
    /// The key that signed has been revoked.
    #[error(
        "signed by key {0}, which the site's policy has revoked; ask the author for a file signed by a valid key"
    )]
    Revoked(KeyId),
    /// These very bytes have been revoked.
    #[error(
        "the site's policy has revoked these very bytes (SHA-256 {0}); ask the author for a newer version"
    )]
    RevokedDigest(String),
    /// The signature is not of these bytes by this key.
    #[error(
        "the signature by key {0} is not one of these bytes: the file, the signature or its comment was changed \
         after signing; get all of them again from the author"
    )]
    Bad(KeyId),
    /// The signer is trusted, but not with this plugin.
    #[error(
        "signer `{signer}` (key {key}) may not sign {what}; whoever is responsible for the site's policy may allow it \
         there under `[[signers]]`"
    )]
    NotAllowed {
        /// The signer's name in the list.
        signer: String,
        /// Its key.
        key: KeyId,
        /// `this plugin id` or `this world`.
        what: &'static str,
    },
    /// A comment that does not fit in one line of a signature file.
    #[error(
        "a trusted comment is one line of at most 1024 bytes without control characters and outer spaces"
    )]
    Comment,
}

impl SignatureError {
    /// A stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Missing => "signature-missing",
            Self::Unreadable { .. } => "signature-unreadable",
            Self::Malformed { .. } => "signature-malformed",
            Self::Legacy(_) => "signature-legacy",
            Self::UnknownKey(_) => "signature-unknown-key",
            Self::Revoked(_) => "signature-revoked-key",
            Self::RevokedDigest(_) => "signature-revoked-digest",
            Self::Bad(_) => "signature-bad",
            Self::NotAllowed { .. } => "signature-not-allowed",
            Self::Comment => "signature-comment",
        }
    }

    /// The key that claims to have signed, where the signature could be read that far.
    #[must_use]
    pub fn key_id(&self) -> Option<KeyId> {
        match self {
            Self::Legacy(id) | Self::UnknownKey(id) | Self::Revoked(id) | Self::Bad(id) => {
                Some(*id)
            }
            Self::NotAllowed { key, .. } => Some(*key),
            _ => None,
        }
    }
}

/// Why a list of signers makes no sense.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignersError {
    /// Two signers share a name.
    #[error("two signers are called `{0}`; give each its own name")]
    SameName(String),
    /// Two signers share a key id.
    #[error("two signers have key id {0}; name each key once")]
    SameKey(KeyId),
    /// A signer's name is empty, too long or not printable.
    #[error("a signer's name has 1 to 100 printable characters")]
    Name,
}
