//! The data dictionary: what a task says about its tables.

use serde::{Deserialize, Serialize};

/// How the values of a column are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "documented in wit/types.wit, value-kind")]
pub enum Kind {
    Boolean,
    Integer,
    Number,
    Category,
    Ordinal,
    Date,
    Datetime,
    Text,
    Identifier,
}

/// Role of a column in the analysis.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "documented in wit/agent.wit, column-role")]
pub enum Role {
    #[default]
    Predictor,
    Outcome,
    Subject,
    RecordId,
    Site,
    Time,
    Ignored,
}

/// When a column's value becomes known, relative to the index date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "documented in wit/agent.wit, availability")]
pub enum Availability {
    BeforeIndex,
    AtIndex,
    AfterIndex,
    #[default]
    Unknown,
}

/// A code and what it stands for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Coding {
    /// The code in the file.
    pub code: String,
    /// What a person calls it.
    pub label: String,
}

/// One column of a table, as the task declares it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Column {
    /// The name in the file's header.
    pub name: String,
    /// What a person calls it; the name where it is empty.
    #[serde(default)]
    pub label: String,
    /// How its values are read.
    #[serde(rename = "type")]
    pub kind: Kind,
    /// Its role.
    #[serde(default)]
    pub role: Role,
    /// When it is known.
    #[serde(default)]
    pub available: Availability,
    /// Whether groups of it must be compared.
    #[serde(default)]
    pub sensitive: bool,
    /// UCUM unit.
    #[serde(default)]
    pub unit: Option<String>,
    /// Codes in order; in YAML a list of `code` or `code: label`. Empty: any code.
    #[serde(default, deserialize_with = "crate::codings::deserialize")]
    pub codings: Vec<Coding>,
    /// Texts that mean "missing" in this column.
    #[serde(default)]
    pub missing: Vec<String>,
}
