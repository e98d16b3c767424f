//! Blosc 1 (README_CHUNK_FORMAT.rst of c-blosc), with LZ4, zlib or zstd inside.

use std::io::Read;

/// Decodes a chunk of at most `limit` bytes.
pub(super) fn decode(bytes: &[u8], limit: usize) -> Option<Vec<u8>> {
    let flags = *bytes.get(2)?;
    let type_size = usize::from(*bytes.get(3)?).max(1);
    let size = word(bytes, 4)?;
    let block_size = word(bytes, 8)?;
    if size > limit {
        return None;
    }
    if flags & 2 != 0 {
        return bytes.get(16..16 + size).map(<[u8]>::to_vec);
    }
    // bits are not shuffled by anything that writes AnnData
    if flags & 4 != 0 || (block_size == 0 && size > 0) {
        return None;
    }
    let mut out = Vec::new();
    for (block, start) in (0..size).step_by(block_size.max(1)).enumerate() {
        let length = block_size.min(size - start);
        let at = word(bytes, 16 + 4 * block)?;
        let is_split = flags & 0x10 == 0 && type_size <= 16 && length == block_size;
        let streams = if is_split { type_size } else { 1 };
        let decoded = streams_of(bytes.get(at..)?, flags >> 5, streams, length)?;
        out.extend(if flags & 1 != 0 && type_size > 1 {
            unshuffle(&decoded, type_size)
        } else {
            decoded
        });
    }
    Some(out)
}

/// The streams of a block, one after the other.
fn streams_of(mut bytes: &[u8], codec: u8, streams: usize, length: usize) -> Option<Vec<u8>> {
    let each = length / streams;
    let mut block = Vec::new();
    for _ in 0..streams {
        let packed = word(bytes, 0)?;
        let stream = bytes.get(4..4_usize.checked_add(packed)?)?;
        if packed == each {
            block.extend_from_slice(stream);
        } else {
            block.extend(inflate(stream, codec, each)?);
        }
        bytes = bytes.get(4 + packed..)?;
    }
    (block.len() == length).then_some(block)
}

fn inflate(stream: &[u8], codec: u8, length: usize) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    match codec {
        1 => out = lz4(stream, length)?,
        3 => {
            let inflated = flate2::read::ZlibDecoder::new(stream);
            inflated.take(length as u64).read_to_end(&mut out).ok()?;
        }
        4 => out = super::codec::zstd(stream, length)?,
        _ => return None,
    }
    (out.len() == length).then_some(out)
}

/// The bytes of elements, of which all first bytes come first, then all second ones, and so on.
fn unshuffle(bytes: &[u8], type_size: usize) -> Vec<u8> {
    let elements = bytes.len() / type_size;
    let mut out = bytes.to_vec();
    for (place, byte) in bytes.iter().take(elements * type_size).enumerate() {
        let to = (place % elements) * type_size + place / elements;
        if let Some(to) = out.get_mut(to) {
            *to = *byte;
        }
    }
    out
}

/// A block of LZ4 (lz4_Block_format.md) of at most `limit` bytes.
fn lz4(mut bytes: &[u8], limit: usize) -> Option<Vec<u8>> {
    let mut out: Vec<u8> = Vec::new();
    while let Some((token, rest)) = bytes.split_first() {
        bytes = rest;
        let literals = length(usize::from(token >> 4), &mut bytes)?;
        out.extend_from_slice(bytes.get(..literals)?);
        bytes = bytes.get(literals..)?;
        if out.len() > limit {
            return None;
        }
        if bytes.is_empty() {
            return Some(out);
        }
        let offset = usize::from(u16::from_le_bytes(*bytes.first_chunk::<2>()?));
        bytes = bytes.get(2..)?;
        let matched = length(usize::from(token & 15), &mut bytes)?.checked_add(4)?;
        let from = out.len().checked_sub(offset).filter(|_| offset > 0)?;
        if matched > limit.checked_sub(out.len())? {
            return None;
        }
        for at in from..from + matched {
            out.push(*out.get(at)?);
        }
    }
    None
}

/// A length of four bits, which goes on in bytes where they are all set.
fn length(nibble: usize, bytes: &mut &[u8]) -> Option<usize> {
    let mut length = nibble;
    if nibble < 15 {
        return Some(length);
    }
    loop {
        let (byte, rest) = bytes.split_first()?;
        *bytes = rest;
        length = length.checked_add(usize::from(*byte))?;
        if *byte < 255 {
            return Some(length);
        }
    }
}

fn word(bytes: &[u8], at: usize) -> Option<usize> {
    let word = bytes.get(at..)?.first_chunk::<4>()?;
    usize::try_from(u32::from_le_bytes(*word)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_match_may_reach_into_itself() {
        assert_eq!(lz4(b"\x15a\x01\x00\x10b", 11).unwrap(), b"aaaaaaaaaab");
        assert_eq!(lz4(b"\x15a\x01\x00\x10b", 9), None);
        assert_eq!(lz4(b"\x15a\x02\x00", 100), None);
        assert_eq!(lz4(b"\x15a\x00\x00", 100), None);
        assert_eq!(lz4(b"", 100), None);
    }

    #[test]
    fn shuffled_bytes_go_back_to_their_elements() {
        assert_eq!(unshuffle(b"acebdfX", 2), b"abcdefX");
    }
}
