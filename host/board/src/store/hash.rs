//! The chain of events.

use sha2::{Digest, Sha256};

/// SHA-256.
pub(super) type Hash = [u8; 32];

/// What stands before the first event.
pub(super) const FIRST: Hash = [0; 32];

/// Hash of an event: of the one before it, its number, stage, author and canonical body. Each text
/// is preceded by its length, so that no two events share a spelling.
pub(super) fn of(prev: &Hash, id: u64, stage: &str, author: &str, body: &str) -> Hash {
    let mut hash = Sha256::new();
    hash.update(b"autods-board-1");
    hash.update(prev);
    hash.update(id.to_le_bytes());
    for text in [stage, author, body] {
        hash.update((text.len() as u64).to_le_bytes());
        hash.update(text.as_bytes());
    }
    hash.finalize().into()
}

/// Lower-case hexadecimal digits.
pub(super) fn hex(hash: &Hash) -> String {
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}
