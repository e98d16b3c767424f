//! What reads packages, for the fuzz targets (`fuzz/`); no part of the interface.

use autods_sandbox::Policy;

use crate::oci::{self, Blobs, Descriptor};
use crate::{AuthorError, Package};

/// A package as a tar, gzipped or not.
///
/// # Errors
/// What is wrong with it.
pub fn tar(bytes: &[u8], policy: &Policy) -> Result<Package, AuthorError> {
    Package::from_tar("fuzzed.tar", bytes, policy)
}

/// A plugin as an OCI artifact: the image manifest, and its blobs in the order in which they are
/// asked for.
///
/// # Errors
/// What is wrong with it.
pub fn artifact(image: &[u8], blobs: &[&[u8]], policy: &Policy) -> Result<Package, AuthorError> {
    oci::package("fuzzed", image, &Given(blobs), policy)
}

/// The host that an OCI reference names.
///
/// # Errors
/// Where it is none.
pub fn reference(text: &str) -> Result<bool, AuthorError> {
    oci::is_local(text)
}

/// Whatever stands there under a digest's name: blobs are held against it.
struct Given<'b>(&'b [&'b [u8]]);

impl Blobs for Given<'_> {
    fn blob(&self, of: &Descriptor) -> Result<Vec<u8>, AuthorError> {
        oci::sha256_of(&of.digest)?;
        let found = self
            .0
            .iter()
            .find_map(|bytes| oci::verified(bytes.to_vec(), of).ok());
        found.ok_or_else(|| AuthorError::Wrong("no such blob".to_owned()))
    }
}
