//! The files that the host matched for a loader: opened by the host, inside one directory, read
//! by position. A plugin never sees a path, and nothing outside the directory can be named.

use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::Arc;

use cap_std::ambient_authority;
use cap_std::fs::Dir;
use sha2::{Digest, Sha256};

use crate::inflate::inflate;
use crate::message::printable;
use crate::policy::{SourceLimits, mib};

/// Why the sources of a table cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// The data folder cannot be opened.
    #[error("the data folder {dir} cannot be opened: {kind}")]
    Folder {
        /// Which folder.
        dir: String,
        /// What the operating system said, as a kind.
        kind: io::ErrorKind,
    },
    /// A file cannot be opened or read.
    #[error("{name} cannot be read: {kind}")]
    File {
        /// Its name in the data folder.
        name: String,
        /// What the operating system said, as a kind. `PermissionDenied` also where the name
        /// leads out of the folder.
        kind: io::ErrorKind,
    },
    /// A `.gz` file is damaged.
    #[error("{name} is not a valid gzip file: damaged after {at} inflated bytes")]
    Gzip {
        /// Its name in the data folder.
        name: String,
        /// Where.
        at: u64,
    },
    /// A `.gz` file inflates to more than the policy allows.
    #[error(
        "{name} inflates to more than {limit} bytes; if that is right, raise `{key}` in policy.toml"
    )]
    Inflated {
        /// Its name in the data folder.
        name: String,
        /// The limit in bytes.
        limit: u64,
        /// The policy's key.
        key: &'static str,
    },
    /// More files than the policy allows.
    #[error("{found} files, `sources.files` of the policy gives {limit}")]
    TooMany {
        /// How many.
        found: u64,
        /// How many are allowed.
        limit: u64,
    },
}

/// The sources of one table, in a fixed order. Cheap to clone: shards share files and inflated
/// bytes.
#[derive(Clone, Debug)]
pub struct Sources(Arc<[Source]>);

/// One file.
#[derive(Debug)]
pub struct Source {
    name: String,
    size: u64,
    content: Content,
    raw: Raw,
}

#[derive(Debug)]
enum Content {
    File(File),
    Memory(Vec<u8>),
}

/// The file as it lies on disk.
#[derive(Debug)]
enum Raw {
    /// The content itself.
    Content,
    /// Compressed; hashed while it was inflated.
    Gzip { bytes: u64, sha256: String },
}

impl Sources {
    /// Opens files of the data folder. `names` are relative to it, without `..`; links that lead
    /// out of it are refused. Files that begin with the gzip magic (1f 8b) are inflated now.
    ///
    /// # Errors
    /// Where the folder or a file cannot be read, or a limit is passed.
    pub fn open(dir: &Path, names: &[String], limits: &SourceLimits) -> Result<Self, SourceError> {
        let folder = Dir::open_ambient_dir(dir, ambient_authority()).map_err(|error| {
            SourceError::Folder {
                dir: dir.display().to_string(),
                kind: error.kind(),
            }
        })?;
        if names.len() as u64 > limits.files {
            return Err(SourceError::TooMany {
                found: names.len() as u64,
                limit: limits.files,
            });
        }
        let mut left = mib(limits.inflate_mib);
        let mut sources = Vec::with_capacity(names.len());
        for name in names {
            let source = Source::open(&folder, name, limits, left)?;
            if let Content::Memory(bytes) = &source.content {
                left -= bytes.len() as u64;
            }
            sources.push(source);
        }
        Ok(Self(sources.into()))
    }

    /// Sources that are already in memory: names and bytes, taken as they are.
    pub fn in_memory(files: impl IntoIterator<Item = (String, Vec<u8>)>) -> Self {
        let sources = files.into_iter().map(|(name, bytes)| Source {
            name: base_name(&name),
            size: bytes.len() as u64,
            content: Content::Memory(bytes),
            raw: Raw::Content,
        });
        Self(sources.collect())
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// One of them.
    pub fn get(&self, index: usize) -> Option<&Source> {
        self.0.get(index)
    }

    /// All of them, in order.
    pub fn iter(&self) -> impl Iterator<Item = &Source> {
        self.0.iter()
    }
}

impl Source {
    fn open(
        folder: &Dir,
        name: &str,
        limits: &SourceLimits,
        left: u64,
    ) -> Result<Self, SourceError> {
        // Whoever named the file may have put more than letters into its name.
        let shown = printable(name, 200);
        let unreadable = |error: io::Error| SourceError::File {
            name: shown.clone(),
            kind: error.kind(),
        };
        // Looked at first, because opening a named pipe waits for somebody to write into it.
        let regular = |file: bool| match file {
            true => Ok(()),
            false => Err(unreadable(io::ErrorKind::InvalidInput.into())),
        };
        regular(folder.metadata(name).map_err(unreadable)?.is_file())?;
        let file = folder.open(name).map_err(unreadable)?.into_std();
        let metadata = file.metadata().map_err(unreadable)?;
        regular(metadata.is_file())?;
        let mut magic = [0; 2];
        let gzip = metadata.len() >= 2
            && read_exact_at(&file, &mut magic, 0).is_ok()
            && magic == [0x1f, 0x8b];
        if !gzip {
            let (name, size) = (base_name(name), metadata.len());
            return Ok(Self {
                name,
                size,
                content: Content::File(file),
                raw: Raw::Content,
            });
        }
        let inflated = inflate(&file, &shown, metadata.len(), limits, left)?;
        Ok(Self {
            name: base_name(name),
            size: inflated.bytes.len() as u64,
            content: Content::Memory(inflated.bytes),
            raw: Raw::Gzip {
                bytes: metadata.len(),
                sha256: inflated.raw_sha256,
            },
        })
    }

    /// Its base name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Readable bytes: inflated ones where it was compressed.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Bytes on disk.
    pub fn raw_size(&self) -> u64 {
        match &self.raw {
            Raw::Content => self.size,
            Raw::Gzip { bytes, .. } => *bytes,
        }
    }

    /// Whether the host inflated it.
    pub fn inflated(&self) -> bool {
        matches!(self.raw, Raw::Gzip { .. })
    }

    /// SHA-256 of the file as it lies on disk, in hexadecimal. Reads a plain file once.
    ///
    /// # Errors
    /// Where it cannot be read, or is shorter than when it was opened.
    pub fn sha256(&self) -> io::Result<String> {
        match (&self.raw, &self.content) {
            (Raw::Gzip { sha256, .. }, _) => Ok(sha256.clone()),
            (Raw::Content, Content::Memory(bytes)) => Ok(crate::digest::sha256(bytes)),
            (Raw::Content, Content::File(file)) => {
                let mut digest = Sha256::new();
                let mut chunk = vec![0; 1 << 20];
                let mut offset = 0;
                while offset < self.size {
                    let wanted = chunk
                        .len()
                        .min(usize::try_from(self.size - offset).unwrap_or(usize::MAX));
                    let part = &mut chunk[..wanted];
                    read_exact_at(file, part, offset)?;
                    digest.update(&*part);
                    offset += wanted as u64;
                }
                Ok(crate::digest::hex(&digest.finalize()))
            }
        }
    }

    /// Bytes `offset .. offset + length`, which the caller has checked to lie inside.
    pub(crate) fn read_at(&self, offset: u64, length: usize) -> io::Result<Vec<u8>> {
        match &self.content {
            Content::Memory(bytes) => {
                let start = usize::try_from(offset).map_err(|_| io::ErrorKind::UnexpectedEof)?;
                let end = start
                    .checked_add(length)
                    .ok_or(io::ErrorKind::UnexpectedEof)?;
                Ok(bytes
                    .get(start..end)
                    .ok_or(io::ErrorKind::UnexpectedEof)?
                    .to_vec())
            }
            Content::File(file) => {
                let mut bytes = vec![0; length];
                read_exact_at(file, &mut bytes, offset)?;
                Ok(bytes)
            }
        }
    }
}

fn base_name(name: &str) -> String {
    Path::new(name).file_name().map_or_else(
        || name.to_owned(),
        |base| base.to_string_lossy().into_owned(),
    )
}

#[cfg(unix)]
pub(crate) fn read_at(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, buffer, offset)
}

#[cfg(windows)]
pub(crate) fn read_at(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, buffer, offset)
}

fn read_exact_at(file: &File, mut buffer: &mut [u8], mut offset: u64) -> io::Result<()> {
    while !buffer.is_empty() {
        match read_at(file, buffer, offset) {
            Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
            Ok(read) => {
                buffer = &mut buffer[read..];
                offset += read as u64;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    fn gz(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn open(files: &[(&str, &[u8])], limits: &SourceLimits) -> Result<Sources, SourceError> {
        let dir = tempfile::tempdir().unwrap();
        let names: Vec<String> = files.iter().map(|(name, _)| (*name).to_owned()).collect();
        for (name, bytes) in files {
            std::fs::write(dir.path().join(name), bytes).unwrap();
        }
        Sources::open(dir.path(), &names, limits)
    }

    #[test]
    fn plain_and_gzip_files_read_the_same_by_position() {
        let text = b"a,b\n1,2\n3,4\n";
        let sources = open(
            &[("x.csv", text), ("y.csv.gz", &gz(text))],
            &SourceLimits::default(),
        )
        .unwrap();
        for source in sources.iter() {
            assert_eq!(source.size(), text.len() as u64);
            assert_eq!(source.read_at(4, 3).unwrap(), b"1,2");
        }
        let (plain, packed) = (sources.get(0).unwrap(), sources.get(1).unwrap());
        assert!(!plain.inflated() && packed.inflated());
        assert_eq!(plain.sha256().unwrap(), crate::digest::sha256(text));
        assert_eq!(packed.sha256().unwrap(), crate::digest::sha256(&gz(text)));
    }

    #[test]
    fn all_members_of_a_gzip_file_are_read() {
        let packed = [gz(b"one\n"), gz(b"two\n")].concat();
        let sources = open(&[("x.gz", &packed)], &SourceLimits::default()).unwrap();
        assert_eq!(
            sources.get(0).unwrap().read_at(0, 8).unwrap(),
            b"one\ntwo\n"
        );
    }

    #[test]
    fn a_gzip_bomb_is_stopped_by_its_ratio() {
        let bomb = gz(&vec![0; 32 << 20]);
        let error = open(&[("bomb.gz", &bomb)], &SourceLimits::default()).unwrap_err();
        assert!(
            matches!(
                error,
                SourceError::Inflated {
                    key: "sources.inflate-ratio",
                    ..
                }
            ),
            "{error}"
        );
    }

    #[test]
    fn files_together_may_not_inflate_past_the_limit() {
        let limits = SourceLimits {
            inflate_mib: 1,
            inflate_ratio: 100_000,
            ..SourceLimits::default()
        };
        let half = gz(&vec![0; 700 << 10]);
        let error = open(&[("a.gz", &half), ("b.gz", &half)], &limits).unwrap_err();
        assert!(
            matches!(
                error,
                SourceError::Inflated {
                    key: "sources.inflate-mib",
                    ..
                }
            ),
            "{error}"
        );
    }

    #[test]
    fn a_damaged_gzip_file_says_where() {
        let mut packed = gz(b"some bytes that will be cut");
        packed.truncate(packed.len() - 6);
        let error = open(&[("x.gz", &packed)], &SourceLimits::default()).unwrap_err();
        assert!(matches!(error, SourceError::Gzip { .. }), "{error}");
    }

    #[test]
    fn nothing_outside_the_folder_can_be_named() {
        let outer = tempfile::tempdir().unwrap();
        std::fs::write(outer.path().join("secret"), b"s").unwrap();
        let dir = outer.path().join("data");
        std::fs::create_dir(&dir).unwrap();
        #[cfg(unix)]
        std::os::unix::fs::symlink("../secret", dir.join("link")).unwrap();
        let absolute = outer.path().join("secret").display().to_string();
        for name in ["../secret", &absolute, "link", "", "."] {
            let opened = Sources::open(&dir, &[name.to_owned()], &SourceLimits::default());
            assert!(opened.is_err(), "{name}");
        }
    }
}
