//! Files to tables, through a loader.

use std::path::{Path, PathBuf};

use autods_ledger::Entry;
use autods_privacy::Policy;
use autods_sandbox::{
    CallError, Sources,
    loader::{self, Coding, ColumnSpec, FaultCode, Job, Param, Shard, TableSpec},
};
use autods_spec::{Kind, Launch, TableSource};
use autods_table::Table;
use rayon::prelude::*;

use crate::{
    briefing,
    calls::{record_call, record_failure},
    error::{Result, RunError},
    layout::FileEntry,
    session::{Session, recast},
};

/// Bytes of a shard: small enough that two cores have work, large enough that calls are few.
const SHARD_BYTES: u64 = 4 << 20;

/// A loaded table and how it came about.
pub(crate) struct LoadedTable {
    pub(crate) table: Table,
    pub(crate) undeclared: u32,
    pub(crate) shards: u32,
}

/// Where the de-identified main table is kept.
pub(crate) fn stored_path(session: &Session<'_>) -> PathBuf {
    session
        .dir
        .data()
        .join(format!("{}.parquet", session.task.endpoint.table))
}

/// The privacy policy that LAUNCH.md asks for.
pub(crate) fn policy(launch: &Launch) -> Policy {
    Policy {
        age_cap: launch.deident_policy.age_cap,
        threshold: u64::from(launch.deident_policy.threshold),
        date_shift_days: launch.deident_policy.date_shift_days,
        ..Policy::default()
    }
}

/// The names in `dir` that a table's patterns match, ascending; at most one of `x` and `x.gz`.
pub(crate) fn matching(dir: &Path, source: &TableSource) -> Result<Vec<String>> {
    let mut names: Vec<String> = std::fs::read_dir(dir)
        .map_err(|e| RunError::Data(format!("the data directory {}: {e}", dir.display())))?
        .filter_map(|entry| {
            let entry = entry.ok()?;
            let is_file = entry.file_type().ok()?.is_file() || entry.path().is_file();
            is_file.then(|| entry.file_name().to_string_lossy().into_owned())
        })
        .filter(|name| source.matches(name))
        .collect();
    names.sort();
    let plain: Vec<String> = names.clone();
    names.retain(|n| {
        n.strip_suffix(".gz")
            .is_none_or(|p| !plain.iter().any(|o| o == p))
    });
    Ok(names)
}

/// Digests of every file that the task will read.
pub(crate) fn digests(dir: &Path, sources: &[TableSource]) -> Result<Vec<FileEntry>> {
    let mut entries = Vec::new();
    for source in sources {
        let names = matching(dir, source)?;
        if names.is_empty() {
            return Err(RunError::Data(format!(
                "table `{}`: no file in {} matches {}. Name the directory that holds it with --data, fetch it with the task's download_data.sh, or use --synthetic.",
                source.table,
                dir.display(),
                source.files.join(" or ")
            )));
        }
        for name in names {
            let path = dir.join(&name);
            let bytes = std::fs::read(&path).map_err(|e| RunError::io("reading", &path, e))?;
            if bytes.is_empty() {
                return Err(RunError::Data(format!(
                    "table `{}`: {} is empty",
                    source.table,
                    path.display()
                )));
            }
            entries.push(FileEntry {
                name,
                sha256: crate::integrity::sha256(&bytes),
                bytes: bytes.len() as u64,
            });
        }
    }
    Ok(entries)
}

/// Where this run's files are.
fn directory(session: &Session<'_>) -> PathBuf {
    if session.file.synthetic {
        session.dir.synthetic()
    } else {
        PathBuf::from(&session.file.data)
    }
}

/// Load one table: the loader plans shards, the host runs them in parallel and joins them in order.
pub(crate) fn load(session: &Session<'_>, source: &TableSource) -> Result<LoadedTable> {
    let directory = directory(session);
    let names = matching(&directory, source)?;
    let sources = Sources::open(&directory, &names, &session.sandbox.policy().sources)
        .map_err(|e| RunError::Data(format!("table `{}`: {e}", source.table)))?;
    let plugin = session.plugin(&source.loader)?;
    for opened in sources.iter() {
        let name = opened.name().to_owned();
        let sha256 = opened
            .sha256()
            .map_err(|e| RunError::io("reading", directory.join(&name), e))?;
        let bytes = opened.raw_size();
        let expected = session.file.files.iter().find(|f| f.name == name);
        if expected.is_none_or(|f| f.sha256 != sha256) {
            return Err(RunError::Integrity(format!(
                "{} is not the file that this run began with; start a new run",
                directory.join(&name).display()
            )));
        }
        session.ledger(&Entry::SourceOpened {
            plugin: plugin.id().to_owned(),
            component: plugin.sha256().to_owned(),
            table: source.table.clone(),
            file: name,
            sha256,
            bytes,
        })?;
    }
    let job = job(source)?;
    let (planner, account) = plugin.accounted();
    let shards = match loader::plan(&planner, &sources, &job, SHARD_BYTES) {
        Ok((shards, usage)) => {
            record_call(&session.ledger, plugin, "plan", &account, &usage)?;
            shards
        }
        Err(error) => {
            record_failure(&session.ledger, plugin, "plan", &account, &error)?;
            return Err(fault(&error, source, &names));
        }
    };
    let loaded: Vec<_> = shards
        .par_iter()
        .map(|shard: &Shard| {
            let (plugin, account) = plugin.accounted();
            (loader::load(&plugin, &sources, &job, shard), account)
        })
        .collect();
    let mut streams = Vec::new();
    let mut undeclared = 0;
    let mut failed = None;
    // every call is recorded, also those after the first that failed
    for (one, account) in loaded {
        match one {
            Ok((output, usage)) => {
                record_call(&session.ledger, plugin, "load", &account, &usage)?;
                undeclared = undeclared.max(output.summary.undeclared_columns);
                for (name, batches) in output.tables {
                    if name == source.table {
                        streams.extend(batches);
                    }
                }
            }
            Err(error) => {
                record_failure(&session.ledger, plugin, "load", &account, &error)?;
                failed.get_or_insert(error);
            }
        }
    }
    if let Some(error) = failed {
        return Err(fault(&error, source, &names));
    }
    let table = Table::from_streams(&source.table, &source.columns, streams)
        .map_err(|e| RunError::Data(format!("table `{}`: {e}", source.table)))?;
    if table.rows() == 0 {
        return Err(RunError::Data(format!(
            "table `{}`: {} hold no rows",
            source.table,
            names.join(", ")
        )));
    }
    Ok(LoadedTable {
        table,
        undeclared,
        shards: u32::try_from(shards.len()).unwrap_or(u32::MAX),
    })
}

fn job(source: &TableSource) -> Result<Job> {
    let columns = source
        .columns
        .iter()
        .map(|c| {
            Ok(ColumnSpec {
                name: c.name.clone(),
                kind: recast(&format!("{:?}", c.kind))?,
                unit: c.unit.clone(),
                codings: c
                    .codings
                    .iter()
                    .map(|k| Coding {
                        code: k.code.clone(),
                        label: k.label.clone(),
                    })
                    .collect(),
                missing: c.missing.clone(),
            })
        })
        .collect::<Result<_>>()?;
    let mut params = Vec::new();
    if let Some(delimiter) = &source.delimiter {
        params.push(text("delimiter", delimiter));
    }
    for option in briefing::params(&source.options) {
        params.push(recast(&option)?);
    }
    Ok(Job {
        tables: vec![TableSpec {
            name: source.table.clone(),
            columns,
            missing: source.missing.clone(),
        }],
        params,
    })
}

fn text(name: &str, value: &str) -> Param {
    Param {
        name: name.to_owned(),
        value: loader::Scalar::Text(value.to_owned()),
    }
}

/// A loader's fault in words: codes and numbers become file, line and column.
fn fault(error: &CallError, source: &TableSource, names: &[String]) -> RunError {
    let CallError::Fault(fault) = error else {
        return RunError::Plugin(format!(
            "table `{}`: loader `{}`: {error}",
            source.table, source.loader
        ));
    };
    let file = fault
        .source
        .and_then(|s| names.get(s as usize))
        .map_or_else(|| names.join(", "), Clone::clone);
    let line = fault
        .line
        .map(|l| format!(", line {l}"))
        .unwrap_or_default();
    let column = fault
        .column
        .and_then(|c| source.columns.get(c as usize))
        .map(|c| format!(", column `{}`", c.name))
        .unwrap_or_default();
    let kind = fault
        .column
        .and_then(|c| source.columns.get(c as usize))
        .map_or("value", |c| match c.kind {
            Kind::Integer => "whole number",
            Kind::Number => "number",
            Kind::Boolean => "yes/no value",
            Kind::Date => "date (YYYY-MM-DD)",
            Kind::Datetime => "date and time (ISO 8601)",
            _ => "value",
        });
    let what = match fault.code {
        FaultCode::EmptyInput => "no rows: the file is empty or ends after its header".to_owned(),
        FaultCode::RaggedRecord => {
            let counts = match (fault.expected, fault.found) {
                (Some(expected), Some(found)) => format!("{found} fields, the header {expected}"),
                _ => "more or fewer fields than the header".to_owned(),
            };
            format!("the record has {counts}. Mend the line, or check `delimiter` in TASK.md")
        }
        FaultCode::UnterminatedQuote => "a quoted field is still open at the end of the file. Look for a stray quotation mark from that line on".to_owned(),
        FaultCode::InvalidUtf8 => "bytes that are not UTF-8. Convert the file, for example with `iconv -t UTF-8`".to_owned(),
        FaultCode::MissingColumn => "the dictionary in TASK.md declares this column, but the file's header does not have it".to_owned(),
        FaultCode::DuplicateColumn => "the file's header has this column twice".to_owned(),
        FaultCode::InvalidValue => format!("a value is not a {kind}. Mend it, declare it under `missing`, or change the column's `type` in TASK.md"),
        FaultCode::UnknownCode => "a code that the dictionary does not list. Add it to the column's `codings`, or declare it under `missing`".to_owned(),
        FaultCode::UnknownParameter => "the loader does not know one of the options that TASK.md gives it".to_owned(),
        other => format!("the loader reported `{}`", other.code()),
    };
    RunError::Data(format!(
        "table `{}`, {file}{line}{column}: {what}",
        source.table
    ))
}
