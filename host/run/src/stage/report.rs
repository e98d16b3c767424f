//! Report: the translator's words, the host's numbers.

use autods_board::{Body, Closed, EventBody, HostBody};
use autods_ledger::{Entry, Outcome};

use super::Bench;
use crate::{
    error::{Result, RunError},
    layout::RunDir,
    release,
    rounds::rounds,
    session::Session,
};

pub(crate) fn narrate(session: &mut Session<'_>, bench: &Bench) -> Result<()> {
    rounds(session, bench)
}

/// Close the run and write its report.
pub(crate) fn close(session: &mut Session<'_>) -> Result<()> {
    let champion = session.state().champion;
    let primary = champion.and_then(|id| match session.agent_body(id) {
        Some(EventBody::Experiment(e)) => Some(e.auroc),
        _ => None,
    });
    let outcome = if champion.is_some() {
        "complete"
    } else {
        "no-champion"
    };
    session.host(HostBody::Closed(Closed {
        outcome: outcome.to_owned(),
        champion,
        primary,
    }))?;
    let began = std::time::Instant::now();
    write(session.seen(), session.timing(), &session.dir)?;
    session.add_time("report: writing", began.elapsed().as_secs_f64());
    release::to_report(session)?;
    record_report(&session.dir, |entry| session.ledger(entry))?;
    session.ledger(&Entry::BoardHead {
        event: session.seen().len() as u64,
        hash: session.board_hash()?,
    })?;
    session.ledger(&Entry::RunClosed {
        outcome: Outcome::Completed,
    })?;
    session.sync_ledger()?;
    session.save_timing()
}

/// Put the digests of the report's files into the ledger.
pub(crate) fn record_report(dir: &RunDir, ledger: impl Fn(&Entry) -> Result<()>) -> Result<()> {
    crate::integrity::record_tree(dir, "report", ledger)
}

/// Write report.html and report.md from the log.
pub(crate) fn write(
    events: &[autods_board::Event],
    timing: &[(String, f64)],
    dir: &RunDir,
) -> Result<()> {
    if !events
        .iter()
        .any(|e| matches!(&e.body, Body::Host(b) if matches!(**b, HostBody::Closed(_))))
    {
        return Err(RunError::Usage(
            "the run is not closed yet: there is nothing to report. `autods-host resume` continues it.".to_owned(),
        ));
    }
    autods_report::write(events, timing, &dir.report())
        .map(|_| ())
        .map_err(|e| match e {
            autods_report::ReportError::Write { .. } => RunError::Unwritable(e.to_string()),
            _ => RunError::Integrity(format!("the report could not be composed: {e}")),
        })
}
