//! The loader's parameters.

use autods_sdk::loader::{Fault, FaultCode, Param};
use autods_sdk::params;

use crate::table::Table;

/// What a job asks of the loader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Options {
    /// Which of the tables.
    pub(crate) table: Table,
    /// Whether the first error of the validation is a fault.
    pub(crate) strict: bool,
}

impl Options {
    /// Reads the parameters `table` and `strict`.
    pub(crate) fn read(params: &[Param]) -> Result<Self, Fault> {
        params::only(params, &["table", "strict"])?;
        let table = match params::text(params, "table", "event")? {
            "patient" => Table::Patient,
            "encounter" => Table::Encounter,
            "event" => Table::Event,
            _ => return Err(FaultCode::ParameterOutOfRange.into()),
        };
        let strict = params::flag(params, "strict", false)?;
        Ok(Self { table, strict })
    }
}
