//! A window on a file: the parts of it that were read from the host.

use std::io::Cursor;

use bytes::Bytes;
use parquet::errors::{ParquetError, Result};
use parquet::file::reader::{ChunkReader, Length};

/// Parts of a file by their offsets. What is outside them cannot be read.
#[derive(Clone, Debug)]
pub(super) struct Window {
    pub(super) size: u64,
    pub(super) parts: Vec<(u64, Bytes)>,
}

impl Window {
    /// From an offset to the end of the part that it is in.
    fn from(&self, start: u64) -> Result<Bytes> {
        let part = self.parts.iter().find_map(|(offset, bytes)| {
            let at = usize::try_from(start.checked_sub(*offset)?).ok()?;
            (at < bytes.len()).then(|| bytes.slice(at..))
        });
        part.ok_or_else(outside)
    }
}

fn outside() -> ParquetError {
    ParquetError::General("outside of the row group".to_owned())
}

impl Length for Window {
    fn len(&self) -> u64 {
        self.size
    }
}

impl ChunkReader for Window {
    type T = Cursor<Bytes>;

    fn get_read(&self, start: u64) -> Result<Self::T> {
        self.from(start).map(Cursor::new)
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<Bytes> {
        if length == 0 {
            return Ok(Bytes::new());
        }
        let bytes = self.from(start)?;
        if length > bytes.len() {
            return Err(outside());
        }
        Ok(bytes.slice(..length))
    }
}
