//! `case.toml`: an unknown key is an error with its line.

use std::collections::BTreeMap;
use std::path::Path;

use autods_sandbox::ParameterValue;
use autods_sandbox::loader::{Param, Scalar};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::dictionary::{ColumnEntry, Kind, TableEntry};
use crate::AuthorError;

/// Values of parameters, by name.
pub(crate) type Params = BTreeMap<String, ParameterValue>;

/// A loader's case.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct LoaderFile {
    #[serde(default)]
    pub(crate) description: String,
    pub(crate) tables: Vec<TableEntry>,
    #[serde(default)]
    pub(crate) params: Params,
    /// Files of `input/`, in the order in which the loader gets them; left out: by name.
    #[serde(default)]
    pub(crate) files: Vec<String>,
    /// Sizes that the host asks of a shard, in bytes.
    #[serde(default = "shard_bytes")]
    pub(crate) shard_bytes: Vec<u64>,
    #[serde(default)]
    pub(crate) expect: LoaderExpectation,
}

/// From one record in a shard to one shard for each file.
fn shard_bytes() -> Vec<u64> {
    vec![1 << 26, 4096, 100, 1]
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct LoaderExpectation {
    /// Sums of metrics over all shards.
    #[serde(default)]
    pub(crate) metrics: BTreeMap<String, f64>,
    #[serde(default)]
    pub(crate) fault: Option<FaultEntry>,
    /// Relative tolerance of numbers.
    #[serde(default)]
    pub(crate) tolerance: f64,
}

/// What a fault must say.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct FaultEntry {
    /// Its code in the contract, such as `invalid-value`; or the code of a limit, such as
    /// `out-of-memory`.
    pub(crate) code: String,
    /// Name of the file.
    pub(crate) source: Option<String>,
    pub(crate) line: Option<u64>,
    /// Name of the column.
    pub(crate) column: Option<String>,
}

/// A method's case.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct MethodFile {
    #[serde(default)]
    pub(crate) description: String,
    #[serde(default = "one")]
    pub(crate) seed: u64,
    pub(crate) columns: BTreeMap<String, Kind>,
    pub(crate) recipe: RecipeEntry,
    /// Codes that the catalogue discloses, which names of output columns may have.
    #[serde(default)]
    pub(crate) levels: Vec<String>,
    #[serde(default)]
    pub(crate) expect: MethodExpectation,
}

fn one() -> u64 {
    1
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct RecipeEntry {
    pub(crate) columns: Vec<UseEntry>,
    pub(crate) outcome: Option<String>,
    pub(crate) inner_fold: Option<String>,
    #[serde(default)]
    pub(crate) params: Params,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct UseEntry {
    pub(crate) column: String,
    #[serde(default)]
    pub(crate) steps: Vec<StepEntry>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct StepEntry {
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) params: Params,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct MethodExpectation {
    #[serde(default)]
    pub(crate) fault: Option<FaultEntry>,
    #[serde(default)]
    pub(crate) tolerance: f64,
    #[serde(default)]
    pub(crate) row_order: RowOrder,
}

/// Whether the order of training rows may matter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum RowOrder {
    /// It may.
    #[default]
    Relevant,
    /// The same numbers whatever the order.
    Irrelevant,
}

/// An agent's case.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct AgentFile {
    #[serde(default)]
    pub(crate) description: String,
    #[serde(default)]
    pub(crate) expect: AgentExpectation,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct AgentExpectation {
    /// Code of the error, such as `output-rejected`.
    pub(crate) error: Option<String>,
}

/// Reads a `case.toml`.
pub(crate) fn parse<T: DeserializeOwned>(path: &Path) -> Result<T, AuthorError> {
    let text = super::read(path)?;
    toml::from_str(&text).map_err(|error| AuthorError::File {
        file: path.to_owned(),
        line: error
            .span()
            .map(|span| 1 + text[..span.start.min(text.len())].matches('\n').count()),
        what: error.message().trim().to_owned(),
    })
}

/// Parameters as the contract passes them.
pub(crate) fn params(given: &Params) -> Vec<Param> {
    let scalar = |value: &ParameterValue| match value {
        ParameterValue::Flag(flag) => Scalar::Flag(*flag),
        ParameterValue::Integer(n) => Scalar::Integer(*n),
        ParameterValue::Number(x) => Scalar::Number(*x),
        ParameterValue::Text(text) => Scalar::Text(text.clone()),
    };
    given
        .iter()
        .map(|(name, value)| Param {
            name: name.clone(),
            value: scalar(value),
        })
        .collect()
}

impl ColumnEntry {
    pub(crate) fn labelled(&self) -> impl Iterator<Item = (String, String)> + '_ {
        self.codings.iter().map(|coding| coding.parts())
    }
}
