//! A file and the datasets in it.

use std::cell::Cell;
use std::sync::Arc;

use autods_sdk::loader::{Fault, FaultCode};
use hdf5_pure::{
    AttrValue, Chunk, ChunkCacheConfig, Dataset, Error, File, FileAccessProperties, FormatError,
    Group,
};

use super::datatype::element;
use super::heap::Heap;
use super::source::{HostSource, Meter};
use crate::array::{Array, Backing};
use crate::attribute::Attribute;
use crate::origin::Origin;
use crate::store::Node;

/// Bytes that a chunk may inflate to: a chunk is held whole.
const MAX_CHUNK: u64 = 256 << 20;

/// Bytes of inflated chunks that a dataset keeps.
const CACHE: usize = 64 << 20;

/// Bytes that the texts of one read may have together.
const MAX_TEXTS: u64 = 64 << 20;

/// An HDF5 file.
pub(crate) struct Hdf5<'h> {
    // before `origin`, whose lifetime it must not outlive
    file: File,
    meter: Arc<Meter>,
    origin: Origin<'h>,
}

impl<'h> Hdf5<'h> {
    pub(crate) fn open(origin: Origin<'h>) -> Result<Self, Fault> {
        let meter = Arc::new(Meter::default());
        meter.refill(origin.size, 0);
        // SAFETY: the file goes into `Hdf5<'h>` and datasets made of it into `Stored<'h>`; both hold
        // an `Origin<'h>`, are private to this module, and give out nothing of hdf5-pure's.
        let source = unsafe { HostSource::new(origin, Arc::clone(&meter)) };
        let cache = ChunkCacheConfig::new().with_max_bytes(CACHE);
        let properties = FileAccessProperties::new().with_chunk_cache(cache);
        let file = File::from_source_with_options(source, properties)
            .map_err(|error| failed(&origin, &meter, "the file", &error))?;
        Ok(Self {
            file,
            meter,
            origin,
        })
    }

    /// What stands at that path.
    pub(crate) fn node(&self, path: &str) -> Result<Option<Node<'h>>, Fault> {
        self.meter.refill(self.origin.size, 0);
        let dataset = match self.file.dataset(path) {
            Ok(dataset) => dataset,
            Err(Error::NotADataset(_)) => return Ok(Some(Node::Group)),
            Err(error) if is_absent(&error) => return Ok(None),
            Err(error) => return Err(failed(&self.origin, &self.meter, path, &error)),
        };
        self.array(path, dataset)
            .map(|array| Some(Node::Array(array)))
    }

    fn array(&self, path: &str, dataset: Dataset) -> Result<Array<'h>, Fault> {
        let failed = |error: Error| failed(&self.origin, &self.meter, path, &error);
        let element = element(&dataset.datatype().map_err(failed)?);
        let shape = dataset.shape().map_err(failed)?;
        if let Some(chunk) = dataset.chunk_shape().map_err(failed)? {
            let size = dataset.element_size().map_err(failed)?;
            let bytes = chunk
                .iter()
                .try_fold(size, |bytes, side| bytes.checked_mul(*side));
            if bytes.is_none_or(|bytes| bytes > MAX_CHUNK) {
                let fault = self
                    .origin
                    .malformed(path, "a chunk is too large to be held");
                return Err(fault.expected_found(MAX_CHUNK, bytes.unwrap_or(u64::MAX)));
            }
        }
        let stored = Stored {
            dataset,
            meter: Arc::clone(&self.meter),
            origin: self.origin,
            is_checked: Cell::new(false),
            heap: Heap::new(self.origin),
        };
        Array::new(
            self.origin,
            path,
            shape,
            element,
            Backing::Hdf5(Box::new(stored)),
        )
    }

    /// An attribute of a group or an array.
    pub(crate) fn attribute(&self, path: &str, name: &str) -> Result<Option<Attribute>, Fault> {
        self.meter.refill(self.origin.size, 0);
        let attributes = match self.file.group(path) {
            Ok(group) => group.attrs(),
            Err(Error::NotAGroup(_)) => self.file.dataset(path).and_then(|array| array.attrs()),
            Err(error) => Err(error),
        };
        let attributes = match attributes {
            Ok(attributes) => attributes,
            Err(error) if is_absent(&error) => return Ok(None),
            Err(error) => return Err(failed(&self.origin, &self.meter, path, &error)),
        };
        Ok(attributes.get(name).map(attribute))
    }

    /// The names in a group, in order.
    pub(crate) fn children(&self, path: &str) -> Result<Vec<String>, Fault> {
        self.meter.refill(self.origin.size, 0);
        let names = |group: Group| {
            let mut names = group.datasets()?;
            names.extend(group.groups()?);
            names.sort_unstable();
            Ok(names)
        };
        let group = if path.is_empty() {
            Ok(self.file.root())
        } else {
            self.file.group(path)
        };
        group
            .and_then(names)
            .map_err(|error| failed(&self.origin, &self.meter, path, &error))
    }
}

/// A dataset.
pub(crate) struct Stored<'h> {
    dataset: Dataset,
    meter: Arc<Meter>,
    origin: Origin<'h>,
    /// Whether its chunks are known to be inside the file.
    is_checked: Cell<bool>,
    heap: Heap<'h>,
}

impl Stored<'_> {
    /// That the chunks are inside the file: hdf5-pure 0.47 makes room for as many bytes as a chunk
    /// claims before it looks at the file's size.
    fn check(&self, path: &str) -> Result<(), Fault> {
        if self.is_checked.replace(true) || !self.dataset.is_chunked() {
            return Ok(());
        }
        self.meter.refill(self.origin.size, 0);
        let chunks = self.dataset.chunks();
        let chunks = chunks.map_err(|error| failed(&self.origin, &self.meter, path, &error))?;
        let is_inside = |chunk: &Chunk| {
            let end = chunk.address.checked_add(chunk.storage_size);
            end.is_some_and(|end| end <= self.origin.size)
        };
        if chunks.iter().all(is_inside) {
            return Ok(());
        }
        Err(self
            .origin
            .malformed(path, "a chunk beyond the end of the file"))
    }

    /// The bytes of rows.
    pub(crate) fn raw(&self, path: &str, start: u64, count: u64) -> Result<Vec<u8>, Fault> {
        self.check(path)?;
        self.meter.refill(self.origin.size, 0);
        self.dataset
            .read_raw_rows(start, count)
            .map_err(|error| failed(&self.origin, &self.meter, path, &error))
    }

    /// The text that a member of a record refers to.
    pub(crate) fn text(&self, path: &str, reference: &[u8]) -> Result<String, Fault> {
        self.heap.text(path, reference)
    }

    /// The texts of rows.
    pub(crate) fn texts(&self, path: &str, start: u64, count: u64) -> Result<Vec<String>, Fault> {
        // A reference says how long its text is before the text is read.
        let raw = self.raw(path, start, count)?;
        let size = self
            .dataset
            .element_size()
            .map_err(|error| failed(&self.origin, &self.meter, path, &error))?;
        let references = raw.chunks_exact(usize::try_from(size.max(4)).unwrap_or(usize::MAX));
        let lengths = references.filter_map(|reference| reference.first_chunk::<4>());
        let total: u64 = lengths
            .map(|word| u64::from(u32::from_le_bytes(*word)))
            .sum();
        if total > MAX_TEXTS {
            let fault = self.origin.malformed(path, "texts are too long");
            return Err(fault.expected_found(MAX_TEXTS, total));
        }
        self.meter.refill(self.origin.size, total);
        self.dataset
            .read_string_rows(start, count)
            .map_err(|error| failed(&self.origin, &self.meter, path, &error))
    }
}

/// Nothing stands there.
fn is_absent(error: &Error) -> bool {
    matches!(
        error,
        Error::Format(FormatError::PathNotFound(_)) | Error::NotAGroup(_)
    )
}

/// Whose fault it is: the host's that refused, or the file's.
fn failed(origin: &Origin<'_>, meter: &Meter, path: &str, error: &Error) -> Fault {
    if meter.is_refused() {
        return origin.fault(FaultCode::HostRefused);
    }
    origin.malformed(path, &error.to_string())
}

fn attribute(value: &AttrValue) -> Attribute {
    let all = |values: &[i64]| Attribute::Integers(values.to_vec());
    match value {
        AttrValue::String(text)
        | AttrValue::AsciiString(text)
        | AttrValue::VarLenString(text)
        | AttrValue::StringSized { value: text, .. }
        | AttrValue::AsciiStringSized { value: text, .. } => Attribute::Text(text.clone()),
        AttrValue::I32Array(values) => {
            Attribute::Integers(values.iter().map(|value| i64::from(*value)).collect())
        }
        AttrValue::U32Array(values) => {
            Attribute::Integers(values.iter().map(|value| i64::from(*value)).collect())
        }
        AttrValue::I64Array(values) => all(values),
        AttrValue::U64Array(values) => {
            let values: Result<Vec<i64>, _> = values.iter().map(|v| i64::try_from(*v)).collect();
            values.map_or(Attribute::Other, Attribute::Integers)
        }
        _ => Attribute::Other,
    }
}
