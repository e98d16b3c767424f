//! The source that is read, and what is said when it is not as it should be.

use autods_sdk::loader::{Fault, FaultCode, LoaderHost, LogLevel};

/// A source of this call.
#[derive(Clone, Copy)]
pub(crate) struct Origin<'h> {
    pub(crate) host: &'h dyn LoaderHost,
    pub(crate) source: u32,
    /// Readable bytes.
    pub(crate) size: u64,
}

impl<'h> Origin<'h> {
    pub(crate) fn new(host: &'h dyn LoaderHost, source: u32) -> Result<Self, Fault> {
        let sources = host.describe();
        let info = sources
            .get(source as usize)
            .ok_or(FaultCode::MissingInput)?;
        Ok(Self {
            host,
            source,
            size: info.size,
        })
    }

    /// That many bytes from there; a range that the file does not have is the file's fault.
    pub(crate) fn read(&self, offset: u64, length: u64) -> Result<Vec<u8>, Fault> {
        let end = offset.checked_add(length);
        let (Ok(length), true) = (
            u32::try_from(length),
            end.is_some_and(|end| end <= self.size),
        ) else {
            return Err(self.malformed("the file", "a range beyond its end"));
        };
        self.host
            .read_at(self.source, offset, length)
            .map_err(|error| Fault::from(error).in_source(self.source))
    }

    /// A fault in this source.
    pub(crate) fn fault(&self, code: FaultCode) -> Fault {
        Fault::from(code).in_source(self.source)
    }

    /// The file does not keep its format: where in it, and what rule, go to the plugin's author.
    pub(crate) fn malformed(&self, path: &str, rule: &str) -> Fault {
        self.host.log(LogLevel::Warn, &format!("{path}: {rule}"));
        self.fault(FaultCode::Malformed)
    }
}
