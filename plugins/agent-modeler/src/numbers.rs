//! Parameters as numbers.

use autods_sdk::agent::{Param, Scalar};
use autods_sdk::params;

/// The value of a numeric parameter; nothing for one that is absent or no number.
pub(crate) fn number(params: &[Param], name: &str) -> Option<f64> {
    params::get(params, name).and_then(as_number)
}

/// A scalar as a number.
#[allow(clippy::cast_precision_loss, reason = "parameters are small")]
pub(crate) fn as_number(value: &Scalar) -> Option<f64> {
    match value {
        Scalar::Integer(value) => Some(*value as f64),
        Scalar::Number(value) => Some(*value),
        _ => None,
    }
}

/// The same parameters with some numbers changed. A whole number stays one.
#[allow(
    clippy::cast_possible_truncation,
    reason = "rounded, and parameters are small"
)]
pub(crate) fn changed(params: &[Param], changes: &[(&str, f64)]) -> Vec<Param> {
    params
        .iter()
        .map(|param| {
            let change = changes.iter().find(|(name, _)| *name == param.name);
            let value = match (change, &param.value) {
                (None, value) => value.clone(),
                (Some((_, new)), Scalar::Integer(_)) => Scalar::Integer(new.round() as i64),
                (Some((_, new)), _) => Scalar::Number(*new),
            };
            Param {
                name: param.name.clone(),
                value,
            }
        })
        .collect()
}
