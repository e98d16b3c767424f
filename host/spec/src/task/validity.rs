//! What must hold in a TASK.md beyond its types.

use super::{TableSource, Task};
use crate::dictionary::{Availability, Column, Kind, Role};
use crate::error::{Fault, SpecError};
use crate::reading::Source;
use crate::task::Metric;

/// Check everything, in the order of the file.
pub(super) fn check(task: &Task, at: &Source) -> Result<(), SpecError> {
    name(task, at)?;
    texts(task, at)?;
    if task.data.is_empty() {
        return Err(at.error("data", contradiction("at least one table is needed")));
    }
    let names: Vec<&str> = task
        .data
        .iter()
        .map(|source| source.table.as_str())
        .collect();
    at.distinct("data", "table", &names)?;
    for (i, source) in task.data.iter().enumerate() {
        table(source, &format!("data[{i}]"), at)?;
    }
    if let Some(cohort) = &task.cohort {
        super::cohort::check(cohort, task, at)?;
    }
    let Some(main) = main_table(task, at)? else {
        return Ok(());
    };
    endpoint(task, main, at)?;
    population(task, main, at)?;
    unit_and_groups(task, main, at)?;
    metrics(task, at)?;
    if let Some(synthetic) = &task.synthetic {
        crate::synthetic::check(synthetic, task, main, at)?;
    }
    Ok(())
}

pub(super) fn contradiction(words: impl Into<String>) -> Fault {
    Fault::Contradiction(words.into())
}

fn name(task: &Task, at: &Source) -> Result<(), SpecError> {
    let good = task.name.strip_prefix("task-").is_some_and(kebab) && task.name.len() <= 64;
    at.in_range(
        "name",
        &task.name,
        good,
        "`task-` and words in kebab-case, at most 64 characters",
    )
}

/// Words of lower-case letters and digits, joined by single hyphens.
pub(crate) fn kebab(text: &str) -> bool {
    !text.is_empty()
        && text.split('-').all(|word| {
            !word.is_empty()
                && word
                    .bytes()
                    .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
        })
}

fn texts(task: &Task, at: &Source) -> Result<(), SpecError> {
    let texts = [
        ("title", &task.title),
        ("question", &task.question),
        ("licence", &task.licence),
        ("citation", &task.citation),
        ("intended_use", &task.intended_use),
        ("index_date", &task.index_date),
        ("endpoint.name", &task.endpoint.name),
        ("population.title", &task.population.title),
    ];
    for (path, text) in texts {
        if text.trim().is_empty() {
            return Err(at.error(path, contradiction("must not be empty")));
        }
        at.in_range(
            path,
            format!("{} bytes", text.len()),
            text.len() <= 4000,
            "at most 4000 bytes",
        )?;
    }
    Ok(())
}

fn table(source: &TableSource, path: &str, at: &Source) -> Result<(), SpecError> {
    let good = !source.table.is_empty()
        && source
            .table
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'));
    at.in_range(
        &format!("{path}.table"),
        &source.table,
        good,
        "letters, digits, `_` and `-`",
    )?;
    let good = source.loader.strip_prefix("loader-").is_some_and(kebab);
    at.in_range(
        &format!("{path}.loader"),
        &source.loader,
        good,
        "the id of a loader: `loader-` and words in kebab-case, such as `loader-table`",
    )?;
    if source.files.is_empty() {
        return Err(at.error(
            &format!("{path}.files"),
            contradiction("at least one file name is needed"),
        ));
    }
    for (i, file) in source.files.iter().enumerate() {
        let good = !file.is_empty()
            && !file.contains(['/', '\\', ':', '\0'])
            && file != "."
            && file != "..";
        at.in_range(
            &format!("{path}.files[{i}]"),
            file,
            good,
            "the name of a file in the data directory, without `/`, `\\`, `:` or `..`",
        )?;
    }
    if let Some(delimiter) = &source.delimiter {
        let one = delimiter.len() == 1
            && delimiter
                .bytes()
                .all(|b| b.is_ascii_punctuation() || b == b' ' || b == b'\t')
            && delimiter != "\"";
        at.in_range(
            &format!("{path}.delimiter"),
            delimiter,
            one || delimiter == "tab",
            "one ASCII character (not a letter, digit, quote or line end), or `tab`",
        )?;
    }
    if let Some(digest) = &source.sha256 {
        let good = digest.len() == 64
            && digest
                .bytes()
                .all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        at.in_range(
            &format!("{path}.sha256"),
            digest,
            good,
            "64 digits 0-9 and a-f",
        )?;
    }
    if source.columns.is_empty() {
        return Err(at.error(
            &format!("{path}.columns"),
            contradiction("at least one column is needed"),
        ));
    }
    let mut seen = std::collections::BTreeSet::new();
    for (i, column) in source.columns.iter().enumerate() {
        let path = format!("{path}.columns[{i}]");
        if !seen.insert(column.name.as_str()) {
            let words = format!("the column `{}` is declared twice", column.name);
            return Err(at.error(&format!("{path}.name"), contradiction(words)));
        }
        self::column(column, &path, at)?;
    }
    for role in [Role::Outcome, Role::Subject, Role::RecordId] {
        let with: Vec<_> = source
            .columns
            .iter()
            .enumerate()
            .filter(|(_, c)| c.role == role)
            .collect();
        if let [_, (second, column), ..] = with.as_slice() {
            let words = format!(
                "`{}` is the second column with this role; one table has at most one",
                column.name
            );
            return Err(at.error(
                &format!("{path}.columns[{second}].role"),
                contradiction(words),
            ));
        }
    }
    Ok(())
}

pub(super) fn column(column: &Column, path: &str, at: &Source) -> Result<(), SpecError> {
    let good = !column.name.is_empty()
        && column.name.len() <= 128
        && !column
            .name
            .contains(|c: char| c.is_control() || matches!(c, '=' | ':' | '{' | '}'));
    at.in_range(
        &format!("{path}.name"),
        &column.name,
        good,
        "1 to 128 bytes without control characters, `=`, `:` and braces",
    )?;
    let codes: Vec<&str> = column
        .codings
        .iter()
        .map(|coding| coding.code.as_str())
        .collect();
    at.distinct(&format!("{path}.codings"), "code", &codes)?;
    let coded = matches!(column.kind, Kind::Category | Kind::Ordinal | Kind::Boolean);
    if !column.codings.is_empty() && !coded {
        let words = "only a category, an ordinal or a boolean has codings";
        return Err(at.error(&format!("{path}.codings"), contradiction(words)));
    }
    if column.kind == Kind::Ordinal && column.codings.len() < 2 {
        let words = "an ordinal needs at least two codings, in their order";
        return Err(at.error(&format!("{path}.codings"), contradiction(words)));
    }
    if column.unit.is_some() && !matches!(column.kind, Kind::Integer | Kind::Number) {
        return Err(at.error(
            &format!("{path}.unit"),
            contradiction("only a number has a unit"),
        ));
    }
    if let Some(token) = column
        .missing
        .iter()
        .find(|token| codes.contains(&token.as_str()))
    {
        let words = format!("`{token}` is both a code and a text for \"missing\"");
        return Err(at.error(&format!("{path}.missing"), contradiction(words)));
    }
    let identifies = matches!(column.role, Role::Subject | Role::RecordId);
    if identifies && column.kind != Kind::Identifier {
        let words =
            "a subject or record-id must have `type: identifier`, so that it is pseudonymised";
        return Err(at.error(&format!("{path}.type"), contradiction(words)));
    }
    if column.role == Role::Predictor && column.kind == Kind::Identifier {
        let words = "an identifier cannot be a predictor; give it a role such as `ignored`";
        return Err(at.error(&format!("{path}.role"), contradiction(words)));
    }
    Ok(())
}

fn main_table<'a>(task: &'a Task, at: &Source) -> Result<Option<&'a TableSource>, SpecError> {
    let tables = task.data.iter().chain(&task.derived);
    let tables = tables.map(|source| source.table.as_str());
    at.known("endpoint.table", "table", &task.endpoint.table, tables)?;
    Ok(task.main_table())
}

pub(super) fn known_column<'a>(
    name: &str,
    path: &str,
    table: &'a TableSource,
    at: &Source,
) -> Result<Option<&'a Column>, SpecError> {
    at.known(
        path,
        "column",
        name,
        table.columns.iter().map(|c| c.name.as_str()),
    )?;
    Ok(table.column(name))
}

fn known_codes(
    codes: &[String],
    path: &str,
    column: &Column,
    at: &Source,
) -> Result<(), SpecError> {
    if codes.is_empty() {
        return Err(at.error(path, contradiction("at least one code is needed")));
    }
    at.distinct(path, "code", codes)?;
    for (i, code) in codes.iter().enumerate() {
        if !column.codings.is_empty() {
            let known = column.codings.iter().map(|c| c.code.as_str());
            at.known(
                &format!("{path}[{i}]"),
                &format!("code of `{}`", column.name),
                code,
                known,
            )?;
        }
    }
    Ok(())
}

fn endpoint(task: &Task, main: &TableSource, at: &Source) -> Result<(), SpecError> {
    let endpoint = &task.endpoint;
    let Some(column) = known_column(&endpoint.column, "endpoint.column", main, at)? else {
        return Ok(());
    };
    if column.role != Role::Outcome {
        let words = format!("the column `{}` must have `role: outcome`", column.name);
        return Err(at.error("endpoint.column", contradiction(words)));
    }
    known_codes(&endpoint.positive, "endpoint.positive", column, at)?;
    known_codes(&endpoint.negative, "endpoint.negative", column, at)?;
    if let Some(i) = endpoint
        .negative
        .iter()
        .position(|code| endpoint.positive.contains(code))
    {
        let words = format!("`{}` is both positive and negative", endpoint.negative[i]);
        return Err(at.error(&format!("endpoint.negative[{i}]"), contradiction(words)));
    }
    let used = |code: &str| {
        endpoint
            .positive
            .iter()
            .chain(&endpoint.negative)
            .any(|used| used == code)
    };
    if let Some(left) = column.codings.iter().find(|coding| !used(&coding.code)) {
        let words = format!(
            "the code `{}` of `{}` is neither positive nor negative; rows with it would have no outcome",
            left.code, column.name
        );
        return Err(at.error("endpoint.negative", contradiction(words)));
    }
    Ok(())
}

fn population(task: &Task, main: &TableSource, at: &Source) -> Result<(), SpecError> {
    for (i, exclusion) in task.population.exclude.iter().enumerate() {
        let path = format!("population.exclude[{i}]");
        let Some(column) = known_column(&exclusion.column, &format!("{path}.column"), main, at)?
        else {
            continue;
        };
        if column.role == Role::Outcome || column.available == Availability::AfterIndex {
            let words =
                "rows cannot be left out by something that is only known after the index date";
            return Err(at.error(&format!("{path}.column"), contradiction(words)));
        }
        known_codes(&exclusion.codes, &format!("{path}.codes"), column, at)?;
        if exclusion.reason.trim().is_empty() {
            return Err(at.error(
                &format!("{path}.reason"),
                contradiction("must not be empty"),
            ));
        }
    }
    Ok(())
}

fn unit_and_groups(task: &Task, main: &TableSource, at: &Source) -> Result<(), SpecError> {
    if let Some(column) = known_column(&task.unit, "unit", main, at)?
        && column.role != Role::RecordId
    {
        let words = format!("the column `{}` must have `role: record-id`", column.name);
        return Err(at.error("unit", contradiction(words)));
    }
    if task.groups.is_empty() {
        let words = "at least the column that identifies the person is needed";
        return Err(at.error("groups", contradiction(words)));
    }
    at.distinct("groups", "column", &task.groups)?;
    for (i, group) in task.groups.iter().enumerate() {
        let path = format!("groups[{i}]");
        let Some(column) = known_column(group, &path, main, at)? else {
            continue;
        };
        if i == 0 && column.role != Role::Subject {
            let words = format!("the first group `{group}` must have `role: subject`");
            return Err(at.error(&path, contradiction(words)));
        }
        if column.role == Role::Outcome {
            return Err(at.error(&path, contradiction("the outcome cannot be a group")));
        }
    }
    Ok(())
}

fn metrics(task: &Task, at: &Source) -> Result<(), SpecError> {
    at.in_range(
        "primary_metric",
        task.primary_metric,
        task.primary_metric == Metric::Auroc,
        "this host decides by `auroc`; the others can stand under `secondary`",
    )?;
    at.distinct("secondary", "metric", &task.secondary)?;
    let thresholds = &task.decision_thresholds;
    at.in_range(
        "decision_thresholds",
        format!("{} thresholds", thresholds.len()),
        (1..=20).contains(&thresholds.len()),
        "1 to 20 of them",
    )?;
    for (i, threshold) in thresholds.iter().enumerate() {
        let ascending = i == 0 || thresholds[i - 1] < *threshold;
        at.in_range(
            &format!("decision_thresholds[{i}]"),
            threshold,
            *threshold > 0.0 && *threshold < 1.0 && ascending,
            "above 0, below 1, ascending",
        )?;
    }
    Ok(())
}
