//! The loader's parameters.

use autods_sdk::loader::{Fault, FaultCode, Param};
use autods_sdk::params;

use crate::cdm::{self, Table, Versions};

/// What a job asks of the loader.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Options {
    /// What a row is.
    pub(crate) rows: Rows,
    /// The table of the model that the job's one table is read from, where names differ.
    pub(crate) table: Option<&'static Table>,
    /// The versions of the model.
    pub(crate) versions: Versions,
    /// What becomes of names in a header that the model has not.
    pub(crate) header: Unknown,
    /// Whether the first null in a required column, or value of another datatype, is a fault.
    pub(crate) strict: bool,
    /// The last plausible year of birth.
    pub(crate) latest_year: i64,
}

/// What a row is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rows {
    /// A record of a table, with the columns of the model.
    Records,
    /// A clinical statement, of whatever table.
    Events,
}

/// What becomes of a name in a header that the model has not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unknown {
    /// It is a fault.
    Refused,
    /// It is read as the column that is suggested for it, and a fault where none is.
    Suggested,
    /// Its column is left alone.
    Ignored,
}

impl Options {
    /// Reads the parameters.
    pub(crate) fn read(given: &[Param]) -> Result<Self, Fault> {
        let names = ["rows", "table", "cdm", "header", "strict", "latest-year"];
        params::only(given, &names)?;
        let out_of_range = || Fault::from(FaultCode::ParameterOutOfRange);
        let rows = match params::text(given, "rows", "records")? {
            "records" => Rows::Records,
            "events" => Rows::Events,
            _ => return Err(out_of_range()),
        };
        let table = match params::text(given, "table", "")? {
            "" => None,
            name => Some(cdm::table(name).ok_or_else(out_of_range)?),
        };
        let versions = match params::text(given, "cdm", "any")? {
            "any" => Versions::BOTH,
            "5.3" => Versions::V53,
            "5.4" => Versions::V54,
            _ => return Err(out_of_range()),
        };
        let header = match params::text(given, "header", "exact")? {
            "exact" => Unknown::Refused,
            "suggested" => Unknown::Suggested,
            "lenient" => Unknown::Ignored,
            _ => return Err(out_of_range()),
        };
        Ok(Self {
            rows,
            table,
            versions,
            header,
            strict: params::flag(given, "strict", false)?,
            latest_year: params::integer(given, "latest-year", 2100, 1850, 9999)?,
        })
    }
}
