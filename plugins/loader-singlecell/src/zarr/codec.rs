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
    use proptest::prelude::*;

    use super::*;

    /// `numpy.arange(100, dtype="<u4")` as numcodecs 0.16.6 stores it; Blosc with LZ4, zstd, LZ4 without
    /// shuffling, and zlib in blocks of 128 bytes.
    const STORED: &[(Codec, &str)] = &[
        (
            Codec::Zstd,
            "28b52ffd6090002505000619281210b8de0dfcffffffdf995555555555c596021f0022002300d73d77dc6fb7bd76da67973d76d85f77bd75d657573d75d44f37bd74d2471f9fb8c4230ef1873bbce10c5fb8c2138ef0831bbce0041fb8c0030ef0df7def9df75d67f9ca559e72949fdce42527f9c8451e72907fdce31de7f8c6359e718c5fdce215a7082f3ad1872ef4a003fde73eef39cf77aef39ce3fce636af39cd672ef398c3fce52e6f0900",
        ),
        (
            Codec::Gzip,
            "1f8b08004201056b02ff0dc3873642010000d027494628abec915dc9c81e292284b247e6ffff837bcfb94110042d866c356c9b11db8dda61a75d761bb3c75efb8c9bb0df01071d72d8a429471c75cc71279c74ca69679c35ed9cf32eb8e892cbae98316bce55f3aeb9ee869b16dc72db1d77dd73df030f3df2d8a227962c7bea9915cfbdb0eaa5575e5bf3c65befacdbf0de071f7df2d9175f7df3dd0f9b7efae5b73ffefae73f7c5b4aec90010000",
        ),
        (
            Codec::Zlib,
            "78da0dc3873642010000d027494628abec915dc9c81e292284b247e6ffff837bcfb94110042d866c356c9b11db8dda61a75d761bb3c75efb8c9bb0df01071d72d8a429471c75cc71279c74ca69679c35ed9cf32eb8e892cbae98316bce55f3aeb9ee869b16dc72db1d77dd73df030f3df2d8a227962c7bea9915cfbdb0eaa5575e5bf3c65befacdbf0de071f7df2d9175f7df3dd0f9b7efae5b73ffefae73f2e0e1357",
        ),
        (
            Codec::Blosc,
            "0201310490010000900100008d0000001400000075000000ff5a000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f404142434445464748494a4b4c4d4e4f505152535455565758595a5b5c5d5e5f6061626300000000000500ff10500000000000",
        ),
        (
            Codec::Blosc,
            "0201910490010000900100008f000000140000007700000028b52ffd6090006d03005406000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f404142434445464748494a4b4c4d4e4f505152535455565758595a5b5c5d5e5f60616263000100258a0aa2",
        ),
        (
            Codec::Blosc,
            "020132049001000090010000a0010000000000000100000002000000030000000400000005000000060000000700000008000000090000000a0000000b0000000c0000000d0000000e0000000f000000100000001100000012000000130000001400000015000000160000001700000018000000190000001a0000001b0000001c0000001d0000001e0000001f000000200000002100000022000000230000002400000025000000260000002700000028000000290000002a0000002b0000002c0000002d0000002e0000002f000000300000003100000032000000330000003400000035000000360000003700000038000000390000003a0000003b0000003c0000003d0000003e0000003f000000400000004100000042000000430000004400000045000000460000004700000048000000490000004a0000004b0000004c0000004d0000004e0000004f000000500000005100000052000000530000005400000055000000560000005700000058000000590000005a0000005b0000005c0000005d0000005e0000005f00000060000000610000006200000063000000",
        ),
        (
            Codec::Blosc,
            "020171049001000080000000bf000000200000004f0000007e000000ad0000002b000000785e6360646266616563e7e0e4e2e6e1e5e31710141216111513979094929691959367a0310000cfd001f12b000000785e5350545256515553d7d0d4d2d6d1d5d33730343236313533b7b0b4b2b6b1b5b367a031000091ee05f12b000000785e7370747276717573f7f0f4f2f6f1f5f30f080c0a0e090d0b8f888c8a8e898d8b67a0310000540c09f10e000000785e4b484c4a6640020016220187",
        ),
    ];

    fn bytes(hex: &str) -> Vec<u8> {
        let digits = |at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap();
        (0..hex.len()).step_by(2).map(digits).collect()
    }

    #[test]
    fn what_numcodecs_stored_is_read_back() {
        for (codec, hex) in STORED {
            let found = codec.decode(&bytes(hex), 400).unwrap();
            let words: Vec<u8> = (0_u32..100).flat_map(u32::to_le_bytes).collect();
            assert_eq!(found, words, "{codec:?}");
            assert_eq!(codec.decode(&bytes(hex), 399), None, "{codec:?}");
        }
    }

    proptest! {
        #[test]
        fn damaged_chunks_are_refused_or_read(
            which in any::<prop::sample::Index>(),
            damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..5),
        ) {
            let (codec, hex) = STORED[which.index(STORED.len())];
            let mut bytes = bytes(hex);
            for (at, byte) in damage {
                let at = at.index(bytes.len());
                bytes[at] = byte;
            }
            if let Some(found) = codec.decode(&bytes, 400) {
                prop_assert!(found.len() <= 400);
            }
        }
    }

    #[test]
    fn the_sum_is_that_of_the_rfc() {
        assert_eq!(crc32c(b"123456789"), 0xe306_9283);
        assert_eq!(crc32c(&[0; 32]), 0x8a91_36aa);
    }
}
