//! A data dictionary in a case, written as in TASK.md.

use autods_sandbox::loader::{Coding, ColumnSpec, TableSpec, ValueKind};
use serde::Deserialize;

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct TableEntry {
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) missing: Vec<String>,
    pub(crate) columns: Vec<ColumnEntry>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct ColumnEntry {
    pub(crate) name: String,
    #[serde(rename = "type")]
    pub(crate) kind: Kind,
    pub(crate) unit: Option<String>,
    #[serde(default)]
    pub(crate) codings: Vec<CodingEntry>,
    #[serde(default)]
    pub(crate) missing: Vec<String>,
}

/// A code, or a code with its label.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub(crate) enum CodingEntry {
    Code(String),
    Labelled { code: String, label: String },
}

impl CodingEntry {
    pub(crate) fn parts(&self) -> (String, String) {
        match self {
            Self::Code(code) => (code.clone(), code.clone()),
            Self::Labelled { code, label } => (code.clone(), label.clone()),
        }
    }
}

/// How a column is read (`wit/types.wit`, `value-kind`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Kind {
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

impl Kind {
    pub(crate) fn value_kind(self) -> ValueKind {
        match self {
            Self::Boolean => ValueKind::Boolean,
            Self::Integer => ValueKind::Integer,
            Self::Number => ValueKind::Number,
            Self::Category => ValueKind::Category,
            Self::Ordinal => ValueKind::Ordinal,
            Self::Date => ValueKind::Date,
            Self::Datetime => ValueKind::Datetime,
            Self::Text => ValueKind::Text,
            Self::Identifier => ValueKind::Identifier,
        }
    }
}

impl TableEntry {
    /// As the host hands it to a loader.
    pub(crate) fn spec(&self) -> TableSpec {
        let columns = self.columns.iter().map(|column| ColumnSpec {
            name: column.name.clone(),
            kind: column.kind.value_kind(),
            unit: column.unit.clone(),
            codings: column
                .labelled()
                .map(|(code, label)| Coding { code, label })
                .collect(),
            missing: column.missing.clone(),
        });
        TableSpec {
            name: self.name.clone(),
            columns: columns.collect(),
            missing: self.missing.clone(),
        }
    }
}
