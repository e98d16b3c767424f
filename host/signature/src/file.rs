//! Reading within bounds, and writing what must not be overwritten.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::Path;

use zeroize::Zeroizing;

use crate::error::KeyError;

/// Longest key or signature file, in bytes.
pub const FILE_LIMIT: u64 = 8 << 10;

/// Why a file was not read.
pub(crate) enum Unread {
    /// It is longer than [`FILE_LIMIT`].
    TooLong,
    /// It is not UTF-8.
    NotText,
    /// It cannot be read.
    Io(io::Error),
}

/// At most [`FILE_LIMIT`] bytes of text from an open file.
pub(crate) fn read_text(file: &File) -> Result<Zeroizing<String>, Unread> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(FILE_LIMIT as usize + 1));
    file.take(FILE_LIMIT + 1)
        .read_to_end(&mut bytes)
        .map_err(Unread::Io)?;
    if bytes.len() as u64 > FILE_LIMIT {
        return Err(Unread::TooLong);
    }
    match std::str::from_utf8(&bytes) {
        Ok(text) => Ok(Zeroizing::new(text.to_owned())),
        Err(_) => Err(Unread::NotText),
    }
}

/// The text of a public key file.
pub(crate) fn read_public(path: &Path) -> Result<Zeroizing<String>, KeyError> {
    let io = |source| KeyError::Io {
        path: path.to_owned(),
        action: "read this key file",
        source,
    };
    // A pipe would be waited for: what it is comes before opening it.
    if !fs::metadata(path).map_err(io)?.is_file() {
        return Err(KeyError::NotAFile {
            path: path.to_owned(),
        });
    }
    finish(path, "public", &File::open(path).map_err(io)?)
}

/// The text of a secret key file, if only its owner can have read it.
pub(crate) fn read_secret(path: &Path) -> Result<Zeroizing<String>, KeyError> {
    let io = |source| KeyError::Io {
        path: path.to_owned(),
        action: "read this key file",
        source,
    };
    let named = fs::symlink_metadata(path).map_err(io)?;
    if named.is_symlink() {
        return Err(KeyError::Symlink {
            path: path.to_owned(),
        });
    }
    if !named.is_file() {
        return Err(KeyError::NotAFile {
            path: path.to_owned(),
        });
    }
    let file = File::open(path).map_err(io)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        let opened = file.metadata().map_err(io)?;
        // What was opened is what was looked at: nobody put a link there in between.
        if (opened.dev(), opened.ino()) != (named.dev(), named.ino()) {
            return Err(KeyError::Symlink {
                path: path.to_owned(),
            });
        }
        if opened.mode() & 0o077 != 0 {
            return Err(KeyError::Exposed {
                path: path.to_owned(),
                mode: opened.mode() & 0o7777,
            });
        }
    }
    finish(path, "secret", &file)
}

fn finish(path: &Path, kind: &'static str, file: &File) -> Result<Zeroizing<String>, KeyError> {
    read_text(file).map_err(|unread| match unread {
        Unread::TooLong => KeyError::TooLong {
            path: path.to_owned(),
        },
        Unread::NotText => KeyError::Malformed {
            kind,
            what: "it is not text",
        },
        Unread::Io(source) => KeyError::Io {
            path: path.to_owned(),
            action: "read this key file",
            source,
        },
    })
}

/// Write a file that must not exist yet, and put it on disk.
pub(crate) fn write_new(path: &Path, text: &str, mode: u32) -> Result<(), KeyError> {
    let io = |source| KeyError::Io {
        path: path.to_owned(),
        action: "write this key file",
        source,
    };
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, mode);
    #[cfg(not(unix))]
    let _ = mode;
    let mut file = options.open(path).map_err(|source| match source.kind() {
        io::ErrorKind::AlreadyExists => KeyError::Exists {
            path: path.to_owned(),
        },
        _ => io(source),
    })?;
    let written = file
        .write_all(text.as_bytes())
        .and_then(|()| file.sync_all());
    if let Err(source) = written {
        // Half a key is of no use, and would be in the way of a whole one.
        let _ = fs::remove_file(path);
        return Err(io(source));
    }
    #[cfg(unix)]
    if let Some(folder) = path.parent() {
        let folder = if folder.as_os_str().is_empty() {
            Path::new(".")
        } else {
            folder
        };
        File::open(folder)
            .and_then(|folder| folder.sync_all())
            .map_err(io)?;
    }
    Ok(())
}
