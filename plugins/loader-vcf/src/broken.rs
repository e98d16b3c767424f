//! A rule of the specification that a line does not keep.

use autods_sdk::loader::{Fault, FaultCode, LoaderHost, LogLevel};

/// The part of a line that is at fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Field {
    /// The line as a whole, or a line of the header.
    Line,
    Chrom,
    Pos,
    Id,
    Ref,
    Alt,
    Qual,
    Filter,
    Info,
    Format,
    /// The columns of the samples.
    Samples,
}

/// What is wrong, before anybody knows in which line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Broken {
    pub(crate) code: FaultCode,
    pub(crate) field: Field,
    /// The rule, for the log of the plugin's author: fixed words, nothing of the file.
    rule: &'static str,
    /// How many were expected, and found.
    counts: Option<(u64, u64)>,
}

impl Broken {
    pub(crate) fn new(field: Field, rule: &'static str) -> Self {
        Self {
            code: FaultCode::Malformed,
            field,
            rule,
            counts: None,
        }
    }

    pub(crate) fn code(mut self, code: FaultCode) -> Self {
        self.code = code;
        self
    }

    pub(crate) fn counts(mut self, expected: u64, found: u64) -> Self {
        self.counts = Some((expected, found));
        self
    }

    /// The fault in its place.
    pub(crate) fn at(self, host: &dyn LoaderHost, source: u32, line: u64) -> Fault {
        host.log(LogLevel::Warn, self.rule);
        let fault = Fault::from(self.code).in_source(source).at_line(line);
        match self.counts {
            Some((expected, found)) => fault.expected_found(expected, found),
            None => fault,
        }
    }
}
