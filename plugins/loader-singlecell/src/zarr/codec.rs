//! What was done to the bytes of a chunk before they were stored.

use std::io::Read;

use serde_json::Value;

use super::blosc;

/// A codec from bytes to bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Codec {
    Gzip,
    Zlib,
    Zstd,
    Blosc,
    /// Four bytes at the end.
    Crc32c,
}

impl Codec {
    pub(super) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "gzip" => Self::Gzip,
            "zlib" => Self::Zlib,
            "zstd" => Self::Zstd,
            "blosc" => Self::Blosc,
            "crc32c" => Self::Crc32c,
            _ => return None,
        })
    }

    /// Undoes it; `None` where the bytes are not its, or more than `limit`.
    fn decode(self, bytes: &[u8], limit: usize) -> Option<Vec<u8>> {
        let out = match self {
            Self::Gzip => read(flate2::read::MultiGzDecoder::new(bytes), limit)?,
            Self::Zlib => read(flate2::read::ZlibDecoder::new(bytes), limit)?,
            Self::Zstd => zstd(bytes, limit)?,
            Self::Blosc => blosc::decode(bytes, limit)?,
            Self::Crc32c => {
                let (bytes, sum) = bytes.split_last_chunk::<4>()?;
                if u32::from_le_bytes(*sum) != crc32c(bytes) {
                    return None;
                }
                bytes.to_vec()
            }
        };
        (out.len() <= limit).then_some(out)
    }
}

/// Undoes codecs, the last one first.
pub(super) fn decode(codecs: &[Codec], bytes: Vec<u8>, limit: usize) -> Option<Vec<u8>> {
    // four bytes more for each sum that is still there
    let limit = limit.checked_add(4 * codecs.len())?;
    let mut codecs = codecs.iter().rev();
    codecs.try_fold(bytes, |bytes, codec| codec.decode(&bytes, limit))
}

/// The names of codecs in a list, with what they are told.
pub(super) fn named(list: &Value) -> Option<Vec<(&str, &Value)>> {
    let codecs = list.as_array()?.iter();
    let named = codecs.map(|codec| Some((codec["name"].as_str()?, &codec["configuration"])));
    named.collect()
}

/// A frame of zstd (RFC 8878).
pub(super) fn zstd(bytes: &[u8], limit: usize) -> Option<Vec<u8>> {
    let window = (limit as u64).max(1 << 20);
    let decoder = ruzstd::decoding::StreamingDecoder::new_with_max_window_size(bytes, window);
    read(decoder.ok()?, limit)
}

/// All bytes, one more than the limit at most.
fn read(from: impl Read, limit: usize) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    let mut from = from.take(limit as u64 + 1);
    from.read_to_end(&mut out).ok()?;
    Some(out)
}

/// CRC-32C (RFC 3720), bit by bit: sums are of short indexes as a rule.
fn crc32c(bytes: &[u8]) -> u32 {
    let step = |sum: u32, _| (sum >> 1) ^ (0x82f6_3b78 & 0_u32.wrapping_sub(sum & 1));
    let add = |sum: u32, byte: &u8| (0..8).fold(sum ^ u32::from(*byte), step);
    !bytes.iter().fold(u32::MAX, add)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sum_is_that_of_the_rfc() {
        assert_eq!(crc32c(b"123456789"), 0xe306_9283);
        assert_eq!(crc32c(&[0; 32]), 0x8a91_36aa);
    }
}
