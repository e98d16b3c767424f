//! Which format a file has, by how it begins.

use autods_sdk::loader::{Fault, FaultCode};

use crate::origin::Origin;

/// The format of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    /// AnnData, 10x or Loom, all in HDF5.
    Hdf5,
    /// Matrix Market.
    Mtx,
    /// Zarr in a zip.
    Zip,
    Unknown,
}

/// How HDF5 begins (specification, section II.A).
const HDF5: &[u8] = b"\x89HDF\r\n\x1a\n";

/// How a Matrix Market file begins.
const MTX: &[u8] = b"%%MatrixMarket";

impl Format {
    pub(crate) fn of(origin: &Origin<'_>) -> Result<Self, Fault> {
        if origin.size == 0 {
            return Err(origin.fault(FaultCode::EmptyInput));
        }
        let start = origin.read(0, origin.size.min(16))?;
        Ok(if start.starts_with(HDF5) {
            Self::Hdf5
        } else if start.starts_with(MTX) {
            Self::Mtx
        } else if start.starts_with(b"PK\x03\x04") {
            Self::Zip
        } else {
            Self::Unknown
        })
    }
}
