//! Arrays, read by ranges of their first dimension.

use std::cell::RefCell;
use std::rc::Rc;

use autods_sdk::loader::{Fault, FaultCode};

use crate::element::{Element, Kind, Unreadable, Value};
use crate::origin::Origin;
use crate::{hdf5, zarr};

/// Bytes that are read of an array at once.
pub(crate) const BLOCK: u64 = 4 << 20;

/// Bytes that one row of an array may have.
const MAX_ROW: u64 = 64 << 20;

/// Bytes that the texts of one read may have together.
const MAX_TEXTS: usize = 64 << 20;

/// Elements that an array may claim for each byte of its file: deflation gives at most 1032 bytes
/// for one.
const MAX_RATIO: u64 = 1032;

/// An array of a file.
pub(crate) struct Array<'h> {
    origin: Origin<'h>,
    pub(crate) path: String,
    pub(crate) shape: Vec<u64>,
    pub(crate) element: Element,
    row_bytes: u64,
    backing: Backing<'h>,
    /// The rows that were read last: columns side by side in them are read one after the other.
    last: RefCell<Option<Kept>>,
}

/// Rows that are kept: the first, how many, their bytes.
type Kept = (u64, u64, Rc<[u8]>);

/// What keeps an array.
pub(crate) enum Backing<'h> {
    Hdf5(Box<hdf5::Stored<'h>>),
    Zarr(Box<zarr::Chunked<'h>>),
}

impl<'h> Array<'h> {
    /// An array of that shape; one whose shape cannot be is the file's fault.
    pub(crate) fn new(
        origin: Origin<'h>,
        path: &str,
        shape: Vec<u64>,
        element: Element,
        backing: Backing<'h>,
    ) -> Result<Self, Fault> {
        let size = element.size.max(1) as u64;
        let row_bytes = shape
            .iter()
            .skip(1)
            .try_fold(size, |bytes, side| bytes.checked_mul(*side))
            .filter(|bytes| *bytes <= MAX_ROW);
        let Some(row_bytes) = row_bytes else {
            return Err(origin.malformed(path, "a row is too large to be held"));
        };
        let elements = shape
            .iter()
            .try_fold(1_u64, |elements, side| elements.checked_mul(*side));
        let most = origin.size.saturating_mul(MAX_RATIO);
        if elements.is_none_or(|elements| elements > most) {
            let fault = origin.malformed(path, "more elements than the file can hold");
            return Err(fault.expected_found(most, elements.unwrap_or(u64::MAX)));
        }
        Ok(Self {
            origin,
            path: path.to_owned(),
            shape,
            element,
            row_bytes,
            backing,
            last: RefCell::new(None),
        })
    }

    /// Rows: the size of the first dimension.
    pub(crate) fn rows(&self) -> u64 {
        self.shape.first().copied().unwrap_or(1)
    }

    /// Rows to be read at once.
    pub(crate) fn block(&self) -> u64 {
        BLOCK / self.row_bytes.max(1)
    }

    /// A fault of this array.
    pub(crate) fn malformed(&self, rule: &str) -> Fault {
        self.origin.malformed(&self.path, rule)
    }

    /// That it has one dimension of that many elements.
    pub(crate) fn expect_vector(self, length: u64) -> Result<Self, Fault> {
        if self.shape.len() == 1 && self.rows() == length {
            return Ok(self);
        }
        let fault = self.malformed("an array of another length than its frame or matrix");
        Err(fault.expected_found(length, self.rows()))
    }

    /// The bytes of rows, all of which the array must have.
    pub(crate) fn raw(&self, start: u64, count: u64) -> Result<Vec<u8>, Fault> {
        let inside = start
            .checked_add(count)
            .is_some_and(|end| end <= self.rows());
        if !inside {
            return Err(self.malformed("a range beyond the end of the array"));
        }
        if count == 0 {
            return Ok(Vec::new());
        }
        let bytes = match &self.backing {
            Backing::Hdf5(stored) => stored.raw(&self.path, start, count)?,
            Backing::Zarr(chunked) => chunked.raw(start, count)?,
        };
        if bytes.len() as u64 != count.saturating_mul(self.row_bytes) {
            return Err(self.malformed("fewer bytes than its shape says"));
        }
        Ok(bytes)
    }

    /// The bytes of rows, kept until others are read.
    fn kept(&self, start: u64, count: u64) -> Result<Rc<[u8]>, Fault> {
        if let Some((first, rows, bytes)) = &*self.last.borrow()
            && (*first, *rows) == (start, count)
        {
            return Ok(Rc::clone(bytes));
        }
        let bytes: Rc<[u8]> = self.raw(start, count)?.into();
        self.last.replace(Some((start, count, Rc::clone(&bytes))));
        Ok(bytes)
    }

    /// Texts of any length.
    fn texts(&self, start: u64, count: u64) -> Result<Vec<Value>, Fault> {
        if count == 0 {
            return Ok(Vec::new());
        }
        let texts = match &self.backing {
            Backing::Hdf5(stored) => stored.texts(&self.path, start, count)?,
            Backing::Zarr(chunked) => chunked.texts(start, count)?,
        };
        if texts.len() as u64 != count {
            return Err(self.malformed("fewer texts than its shape says"));
        }
        // what is not UTF-8 was replaced
        if texts.iter().any(|text| text.contains('\u{fffd}')) {
            return Err(self.origin.fault(FaultCode::InvalidUtf8));
        }
        Ok(texts.into_iter().map(Value::Text).collect())
    }

    /// The elements of an array of one dimension.
    pub(crate) fn values(&self, start: u64, count: u64) -> Result<Vec<Value>, Fault> {
        if self.shape.len() != 1 {
            return Err(self.malformed("an array of one dimension is expected"));
        }
        if self.element.kind == Kind::Text {
            return self.texts(start, count);
        }
        self.member_values(&self.element, 0, start, count)
    }

    /// An element at that place of every row.
    pub(crate) fn member_values(
        &self,
        element: &Element,
        offset: usize,
        start: u64,
        count: u64,
    ) -> Result<Vec<Value>, Fault> {
        let raw = self.kept(start, count)?;
        let row_bytes = usize::try_from(self.row_bytes).unwrap_or(usize::MAX);
        let end = offset.checked_add(element.size);
        let rows = raw.chunks_exact(row_bytes.max(1));
        let mut texts = 0_usize;
        let mut values = Vec::new();
        for row in rows {
            let bytes = end.and_then(|end| row.get(offset..end));
            let bytes = bytes.ok_or_else(|| self.malformed("a member beyond its record"))?;
            let value = if element.kind == Kind::Text {
                Value::Text(self.referred(bytes)?)
            } else {
                element
                    .value(bytes)
                    .map_err(|error| self.unreadable(error))?
            };
            if let Value::Text(text) = &value {
                texts += text.len();
            }
            if texts > MAX_TEXTS {
                return Err(self.malformed("texts are too long"));
            }
            values.push(value);
        }
        Ok(values)
    }

    /// The text that a member of a record refers to.
    fn referred(&self, bytes: &[u8]) -> Result<String, Fault> {
        match &self.backing {
            Backing::Hdf5(stored) => stored.text(&self.path, bytes),
            Backing::Zarr(_) => Err(self.unreadable(Unreadable::Type)),
        }
    }

    fn unreadable(&self, error: Unreadable) -> Fault {
        match error {
            Unreadable::Text => self.origin.fault(FaultCode::InvalidUtf8),
            Unreadable::Type => self.malformed("elements of a type that is not read"),
        }
    }

    /// The elements of all dimensions of rows, as numbers.
    pub(crate) fn numbers(&self, start: u64, count: u64) -> Result<Vec<f64>, Fault> {
        self.elements(start, count, |element, bytes| element.number(bytes))
    }

    /// The elements of all dimensions of rows, as whole numbers that are not negative.
    pub(crate) fn indices(&self, start: u64, count: u64) -> Result<Vec<u64>, Fault> {
        self.elements(start, count, |element, bytes| {
            element
                .integer(bytes)
                .and_then(|index| u64::try_from(index).ok())
        })
    }

    fn elements<T>(
        &self,
        start: u64,
        count: u64,
        read: impl Fn(&Element, &[u8]) -> Option<T>,
    ) -> Result<Vec<T>, Fault> {
        if !self.element.is_number() {
            return Err(self.malformed("numbers are expected"));
        }
        let raw = self.raw(start, count)?;
        let elements = raw.chunks_exact(self.element.size.max(1));
        elements
            .map(|bytes| read(&self.element, bytes))
            .collect::<Option<_>>()
            .ok_or_else(|| self.malformed("a number that cannot be"))
    }
}
