//! Several columns as one.

use std::rc::Rc;

use autods_sdk::method::Fault;

use crate::input::{Input, Values};
use crate::recipe::Source;
use crate::texts::MISSING;

/// The values that a pipeline starts from.
pub(crate) fn values(
    source: &Source,
    column: &str,
    input: &mut Input<'_>,
) -> Result<Values, Fault> {
    match source {
        Source::Column => input.values(column),
        Source::Sum(columns) => sum(columns, input),
        Source::CountUnlike { value, columns } => count_unlike(value, columns, input),
        Source::Pair(left, right) => {
            let (left, right) = (input.texts(left)?, input.texts(right)?);
            Ok(Values::Texts(Rc::new(left.pair(&right))))
        }
    }
}

/// The sum over the columns that have a value; missing where none has.
fn sum(columns: &[String], input: &Input<'_>) -> Result<Values, Fault> {
    let mut sums = vec![f64::NAN; input.rows()];
    for column in columns {
        for (sum, value) in sums.iter_mut().zip(input.numbers(column)?) {
            if !value.is_nan() {
                *sum = if sum.is_nan() { value } else { *sum + value };
            }
        }
    }
    Ok(Values::Numbers(sums))
}

/// How many columns have a value, but not this one.
fn count_unlike(value: &str, columns: &[String], input: &mut Input<'_>) -> Result<Values, Fault> {
    let mut counts = vec![0.0; input.rows()];
    for column in columns {
        let texts = input.texts(column)?;
        let same = texts.levels.iter().position(|level| level == value);
        let same = same
            .and_then(|at| u32::try_from(at).ok())
            .unwrap_or(MISSING);
        for (count, code) in counts.iter_mut().zip(&texts.codes) {
            if *code != MISSING && *code != same {
                *count += 1.0;
            }
        }
    }
    Ok(Values::Numbers(counts))
}
