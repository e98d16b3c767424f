//! The part of tar that a package needs: plain files with plain names (POSIX.1-2008, `ustar`).
//!
//! Reading is small on purpose. Links, folders, devices, long names and extended headers are not
//! skipped but refused, so there is nothing that could lead out of a folder.

use std::io::{Read as _, Write as _};

use flate2::read::MultiGzDecoder;
use flate2::{Compression, GzBuilder};

const BLOCK: usize = 512;
/// Files in a package at most.
const ENTRIES: usize = 16;

/// Files by name.
type Files = Vec<(String, Vec<u8>)>;

/// Packs files, gzipped. The same files give the same bytes: no times, no owners.
pub(crate) fn write(files: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut tar = Vec::new();
    for (name, bytes) in files {
        let mut head = [0u8; BLOCK];
        put(&mut head, 0, name.as_bytes());
        put(&mut head, 100, b"0000644\0");
        put(&mut head, 108, b"0000000\0");
        put(&mut head, 116, b"0000000\0");
        put(&mut head, 124, format!("{:011o}\0", bytes.len()).as_bytes());
        put(&mut head, 136, b"00000000000\0");
        put(&mut head, 156, b"0");
        put(&mut head, 257, b"ustar\x0000");
        let sum = format!("{:06o}\0 ", checksum(&head));
        put(&mut head, 148, sum.as_bytes());
        tar.extend_from_slice(&head);
        tar.extend_from_slice(bytes);
        tar.resize(tar.len().next_multiple_of(BLOCK), 0);
    }
    tar.resize(tar.len() + 2 * BLOCK, 0);
    let mut gzip = GzBuilder::new().write(Vec::new(), Compression::best());
    // a vector takes everything
    let _ = gzip.write_all(&tar);
    gzip.finish().unwrap_or_default()
}

fn put(head: &mut [u8; BLOCK], at: usize, bytes: &[u8]) {
    for (slot, byte) in head.iter_mut().skip(at).zip(bytes) {
        *slot = *byte;
    }
}

/// Sum of a header's bytes, its own checksum counted as spaces.
fn checksum(head: &[u8]) -> u32 {
    head.iter()
        .enumerate()
        .map(|(at, byte)| {
            if (148..156).contains(&at) {
                32
            } else {
                u32::from(*byte)
            }
        })
        .sum()
}

/// Unpacks a tar, gzipped or not, that holds at most `most` bytes.
///
/// # Errors
/// What is wrong with it.
pub(crate) fn read(bytes: &[u8], most: u64) -> Result<Files, String> {
    let most = most.saturating_add((2 * ENTRIES * BLOCK) as u64);
    let too_much =
        || format!("it unpacks to more than {most} bytes (`component.size-kib` of the policy)");
    let unzipped;
    let tar = if bytes.starts_with(&[0x1f, 0x8b]) {
        let mut all = Vec::new();
        MultiGzDecoder::new(bytes)
            .take(most.saturating_add(1))
            .read_to_end(&mut all)
            .map_err(|_| "it is damaged: not a whole gzip file".to_owned())?;
        unzipped = all;
        unzipped.as_slice()
    } else {
        bytes
    };
    if tar.len() as u64 > most {
        return Err(too_much());
    }
    let mut files: Files = Vec::new();
    let mut rest = tar;
    loop {
        let Some((head, behind)) = rest.split_at_checked(BLOCK) else {
            return Err("it is cut off".into());
        };
        if head.iter().all(|byte| *byte == 0) {
            return Ok(files);
        }
        let (name, size) = header(head)?;
        if files.iter().any(|(other, _)| *other == name) {
            return Err(format!("`{name}` stands in it twice"));
        }
        if files.len() == ENTRIES {
            return Err(format!("it holds more than {ENTRIES} files"));
        }
        let Some((body, _)) = behind.split_at_checked(size) else {
            return Err("it is cut off".into());
        };
        files.push((name, body.to_vec()));
        rest = behind
            .get(size.next_multiple_of(BLOCK)..)
            .unwrap_or_default();
    }
}

/// Name and size of a plain file.
fn header(head: &[u8]) -> Result<(String, usize), String> {
    let field = |from: usize, to: usize| {
        let bytes = &head[from..to];
        let end = bytes
            .iter()
            .position(|byte| *byte == 0)
            .unwrap_or(bytes.len());
        std::str::from_utf8(&bytes[..end]).ok()
    };
    let octal = |from, to| {
        let text = field(from, to)?.trim();
        u64::from_str_radix(text, 8).ok()
    };
    if &head[257..262] != b"ustar" || octal(148, 156) != Some(u64::from(checksum(head))) {
        return Err("it is no tar archive, or damaged".into());
    }
    let name = field(0, 100).ok_or("a name in it is not UTF-8")?;
    let shown = name.escape_default();
    let kind = match head[156] {
        b'0' | 0 => None,
        b'1' | b'2' => Some("a link"),
        b'3' | b'4' | b'6' => Some("a device or pipe"),
        b'5' => Some("a folder"),
        _ => Some(
            "an entry of another kind than a plain file (make it with `autods-host plugin pack`, or `tar --format=ustar`)",
        ),
    };
    if let Some(kind) = kind {
        return Err(format!(
            "`{shown}` is {kind}; a package holds plain files only"
        ));
    }
    let plain = name
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
    if !plain || name.is_empty() || name.starts_with('.') || head[345] != 0 {
        return Err(format!(
            "`{shown}` is no name for a file of a package: letters, digits, - _ and . and no folder"
        ));
    }
    let size = octal(124, 136).ok_or("a size in it cannot be read")?;
    let size = usize::try_from(size).map_err(|_| "a size in it cannot be read")?;
    Ok((name.to_owned(), size))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files() -> Files {
        vec![
            ("a.toml".into(), b"x = 1\n".to_vec()),
            ("a.wasm".into(), vec![7; 1000]),
            ("README.md".into(), Vec::new()),
        ]
    }

    fn unpacked(files: &Files) -> Vec<u8> {
        let mut tar = Vec::new();
        MultiGzDecoder::new(write(files).as_slice())
            .read_to_end(&mut tar)
            .unwrap();
        tar
    }

    /// The archive of one file, with its header changed and its checksum put right.
    fn altered(change: impl FnOnce(&mut [u8])) -> Vec<u8> {
        let mut tar = unpacked(&vec![("a.toml".into(), b"x".to_vec())]);
        change(&mut tar[..BLOCK]);
        let sum = format!("{:06o}\0 ", checksum(&tar[..BLOCK]));
        tar[148..156].copy_from_slice(sum.as_bytes());
        tar
    }

    #[test]
    fn a_package_is_the_same_bytes_every_time_and_unpacks_to_what_went_in() {
        assert_eq!(write(&files()), write(&files()));
        assert_eq!(read(&write(&files()), 10_000).unwrap(), files());
        assert_eq!(read(&unpacked(&files()), 10_000).unwrap(), files());
    }

    #[test]
    fn nothing_that_could_lead_out_of_a_folder_is_unpacked() {
        let name = |name: &'static str| {
            move |head: &mut [u8]| {
                head[..100].fill(0);
                head[..name.len()].copy_from_slice(name.as_bytes());
            }
        };
        for (tar, said) in [
            (altered(name("../a.toml")), "is no name"),
            (altered(name("/etc/a.toml")), "is no name"),
            (altered(name("x/a.toml")), "is no name"),
            (altered(name("..")), "is no name"),
            (altered(name("")), "is no name"),
            (altered(name("a\\b.toml")), "is no name"),
            (altered(|head| head[345] = b'x'), "is no name"),
            (altered(|head| head[156] = b'1'), "a link"),
            (altered(|head| head[156] = b'2'), "a link"),
            (altered(|head| head[156] = b'3'), "a device"),
            (altered(|head| head[156] = b'5'), "a folder"),
            (altered(|head| head[156] = b'x'), "another kind"),
            (altered(|head| head[156] = b'L'), "another kind"),
            (altered(|head| head[124..135].fill(b'7')), "cut off"),
            (altered(|head| head[124..135].fill(b'9')), "size"),
        ] {
            let error = read(&tar, 1 << 40).unwrap_err();
            assert!(error.contains(said), "{said}: {error}");
        }
    }

    #[test]
    fn twins_crowds_bombs_and_torn_archives_are_refused() {
        let file = |name: String| (name, b"x".to_vec());
        let twins = vec![file("a.toml".into()), file("a.toml".into())];
        let crowd: Files = (0..17).map(|n| file(format!("{n}"))).collect();
        let bomb = vec![("a.wasm".into(), vec![0; 1 << 22])];
        let mut flipped = unpacked(&files());
        flipped[3] ^= 1;
        let torn = write(&files());
        let torn = torn[..torn.len() - 9].to_vec();
        for (bytes, said) in [
            (write(&twins), "twice"),
            (write(&crowd), "more than 16"),
            (write(&bomb), "unpacks to more"),
            (unpacked(&bomb), "unpacks to more"),
            (flipped, "damaged"),
            (torn, "damaged"),
            (unpacked(&files())[..700].to_vec(), "cut off"),
            (b"x".repeat(600), "no tar"),
            (Vec::new(), "cut off"),
        ] {
            let error = read(&bytes, 10_000).unwrap_err();
            assert!(error.contains(said), "{said}: {error}");
        }
    }
}
