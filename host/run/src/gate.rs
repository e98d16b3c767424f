//! Gates: code that reads the log.
//!
//! runbook.md names the conditions of each gate; this module is what the names mean. A gate opens
//! only if every condition of it holds.

use autods_board::{
    Body, CheckKind, Condition, EventBody, HostBody, OutcomeVerdict, Stage, Transition,
};
use autods_spec::{GateCondition, LeakageCheck, Role};

use crate::{
    error::{Result, RunError},
    rounds::tickets,
    session::Session,
    stage::{Bench, kind_of},
};

/// What the gate from the present stage to `next` sees.
pub(crate) fn examine(
    session: &Session<'_>,
    bench: Option<&Bench>,
    next: Stage,
) -> Result<Transition> {
    let way = session
        .runbook
        .transitions
        .iter()
        .find(|t| t.from.name() == word(session.stage) && t.to.name() == word(next))
        .ok_or_else(|| {
            RunError::internal(format!(
                "runbook.md has no way from {} to {}",
                word(session.stage),
                word(next)
            ))
        })?;
    let conditions = way
        .gate
        .iter()
        .map(|&condition| {
            let (met, because) = look(session, bench, condition);
            Condition {
                name: condition.name().to_owned(),
                met,
                because,
            }
        })
        .collect();
    Ok(Transition {
        from: session.stage,
        to: next,
        conditions,
    })
}

/// Why a gate stays shut; `None` if it opens.
pub(crate) fn shut(transition: &Transition) -> Option<String> {
    let unmet: Vec<String> = transition
        .conditions
        .iter()
        .filter(|c| !c.met)
        .map(|c| format!("{}: {}", c.name, c.because))
        .collect();
    (!unmet.is_empty()).then(|| unmet.join("; "))
}

fn word(stage: Stage) -> String {
    format!("{stage:?}").to_lowercase()
}

fn hosts<'a>(session: &'a Session<'_>) -> impl Iterator<Item = &'a HostBody> {
    session.seen().iter().filter_map(|e| match &e.body {
        Body::Host(body) => Some(&**body),
        Body::Agent(_) => None,
    })
}

fn look(session: &Session<'_>, bench: Option<&Bench>, condition: GateCondition) -> (bool, String) {
    let state = session.state();
    match condition {
        GateCondition::TablesLoaded => {
            let n = hosts(session)
                .filter(|b| matches!(b, HostBody::Loaded(l) if l.rows > 0))
                .count();
            let wanted = session.task.data.len();
            (n == wanted, format!("{n} of {wanted} tables hold rows"))
        }
        GateCondition::RescanClean => {
            let left = hosts(session).find_map(|b| match b {
                HostBody::Deidentified(d) => Some(d.remaining),
                _ => None,
            });
            match left {
                Some(n) => (n == 0, format!("{n} findings in the second scan")),
                None => (false, "no de-identification on the board".to_owned()),
            }
        }
        GateCondition::ProtocolAccepted => match state.protocol {
            Some(id) => (true, format!("event {id}")),
            None => (
                false,
                "no protocol has its quorum without an open objection".to_owned(),
            ),
        },
        GateCondition::ProtocolLocked => {
            let locked = hosts(session).any(|b| matches!(b, HostBody::Locked(_)));
            (
                locked,
                if locked { "locked" } else { "not locked" }.to_owned(),
            )
        }
        GateCondition::LockboxCut => {
            let cut = hosts(session).find_map(|b| match b {
                HostBody::LockboxCut(c) => Some(c.subjects),
                _ => None,
            });
            match cut {
                Some(n) => (true, format!("{n} subjects set aside")),
                None => (false, "no lock-box".to_owned()),
            }
        }
        GateCondition::FeaturesAccepted => {
            let n = session.accepted_features().len();
            (n > 0, format!("{n} feature sets accepted"))
        }
        GateCondition::NoOpenTickets => {
            let open = bench.map_or(0, |b| tickets(session, b).len());
            (open == 0, format!("{open} tickets open"))
        }
        GateCondition::ChampionPromoted => match state.champion {
            Some(id) => (true, format!("event {id}")),
            None => (
                false,
                "no result met the promotion criteria of LAUNCH.md".to_owned(),
            ),
        },
        GateCondition::NoChampion => match state.champion {
            Some(id) => (false, format!("event {id} is the champion")),
            None => (
                true,
                "no result met the promotion criteria of LAUNCH.md".to_owned(),
            ),
        },
        GateCondition::LeakageLedgerComplete => {
            let rows = hosts(session)
                .filter(|b| matches!(b, HostBody::Leakage(_)))
                .count();
            let open = hosts(session)
                .filter(|b| {
                    matches!(b, HostBody::Leakage(r)
                        if r.check.verdict == OutcomeVerdict::Block
                            && r.check.kind != CheckKind::ImpossibleOutcome && !r.title.ends_with("(left out)"))
                })
                .count();
            (
                rows > 0 && open == 0,
                format!("{rows} rows, {open} of them blocking what the champion uses"),
            )
        }
        GateCondition::LockboxOpenedOnce => {
            let n = hosts(session)
                .filter(|b| matches!(b, HostBody::LockboxOpened(_)))
                .count();
            (n == 1, format!("opened {n} times"))
        }
        GateCondition::SignedOff => {
            let signed = state.signed_off;
            (
                signed,
                if signed {
                    "the validator signed"
                } else {
                    "the validator has not signed the champion"
                }
                .to_owned(),
            )
        }
        GateCondition::StatementsResolve => {
            let n = hosts(session)
                .filter(|b| matches!(b, HostBody::Stated(_)))
                .count();
            (
                n > 0,
                format!("{n} statements, each number resolved from an event"),
            )
        }
        GateCondition::BlockingChecksAnswered => {
            let blocked = session.blocked_columns();
            let used = session
                .accepted_features()
                .iter()
                .flat_map(crate::session::columns_of)
                .filter(|c| blocked.contains(c))
                .count();
            (
                used == 0,
                format!("{used} blocked columns in accepted feature sets"),
            )
        }
        GateCondition::LeakageChecksDone => {
            let predictors = bench.map_or(0, |b| {
                let columns = b.cohort.table.columns();
                columns.iter().filter(|c| c.role == Role::Predictor).count()
            });
            let done = |kind: CheckKind| {
                let n = session
                    .seen()
                    .iter()
                    .filter(
                        |e| matches!(&e.body, Body::Agent(EventBody::Checked(c)) if c.kind == kind),
                    )
                    .count();
                // a proxy cannot be looked for in a column without two values
                let wanted = match kind {
                    CheckKind::PostIndex | CheckKind::Identifier => predictors,
                    _ => 1,
                };
                n >= wanted
            };
            let asked = &session.launch.leakage_checks;
            let missing: Vec<&str> = asked
                .iter()
                // a table without codes has nothing that could be impossible
                .filter(|&&c| c != LeakageCheck::ImpossibleOutcome && !done(kind_of(c)))
                .map(|c| c.name())
                .collect();
            let because = if missing.is_empty() {
                format!("all {} checks of LAUNCH.md are on the board", asked.len())
            } else {
                format!("not on the board: {}", missing.join(", "))
            };
            (missing.is_empty(), because)
        }
    }
}
