//! The host's source as hdf5-pure reads it.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use autods_sdk::loader::LoaderHost;
use hdf5_pure::{FormatError, Source};

use crate::origin::Origin;

/// Bytes of a page: what one small read asks of the host.
const PAGE: u64 = 64 << 10;

/// Pages kept: metadata and the heaps of texts are read a few bytes at a time.
const PAGES: usize = 64;

/// Bytes asked of the host at once.
const PIECE: u64 = 8 << 20;

/// Bytes that one question to hdf5-pure may read besides what the file's size allows.
const ALLOWANCE: u64 = 8 << 20;

/// How often each byte of the file may be read for one question.
const TIMES: u64 = 8;

/// What a source tells those who ask hdf5-pure.
#[derive(Debug, Default)]
pub(super) struct Meter {
    /// Whether the host refused a read.
    refused: AtomicBool,
    /// Bytes that may yet be read. hdf5-pure bounds the depth of trees, but not how often it comes to
    /// the same node of one that is none.
    left: AtomicU64,
}

impl Meter {
    /// Before a question that reads that many bytes more than once.
    pub(super) fn refill(&self, size: u64, more: u64) {
        let all = size.saturating_mul(TIMES).saturating_add(ALLOWANCE);
        self.left.store(all.saturating_add(more), Ordering::Relaxed);
    }

    pub(super) fn is_refused(&self) -> bool {
        self.refused.load(Ordering::Relaxed)
    }

    fn take(&self, bytes: u64) -> Result<(), FormatError> {
        let left = self.left.load(Ordering::Relaxed);
        let left = left.checked_sub(bytes);
        let spent = || FormatError::Source("the same bytes again and again".to_owned());
        self.left.store(left.ok_or_else(spent)?, Ordering::Relaxed);
        Ok(())
    }
}

/// A source of the host, with the pages that were read last.
pub(super) struct HostSource {
    host: &'static dyn LoaderHost,
    source: u32,
    size: u64,
    meter: Arc<Meter>,
    /// The page that was used last comes last.
    pages: Mutex<Vec<(u64, Vec<u8>)>>,
}

// SAFETY: hdf5-pure asks for `Send + Sync` so that a file may be handed to other threads. This one
// never is: its only owner, `Hdf5<'h>`, and what that gives out hold `&'h dyn LoaderHost` (in their
// `Origin`), which is neither, and hdf5-pure starts no thread.
unsafe impl Send for HostSource {}
// SAFETY: as above.
unsafe impl Sync for HostSource {}

impl HostSource {
    /// # Safety
    /// What is made of this source must not be used after `'h`.
    pub(super) unsafe fn new(origin: Origin<'_>, meter: Arc<Meter>) -> Self {
        // SAFETY: only the lifetime changes, and the caller keeps to it.
        let host =
            unsafe { std::mem::transmute::<&dyn LoaderHost, &'static dyn LoaderHost>(origin.host) };
        Self {
            host,
            source: origin.source,
            size: origin.size,
            meter,
            pages: Mutex::new(Vec::new()),
        }
    }

    fn ask(&self, offset: u64, length: u64) -> Result<Vec<u8>, FormatError> {
        let refused = |_| {
            self.meter.refused.store(true, Ordering::Relaxed);
            FormatError::Source("the host refused".to_owned())
        };
        let length = u32::try_from(length)
            .map_err(|_| FormatError::Source("a piece is small".to_owned()))?;
        self.host
            .read_at(self.source, offset, length)
            .map_err(refused)
    }

    /// Fills a buffer from a page, as far as the page goes; gives the bytes that were filled.
    fn fill(&self, offset: u64, buffer: &mut [u8]) -> Result<usize, FormatError> {
        let start = offset / PAGE * PAGE;
        let mut pages = self.pages.lock().unwrap_or_else(PoisonError::into_inner);
        let page = match pages.iter().position(|(kept, _)| *kept == start) {
            Some(at) => pages.remove(at),
            None => (start, self.ask(start, PAGE.min(self.size - start))?),
        };
        let within = usize::try_from(offset - start).unwrap_or(usize::MAX);
        let bytes = page.1.get(within..).unwrap_or_default();
        let filled = bytes.len().min(buffer.len());
        for (to, from) in buffer.iter_mut().zip(bytes) {
            *to = *from;
        }
        if pages.len() >= PAGES {
            pages.remove(0);
        }
        pages.push(page);
        Ok(filled)
    }
}

impl Source for HostSource {
    fn len(&self) -> u64 {
        self.size
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<(), FormatError> {
        let end = offset.checked_add(buffer.len() as u64);
        if end.is_none_or(|end| end > self.size) {
            return Err(FormatError::Source("beyond the end of the file".to_owned()));
        }
        self.meter.take(buffer.len() as u64)?;
        if (buffer.len() as u64) < PAGE {
            let (mut offset, mut buffer) = (offset, buffer);
            while !buffer.is_empty() {
                let filled = self.fill(offset, buffer)?;
                if filled == 0 {
                    return Err(FormatError::Source("an empty page".to_owned()));
                }
                offset += filled as u64;
                buffer = buffer.get_mut(filled..).unwrap_or_default();
            }
            return Ok(());
        }
        let pieces = buffer.chunks_mut(PIECE as usize);
        for (offset, piece) in (offset..).step_by(PIECE as usize).zip(pieces) {
            let bytes = self.ask(offset, piece.len() as u64)?;
            if bytes.len() != piece.len() {
                return Err(FormatError::Source("a short read".to_owned()));
            }
            piece.copy_from_slice(&bytes);
        }
        Ok(())
    }
}
