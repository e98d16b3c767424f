//! A fitted recipe as bytes.

use autods_sdk::method::{Fault, FaultCode};
use serde::{Deserialize, Serialize};

use crate::encode::Encoder;
use crate::number::Reworker;
use crate::recipe::{Recode, Source};

/// Rises whenever the meaning of the bytes changes.
const FORMAT: u32 = 1;
const METHOD: &str = "method-impute-encode-scale";

/// Everything that was learnt.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct State {
    method: String,
    format: u32,
    pub(crate) columns: Vec<Column>,
}

/// One use of a column, fitted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Column {
    pub(crate) column: String,
    pub(crate) source: Source,
    pub(crate) recode: Vec<Recode>,
    pub(crate) encoder: Option<Encoder>,
    pub(crate) reworkers: Vec<Reworker>,
}

impl State {
    pub(crate) fn new(columns: Vec<Column>) -> Self {
        Self {
            method: METHOD.to_owned(),
            format: FORMAT,
            columns,
        }
    }

    /// JSON: numbers survive it to the last bit, and a person can read what was learnt.
    pub(crate) fn to_bytes(&self) -> Result<Vec<u8>, Fault> {
        serde_json::to_vec(self).map_err(|_| FaultCode::Internal.into())
    }

    pub(crate) fn from_bytes(bytes: &[u8]) -> Result<Self, Fault> {
        let state: Self = serde_json::from_slice(bytes).map_err(|_| FaultCode::InvalidState)?;
        if state.method != METHOD || state.format != FORMAT {
            return Err(FaultCode::InvalidState.into());
        }
        Ok(state)
    }
}
