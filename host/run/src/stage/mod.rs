//! The stages of a run, one file each, and what they share.

mod design;
mod explore;
mod govern;
mod ingest;
mod prepare;
mod report;
mod validate;

use std::{cell::OnceCell, collections::BTreeSet, sync::atomic::AtomicU64};

use autods_board::{Body, Catalogue, HostBody, Protocol, Stage};
use autods_ledger::Entry;

pub(crate) use prepare::kind_of;
pub(crate) use report::{record_report, write as write_report};

use crate::{
    briefing::Player,
    checks::{Alone, Examiner},
    cohort::Cohort,
    error::{Result, RunError},
    gate,
    lab::{DesignCache, Lab},
    progress::Update,
    session::Session,
};

/// What the stages after `govern` work on.
pub(crate) struct Bench {
    pub(crate) cohort: Cohort,
    pub(crate) catalogue: Catalogue,
    pub(crate) players: Vec<Player>,
    pub(crate) levels: BTreeSet<String>,
    pub(crate) cache: DesignCache,
    pub(crate) foreign: AtomicU64,
    pub(crate) univariate: OnceCell<Vec<Alone>>,
}

/// Bytes of prepared designs that are kept: what lets a run on 100,000 rows stay under 3 GiB.
pub(crate) const CACHE_BYTES: usize = 900 << 20;

impl Bench {
    pub(crate) fn with_lab<T>(
        &self,
        session: &Session<'_>,
        work: impl FnOnce(&Lab<'_>) -> Result<T>,
    ) -> Result<T> {
        let cv = &session.launch.cv_strategy;
        work(&Lab {
            plugins: &session.plugins,
            ledger: &session.ledger,
            cohort: &self.cohort,
            levels: &self.levels,
            artifacts: session.dir.artifacts(),
            folds: cv.folds,
            inner_folds: cv.inner_folds,
            seeds: session.launch.seeds.clone(),
            replicates: session.launch.promotion_criteria.replicates,
            thresholds: session.task.decision_thresholds.clone(),
            threshold: u64::from(session.launch.deident_policy.threshold),
            cache: &self.cache,
            foreign: &self.foreign,
        })
    }

    pub(crate) fn with_examiner<T>(
        &self,
        session: &Session<'_>,
        work: impl FnOnce(&Examiner<'_>) -> Result<T>,
    ) -> Result<T> {
        if self.cohort.lockbox.iter().any(|&b| b) {
            self.with_lab(session, |lab| {
                work(&Examiner::new(session, self, Some(lab)))
            })
        } else {
            work(&Examiner::new(session, self, None))
        }
    }
}

/// Run, or run again, a session from its first event to its last.
pub(crate) fn drive(session: &mut Session<'_>) -> Result<()> {
    announce(session);
    let raw = session.timed("ingest", ingest::ingest)?;
    pass(session, None, Stage::Govern)?;
    let mut bench = session.timed("govern", |s| govern::govern(s, raw))?;
    pass(session, Some(&bench), Stage::Design)?;
    session.timed("design", |s| design::design(s, &mut bench))?;
    pass(session, Some(&bench), Stage::Prepare)?;
    session.timed("prepare", |s| prepare::prepare(s, &bench))?;
    pass(session, Some(&bench), Stage::Explore)?;
    session.timed("explore", |s| explore::explore(s, &bench))?;
    if session.state().champion.is_some() {
        pass(session, Some(&bench), Stage::Validate)?;
        session.timed("validate", |s| validate::validate(s, &bench))?;
    }
    pass(session, Some(&bench), Stage::Report)?;
    session.timed("report", |s| report::narrate(s, &bench))?;
    pass(session, Some(&bench), Stage::Closed)?;
    report::close(session)
}

/// Ask the gate of the present stage; go on if it opens, stop the run if it stays shut.
fn pass(session: &mut Session<'_>, bench: Option<&Bench>, next: Stage) -> Result<()> {
    let transition = gate::examine(session, bench, next)?;
    if let Some(shut) = gate::shut(&transition) {
        let stage = format!("{:?}", session.stage).to_lowercase();
        let unmet = transition
            .conditions
            .iter()
            .filter(|c| !c.met)
            .map(|c| c.name.clone())
            .collect();
        session.host(HostBody::Held(transition))?;
        session.ledger(&Entry::GateShut {
            from: stage.clone(),
            to: format!("{next:?}").to_lowercase(),
            unmet,
        })?;
        session.save_timing()?;
        return Err(RunError::Gate {
            stage,
            because: shut,
        });
    }
    let (from, to) = (session.stage, next);
    session.host(HostBody::Entered(transition))?;
    session.ledger(&Entry::StageEntered {
        from: format!("{from:?}").to_lowercase(),
        to: format!("{to:?}").to_lowercase(),
    })?;
    session.ledger(&Entry::BoardHead {
        event: session.seen().len() as u64,
        hash: session.board_hash()?,
    })?;
    session.sync_ledger()?;
    session.save_timing()?;
    session.stage = next;
    announce(session);
    Ok(())
}

fn announce(session: &Session<'_>) {
    session.tell(Update::Stage(session.stage));
}

/// The locked protocol.
pub(crate) fn locked(session: &Session<'_>) -> Option<Protocol> {
    session.seen().iter().find_map(|e| match &e.body {
        Body::Host(body) => match &**body {
            HostBody::Locked(l) => Some(l.protocol.clone()),
            _ => None,
        },
        Body::Agent(_) => None,
    })
}
