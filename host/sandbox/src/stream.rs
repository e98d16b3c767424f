//! Where the streams that a loader emitted are kept until its call is over, and afterwards.
//!
//! A batch is some megabytes, and what is kept of one has to be memory that nobody used before. The
//! kernel gives such memory page by page, each at the first touch, which takes several times as
//! long as the copy. So large streams go one behind the other into mappings for which the kernel
//! is asked for its large pages; it may decline, and nothing but time depends on it.

use std::ops::{Deref, Range};
use std::sync::Arc;

use memmap2::MmapMut;

/// Bytes of a mapping: some large pages, and several batches.
const CHUNK: usize = 32 << 20;

/// Streams from this size on share mappings; smaller ones are not worth a page.
const LARGE: usize = 256 << 10;

/// A stream of Arrow batches that a loader emitted and the host checked.
#[derive(Clone)]
pub struct Stream(Held);

#[derive(Clone)]
enum Held {
    Alone(Vec<u8>),
    /// Nobody writes to what is shared.
    Part(Arc<MmapMut>, Range<usize>),
}

impl Deref for Stream {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match &self.0 {
            Held::Alone(bytes) => bytes,
            Held::Part(chunk, range) => chunk.get(range.clone()).unwrap_or_default(),
        }
    }
}

impl AsRef<[u8]> for Stream {
    fn as_ref(&self) -> &[u8] {
        self
    }
}

impl PartialEq for Stream {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl PartialEq<Vec<u8>> for Stream {
    fn eq(&self, other: &Vec<u8>) -> bool {
        **self == **other
    }
}

/// Its size and nothing of it: it holds rows.
impl std::fmt::Debug for Stream {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Stream({} bytes)", self.len())
    }
}

/// What a call has emitted so far.
#[derive(Default)]
pub(crate) struct Outbox {
    /// The mapping that is being filled, and how far it is.
    open: Option<(MmapMut, usize)>,
    full: Vec<MmapMut>,
    /// Every stream with its table.
    streams: Vec<(usize, Place)>,
}

enum Place {
    Alone(Vec<u8>),
    Part(usize, Range<usize>),
}

impl Outbox {
    /// Keeps a copy of a stream of that table.
    pub(crate) fn keep(&mut self, table: usize, bytes: &[u8]) {
        let place = match self.part(bytes) {
            Some(place) => place,
            None => Place::Alone(bytes.to_vec()),
        };
        self.streams.push((table, place));
    }

    fn part(&mut self, bytes: &[u8]) -> Option<Place> {
        if bytes.len() < LARGE {
            return None;
        }
        let room = |open: &(MmapMut, usize)| open.0.len() - open.1 >= bytes.len();
        if !self.open.as_ref().is_some_and(room) {
            let new = mapping(bytes.len().max(CHUNK))?;
            if let Some((full, _)) = self.open.replace((new, 0)) {
                self.full.push(full);
            }
        }
        let (chunk, used) = self.open.as_mut()?;
        let range = *used..*used + bytes.len();
        chunk.get_mut(range.clone())?.copy_from_slice(bytes);
        // readers like what is aligned
        *used = range.end.next_multiple_of(64).min(chunk.len());
        Some(Place::Part(self.full.len(), range))
    }

    /// The streams of each of so many tables, in the order in which they were kept.
    pub(crate) fn finish(self, tables: usize) -> Vec<Vec<Stream>> {
        let open = self.open.map(|(chunk, _)| chunk);
        let chunks: Vec<Arc<MmapMut>> = self.full.into_iter().chain(open).map(Arc::new).collect();
        let mut streams = vec![Vec::new(); tables];
        for (table, place) in self.streams {
            streams[table].push(Stream(match place {
                Place::Alone(bytes) => Held::Alone(bytes),
                Place::Part(chunk, range) => Held::Part(Arc::clone(&chunks[chunk]), range),
            }));
        }
        streams
    }
}

/// Memory that nobody used before, in large pages where there are any.
fn mapping(bytes: usize) -> Option<MmapMut> {
    let map = MmapMut::map_anon(bytes).ok()?;
    #[cfg(target_os = "linux")]
    // a kernel without large pages says so, and gives small ones
    let _ = map.advise(memmap2::Advice::HugePage);
    Some(map)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_come_back_as_they_were_by_table_and_in_order() {
        let mut outbox = Outbox::default();
        let sizes = [
            3,
            LARGE,
            5 << 20,
            20 << 20,
            0,
            LARGE + 1,
            CHUNK + 7,
            9 << 20,
            LARGE - 1,
        ];
        let stream =
            |at: usize| -> Vec<u8> { (0..sizes[at]).map(|i| (i * 7 + at) as u8).collect() };
        for at in 0..sizes.len() {
            outbox.keep(at % 2, &stream(at));
        }
        let kept = outbox.finish(2);
        for (table, streams) in kept.iter().enumerate() {
            let ours = (0..sizes.len()).filter(|at| at % 2 == table);
            assert_eq!(streams.len(), ours.clone().count());
            for (kept, at) in streams.iter().zip(ours) {
                assert!(*kept == stream(at), "{at}");
                assert_eq!(format!("{kept:?}"), format!("Stream({} bytes)", sizes[at]));
            }
        }
    }
}
