//! What a call used and which limits it met, also when it failed.

use std::sync::{Arc, Mutex, PoisonError};

use crate::call_error::{Budget, CallError, Rejection, TrapKind};
use crate::meter::{Meter, Usage};
use crate::plugin::Plugin;
use crate::policy::mib;

/// The account of the calls of one [`Plugin::accounted`](crate::Plugin::accounted): of the last
/// one that ended, well or not.
#[derive(Clone, Debug, Default)]
pub struct Account(Arc<Mutex<Closed>>);

#[derive(Clone, Debug, Default)]
struct Closed {
    usage: Usage,
    hits: Vec<LimitHit>,
}

/// A limit of the policy that a plugin asked to go beyond.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LimitHit {
    /// Its key in the policy, such as `limits.memory-mib`.
    pub key: String,
    /// What it allows, in the unit that is counted: bytes, milliseconds, elements, calls, rows.
    pub allowed: u64,
    /// What would have been needed in all; absent where the call was ended before that was known.
    pub requested: Option<u64>,
}

impl Account {
    /// What the call used. After a failure `bytes_out` counts what was taken before it.
    pub fn usage(&self) -> Usage {
        self.closed().usage.clone()
    }

    pub(crate) fn close(&self, meter: &mut Meter) {
        *self.closed() = Closed {
            usage: meter.close(),
            hits: met(meter),
        };
    }

    fn closed(&self) -> std::sync::MutexGuard<'_, Closed> {
        // Only whole values are put in.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn limit(key: &str, allowed: u64, requested: Option<u64>) -> LimitHit {
    LimitHit {
        key: format!("limits.{key}"),
        allowed,
        requested,
    }
}

/// What the meter refused.
fn met(meter: &Meter) -> Vec<LimitHit> {
    let limits = &meter.limits;
    let memory = meter
        .denied_memory
        .map(|denied| limit("memory-mib", mib(limits.memory_mib), Some(denied.requested)));
    let table = meter.denied_table.map(|denied| {
        limit(
            "table-elements",
            limits.table_elements,
            Some(denied.requested),
        )
    });
    let budget = meter
        .over
        .map(|(what, requested)| limit(what.key(), what.limit(limits), Some(requested)));
    let log = meter
        .log_over
        .map(|(key, allowed, requested)| limit(key, allowed, Some(requested)));
    [memory, table, budget, log].into_iter().flatten().collect()
}

impl Plugin {
    /// The limits that an accounted call of this plugin met, and the one that it failed of, each
    /// once.
    pub fn limit_hits(&self, account: &Account, failed: Option<&CallError>) -> Vec<LimitHit> {
        let mut hits = account.closed().hits.clone();
        let stack_kib = self.policy().engine.stack_kib;
        if let Some(last) = failed.and_then(|error| failed_of(error, stack_kib))
            && hits.iter().all(|hit| hit.key != last.key)
        {
            hits.push(last);
        }
        hits
    }
}

/// The limit that a call failed of, if it was one.
fn failed_of(error: &CallError, stack_kib: u64) -> Option<LimitHit> {
    match error {
        CallError::OutOfMemory {
            limit: allowed,
            requested,
        } => Some(limit("memory-mib", *allowed, Some(*requested))),
        CallError::OutOfTable {
            limit: allowed,
            requested,
        } => Some(limit("table-elements", *allowed, Some(*requested))),
        CallError::OutOfTime { limit_ms } => Some(limit("wall-ms", *limit_ms, None)),
        CallError::HostBudget {
            what,
            limit: allowed,
        } => Some(limit(what.key(), *allowed, None)),
        CallError::OutputRejected(Rejection::TooMany {
            key,
            found,
            limit: allowed,
            ..
        }) => Some(limit(key, *allowed, Some(*found))),
        CallError::Trap {
            kind: TrapKind::StackOverflow,
        } => Some(LimitHit {
            key: "engine.stack-kib".to_owned(),
            allowed: stack_kib.saturating_mul(1024),
            requested: None,
        }),
        _ => None,
    }
}

/// A budget that was asked to give more than it has, and how much it was asked for.
pub(crate) type Over = (Budget, u64);
