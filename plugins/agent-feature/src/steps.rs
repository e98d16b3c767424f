//! The method's steps, as its manifest names them.

use autods_sdk::agent::{ColumnUse, Step};
use autods_sdk::params::{param_integer, param_number, param_text};

use crate::settings::Settings;

/// A step without parameters.
pub(crate) fn plain(name: &str) -> Step {
    Step {
        name: name.to_owned(),
        params: Vec::new(),
    }
}

/// A column for each level with enough rows, one for the rare ones, one for missing.
pub(crate) fn one_hot(settings: &Settings) -> Step {
    Step {
        name: "one-hot".to_owned(),
        params: vec![param_integer("min-count", settings.min_count)],
    }
}

/// The log-odds of the outcome in each level, shrunk to the mean and cross-fitted.
pub(crate) fn target_encode(settings: &Settings) -> Step {
    Step {
        name: "target-encode".to_owned(),
        params: vec![param_number("smoothing", settings.smoothing)],
    }
}

/// The place of each level in this order, from 0.
pub(crate) fn ordinal_code(levels: &[String]) -> Step {
    Step {
        name: "ordinal-code".to_owned(),
        params: numbered("level", levels),
    }
}

/// The sum of these columns.
pub(crate) fn sum(columns: &[String]) -> Step {
    Step {
        name: "sum".to_owned(),
        params: numbered("column", columns),
    }
}

/// How many of these columns hold something else than `value`.
pub(crate) fn count_unlike(value: &str, columns: &[String]) -> Step {
    let mut params = vec![param_text("value", value)];
    params.extend(numbered("column", columns));
    Step {
        name: "count-unlike".to_owned(),
        params,
    }
}

/// Two columns read as one.
pub(crate) fn pair(first: &str, second: &str) -> Step {
    Step {
        name: "pair".to_owned(),
        params: vec![
            param_text("column-0", first),
            param_text("column-1", second),
        ],
    }
}

/// A second encoding of a column that has one already: target-encoded under a new name.
///
/// A feature set names each column once. Read as the pair of itself with itself, a column has the
/// same levels under another name.
pub(crate) fn by_risk(column: &str, settings: &Settings) -> ColumnUse {
    used(
        &format!("{column}-risk"),
        vec![pair(column, column), target_encode(settings)],
    )
}

/// A column and its steps.
pub(crate) fn used(column: &str, steps: Vec<Step>) -> ColumnUse {
    ColumnUse {
        column: column.to_owned(),
        steps,
    }
}

fn numbered(name: &str, values: &[String]) -> Vec<autods_sdk::agent::Param> {
    values
        .iter()
        .enumerate()
        .map(|(at, value)| param_text(&format!("{name}-{at}"), value))
        .collect()
}
