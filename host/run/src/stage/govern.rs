//! Govern: identifiers are found and removed before anything is stored.

use std::{cell::OnceCell, sync::atomic::AtomicU64};

use autods_board::{Body, Deidentified, HostBody, Identified};
use autods_ledger::{Entry, KeyAction, KeyKind};
use autods_privacy::{PrivacyError, deidentify, rescan, scan_with};
use autods_spec::Role;
use autods_table::{Table, profile, subject_index};

use super::{Bench, CACHE_BYTES};
use crate::{
    briefing::roster,
    catalogue::catalogue,
    cohort::{Cohort, with_codes},
    data::{policy, stored_path},
    error::{Result, RunError},
    lab::DesignCache,
    rounds::rounds,
    session::{HOST, Session},
};

pub(crate) fn govern(session: &mut Session<'_>, raw: Option<Table>) -> Result<Bench> {
    let path = stored_path(session);
    let table = match raw {
        Some(raw) => protect(session, raw)?,
        None => {
            skip_recorded(session)?;
            Table::read_parquet(&path).map_err(|e| {
                RunError::Integrity(format!(
                    "{}: {e}. The run cannot be continued; start it anew.",
                    path.display()
                ))
            })?
        }
    };
    let bench = bench(session, table)?;
    session.step("the data steward looks at the columns", 0, 0);
    rounds(session, &bench)?;
    Ok(bench)
}

/// Find, transform, scan again, store; only then say so on the board.
fn protect(session: &mut Session<'_>, raw: Table) -> Result<Table> {
    session.step("looking for identifiers", 0, 0);
    let policy = policy(&session.launch);
    let findings = scan_with(&raw, &policy).map_err(privacy)?;
    let key = session
        .key
        .as_ref()
        .ok_or_else(|| RunError::internal("no key"))?;
    session.ledger(&Entry::KeyUsed {
        key: KeyKind::Run,
        action: KeyAction::Read,
        fingerprint: key.fingerprint(),
    })?;
    let subject = subject_column(session)?;
    let made = deidentify(raw, &subject, &findings, &policy, key).map_err(privacy)?;
    let left = rescan(&made.table, &made.transforms, &policy).map_err(privacy)?;
    let fingerprint = key.fingerprint();
    let path = stored_path(session);
    if left.is_empty() {
        let written = made.table.write_parquet(&path).map_err(|e| {
            RunError::Unwritable(format!("the de-identified rows could not be stored: {e}"))
        })?;
        session.ledger(&Entry::Wrote {
            path: format!("data/{}.parquet", made.table.name()),
            sha256: written.sha256,
        })?;
    }
    for transform in &made.transforms {
        let evidence = findings
            .iter()
            .find(|f| f.column == transform.column)
            .map(|f| f.evidence.iter().map(ToString::to_string).collect())
            .unwrap_or_default();
        session.host(HostBody::Identified(Identified {
            table: made.table.name().to_owned(),
            column: transform.column.clone(),
            class: transform.class.to_string(),
            evidence,
            rows: transform.rows,
            action: transform.action.to_string(),
        }))?;
    }
    // the key differs between runs: its fingerprint is in run.toml and the ledger, not in an event
    // that two runs are compared by; `integrity::compare` leaves this field out
    session.host(HostBody::Deidentified(Deidentified {
        columns: u32::try_from(made.transforms.len()).unwrap_or(u32::MAX),
        remaining: u32::try_from(left.len()).unwrap_or(u32::MAX),
        key: fingerprint,
    }))?;
    if let Some(first) = left.first() {
        return Err(RunError::Gate {
            stage: "govern".to_owned(),
            because: format!(
                "rescan-clean: {} column(s) still look like identifiers after de-identification, first `{}` ({}). Declare the column `role: ignored`, or its true `type`, in TASK.md.",
                left.len(),
                first.column,
                first.class
            ),
        });
    }
    Ok(made.table)
}

fn privacy(error: PrivacyError) -> RunError {
    RunError::Data(format!("de-identification: {error}"))
}

fn skip_recorded(session: &mut Session<'_>) -> Result<()> {
    loop {
        let last = matches!(
            session.recorded().map(|e| &e.body),
            Some(Body::Host(b)) if matches!(**b, HostBody::Deidentified(_))
        );
        session.record(HOST, |_| {
            Err(RunError::internal("the stored rows are not on the board"))
        })?;
        if last {
            return Ok(());
        }
    }
}

/// Leave out the rows that the task's population excludes from the beginning.
fn in_population(session: &Session<'_>, table: Table) -> Result<Table> {
    let mut keep = vec![true; table.rows()];
    for exclusion in &session.task.population.exclude {
        let out = with_codes(&table, &exclusion.column, &exclusion.codes)?;
        for (keep, out) in keep.iter_mut().zip(out) {
            *keep &= !out;
        }
    }
    if keep.iter().all(|&k| k) {
        return Ok(table);
    }
    Ok(table.filter(&keep)?)
}

fn subject_column(session: &Session<'_>) -> Result<String> {
    session
        .task
        .main_table()
        .into_iter()
        .flat_map(|table| &table.columns)
        .find(|c| c.role == Role::Subject)
        .map(|c| c.name.clone())
        .ok_or_else(|| RunError::internal("a checked task has a subject column"))
}

fn bench(session: &mut Session<'_>, table: Table) -> Result<Bench> {
    let table = in_population(session, table)?;
    session.step("profiling", 0, 0);
    let disclosure = policy(&session.launch).disclosure();
    let shown = disclosure.profile(&profile(&table)?);
    session.host(HostBody::Profiled(
        serde_json::to_value(&shown).map_err(RunError::internal)?,
    ))?;
    let endpoint = &session.task.endpoint;
    let outcome = table
        .binary_outcome(&endpoint.column, &endpoint.positive, &endpoint.negative)
        .map_err(|e| RunError::Data(format!("table `{}`: {e}", table.name())))?;
    let subject = subject_index(&table, &subject_column(session)?)
        .map_err(|e| RunError::Data(format!("table `{}`: {e}", table.name())))?;
    let cohort = Cohort {
        lockbox: vec![false; outcome.len()],
        table,
        subject,
        outcome,
    };
    let catalogue = catalogue(&cohort, &shown, &disclosure);
    // a name may hold a code of the dictionary, which the task's author wrote, or one whose count
    // is shown; never another value of a row
    let levels = catalogue
        .columns
        .iter()
        .flat_map(|c| &c.levels)
        .map(|l| l.code.clone())
        .collect();
    Ok(Bench {
        cohort,
        catalogue,
        players: roster(&session.launch),
        levels,
        cache: DesignCache::new(CACHE_BYTES),
        foreign: AtomicU64::new(0),
        univariate: OnceCell::new(),
    })
}
