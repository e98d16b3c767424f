//! The form of a line, and the hash that ties it to the one before.

use std::fmt::Write as _;
use std::io::{self, Write};

use sha2::{Digest, Sha256};

use crate::entry::Entry;
use crate::error::Reason;
use crate::head::Head;

/// What the first record names as its predecessor.
pub(crate) const GENESIS: &str = "0000000000000000000000000000000000000000000000000000000000000000";
/// Longest line, in bytes; far above any entry, far below what would hurt.
pub(crate) const LINE_LIMIT: usize = 1 << 20;
/// What stands between the hashed bytes and the hash.
const SEAL: &[u8] = b",\"hash\":\"";
/// What stands after the hash.
const END: &[u8] = b"\"}";
/// Hexadecimal digits of a hash.
const HASH: usize = 64;

/// SHA-256 in lower-case hexadecimal.
pub(crate) fn sha256_hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .fold(String::with_capacity(HASH), |mut text, byte| {
            // Writing to a string cannot fail.
            let _ = write!(text, "{byte:02x}");
            text
        })
}

/// The line for the next record, with its line feed, and the head it makes.
pub(crate) fn line(
    head: &Head,
    at: &str,
    entry: &Entry,
) -> Result<(Vec<u8>, Head), serde_json::Error> {
    let seq = head.seq + 1;
    let entry = serde_json::to_string(entry)?;
    let mut line = format!(
        "{{\"seq\":{seq},\"at\":\"{at}\",\"prev\":\"{}\",\"entry\":{entry}",
        head.hash
    )
    .into_bytes();
    let hash = sha256_hex(&line);
    line.extend_from_slice(SEAL);
    line.extend_from_slice(hash.as_bytes());
    line.extend_from_slice(END);
    line.push(b'\n');
    Ok((line, Head { seq, hash }))
}

/// The hashed bytes and the hash of a line without its line feed; the hash is checked.
pub(crate) fn unseal(line: &[u8]) -> Result<(&[u8], &str), Reason> {
    let tail = SEAL.len() + HASH + END.len();
    let start = line.len().checked_sub(tail).ok_or(Reason::Malformed)?;
    let (body, rest) = line.split_at(start);
    let (seal, rest) = rest.split_at(SEAL.len());
    let (hash, end) = rest.split_at(HASH);
    if seal != SEAL || end != END {
        return Err(Reason::Malformed);
    }
    let hash = std::str::from_utf8(hash).map_err(|_| Reason::Malformed)?;
    if sha256_hex(body) == hash {
        Ok((body, hash))
    } else {
        Err(Reason::Edited)
    }
}

/// A chain that grows into a writer. One record is one `write_all`; after the first failure it
/// grows no more.
#[derive(Debug)]
pub(crate) struct Chain<W> {
    pub(crate) writer: W,
    pub(crate) head: Head,
    pub(crate) bytes: u64,
    pub(crate) broken: bool,
}

/// Why a chain did not grow.
#[derive(Debug)]
pub(crate) enum Stuck {
    /// It is broken.
    Broken,
    /// The entry is too long.
    TooLong(usize),
    /// The writer failed.
    Io(io::Error),
}

impl<W: Write> Chain<W> {
    pub(crate) fn new(writer: W, head: Head, bytes: u64) -> Self {
        Self {
            writer,
            head,
            bytes,
            broken: false,
        }
    }

    /// Append one record.
    pub(crate) fn append(&mut self, at: &str, entry: &Entry) -> Result<Head, Stuck> {
        if self.broken {
            return Err(Stuck::Broken);
        }
        let (line, head) = line(&self.head, at, entry).map_err(|error| Stuck::Io(error.into()))?;
        if line.len() > LINE_LIMIT {
            return Err(Stuck::TooLong(line.len()));
        }
        if let Err(error) = self
            .writer
            .write_all(&line)
            .and_then(|()| self.writer.flush())
        {
            self.broken = true;
            return Err(Stuck::Io(error));
        }
        self.bytes += line.len() as u64;
        self.head = head;
        Ok(self.head.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::Outcome;

    const CLOSED: Entry = Entry::RunClosed {
        outcome: Outcome::Completed,
    };

    /// Takes a number of bytes, then says that the disk is full.
    struct SmallDisk(usize);

    impl Write for SmallDisk {
        fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
            let taken = buffer.len().min(self.0);
            self.0 -= taken;
            if taken == 0 {
                Err(io::ErrorKind::StorageFull.into())
            } else {
                Ok(taken)
            }
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_full_disk_stops_the_chain_for_good() {
        let mut chain = Chain::new(SmallDisk(300), Head::genesis(), 0);
        let first = chain.append("t", &CLOSED).unwrap();
        assert_eq!(first.seq, 1);
        assert!(matches!(chain.append("t", &CLOSED), Err(Stuck::Io(_))));
        chain.writer.0 = 1 << 20;
        assert!(matches!(chain.append("t", &CLOSED), Err(Stuck::Broken)));
        assert_eq!(chain.head, first);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_device_that_is_always_full_takes_no_record() {
        let full = std::fs::File::options()
            .write(true)
            .open("/dev/full")
            .unwrap();
        let mut chain = Chain::new(full, Head::genesis(), 0);
        let Err(Stuck::Io(error)) = chain.append("t", &CLOSED) else {
            panic!("it took one")
        };
        assert_eq!(error.kind(), io::ErrorKind::StorageFull);
        assert!(matches!(chain.append("t", &CLOSED), Err(Stuck::Broken)));
    }

    #[test]
    fn a_line_is_sealed_with_the_hash_of_what_stands_before_the_seal() {
        let (line, head) = line(&Head::genesis(), "2026-01-01T00:00:00Z", &CLOSED).unwrap();
        let text = String::from_utf8(line).unwrap();
        let body = text.split(",\"hash\":").next().unwrap();
        assert_eq!(sha256_hex(body.as_bytes()), head.hash);
        assert_eq!(
            body,
            format!(
                "{{\"seq\":1,\"at\":\"2026-01-01T00:00:00Z\",\"prev\":\"{GENESIS}\",\
                 \"entry\":{{\"kind\":\"run-closed\",\"outcome\":\"completed\"}}"
            )
        );
    }
}
