//! Arrays in chunks.

use std::cell::RefCell;
use std::ops::Range;
use std::rc::Rc;

use autods_sdk::loader::Fault;

use super::codec;
use super::metadata::{Index, Metadata};
use super::zip::Zip;
use crate::element::Kind;
use crate::origin::Origin;

/// Bytes that a chunk may decode to, and an index of a shard may have.
const MAX_CHUNK: u64 = 256 << 20;
const MAX_INDEX: u64 = 16 << 20;

/// Bytes that the texts of a chunk may have together.
const MAX_TEXTS: usize = 64 << 20;

/// Decoded bytes that an array keeps.
const CACHE: usize = 64 << 20;

/// An array of a zip.
pub(crate) struct Chunked<'h> {
    origin: Origin<'h>,
    zip: Rc<Zip<'h>>,
    path: String,
    metadata: Metadata,
    /// Bytes of a decoded chunk.
    chunk_bytes: usize,
    /// Chunks that were decoded last.
    kept: RefCell<Vec<Kept>>,
    /// The index of the shard that was read last.
    index: RefCell<Option<Kept>>,
}

/// The places of what is kept, and its bytes.
type Kept = (Vec<u64>, Rc<[u8]>);

impl<'h> Chunked<'h> {
    pub(super) fn new(
        origin: Origin<'h>,
        zip: Rc<Zip<'h>>,
        path: &str,
        metadata: Metadata,
    ) -> Result<Self, Fault> {
        let size = metadata.element.size.max(1) as u64;
        let bytes = metadata
            .inner
            .iter()
            .try_fold(size, |bytes, side| bytes.checked_mul(*side))
            .filter(|bytes| *bytes <= MAX_CHUNK)
            .and_then(|bytes| usize::try_from(bytes).ok());
        let too_large = || origin.malformed(path, "a chunk is too large to be held");
        Ok(Self {
            origin,
            zip,
            path: path.to_owned(),
            metadata,
            chunk_bytes: bytes.ok_or_else(too_large)?,
            kept: RefCell::default(),
            index: RefCell::default(),
        })
    }

    /// The bytes of rows, all of which are in the array.
    pub(crate) fn raw(&self, start: u64, count: u64) -> Result<Vec<u8>, Fault> {
        let size = self.metadata.element.size;
        let columns = self.metadata.shape.get(1).copied().unwrap_or(1);
        let (side, width) = self.sides();
        let elements = count.checked_mul(columns);
        let length = elements.and_then(|elements| usize::try_from(elements).ok());
        let mut out = self.metadata.fill.repeat(length.unwrap_or_default());
        let rows = start..start.saturating_add(count);
        for chunk_row in touched(&rows, side) {
            for chunk_column in touched(&(0..columns), width) {
                let Some(chunk) = self.chunk(&self.places(chunk_row, chunk_column))? else {
                    continue;
                };
                let first = chunk_column * width;
                let taken = usize_of(width.min(columns - first)) * size;
                for row in rows.start.max(chunk_row * side)..rows.end.min((chunk_row + 1) * side) {
                    let from = usize_of((row - chunk_row * side) * width) * size;
                    let to = usize_of((row - start) * columns + first) * size;
                    let from = chunk.get(from..from + taken);
                    if let (Some(to), Some(from)) = (out.get_mut(to..to + taken), from) {
                        to.copy_from_slice(from);
                    }
                }
            }
        }
        Ok(out)
    }

    /// The texts of rows of an array of one dimension.
    pub(crate) fn texts(&self, start: u64, count: u64) -> Result<Vec<String>, Fault> {
        let (side, _) = self.sides();
        let rows = start..start.saturating_add(count);
        let mut texts = Vec::new();
        for chunk_row in touched(&rows, side) {
            let within = rows.start.max(chunk_row * side)..rows.end.min((chunk_row + 1) * side);
            let Some(chunk) = self.chunk(&[chunk_row])? else {
                texts.extend(within.map(|_| String::new()));
                continue;
            };
            let skipped = usize_of(within.start - chunk_row * side);
            let wanted = usize_of(within.end - within.start);
            let found = vlen_utf8(&chunk, skipped, wanted);
            let broken = || {
                self.origin
                    .malformed(&self.path, "texts that are not UTF-8, or cut")
            };
            texts.extend(found.ok_or_else(broken)?);
        }
        Ok(texts)
    }

    /// Rows and columns of a chunk.
    fn sides(&self) -> (u64, u64) {
        let sides = &self.metadata.inner;
        let side = |at: usize| sides.get(at).copied().unwrap_or(1);
        (side(0), side(1))
    }

    fn places(&self, row: u64, column: u64) -> Vec<u64> {
        let places = [row, column];
        places.into_iter().take(self.metadata.shape.len()).collect()
    }

    /// A decoded chunk; `None` where it was never written.
    fn chunk(&self, places: &[u64]) -> Result<Option<Rc<[u8]>>, Fault> {
        if let Some((_, bytes)) = self.kept.borrow().iter().find(|(kept, _)| kept == places) {
            return Ok(Some(Rc::clone(bytes)));
        }
        let Some(stored) = self.stored(places)? else {
            return Ok(None);
        };
        let is_text = self.metadata.element.kind == Kind::Text;
        let limit = if is_text { MAX_TEXTS } else { self.chunk_bytes };
        let bytes = codec::decode(&self.metadata.codecs, stored, limit);
        let bytes = bytes.filter(|bytes| is_text || bytes.len() == self.chunk_bytes);
        let broken = || {
            self.origin
                .malformed(&self.path, "a chunk that cannot be decoded")
        };
        let bytes: Rc<[u8]> = bytes.ok_or_else(broken)?.into();
        let mut kept = self.kept.borrow_mut();
        let all: usize = kept.iter().map(|(_, bytes)| bytes.len()).sum();
        if all.saturating_add(bytes.len()) > CACHE {
            kept.clear();
        }
        kept.push((places.to_vec(), Rc::clone(&bytes)));
        Ok(Some(bytes))
    }

    /// The bytes of a chunk as they are stored.
    fn stored(&self, places: &[u64]) -> Result<Option<Vec<u8>>, Fault> {
        let Some(index) = &self.metadata.index else {
            return self.zip.member(&self.name(places));
        };
        let sides = self.metadata.outer.iter().zip(&self.metadata.inner);
        let per: Vec<u64> = sides.map(|(outer, inner)| outer / inner).collect();
        let shard: Vec<u64> = places.iter().zip(&per).map(|(at, per)| at / per).collect();
        let Some(bytes) = self.shard_index(&shard, index, &per)? else {
            return Ok(None);
        };
        // below the number of chunks in a shard, which is known to be small
        let within = places.iter().zip(&per);
        let number = within.fold(0, |number, (at, per)| number * per + at % per);
        let word = |at: u64| {
            let bytes = bytes.get(usize_of(at)..)?.first_chunk::<8>()?;
            Some(u64::from_le_bytes(*bytes))
        };
        let range = word(16 * number).zip(word(16 * number + 8));
        match range {
            None | Some((u64::MAX, u64::MAX)) => Ok(None),
            Some((_, length)) if length > MAX_CHUNK => Err(self
                .origin
                .malformed(&self.path, "a chunk is too large to be held")),
            Some((offset, length)) => self.zip.range(&self.name(&shard), Some(offset), length),
        }
    }

    /// The index of a shard: a place and a length for each of its chunks.
    fn shard_index(
        &self,
        shard: &[u64],
        index: &Index,
        per: &[u64],
    ) -> Result<Option<Rc<[u8]>>, Fault> {
        if let Some((kept, bytes)) = &*self.index.borrow()
            && kept == shard
        {
            return Ok(Some(Rc::clone(bytes)));
        }
        let chunks = per
            .iter()
            .try_fold(16_u64, |bytes, per| bytes.checked_mul(*per));
        let Some(length) = chunks.filter(|length| *length <= MAX_INDEX) else {
            return Err(self
                .origin
                .malformed(&self.path, "too many chunks in a shard"));
        };
        let stored = length + 4 * index.codecs.len() as u64;
        let start = index.at_start.then_some(0);
        let Some(bytes) = self.zip.range(&self.name(shard), start, stored)? else {
            return Ok(None);
        };
        let bytes = codec::decode(&index.codecs, bytes, usize_of(length));
        let bytes = bytes.filter(|bytes| bytes.len() as u64 == length);
        let broken = || {
            self.origin
                .malformed(&self.path, "the index of a shard is damaged")
        };
        let bytes: Rc<[u8]> = bytes.ok_or_else(broken)?.into();
        self.index
            .replace(Some((shard.to_vec(), Rc::clone(&bytes))));
        Ok(Some(bytes))
    }

    /// The name of a chunk or a shard.
    fn name(&self, places: &[u64]) -> String {
        let Metadata {
            prefix, separator, ..
        } = &self.metadata;
        let mut words: Vec<String> = places.iter().map(u64::to_string).collect();
        if !prefix.is_empty() {
            words.insert(0, (*prefix).to_owned());
        } else if words.is_empty() {
            words.push("0".to_owned());
        }
        format!("{}/{}", self.path, words.join(separator))
    }
}

/// The numbers of the blocks of that size that a range touches.
fn touched(range: &Range<u64>, size: u64) -> Range<u64> {
    let size = size.max(1);
    range.start / size..range.end.div_ceil(size)
}

fn usize_of(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// Texts of numcodecs' `vlen-utf8`: how many, and each after its length.
fn vlen_utf8(bytes: &[u8], skipped: usize, wanted: usize) -> Option<Vec<String>> {
    let mut rest = bytes.get(4..)?;
    let mut texts = Vec::new();
    for at in 0..skipped.checked_add(wanted)? {
        let (length, after) = rest.split_first_chunk::<4>()?;
        let length = usize::try_from(u32::from_le_bytes(*length)).ok()?;
        if at >= skipped {
            texts.push(std::str::from_utf8(after.get(..length)?).ok()?.to_owned());
        }
        rest = after.get(length..)?;
    }
    Some(texts)
}
