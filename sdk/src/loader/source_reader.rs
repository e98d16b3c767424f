//! A source, a chunk at a time.

use super::{Fault, LoaderHost};

/// Reads a range of a source in order, in chunks of [`SourceReader::CHUNK`] bytes, so that
/// a loader's memory does not grow with the file.
pub struct SourceReader<'h> {
    host: &'h dyn LoaderHost,
    source: u32,
    offset: u64,
    end: u64,
    chunk: u32,
}

impl<'h> SourceReader<'h> {
    /// Bytes asked of the host at once: 256 KiB, which stay in a processor's own cache.
    pub const CHUNK: u32 = 1 << 18;

    /// The bytes `start .. end` of a source.
    #[must_use]
    pub fn new(host: &'h dyn LoaderHost, source: u32, start: u64, end: u64) -> Self {
        Self {
            host,
            source,
            offset: start,
            end,
            chunk: Self::CHUNK,
        }
    }

    /// With another size of chunk, such as one byte in a test of a loader's seams; 0 counts as 1.
    #[must_use]
    pub fn chunks_of(mut self, bytes: u32) -> Self {
        self.chunk = bytes.max(1);
        self
    }

    /// Where the next chunk starts.
    #[must_use]
    pub fn offset(&self) -> u64 {
        self.offset
    }

    /// The next chunk, or `None` at the end of the range.
    ///
    /// # Errors
    /// [`FaultCode::HostRefused`](super::FaultCode::HostRefused) in this source.
    pub fn next_chunk(&mut self) -> Result<Option<Vec<u8>>, Fault> {
        let left = self.end.saturating_sub(self.offset);
        let length = u32::try_from(left).unwrap_or(u32::MAX).min(self.chunk);
        if length == 0 {
            return Ok(None);
        }
        let chunk = self
            .host
            .read_at(self.source, self.offset, length)
            .map_err(|error| Fault::from(error).in_source(self.source))?;
        self.offset += u64::from(length);
        Ok(Some(chunk))
    }
}
