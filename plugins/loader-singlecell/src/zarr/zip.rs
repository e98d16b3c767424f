//! The members of a zip file (APPNOTE.TXT 6.3), stored or deflated.

use std::collections::BTreeMap;
use std::io::Read;

use autods_sdk::loader::Fault;

use crate::origin::Origin;

/// Bytes that the directory may have, and that a member may inflate to.
const MAX_DIRECTORY: u64 = 64 << 20;
const MAX_MEMBER: u64 = 256 << 20;

/// Bytes that the record at the end has at most: 22 and a comment.
const MAX_END: u64 = 22 + 65_535;

/// The members of a zip, by name; where a name stands twice, the last one counts.
pub(super) struct Zip<'h> {
    origin: Origin<'h>,
    members: BTreeMap<String, Member>,
}

/// Where a member is.
#[derive(Clone, Copy, Debug)]
struct Member {
    header: u64,
    packed: u64,
    size: u64,
    is_deflated: bool,
}

impl<'h> Zip<'h> {
    pub(super) fn open(origin: Origin<'h>) -> Result<Self, Fault> {
        let (start, size) = directory(&origin)?;
        let bytes = origin.read(start, size)?;
        let mut members = BTreeMap::new();
        let mut rest = bytes.as_slice();
        while !rest.is_empty() {
            let record = record(rest);
            let (name, member, length) =
                record.ok_or_else(|| origin.malformed("the zip", "a broken directory"))?;
            members.insert(name, member);
            rest = rest.get(length..).unwrap_or_default();
        }
        Ok(Self { origin, members })
    }

    /// Names that begin so, in order.
    pub(super) fn names(&self, start: &str) -> impl Iterator<Item = &str> {
        let members = self.members.range(start.to_owned()..);
        let names = members.map(|(name, _)| name.as_str());
        let start = start.to_owned();
        names.take_while(move |name| name.starts_with(&start))
    }

    /// The bytes of a member, whole.
    pub(super) fn member(&self, name: &str) -> Result<Option<Vec<u8>>, Fault> {
        let Some(member) = self.members.get(name) else {
            return Ok(None);
        };
        self.bytes(name, member).map(Some)
    }

    /// Bytes of a member, from `start`, or those at its end. `None` where there is no such member.
    pub(super) fn range(
        &self,
        name: &str,
        start: Option<u64>,
        length: u64,
    ) -> Result<Option<Vec<u8>>, Fault> {
        let Some(member) = self.members.get(name) else {
            return Ok(None);
        };
        let start = start.or(member.size.checked_sub(length));
        let end = start.and_then(|start| start.checked_add(length));
        let (Some(start), Some(end)) = (start, end.filter(|end| *end <= member.size)) else {
            return Err(self.origin.malformed(name, "shorter than its index says"));
        };
        if member.is_deflated {
            let bytes = self.bytes(name, member)?;
            let range = usize::try_from(start).ok().zip(usize::try_from(end).ok());
            let bytes = range.and_then(|(start, end)| bytes.get(start..end));
            return Ok(bytes.map(<[u8]>::to_vec));
        }
        let data = self.data(name, member)?;
        let bytes = self.origin.read(data.saturating_add(start), length)?;
        Ok(Some(bytes))
    }

    fn bytes(&self, name: &str, member: &Member) -> Result<Vec<u8>, Fault> {
        if member.size > MAX_MEMBER || member.packed > MAX_MEMBER {
            let fault = self.origin.malformed(name, "too large to be held");
            return Err(fault.expected_found(MAX_MEMBER, member.size));
        }
        let packed = self.origin.read(self.data(name, member)?, member.packed)?;
        if !member.is_deflated {
            return Ok(packed);
        }
        let mut bytes = Vec::new();
        let inflated = flate2::read::DeflateDecoder::new(packed.as_slice());
        let read = inflated.take(member.size).read_to_end(&mut bytes);
        if read.is_err() || bytes.len() as u64 != member.size {
            return Err(self.origin.malformed(name, "not what was deflated"));
        }
        Ok(bytes)
    }

    /// Where the bytes of a member begin: after its own header.
    fn data(&self, name: &str, member: &Member) -> Result<u64, Fault> {
        let header = self.origin.read(member.header, 30)?;
        let is_header = header.starts_with(b"PK\x03\x04");
        let lengths = short(&header, 26).zip(short(&header, 28));
        let (Some((name_length, extra)), true) = (lengths, is_header) else {
            return Err(self.origin.malformed(name, "no header of a member"));
        };
        Ok(member.header + 30 + u64::from(name_length) + u64::from(extra))
    }
}

/// Where the directory begins, and its bytes.
fn directory(origin: &Origin<'_>) -> Result<(u64, u64), Fault> {
    let length = origin.size.min(MAX_END);
    let tail = origin.read(origin.size - length, length)?;
    let end = memchr::memmem::rfind(&tail, b"PK\x05\x06");
    let end = end.and_then(|at| tail.get(at..));
    let sizes = end.and_then(|end| Some((word(end, 12)?, word(end, 16)?)));
    let Some((size, start)) = sizes else {
        return Err(origin.malformed("the zip", "no directory at its end"));
    };
    if start == u32::MAX || u64::from(size) > MAX_DIRECTORY {
        return Err(origin.malformed("the zip", "too large a directory, or zip64"));
    }
    Ok((u64::from(start), u64::from(size)))
}

/// A record of the directory: a name, its member, and the bytes of the record.
fn record(bytes: &[u8]) -> Option<(String, Member, usize)> {
    if !bytes.starts_with(b"PK\x01\x02") {
        return None;
    }
    let flags = short(bytes, 8)?;
    let method = short(bytes, 10)?;
    let name_length = usize::from(short(bytes, 28)?);
    let length = 46 + name_length + usize::from(short(bytes, 30)?) + usize::from(short(bytes, 32)?);
    let name = std::str::from_utf8(bytes.get(46..46 + name_length)?).ok()?;
    let member = Member {
        packed: u64::from(word(bytes, 20)?),
        size: u64::from(word(bytes, 24)?),
        header: u64::from(word(bytes, 42)?),
        is_deflated: method == 8,
    };
    // not encrypted, and of a known method; a stored member is as long as it is packed
    let is_read = flags & 1 == 0 && (method == 8 || (method == 0 && member.size == member.packed));
    let is_whole = bytes.len() >= length;
    (is_read && is_whole).then(|| (name.to_owned(), member, length))
}

fn short(bytes: &[u8], at: usize) -> Option<u16> {
    let bytes = bytes.get(at..)?.first_chunk::<2>()?;
    Some(u16::from_le_bytes(*bytes))
}

fn word(bytes: &[u8], at: usize) -> Option<u32> {
    let bytes = bytes.get(at..)?.first_chunk::<4>()?;
    Some(u32::from_le_bytes(*bytes))
}
