//! Zarr, versions 2 and 3, in a zip file.
//!
//! A folder of Zarr is no file, and the host hands over files by their base names; so it is read from
//! a zip only.

mod array;
mod blosc;
mod codec;
mod metadata;
mod tree;
mod zip;

pub(crate) use array::Chunked;
pub(crate) use tree::Zarr;
