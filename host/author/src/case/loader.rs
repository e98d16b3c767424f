//! A loader's case: every size of shard gives the same rows, the same sums and the same fault.

use std::collections::BTreeMap;
use std::fs;

use autods_sandbox::loader::{Job, LoadOutput, load, plan};
use autods_sandbox::{CallError, Sources};

use super::cells::decode;
use super::check::{Problem, close, differences};
use super::file::{FaultEntry, LoaderFile, params, parse};
use super::table::Cells;
use super::{CaseReport, Run, counted};
use crate::AuthorError;

/// Shards of one size at most: a case is small, and every shard is a call.
const SHARDS: u64 = 5000;

/// What one size of shard gave.
#[derive(Debug, PartialEq)]
struct Loaded {
    tables: BTreeMap<String, Cells>,
    metrics: BTreeMap<String, f64>,
    shards: usize,
}

pub(super) fn run(run: &Run<'_>) -> Result<CaseReport, AuthorError> {
    let path = run.at("case.toml");
    let case: LoaderFile = parse(&path)?;
    let mut report = run.report(&case.description);
    let sources = sources(run, &case)?;
    let job = job(&case);
    let mut first: Option<Loaded> = None;
    let mut done = Vec::new();
    for &bytes in &case.shard_bytes {
        let total: u64 = sources.iter().map(autods_sandbox::Source::size).sum();
        if total / bytes.max(1) > SHARDS {
            done.push(format!("{bytes} B left out (more than {SHARDS} shards)"));
            continue;
        }
        match (loaded(run, &sources, &job, bytes), &case.expect.fault) {
            (Err(error), Some(fault)) => {
                let found = faulted(&error, fault, &sources, &job);
                report.problems.extend(
                    found
                        .into_iter()
                        .map(|what| Problem::at(&path, format!("shards of {bytes} bytes: {what}"))),
                );
                done.push(format!("{bytes} B: {}", error.code()));
            }
            (Err(error), None) => {
                let what = format!(
                    "shards of {bytes} bytes: {}",
                    described(&error, &sources, &job)
                );
                report.problems.push(Problem::new(what));
                return Ok(report);
            }
            (Ok(_), Some(fault)) => {
                let what = format!(
                    "shards of {bytes} bytes: expected the fault `{}`, found rows",
                    fault.code
                );
                report.problems.push(Problem::at(&path, what));
            }
            (Ok(now), None) => {
                done.push(format!("{bytes} B: {}", counted(now.shards, "shard")));
                match &first {
                    None => {
                        rows(run, &case, &now, &mut report)?;
                        first = Some(now);
                    }
                    Some(first) => same(first, &now, bytes, &mut report),
                }
            }
        }
    }
    report.done = format!("shards of {}", done.join(", "));
    Ok(report)
}

/// The files of the case, opened as the host opens data: `.gz` is inflated, links are refused.
pub(crate) fn sources(run: &Run<'_>, case: &LoaderFile) -> Result<Sources, AuthorError> {
    let folder = run.at("input");
    let mut names = case.files.clone();
    if names.is_empty() {
        for entry in fs::read_dir(&folder).map_err(AuthorError::io(&folder))? {
            let entry = entry.map_err(AuthorError::io(&folder))?;
            names.push(entry.file_name().to_string_lossy().into_owned());
        }
        names.sort();
    }
    Sources::open(&folder, &names, &run.policy.sources)
        .map_err(|error| AuthorError::file(&folder, error.to_string()))
}

pub(crate) fn job(case: &LoaderFile) -> Job {
    Job {
        tables: case.tables.iter().map(|table| table.spec()).collect(),
        params: params(&case.params),
    }
}

fn loaded(run: &Run<'_>, sources: &Sources, job: &Job, bytes: u64) -> Result<Loaded, CallError> {
    let (mut shards, _) = plan(run.plugin, sources, job, bytes)?;
    shards.sort_by_key(|shard| (shard.source, shard.start));
    let mut whole = Loaded {
        tables: BTreeMap::new(),
        metrics: BTreeMap::new(),
        shards: shards.len(),
    };
    for shard in &shards {
        let (output, _) = load(run.plugin, sources, job, shard)?;
        add(&mut whole, output).map_err(|_| CallError::Host)?;
    }
    Ok(whole)
}

fn add(whole: &mut Loaded, output: LoadOutput) -> Result<(), AuthorError> {
    for (name, streams) in output.tables {
        let cells = decode(&streams)?;
        let table = whole.tables.entry(name).or_default();
        table.header = cells.header;
        table.rows.extend(cells.rows);
    }
    for metric in output.metrics {
        *whole.metrics.entry(metric.name).or_default() += metric.value;
    }
    Ok(())
}

fn rows(
    run: &Run<'_>,
    case: &LoaderFile,
    found: &Loaded,
    report: &mut CaseReport,
) -> Result<(), AuthorError> {
    for table in &case.tables {
        // a table without rows still has its columns
        let none = Cells {
            header: table
                .columns
                .iter()
                .map(|column| column.name.clone())
                .collect(),
            rows: Vec::new(),
        };
        let cells = found.tables.get(&table.name).unwrap_or(&none);
        let name = format!("{}.csv", table.name);
        let path = run.at("expected").join(&name);
        run.hold(report, &name, &cells.csv(), |text| {
            let expected = Cells::parse(&path, text)?;
            Ok(differences(&path, &expected, cells, case.expect.tolerance))
        })?;
    }
    for (name, wanted) in &case.expect.metrics {
        let got = found.metrics.get(name);
        if !got.is_some_and(|got| close(*wanted, *got, 1e-12)) {
            let got = got.map_or_else(|| "none".to_owned(), ToString::to_string);
            let what = format!("metric `{name}`: expected {wanted} in all, found {got}");
            report
                .problems
                .push(Problem::at(&run.at("case.toml"), what));
        }
    }
    Ok(())
}

fn same(first: &Loaded, now: &Loaded, bytes: u64, report: &mut CaseReport) {
    for (name, cells) in &first.tables {
        let none = Cells {
            header: cells.header.clone(),
            rows: Vec::new(),
        };
        let other = now.tables.get(name).unwrap_or(&none);
        for problem in differences(std::path::Path::new(name), cells, other, 0.0) {
            let what = format!(
                "with shards of {bytes} bytes the rows are others than with large ones: {problem}"
            );
            report.problems.push(Problem::new(what));
        }
    }
    for (name, wanted) in &first.metrics {
        let got = now.metrics.get(name).copied().unwrap_or(0.0);
        if !close(*wanted, got, 1e-9) {
            let what = format!(
                "with shards of {bytes} bytes metric `{name}` sums up to {got}, with large ones to {wanted}"
            );
            report.problems.push(Problem::new(what));
        }
    }
}

/// What is wrong with an error that was expected.
pub(crate) fn faulted(
    error: &CallError,
    wanted: &FaultEntry,
    sources: &Sources,
    job: &Job,
) -> Vec<String> {
    let mut wrong = Vec::new();
    let code = error.code();
    let bare = code.strip_prefix("fault-").unwrap_or(code);
    if bare != wanted.code && code != wanted.code {
        wrong.push(format!(
            "expected the fault `{}`, found `{bare}` ({})",
            wanted.code,
            described(error, sources, job)
        ));
        return wrong;
    }
    let CallError::Fault(fault) = error else {
        return wrong;
    };
    let name = |index: Option<u32>| {
        let source = sources.get(index? as usize)?;
        Some(source.name().to_owned())
    };
    let column = |index: Option<u32>| {
        let columns = job.tables.iter().flat_map(|table| &table.columns);
        Some(columns.clone().nth(index? as usize)?.name.clone())
    };
    let mut hold = |what: &str, wanted: Option<String>, found: Option<String>| {
        if wanted.is_some() && wanted != found {
            let found = found.unwrap_or_else(|| "none".into());
            wrong.push(format!(
                "the fault's {what}: expected {}, found {found}",
                wanted.unwrap_or_default()
            ));
        }
    };
    hold("source", wanted.source.clone(), name(fault.source));
    hold(
        "line",
        wanted.line.map(|line| line.to_string()),
        fault.line.map(|line| line.to_string()),
    );
    hold("column", wanted.column.clone(), column(fault.column));
    wrong
}

/// An error with the names of file and column in place of their numbers.
pub(crate) fn described(error: &CallError, sources: &Sources, job: &Job) -> String {
    let mut text = format!("{} [{}]", error, error.code());
    let CallError::Fault(fault) = error else {
        return text;
    };
    let source = fault.source.and_then(|index| sources.get(index as usize));
    if let Some(source) = source {
        text.push_str(&format!("; the source is {}", source.name()));
    }
    let column = fault.column.and_then(|index| {
        let mut columns = job.tables.iter().flat_map(|table| &table.columns);
        columns.nth(index as usize)
    });
    if let Some(column) = column {
        text.push_str(&format!("; the column is `{}`", column.name));
    }
    text
}
