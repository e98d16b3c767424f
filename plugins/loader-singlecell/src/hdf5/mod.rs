//! HDF5 files, read by ranges; hdf5-pure parses them.

mod datatype;
mod file;
mod heap;
mod source;

pub(crate) use file::{Hdf5, Stored};
