//! What the host gives to a loader.

use super::bindings::autods::plugin::{sink, sources};
use super::{Fault, FaultCode, LogLevel, ReadError, SinkError, SourceInfo};

/// Read-only files and a place for rows: everything that a loader can reach.
///
/// In a component these are the imports of the world; in a test they are
/// [`testkit::MemoryHost`](crate::testkit::MemoryHost).
pub trait LoaderHost {
    /// The sources of this call, in a fixed order.
    fn describe(&self) -> Vec<SourceInfo>;

    /// Bytes `offset .. offset + length` of a source.
    ///
    /// # Errors
    /// [`ReadError`] where the host refuses; nothing was read.
    fn read_at(&self, source: u32, offset: u64, length: u32) -> Result<Vec<u8>, ReadError>;

    /// Appends one uncompressed Arrow IPC stream to a table.
    ///
    /// # Errors
    /// [`SinkError`] where the host refuses; nothing was appended.
    fn emit(&self, table: &str, stream: &[u8]) -> Result<(), SinkError>;

    /// Posts a quality-control number that the manifest declares, about the whole table or about
    /// the column with that index in its dictionary.
    ///
    /// # Errors
    /// [`SinkError::InvalidMetric`] for a name outside the manifest or a value that is not finite.
    fn metric(&self, name: &str, column: Option<u32>, value: f64) -> Result<(), SinkError>;

    /// Says something to the plugin's author; `false` when the call's log budget is used up.
    fn log(&self, level: LogLevel, message: &str) -> bool;
}

/// The host as a component sees it.
#[doc(hidden)]
pub struct Component;

impl LoaderHost for Component {
    fn describe(&self) -> Vec<SourceInfo> {
        sources::describe()
    }

    fn read_at(&self, source: u32, offset: u64, length: u32) -> Result<Vec<u8>, ReadError> {
        sources::read_at(source, offset, length)
    }

    fn emit(&self, table: &str, stream: &[u8]) -> Result<(), SinkError> {
        sink::emit(table, stream)
    }

    fn metric(&self, name: &str, column: Option<u32>, value: f64) -> Result<(), SinkError> {
        sink::metric(name, column, value)
    }

    fn log(&self, level: LogLevel, message: &str) -> bool {
        crate::log(level, message)
    }
}

impl From<ReadError> for Fault {
    /// The host refused: it knows which read and why, and says so to the person who runs it.
    fn from(_: ReadError) -> Self {
        FaultCode::HostRefused.into()
    }
}

impl From<SinkError> for Fault {
    /// The host refused: it knows which emit and why, and says so to the person who runs it.
    fn from(_: SinkError) -> Self {
        FaultCode::HostRefused.into()
    }
}
