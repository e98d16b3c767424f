//! Ingest: loaders turn files into tables.

use autods_board::{Body, HostBody, Loaded, Selected, Started};
use autods_spec::CohortSource;
use autods_table::Table;

use crate::{
    data::{self, LoadedTable},
    derive,
    error::{Result, RunError},
    layout::FileEntry,
    session::{HOST, Session},
};

/// Load every table of the task; `None` if an earlier life of this run has stored them already.
pub(crate) fn ingest(session: &mut Session<'_>) -> Result<Option<Table>> {
    let started = started(session);
    session.host(HostBody::Started(started))?;
    let stored = stored(session);
    let mut main = None;
    let mut parts = Vec::new();
    for source in session.task.data.clone() {
        let loaded: Option<LoadedTable> = if stored {
            None
        } else {
            session.step(format!("loading table {}", source.table), 0, 0);
            Some(data::load(session, &source)?)
        };
        let record = loaded.as_ref().map(|l| Loaded {
            table: source.table.clone(),
            rows: l.table.rows() as u64,
            columns: u32::try_from(l.table.columns().len()).unwrap_or(u32::MAX),
            undeclared: l.undeclared,
            shards: l.shards,
            loader: source.loader.clone(),
        });
        session.record(HOST, |_| {
            record
                .map(|r| Body::Host(Box::new(HostBody::Loaded(r))))
                .ok_or_else(|| {
                    RunError::internal("a table is stored but its loading is not on the board")
                })
        })?;
        if source.table == session.task.endpoint.table {
            main = loaded.map(|l| l.table);
        } else if session.task.cohort.is_some() {
            parts.extend(loaded.map(|l| l.table));
        }
    }
    match session.task.cohort.clone() {
        Some(cohort) => selected(session, &cohort, parts, stored),
        None => Ok(main),
    }
}

/// The main table of a task that defines a cohort.
fn selected(
    session: &mut Session<'_>,
    cohort: &CohortSource,
    parts: Vec<Table>,
    stored: bool,
) -> Result<Option<Table>> {
    let made = if stored {
        None
    } else {
        session.step("selecting the cohort", 0, 0);
        Some(derive::main_table(&session.task, cohort, &parts)?)
    };
    let threshold = data::policy(&session.launch).threshold;
    let sizes: Vec<u64> = parts.iter().map(|part| part.rows() as u64).collect();
    let record = made.as_ref().map(|made| Selected {
        table: cohort.table.clone(),
        steps: derive::shown(&made.attrition, &sizes, threshold),
    });
    session.record(HOST, |_| {
        record
            .map(|r| Body::Host(Box::new(HostBody::Selected(r))))
            .ok_or_else(|| {
                RunError::internal("a table is stored but its selection is not on the board")
            })
    })?;
    Ok(made.map(|made| made.table))
}

/// Whether the de-identified rows are on disk and the board knows it.
fn stored(session: &Session<'_>) -> bool {
    data::stored_path(session).is_file()
        && session
            .board
            .events()
            .iter()
            .any(|e| matches!(&e.body, Body::Host(b) if matches!(**b, HostBody::Deidentified(_))))
}

fn started(session: &Session<'_>) -> Started {
    let digests = |entries: &[FileEntry]| {
        entries
            .iter()
            .map(|e| autods_board::FileDigest {
                name: e.name.clone(),
                sha256: e.sha256.clone(),
                bytes: e.bytes,
            })
            .collect()
    };
    let (task, file) = (&session.task, &session.file);
    Started {
        run: file.name.clone(),
        task: task.name.clone(),
        title: task.title.clone(),
        question: task.question.clone(),
        host: file.host.clone(),
        task_digest: file.task_sha256.clone(),
        data: digests(&file.files),
        plugins: digests(&file.plugins),
        synthetic: file.synthetic,
        licence: task.licence.clone(),
        citation: task.citation.clone(),
        command: file.command.clone(),
        intended_use: task.intended_use.clone(),
    }
}
