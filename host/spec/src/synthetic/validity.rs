//! What must hold in the `synthetic` section.

use super::draw::day_number;
use super::{Effect, Shape, Synthetic};
use crate::dictionary::{Column, Kind, Role};
use crate::error::{Fault, SpecError};
use crate::reading::Source;
use crate::task::{TableSource, Task};

pub(crate) fn check(
    synthetic: &Synthetic,
    task: &Task,
    main: &TableSource,
    at: &Source,
) -> Result<(), SpecError> {
    let range = |key: &str, value: f64, low: f64, high: f64, words: &str| {
        at.in_range(
            &format!("synthetic.{key}"),
            value,
            (low..=high).contains(&value),
            words,
        )
    };
    range(
        "rows",
        f64::from(synthetic.rows),
        100.0,
        1e6,
        "100 to 1000000",
    )?;
    range(
        "rows_per_subject",
        synthetic.rows_per_subject,
        1.0,
        100.0,
        "1 to 100",
    )?;
    range(
        "prevalence",
        synthetic.prevalence,
        0.001,
        0.9,
        "0.001 to 0.9",
    )?;
    range("subject_sd", synthetic.subject_sd, 0.0, 5.0, "0 to 5")?;
    for (name, shape) in &synthetic.columns {
        let path = format!("synthetic.columns.{name}");
        let names = task
            .data
            .iter()
            .flat_map(|source| source.columns.iter().map(|c| c.name.as_str()));
        at.known(&path, "column", name, names)?;
        let column = main
            .column(name)
            .or_else(|| task.data.iter().find_map(|source| source.column(name)));
        if let Some(column) = column {
            self::shape(shape, column, &path, at)?;
        }
    }
    Ok(())
}

fn shape(shape: &Shape, column: &Column, path: &str, at: &Source) -> Result<(), SpecError> {
    let wrong = |path: &str, words: String| Err(at.error(path, Fault::Contradiction(words)));
    if matches!(column.role, Role::Subject | Role::RecordId) {
        return wrong(
            path,
            "a subject or record-id is numbered by the generator".to_owned(),
        );
    }
    let kinds = [
        !shape.levels.is_empty(),
        shape.count.is_some(),
        shape.normal.is_some(),
        shape.dates.is_some(),
    ];
    if kinds.iter().filter(|given| **given).count() != 1 {
        return wrong(
            path,
            "exactly one of `levels`, `count`, `normal` and `dates` is needed".to_owned(),
        );
    }
    at.in_range(
        &format!("{path}.missing"),
        shape.missing,
        (0.0..=1.0).contains(&shape.missing),
        "0 to 1",
    )?;
    at.in_range(
        &format!("{path}.effect"),
        shape.effect,
        shape.effect.abs() <= 5.0,
        "-5 to 5",
    )?;
    let outcome = column.role == Role::Outcome;
    if outcome && (shape.levels.is_empty() || shape.missing > 0.0) {
        return wrong(
            path,
            "the outcome has `levels` with weights and no missing values".to_owned(),
        );
    }
    let fits = match column.kind {
        Kind::Integer | Kind::Number => {
            shape.dates.is_none() && (shape.normal.is_none() || column.kind == Kind::Number)
        }
        Kind::Date | Kind::Datetime => shape.dates.is_some(),
        Kind::Boolean | Kind::Category | Kind::Ordinal | Kind::Text | Kind::Identifier => {
            !shape.levels.is_empty()
        }
    };
    if !fits {
        let words = "an integer has `count` or `levels`, a number `normal`, `count` or `levels`, \
                     a date `dates`, anything else `levels`";
        return wrong(path, words.to_owned());
    }
    levels(shape, column, outcome, path, at)?;
    numbers(shape, path, at)?;
    if let Some(dates) = &shape.dates {
        for (key, day) in [("first", &dates.first), ("last", &dates.last)] {
            let path = format!("{path}.dates.{key}");
            at.in_range(
                &path,
                day,
                day_number(day).is_some(),
                "a day such as 2001-12-31",
            )?;
        }
        if day_number(&dates.first) > day_number(&dates.last) {
            return wrong(
                &format!("{path}.dates.last"),
                "the last day is before the first".to_owned(),
            );
        }
    }
    Ok(())
}

fn levels(
    shape: &Shape,
    column: &Column,
    outcome: bool,
    path: &str,
    at: &Source,
) -> Result<(), SpecError> {
    let mut total = 0.0;
    for (code, level) in &shape.levels {
        let path = format!("{path}.levels.{code}");
        if !column.codings.is_empty() {
            let known = column.codings.iter().map(|c| c.code.as_str());
            at.known(&path, &format!("code of `{}`", column.name), code, known)?;
        }
        let weight = level.weight;
        at.in_range(
            &path,
            weight,
            weight.is_finite() && weight >= 0.0,
            "a weight of 0 or more",
        )?;
        total += weight;
        match level.effect {
            Effect::LogOdds(effect) => {
                at.in_range(
                    &path,
                    effect,
                    effect.abs() <= 5.0,
                    "an effect of -5 to 5, or `never`",
                )?;
                if outcome && effect != 0.0 {
                    let words = "the outcome has no effect on itself".to_owned();
                    return Err(at.error(&path, Fault::Contradiction(words)));
                }
            }
            Effect::Never if outcome => {
                let words = "the outcome has no effect on itself".to_owned();
                return Err(at.error(&path, Fault::Contradiction(words)));
            }
            Effect::Never => {}
        }
    }
    if !shape.levels.is_empty() && total <= 0.0 {
        let words = "at least one weight must be above 0".to_owned();
        return Err(at.error(&format!("{path}.levels"), Fault::Contradiction(words)));
    }
    Ok(())
}

fn numbers(shape: &Shape, path: &str, at: &Source) -> Result<(), SpecError> {
    if let Some(count) = &shape.count {
        let path = format!("{path}.count");
        let good = count.mean > 0.0 && count.mean <= 10_000.0;
        at.in_range(
            &format!("{path}.mean"),
            count.mean,
            good,
            "above 0, at most 10000",
        )?;
        if let Some(sd) = count.sd {
            at.in_range(
                &format!("{path}.sd"),
                sd,
                sd > 0.0 && sd <= 10_000.0,
                "above 0, at most 10000",
            )?;
        }
        if let Some(max) = count.max {
            at.in_range(&format!("{path}.max"), max, max > count.min, "above `min`")?;
        }
    }
    if let Some(normal) = &shape.normal {
        let path = format!("{path}.normal");
        at.in_range(
            &format!("{path}.mean"),
            normal.mean,
            normal.mean.is_finite(),
            "a finite number",
        )?;
        at.in_range(
            &format!("{path}.sd"),
            normal.sd,
            normal.sd.is_finite() && normal.sd > 0.0,
            "above 0",
        )?;
        at.in_range(
            &format!("{path}.decimals"),
            normal.decimals,
            normal.decimals <= 6,
            "0 to 6",
        )?;
        if let (Some(min), Some(max)) = (normal.min, normal.max) {
            at.in_range(&format!("{path}.max"), max, max > min, "above `min`")?;
        }
    }
    Ok(())
}
