//! The lines that minisign's files are made of.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

/// How every first line begins.
pub(crate) const UNTRUSTED: &str = "untrusted comment: ";
/// How the third line of a signature begins.
pub(crate) const TRUSTED: &str = "trusted comment: ";
/// ed25519, in keys and in signatures of the old kind.
pub(crate) const ED25519: [u8; 2] = *b"Ed";
/// ed25519 over a BLAKE2b-512 hash.
pub(crate) const PREHASHED: [u8; 2] = *b"ED";

/// The lines of a text, each without its line feed and carriage return; nothing but empty lines
/// may follow the first `N`.
pub(crate) fn lines<const N: usize>(text: &str) -> Result<[&str; N], &'static str> {
    let mut all = text
        .split('\n')
        .map(|line| line.strip_suffix('\r').unwrap_or(line));
    let mut found = [""; N];
    for place in &mut found {
        *place = all.next().ok_or("it has too few lines")?;
    }
    if all.all(str::is_empty) {
        Ok(found)
    } else {
        Err("it has too many lines")
    }
}

/// Exactly `N` bytes out of standard base64 with padding.
pub(crate) fn decode<const N: usize>(line: &str) -> Result<Zeroizing<[u8; N]>, &'static str> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(N + 3));
    STANDARD
        .decode_vec(line, &mut bytes)
        .map_err(|_| "a line is not base64")?;
    let bytes: [u8; N] = bytes
        .as_slice()
        .try_into()
        .map_err(|_| "a line has the wrong length")?;
    Ok(Zeroizing::new(bytes))
}

/// Standard base64 with padding.
pub(crate) fn encode(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// The bytes from `from` on; the layouts below are constants, so that they are always there.
pub(crate) fn part<const N: usize>(bytes: &[u8], from: usize) -> [u8; N] {
    let mut part = [0; N];
    part.copy_from_slice(&bytes[from..from + N]);
    part
}
