//! Gzip files are inflated by the host, once, under a cap and a ratio.

use std::fs::File;
use std::io::{self, Read};

use flate2::bufread::MultiGzDecoder;
use sha2::{Digest, Sha256};

use crate::policy::SourceLimits;
use crate::sources::{SourceError, read_at};

/// A gzip file, inflated.
pub(crate) struct Inflated {
    pub bytes: Vec<u8>,
    /// SHA-256 of the file as it lies on disk.
    pub raw_sha256: String,
}

/// Inflates a whole gzip file of any number of members, and hashes it on the way.
pub(crate) fn inflate(
    file: &File,
    name: &str,
    raw_size: u64,
    limits: &SourceLimits,
    left: u64,
) -> Result<Inflated, SourceError> {
    const FREE: u64 = 1 << 20;
    let by_ratio = raw_size.saturating_mul(limits.inflate_ratio).max(FREE);
    let (limit, key) = if by_ratio < left {
        (by_ratio, "sources.inflate-ratio")
    } else {
        (left, "sources.inflate-mib")
    };
    let hashed = Hashed {
        file,
        offset: 0,
        digest: Sha256::new(),
    };
    let mut decoder = MultiGzDecoder::new(io::BufReader::with_capacity(1 << 16, hashed));
    let mut bytes = Vec::new();
    let read = decoder
        .by_ref()
        .take(limit.saturating_add(1))
        .read_to_end(&mut bytes);
    if bytes.len() as u64 > limit {
        return Err(SourceError::Inflated {
            name: name.to_owned(),
            limit,
            key,
        });
    }
    if read.is_err() {
        return Err(SourceError::Gzip {
            name: name.to_owned(),
            at: bytes.len() as u64,
        });
    }
    // What follows the last member belongs to the file, and so to its hash.
    let mut hashed = decoder.into_inner().into_inner();
    io::copy(&mut hashed, &mut io::sink()).map_err(|error| SourceError::File {
        name: name.to_owned(),
        kind: error.kind(),
    })?;
    bytes.shrink_to_fit();
    Ok(Inflated {
        bytes,
        raw_sha256: crate::digest::hex(&hashed.digest.finalize()),
    })
}

/// A file, read from its start, hashed as it is read.
struct Hashed<'a> {
    file: &'a File,
    offset: u64,
    digest: Sha256,
}

impl Read for Hashed<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = read_at(self.file, buffer, self.offset)?;
        self.digest.update(&buffer[..read]);
        self.offset += read as u64;
        Ok(read)
    }
}
