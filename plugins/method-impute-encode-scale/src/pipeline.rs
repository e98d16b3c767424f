//! A recipe, fitted and applied.

use std::rc::Rc;

use autods_sdk::method::{Fault, FaultCode, Recipe, Table};

use crate::combine;
use crate::encode::{self, Encoded};
use crate::icd9;
use crate::input::{Input, Values};
use crate::number::Reworker;
use crate::output::{Matrix, Suffix, name};
use crate::recipe::{self, Asked, Encode, Recode};
use crate::state::{Column, State};
use crate::target::Outcome;
use crate::texts::Texts;

/// Fits every column of the recipe; gives the training rows as a following method should see them.
pub(crate) fn fit(rows: &Table, recipe: &Recipe) -> Result<(State, Table), Fault> {
    autods_sdk::params::only(&recipe.params, &[])?;
    let mut input = Input::new(&rows.batch);
    if input.rows() == 0 || recipe.columns.is_empty() {
        return Err(FaultCode::InsufficientData.into());
    }
    let asked = recipe
        .columns
        .iter()
        .enumerate()
        .map(|(at, column)| recipe::read(column).map_err(|fault| fault.in_column(at)))
        .collect::<Result<Vec<_>, _>>()?;
    let outcome = outcome(recipe, &asked, &input)?;
    let mut matrix = Matrix::default();
    let mut columns = Vec::with_capacity(asked.len());
    for (at, asked) in asked.into_iter().enumerate() {
        let fitted = fit_column(asked, &mut input, outcome.as_ref(), &mut matrix);
        columns.push(fitted.map_err(|fault| fault.in_column(at))?);
    }
    Ok((State::new(columns), matrix.finish(input.rows())?))
}

/// Applies what was learnt.
pub(crate) fn apply(state: &State, rows: &Table) -> Result<Table, Fault> {
    let mut input = Input::new(&rows.batch);
    let mut matrix = Matrix::default();
    for (at, column) in state.columns.iter().enumerate() {
        apply_column(column, &mut input, &mut matrix).map_err(|fault| fault.in_column(at))?;
    }
    matrix.finish(input.rows())
}

/// The outcome, where a step needs it.
fn outcome(recipe: &Recipe, asked: &[Asked], input: &Input<'_>) -> Result<Option<Outcome>, Fault> {
    let needed = |asked: &Asked| matches!(asked.encode, Some(Encode::Target { .. }));
    let Some(at) = asked.iter().position(needed) else {
        return Ok(None);
    };
    let read = || {
        let outcome = recipe.outcome.as_ref().ok_or(FaultCode::MissingInput)?;
        let folds = recipe.inner_fold.as_ref().ok_or(FaultCode::MissingInput)?;
        Outcome::new(&input.numbers(outcome)?, &input.integers(folds)?)
    };
    read().map(Some).map_err(|fault: Fault| fault.in_column(at))
}

fn fit_column(
    asked: Asked,
    input: &mut Input<'_>,
    outcome: Option<&Outcome>,
    matrix: &mut Matrix,
) -> Result<Column, Fault> {
    let values = combine::values(&asked.source, &asked.column, input)?;
    let (encoder, mut encoded) = match (values, &asked.encode) {
        (Values::Texts(texts), Some(step)) => {
            let (encoder, encoded) = encode::fit(step, &recoded(texts, &asked.recode), outcome)?;
            (Some(encoder), encoded)
        }
        (Values::Numbers(values), None) if asked.recode.is_empty() => {
            (None, Encoded::Number(Suffix::None, values))
        }
        // text that no step turns into numbers, or a step for text on numbers
        _ => return Err(FaultCode::InvalidValue.into()),
    };
    let mut reworkers = Vec::with_capacity(asked.rework.len());
    let mut indicators = Vec::new();
    for rework in asked.rework {
        // the recipe was checked: no step follows indicators
        if let Encoded::Number(_, values) = &mut encoded {
            let reworker = Reworker::fit(rework, values);
            indicators.extend(reworker.apply(values));
            reworkers.push(reworker);
        }
    }
    append(&asked.column, &asked.recode, encoded, indicators, matrix)?;
    Ok(Column {
        column: asked.column,
        source: asked.source,
        recode: asked.recode,
        encoder,
        reworkers,
    })
}

fn apply_column(column: &Column, input: &mut Input<'_>, matrix: &mut Matrix) -> Result<(), Fault> {
    let values = combine::values(&column.source, &column.column, input)?;
    let mut encoded = match (values, &column.encoder) {
        (Values::Texts(texts), Some(encoder)) => encoder.apply(&recoded(texts, &column.recode)),
        (Values::Numbers(values), None) => Encoded::Number(Suffix::None, values),
        _ => return Err(FaultCode::InvalidValue.into()),
    };
    let mut indicators = Vec::new();
    for reworker in &column.reworkers {
        if let Encoded::Number(_, values) = &mut encoded {
            indicators.extend(reworker.apply(values));
        }
    }
    append(&column.column, &column.recode, encoded, indicators, matrix)
}

fn recoded(texts: Rc<Texts>, steps: &[Recode]) -> Rc<Texts> {
    steps.iter().fold(texts, |texts, step| {
        Rc::new(match step {
            Recode::Icd9Chapter => texts.map(|code| icd9::chapter(code).to_owned()),
            Recode::Icd9Category => texts.map(icd9::category),
        })
    })
}

fn append(
    column: &str,
    recode: &[Recode],
    encoded: Encoded,
    indicators: Vec<Vec<f32>>,
    matrix: &mut Matrix,
) -> Result<(), Fault> {
    match encoded {
        Encoded::Number(suffix, values) => {
            matrix.push_numbers(name(column, recode, &suffix), &values)?;
        }
        Encoded::Indicators(columns) => {
            for (suffix, values) in columns {
                matrix.push_indicator(name(column, recode, &suffix), values)?;
            }
        }
    }
    for missing in indicators {
        matrix.push_indicator(name(column, &[], &Suffix::Word("missing")), missing)?;
    }
    Ok(())
}
