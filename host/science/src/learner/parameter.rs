//! Parameters by name, with ranges.

use std::collections::BTreeMap;

use crate::LearnerError;

/// A parameter of a learner.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Parameter {
    /// Its name, `kebab-case`.
    pub name: &'static str,
    /// Smallest value.
    pub minimum: f64,
    /// Largest value.
    pub maximum: f64,
    /// Value where none is given.
    pub default: f64,
    /// Whether only whole numbers are allowed.
    pub whole: bool,
    /// What it does, its unit, and what a larger value means.
    pub description: &'static str,
}

/// The values of all parameters: those given, checked, and defaults for the rest.
pub(super) fn resolve(
    learner: &'static str,
    known: &'static [Parameter],
    given: &[(String, f64)],
) -> Result<BTreeMap<&'static str, f64>, LearnerError> {
    let mut values: BTreeMap<&'static str, f64> = BTreeMap::new();
    for (name, value) in given {
        let Some(parameter) = known.iter().find(|parameter| parameter.name == name) else {
            let hint = match nearest(name, known.iter().map(|parameter| parameter.name)) {
                Some(nearest) => format!("the nearest one is `{nearest}`"),
                None => "it has none at all".to_owned(),
            };
            return Err(LearnerError::UnknownParameter {
                learner,
                name: name.clone(),
                hint,
            });
        };
        let fits = (parameter.minimum..=parameter.maximum).contains(value)
            && (!parameter.whole || value.fract() == 0.0);
        if !fits {
            return Err(LearnerError::Parameter {
                learner,
                name: parameter.name,
                value: *value,
                kind: if parameter.whole {
                    "a whole number"
                } else {
                    "a number"
                },
                minimum: parameter.minimum,
                maximum: parameter.maximum,
            });
        }
        if values.insert(parameter.name, *value).is_some() {
            return Err(LearnerError::RepeatedParameter {
                learner,
                name: name.clone(),
            });
        }
    }
    for parameter in known {
        values.entry(parameter.name).or_insert(parameter.default);
    }
    Ok(values)
}

/// The known name most like `name`.
pub(super) fn nearest(
    name: &str,
    known: impl Iterator<Item = &'static str>,
) -> Option<&'static str> {
    known.max_by(|a, b| strsim::jaro_winkler(name, a).total_cmp(&strsim::jaro_winkler(name, b)))
}
