//! Prepare: checks of every column stand on the board before feature sets are argued about.

use autods_board::{CheckKind, CheckTarget, EventBody};
use autods_spec::{Kind, LeakageCheck, Role};

use super::Bench;
use crate::{
    error::Result,
    rounds::rounds,
    session::{HOST, Session},
};

/// The check on the board that a name in LAUNCH.md asks for.
pub(crate) fn kind_of(check: LeakageCheck) -> CheckKind {
    match check {
        LeakageCheck::Duplicates => CheckKind::Duplicates,
        LeakageCheck::GroupOverlap => CheckKind::GroupOverlap,
        LeakageCheck::TargetProxy => CheckKind::TargetProxy,
        LeakageCheck::MissingnessProxy => CheckKind::MissingnessProxy,
        LeakageCheck::Identifier => CheckKind::Identifier,
        LeakageCheck::PostIndex => CheckKind::PostIndex,
        LeakageCheck::ImpossibleOutcome => CheckKind::ImpossibleOutcome,
    }
}

pub(crate) fn prepare(session: &mut Session<'_>, bench: &Bench) -> Result<()> {
    let predictors: Vec<(String, Kind)> = bench
        .cohort
        .table
        .columns()
        .iter()
        .filter(|c| c.role == Role::Predictor)
        .map(|c| (c.name.clone(), c.kind))
        .collect();
    let mut wanted = Vec::new();
    for check in session.launch.leakage_checks.clone() {
        let kind = kind_of(check);
        match check {
            LeakageCheck::Duplicates | LeakageCheck::GroupOverlap => {
                wanted.push((kind, CheckTarget::Data));
            }
            LeakageCheck::ImpossibleOutcome => wanted.extend(
                predictors
                    .iter()
                    .filter(|(_, k)| matches!(k, Kind::Category | Kind::Ordinal))
                    .map(|(name, _)| (kind, CheckTarget::Column(name.clone()))),
            ),
            _ => wanted.extend(
                predictors
                    .iter()
                    .map(|(name, _)| (kind, CheckTarget::Column(name.clone()))),
            ),
        }
    }
    for (name, _) in &predictors {
        wanted.push((CheckKind::NearConstant, CheckTarget::Column(name.clone())));
    }
    let total = wanted.len();
    for (done, (kind, target)) in wanted.into_iter().enumerate() {
        session.step("checking columns for leaks", done, total);
        let known = session.seen().iter().any(|e| {
            matches!(&e.body, autods_board::Body::Agent(EventBody::Checked(c)) if c.kind == kind && c.target == target)
        });
        if known {
            continue;
        }
        // whether a check applies depends on the column's kind, not on chance: replay agrees
        let replayed = session.recorded().is_some_and(|e| {
            e.author == HOST
                && matches!(&e.body, autods_board::Body::Agent(EventBody::Checked(c)) if c.kind == kind && c.target == target)
        });
        if replayed {
            session.record(HOST, |_| Err(crate::RunError::internal("not recorded")))?;
            continue;
        }
        if let Some(check) = bench.with_examiner(session, |e| e.examine(kind, &target))? {
            session.say(EventBody::Checked(check))?;
        }
    }
    rounds(session, bench)
}
