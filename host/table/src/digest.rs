//! What a table holds, in 256 bits.

use std::fmt::Write as _;

use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowPrimitiveType, Date32Type, Float64Type, Int64Type, TimestampMicrosecondType,
};
use arrow_array::{Array, ArrayRef};
use arrow_schema::DataType;
use autods_spec::Kind;
use sha2::{Digest, Sha256};

use crate::table::Table;

impl Table {
    /// SHA-256 over names, kinds and values, in lower-case hexadecimal.
    ///
    /// It does not depend on how the rows came (shards, batches, order of columns in the streams),
    /// nor on labels, roles and other notes that leave the values as they are. It does depend on
    /// the order of rows.
    #[must_use]
    pub fn digest(&self) -> String {
        let mut hash = Feed {
            hash: Sha256::new(),
            pending: Vec::with_capacity(FLUSH + 64),
        };
        hash.put(b"autods-table 1\n");
        hash.put(&(self.rows() as u64).to_le_bytes());
        hash.put(&(self.columns().len() as u64).to_le_bytes());
        for (column, array) in self.columns().iter().zip(self.batch().columns()) {
            hash.text(&column.name);
            hash.put(&[tag(column.kind)]);
            hash.values(array);
        }
        hash.finish()
    }
}

/// A stable number for each kind; never renumber.
fn tag(kind: Kind) -> u8 {
    match kind {
        Kind::Boolean => 0,
        Kind::Integer => 1,
        Kind::Number => 2,
        Kind::Category => 3,
        Kind::Ordinal => 4,
        Kind::Date => 5,
        Kind::Datetime => 6,
        Kind::Text => 7,
        Kind::Identifier => 8,
    }
}

/// Bytes gathered before they are hashed.
const FLUSH: usize = 1 << 16;

struct Feed {
    hash: Sha256,
    pending: Vec<u8>,
}

impl Feed {
    fn put(&mut self, bytes: &[u8]) {
        self.pending.extend_from_slice(bytes);
        if self.pending.len() >= FLUSH {
            self.hash.update(&self.pending);
            self.pending.clear();
        }
    }

    fn text(&mut self, text: &str) {
        self.put(&(text.len() as u64).to_le_bytes());
        self.put(text.as_bytes());
    }

    /// One byte says whether a cell is present; what lies in the slot of a missing one is not read.
    fn values(&mut self, array: &ArrayRef) {
        match array.data_type() {
            DataType::Boolean => {
                for value in array.as_boolean() {
                    self.put(&[value.map_or(0, |flag| 1 + u8::from(flag))]);
                }
            }
            DataType::Int64 => self.primitive::<Int64Type, 8>(array, i64::to_le_bytes),
            DataType::Float64 => self.primitive::<Float64Type, 8>(array, f64::to_le_bytes),
            DataType::Date32 => self.primitive::<Date32Type, 4>(array, i32::to_le_bytes),
            DataType::Timestamp(..) => {
                self.primitive::<TimestampMicrosecondType, 8>(array, i64::to_le_bytes);
            }
            _ => {
                for value in array.as_string::<i32>() {
                    match value {
                        None => self.put(&[0]),
                        Some(text) => {
                            self.put(&[1]);
                            self.text(text);
                        }
                    }
                }
            }
        }
    }

    fn primitive<T: ArrowPrimitiveType, const N: usize>(
        &mut self,
        array: &ArrayRef,
        bytes: fn(T::Native) -> [u8; N],
    ) {
        for value in array.as_primitive::<T>() {
            match value {
                None => self.put(&[0]),
                Some(value) => {
                    self.put(&[1]);
                    self.put(&bytes(value));
                }
            }
        }
    }

    fn finish(mut self) -> String {
        self.hash.update(&self.pending);
        hex(&self.hash.finalize())
    }
}

/// Lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
            // Writing to a string cannot fail.
            let _ = write!(text, "{byte:02x}");
            text
        })
}
