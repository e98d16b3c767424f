//! The checks at the border, one by one, for the fuzz targets (`fuzz/`); no part of the interface.

use std::collections::BTreeSet;

use crate::ipc::{self, Bounds};
use crate::manifest::Manifest;
use crate::method::OutputNames;
use crate::policy::Limits;
use crate::world::qualified;
use crate::{Flaw, Storage, World};

/// The check that a loader's stream has to pass: rows and columns at most, the columns of its job.
/// Gives its rows.
///
/// # Errors
/// What is wrong with it.
pub fn stream(
    stream: &[u8],
    rows: u64,
    columns: u64,
    wanted: &[(String, Storage)],
) -> Result<u64, Flaw> {
    ipc::check(stream, &Bounds { rows, columns }, |found| {
        crate::loader::match_columns(found, wanted)
    })
}

/// Rows that a stream claims, of a stream that the host made itself.
///
/// # Errors
/// Where it is none.
pub fn rows(stream: &[u8]) -> Result<u64, Flaw> {
    ipc::rows(stream)
}

/// A stranger's text as it is shown.
pub fn printable(text: &str, max: usize) -> String {
    crate::message::printable(text, max)
}

/// Whether a character acts instead of showing.
pub fn acts(character: char) -> bool {
    crate::message::acts(character)
}

/// Whether a method may name a column of its output so.
pub fn allows(names: &OutputNames, name: &str, vocabulary: &BTreeSet<String>) -> bool {
    names.allow(name, vocabulary)
}

/// A lock with the checksum that its entries have.
pub fn sealed(lock: &str) -> Option<String> {
    crate::lock::sealed(lock)
}

/// The limits of a plugin under a policy's, where it does not ask for more.
pub fn limits_under(manifest: &Manifest, limits: &Limits) -> Option<Limits> {
    manifest.limits_under(limits).ok()
}

/// Full names of everything that a component of this world may import.
pub fn imports(world: World) -> BTreeSet<String> {
    world
        .imports()
        .iter()
        .map(|(interface, _)| qualified(interface))
        .collect()
}

/// Full name of what a component of this world exports.
pub fn export(world: World) -> String {
    qualified(world.export())
}
