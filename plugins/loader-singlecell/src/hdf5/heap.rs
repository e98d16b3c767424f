//! Texts in global heaps (HDF5 specification, section III.E), for records that have such members:
//! hdf5-pure reads arrays of texts, and no texts within records.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use autods_sdk::loader::{Fault, FaultCode};

use crate::origin::Origin;

/// Bytes that a collection may have, and collections that are kept.
const MAX_COLLECTION: u64 = 16 << 20;
const KEPT: usize = 4;

/// The texts of a file.
pub(super) struct Heap<'h> {
    origin: Origin<'h>,
    /// The collections that were read last, by their addresses.
    kept: RefCell<Vec<(u64, Rc<Collection>)>>,
}

/// A collection: its bytes, and where in them its objects are.
struct Collection {
    bytes: Vec<u8>,
    objects: BTreeMap<u16, (usize, usize)>,
}

impl<'h> Heap<'h> {
    pub(super) fn new(origin: Origin<'h>) -> Self {
        Self {
            origin,
            kept: RefCell::default(),
        }
    }

    /// The text that a reference leads to: its length, the address of its collection, and its number
    /// there. A reference to nothing is an empty text.
    pub(super) fn text(&self, path: &str, reference: &[u8]) -> Result<String, Fault> {
        let broken = || self.origin.malformed(path, "a reference to no text");
        let (length, rest) = reference.split_first_chunk::<4>().ok_or_else(broken)?;
        let (address, rest) = rest.split_first_chunk::<8>().ok_or_else(broken)?;
        let number = rest.first_chunk::<4>().ok_or_else(broken)?;
        let length = u32::from_le_bytes(*length) as usize;
        let address = u64::from_le_bytes(*address);
        if length == 0 {
            return Ok(String::new());
        }
        let collection = self.collection(path, address)?;
        let number = u16::try_from(u32::from_le_bytes(*number)).ok();
        let object = number.and_then(|number| collection.objects.get(&number));
        let (start, size) = *object.ok_or_else(broken)?;
        let text = collection
            .bytes
            .get(start..)
            .and_then(|rest| rest.get(..length));
        let text = text.filter(|_| length <= size).ok_or_else(broken)?;
        let text = text.split(|byte| *byte == 0).next().unwrap_or_default();
        let text = std::str::from_utf8(text);
        text.map(str::to_owned)
            .map_err(|_| self.origin.fault(FaultCode::InvalidUtf8))
    }

    fn collection(&self, path: &str, address: u64) -> Result<Rc<Collection>, Fault> {
        let mut kept = self.kept.borrow_mut();
        if let Some((_, collection)) = kept.iter().find(|(known, _)| *known == address) {
            return Ok(Rc::clone(collection));
        }
        let broken = || self.origin.malformed(path, "a heap that is none");
        let header = self.origin.read(address, HEADER as u64)?;
        let size = header.get(8..).and_then(|rest| rest.first_chunk::<8>());
        let size = size.map(|size| u64::from_le_bytes(*size));
        let size = size.filter(|size| header.starts_with(b"GCOL\x01") && *size <= MAX_COLLECTION);
        let bytes = self.origin.read(address, size.ok_or_else(broken)?)?;
        let collection = Rc::new(Collection {
            objects: objects(&bytes),
            bytes,
        });
        if kept.len() >= KEPT {
            kept.remove(0);
        }
        kept.push((address, Rc::clone(&collection)));
        Ok(collection)
    }
}

/// Bytes before the first object of a collection, and before what an object holds.
const HEADER: usize = 16;

/// Where the objects of a collection are; number 0 is its free space.
fn objects(bytes: &[u8]) -> BTreeMap<u16, (usize, usize)> {
    let mut objects = BTreeMap::new();
    let mut at = HEADER;
    while let Some(head) = bytes
        .get(at..)
        .and_then(|rest| rest.first_chunk::<HEADER>())
    {
        let number = u16::from_le_bytes([head[0], head[1]]);
        let size = head.last_chunk::<8>().map(|size| u64::from_le_bytes(*size));
        let size = size.and_then(|size| usize::try_from(size).ok());
        let Some(size) = size.filter(|size| number > 0 && *size <= bytes.len()) else {
            break;
        };
        objects.insert(number, (at + HEADER, size));
        at += HEADER + size.next_multiple_of(8);
    }
    objects
}
