//! Parameters as a manifest declares them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::bindings::types::Scalar;

/// A parameter: its type, range and default.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Parameter {
    /// Its type.
    #[serde(rename = "type")]
    pub kind: ParameterType,
    /// Least value of an integer or number.
    #[serde(default)]
    pub min: Option<f64>,
    /// Greatest value of an integer or number.
    #[serde(default)]
    pub max: Option<f64>,
    /// Value where none is given; a parameter without default must be given.
    #[serde(default)]
    pub default: Option<ParameterValue>,
    /// What it means.
    #[serde(default)]
    pub description: String,
}

/// Type of a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ParameterType {
    /// A whole number.
    Integer,
    /// A finite floating-point number.
    Number,
    /// True or false.
    Flag,
    /// A text of at most 256 bytes.
    Text,
}

/// Value of a parameter in a manifest.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum ParameterValue {
    /// True or false.
    Flag(bool),
    /// A whole number.
    Integer(i64),
    /// A number.
    Number(f64),
    /// A text.
    Text(String),
}

impl Parameter {
    /// Whether a value has the declared type and lies in the declared range.
    pub fn accepts(&self, value: &Scalar) -> bool {
        let within = |x: f64| {
            x.is_finite()
                && self.min.is_none_or(|min| x >= min)
                && self.max.is_none_or(|max| x <= max)
        };
        match (self.kind, value) {
            (ParameterType::Integer, Scalar::Integer(n)) => within(*n as f64),
            (ParameterType::Number, Scalar::Number(x)) => within(*x),
            (ParameterType::Number, Scalar::Integer(n)) => within(*n as f64),
            (ParameterType::Flag, Scalar::Flag(_)) => true,
            (ParameterType::Text, Scalar::Text(text)) => text.len() <= 256,
            _ => false,
        }
    }

    /// The default, as the contract passes it.
    pub fn default_scalar(&self) -> Option<Scalar> {
        Some(match (self.default.as_ref()?, self.kind) {
            (ParameterValue::Integer(n), ParameterType::Number) => Scalar::Number(*n as f64),
            (ParameterValue::Flag(flag), _) => Scalar::Flag(*flag),
            (ParameterValue::Integer(n), _) => Scalar::Integer(*n),
            (ParameterValue::Number(x), _) => Scalar::Number(*x),
            (ParameterValue::Text(text), _) => Scalar::Text(text.clone()),
        })
    }
}

/// The declared parameter that `name` means. A declared name that ends in `-*` stands for the
/// numbered ones: `column-*` for `column-0`, `column-1` and so on.
pub fn declared<'a>(
    parameters: &'a BTreeMap<String, Parameter>,
    name: &str,
) -> Option<&'a Parameter> {
    parameters.get(name).or_else(|| {
        let (stem, number) = name.rsplit_once('-')?;
        let numbered = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
        numbered
            .then(|| parameters.get(&format!("{stem}-*")))
            .flatten()
    })
}
