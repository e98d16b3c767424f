//! The loader's parameters.

use autods_sdk::loader::{Fault, FaultCode, Param};
use autods_sdk::params;

/// What one row is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rows {
    /// A cell.
    Cells,
    /// A feature: a gene, as a rule.
    Features,
    /// A value that is not zero.
    Values,
}

/// Which matrix of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Which {
    /// The main one.
    X,
    /// The one before features were chosen, with features of its own.
    Raw,
    /// A layer of the main one, by name.
    Layer(String),
    /// That of a genome, in a 10x file before version 3.
    Genome(String),
}

/// The parameters, read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Options {
    pub(crate) rows: Rows,
    pub(crate) matrix: Which,
    /// The column of the features that holds their symbols; empty: what the format says.
    pub(crate) symbols: String,
}

impl Options {
    pub(crate) fn read(params: &[Param]) -> Result<Self, Fault> {
        params::only(params, &["rows", "matrix", "symbols"])?;
        let rows = match params::text(params, "rows", "cells")? {
            "cells" => Rows::Cells,
            "features" => Rows::Features,
            "values" => Rows::Values,
            _ => return Err(FaultCode::ParameterOutOfRange.into()),
        };
        let matrix = match params::text(params, "matrix", "X")? {
            "X" => Which::X,
            "raw" => Which::Raw,
            name => match (name.strip_prefix("layers/"), name.strip_prefix("genomes/")) {
                (Some(layer), _) if is_name(layer) => Which::Layer(layer.to_owned()),
                (_, Some(genome)) if is_name(genome) => Which::Genome(genome.to_owned()),
                _ => return Err(FaultCode::ParameterOutOfRange.into()),
            },
        };
        let symbols = params::text(params, "symbols", "")?.to_owned();
        Ok(Self {
            rows,
            matrix,
            symbols,
        })
    }
}

/// Whether a text names a member of a group, and not a way through it.
pub(crate) fn is_name(text: &str) -> bool {
    !text.is_empty() && text != "." && text != ".." && !text.contains('/')
}
