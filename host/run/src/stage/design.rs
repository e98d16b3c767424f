//! Design: the protocol is argued about, locked, and the lock-box is cut.

use autods_board::{EventBody, HostBody, LockboxCut, Locked, ProposalBody};
use autods_science::lockbox;
use sha2::{Digest as _, Sha256};

use super::Bench;
use crate::{
    cohort::{Part, everybody},
    error::{Result, RunError},
    lab::derive_seed,
    rounds::rounds,
    session::Session,
};

pub(crate) fn design(session: &mut Session<'_>, bench: &mut Bench) -> Result<()> {
    rounds(session, bench)?;
    let Some(id) = session.state().protocol else {
        // the gate says so
        return Ok(());
    };
    let Some(EventBody::Proposed(proposal)) = session.agent_body(id) else {
        return Err(RunError::internal("the accepted protocol is no proposal"));
    };
    let ProposalBody::Protocol(protocol) = proposal.body.clone() else {
        return Err(RunError::internal(
            "the accepted protocol is another proposal",
        ));
    };
    let canonical = serde_json::to_vec(&protocol).map_err(RunError::internal)?;
    let digest: String = Sha256::digest(&canonical)
        .iter()
        .map(|b| format!("{b:02x}"))
        .collect();
    session.host(HostBody::Locked(Locked {
        proposal: id,
        digest,
        protocol: protocol.clone(),
    }))?;
    cut(session, bench, protocol.lockbox)
}

/// Cut the lock-box: whole subjects, stratified by outcome, from everybody, so that it serves
/// every population.
fn cut(session: &mut Session<'_>, bench: &mut Bench, fraction: f64) -> Result<()> {
    let seed = derive_seed(
        "lock-box",
        session.launch.seeds.first().copied().unwrap_or(0),
        0,
    );
    let cohort = &mut bench.cohort;
    cohort.lockbox = lockbox(&cohort.subject, &cohort.outcome, fraction, seed)?;
    let all = everybody();
    let (inside, outside) = (
        cohort.rows(&all, Part::Lockbox),
        cohort.rows(&all, Part::Development),
    );
    let subjects = |rows: &[u32]| {
        let mut list = cohort.subjects(rows);
        list.sort_unstable();
        list.dedup();
        list.len() as u64
    };
    session.host(HostBody::LockboxCut(LockboxCut {
        subjects: subjects(&inside),
        rows: inside.len() as u64,
        development_rows: outside.len() as u64,
        development_subjects: subjects(&outside),
    }))?;
    Ok(())
}
