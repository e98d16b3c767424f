//! Reading parameters: by name, typed, in range, and none left over.

use crate::{Fault, FaultCode, Param, Scalar};

/// The value of the parameter `name`; a parameter that is [`Scalar::Missing`] counts as absent.
#[must_use]
pub fn get<'a>(params: &'a [Param], name: &str) -> Option<&'a Scalar> {
    params
        .iter()
        .find(|param| param.name == name)
        .map(|param| &param.value)
        .filter(|value| !matches!(value, Scalar::Missing))
}

/// A whole number between `min` and `max`, or `default`.
///
/// # Errors
/// [`FaultCode::ParameterOutOfRange`] outside the range, [`FaultCode::UnknownParameter`] when the
/// value is of another type.
pub fn integer(
    params: &[Param],
    name: &str,
    default: i64,
    min: i64,
    max: i64,
) -> Result<i64, Fault> {
    match get(params, name) {
        None => Ok(default),
        Some(Scalar::Integer(value)) if (min..=max).contains(value) => Ok(*value),
        Some(Scalar::Integer(_)) => Err(FaultCode::ParameterOutOfRange.into()),
        Some(_) => Err(FaultCode::UnknownParameter.into()),
    }
}

/// A number between `min` and `max` (whole numbers are numbers), or `default`.
///
/// # Errors
/// [`FaultCode::ParameterOutOfRange`] outside the range or not finite,
/// [`FaultCode::UnknownParameter`] when the value is of another type.
pub fn number(
    params: &[Param],
    name: &str,
    default: f64,
    min: f64,
    max: f64,
) -> Result<f64, Fault> {
    let value = match get(params, name) {
        None => return Ok(default),
        Some(Scalar::Number(value)) => *value,
        #[allow(clippy::cast_precision_loss, reason = "parameters are small")]
        Some(Scalar::Integer(value)) => *value as f64,
        Some(_) => return Err(FaultCode::UnknownParameter.into()),
    };
    // a NaN is in no range
    if (min..=max).contains(&value) {
        Ok(value)
    } else {
        Err(FaultCode::ParameterOutOfRange.into())
    }
}

/// True or false, or `default`.
///
/// # Errors
/// [`FaultCode::UnknownParameter`] when the value is of another type.
pub fn flag(params: &[Param], name: &str, default: bool) -> Result<bool, Fault> {
    match get(params, name) {
        None => Ok(default),
        Some(Scalar::Flag(value)) => Ok(*value),
        Some(_) => Err(FaultCode::UnknownParameter.into()),
    }
}

/// A text, or `default`.
///
/// # Errors
/// [`FaultCode::UnknownParameter`] when the value is of another type.
pub fn text<'a>(params: &'a [Param], name: &str, default: &'a str) -> Result<&'a str, Fault> {
    match get(params, name) {
        None => Ok(default),
        Some(Scalar::Text(value)) => Ok(value),
        Some(_) => Err(FaultCode::UnknownParameter.into()),
    }
}

/// The texts `name-0`, `name-1`, … up to the first that is absent.
///
/// # Errors
/// [`FaultCode::UnknownParameter`] when a value is of another type.
pub fn texts<'a>(params: &'a [Param], name: &str) -> Result<Vec<&'a str>, Fault> {
    let mut found = Vec::new();
    loop {
        match get(params, &format!("{name}-{}", found.len())) {
            None => return Ok(found),
            Some(Scalar::Text(value)) => found.push(value.as_str()),
            Some(_) => return Err(FaultCode::UnknownParameter.into()),
        }
    }
}

/// That every parameter is one of `names` or, for a name that ends in `-*`, a numbered one.
///
/// # Errors
/// [`FaultCode::UnknownParameter`] for a name outside the list or one that stands twice.
pub fn only(params: &[Param], names: &[&str]) -> Result<(), Fault> {
    for (at, param) in params.iter().enumerate() {
        let known = names.iter().any(|name| match name.strip_suffix('*') {
            None => param.name == *name,
            Some(prefix) => param
                .name
                .strip_prefix(prefix)
                .is_some_and(|digits| digits.parse::<u32>().is_ok()),
        });
        let repeated = params[..at]
            .iter()
            .any(|earlier| earlier.name == param.name);
        if !known || repeated {
            return Err(FaultCode::UnknownParameter.into());
        }
    }
    Ok(())
}

/// A parameter with a text.
#[must_use]
pub fn param_text(name: &str, value: &str) -> Param {
    Param {
        name: name.to_owned(),
        value: Scalar::Text(value.to_owned()),
    }
}

/// A parameter with a whole number.
#[must_use]
pub fn param_integer(name: &str, value: i64) -> Param {
    Param {
        name: name.to_owned(),
        value: Scalar::Integer(value),
    }
}

/// A parameter with a number.
#[must_use]
pub fn param_number(name: &str, value: f64) -> Param {
    Param {
        name: name.to_owned(),
        value: Scalar::Number(value),
    }
}

/// A parameter with a flag.
#[must_use]
pub fn param_flag(name: &str, value: bool) -> Param {
    Param {
        name: name.to_owned(),
        value: Scalar::Flag(value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_outside_its_range_is_a_fault_and_an_integer_is_a_number() {
        let params = [param_integer("rounds", 3), param_number("rate", f64::NAN)];
        assert_eq!(number(&params, "rounds", 0.0, 0.0, 5.0).unwrap(), 3.0);
        let fault = number(&params, "rate", 0.0, 0.0, 1.0).unwrap_err();
        assert_eq!(fault.code, FaultCode::ParameterOutOfRange);
        assert_eq!(integer(&params, "depth", 6, 1, 9).unwrap(), 6);
    }

    #[test]
    fn an_unknown_or_repeated_parameter_is_a_fault() {
        let params = [param_text("column-0", "a"), param_text("column-1", "b")];
        assert!(only(&params, &["column-*"]).is_ok());
        assert_eq!(texts(&params, "column").unwrap(), ["a", "b"]);
        assert!(only(&params, &["columns"]).is_err());
        let twice = [param_flag("on", true), param_flag("on", true)];
        assert!(only(&twice, &["on"]).is_err());
    }
}
