//! The loader's parameters.

use autods_sdk::loader::{Fault, FaultCode, Param};
use autods_sdk::params;

/// What one row is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rows {
    /// A record.
    Sites,
    /// A sample in a record.
    Genotypes,
}

/// The parameters, read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Options {
    pub(crate) rows: Rows,
    /// Whether every alternate allele has a row of its own.
    pub(crate) split: bool,
}

impl Options {
    pub(crate) fn read(params: &[Param]) -> Result<Self, Fault> {
        params::only(params, &["rows", "split"])?;
        let rows = match params::text(params, "rows", "sites")? {
            "sites" => Rows::Sites,
            "genotypes" => Rows::Genotypes,
            _ => return Err(FaultCode::ParameterOutOfRange.into()),
        };
        Ok(Self {
            rows,
            split: params::flag(params, "split", false)?,
        })
    }
}
