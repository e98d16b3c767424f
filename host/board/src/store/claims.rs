//! Claims on plans, with leases.

use super::{Board, BoardError};
use crate::claim::Claim;
use crate::event::{Body, Claimed, HostBody};
use crate::invariant::Invariant;
use crate::vocabulary::{EventId, Stage};
use rusqlite::{OptionalExtension, params};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

impl Board {
    /// Claim an accepted plan for `lease`. A claim that ran out is taken over with the next
    /// attempt; the present holder's own is renewed.
    ///
    /// The first claim of a plan is an event too. A later attempt is not: it depends on when a
    /// process died, and two runs that find the same must have the same log.
    ///
    /// # Errors
    /// When the plan is not accepted, when somebody else holds it, or when it cannot be written.
    pub fn claim(
        &mut self,
        stage: Stage,
        plan: EventId,
        holder: &str,
        lease: Duration,
    ) -> Result<Claim, BoardError> {
        self.claim_at(stage, plan, holder, lease, SystemTime::now())
    }

    pub(super) fn claim_at(
        &mut self,
        stage: Stage,
        plan: EventId,
        holder: &str,
        lease: Duration,
        now: SystemTime,
    ) -> Result<Claim, BoardError> {
        if self.writer.is_none() {
            return Err(BoardError::ReadOnly {
                path: self.path.clone(),
            });
        }
        if self.state.accepted_plans.binary_search(&plan).is_err() {
            return Err(Invariant::PlanNotAccepted(plan).into());
        }
        let attempt = match self.held(plan)? {
            None => 1,
            Some(held) if held.holder == holder => held.attempt,
            Some(held) if held.expires <= now => held.attempt.saturating_add(1),
            Some(held) => {
                return Err(BoardError::Claimed {
                    plan,
                    holder: held.holder,
                    expires: held.expires,
                });
            }
        };
        let claim = Claim {
            plan,
            holder: holder.to_owned(),
            attempt,
            expires: whole(now + lease),
        };
        let row = if self.state.claimed.contains(&plan) {
            None
        } else {
            let fingerprint = self
                .state
                .proposals
                .get(&plan)
                .and_then(|p| p.fingerprint.clone());
            let claimed = Claimed {
                plan,
                fingerprint: fingerprint.unwrap_or_default(),
                holder: holder.to_owned(),
                attempt,
            };
            Some(self.row(
                stage,
                "host",
                Body::Host(Box::new(HostBody::Claimed(claimed))),
            )?)
        };
        // both or neither; the transaction is rolled back when it is dropped before its end
        let database = |source| BoardError::database(&self.path, source);
        let transaction = self.connection.unchecked_transaction().map_err(database)?;
        self.put(&claim)?;
        if let Some(row) = &row {
            self.insert(row)?;
        }
        transaction.commit().map_err(database)?;
        if let Some(row) = row {
            self.take(row);
        }
        Ok(claim)
    }

    /// Hold a claim for another `lease` from now.
    ///
    /// # Errors
    /// When it ran out and somebody else took it over, or when it cannot be written.
    pub fn renew(&mut self, claim: &Claim, lease: Duration) -> Result<Claim, BoardError> {
        self.own(claim)?;
        let renewed = Claim {
            expires: whole(SystemTime::now() + lease),
            ..claim.clone()
        };
        self.put(&renewed)?;
        Ok(renewed)
    }

    /// Give a claim back.
    ///
    /// # Errors
    /// When it ran out and somebody else took it over, or when it cannot be written.
    pub fn release(&mut self, claim: &Claim) -> Result<(), BoardError> {
        self.own(claim)?;
        self.connection
            .execute(
                "DELETE FROM claims WHERE plan = ?1",
                params![claim.plan as i64],
            )
            .map(|_| ())
            .map_err(|source| BoardError::database(&self.path, source))
    }

    /// The claim on a plan, run out or not.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn held(&self, plan: EventId) -> Result<Option<Claim>, BoardError> {
        self.connection
            .query_row(
                "SELECT holder, attempt, expires_ms FROM claims WHERE plan = ?1",
                params![plan as i64],
                |row| {
                    let (holder, attempt, expires): (String, u32, i64) =
                        (row.get(0)?, row.get(1)?, row.get(2)?);
                    let expires =
                        UNIX_EPOCH + Duration::from_millis(u64::try_from(expires).unwrap_or(0));
                    Ok(Claim {
                        plan,
                        holder,
                        attempt,
                        expires,
                    })
                },
            )
            .optional()
            .map_err(|source| BoardError::database(&self.path, source))
    }

    fn own(&self, claim: &Claim) -> Result<(), BoardError> {
        match self.held(claim.plan)? {
            Some(held) if held.holder == claim.holder && held.attempt == claim.attempt => Ok(()),
            _ => Err(BoardError::ClaimLost {
                plan: claim.plan,
                holder: claim.holder.clone(),
                attempt: claim.attempt,
            }),
        }
    }

    fn put(&self, claim: &Claim) -> Result<(), BoardError> {
        self.connection
            .execute(
                "INSERT INTO claims (plan, holder, attempt, expires_ms) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (plan) DO UPDATE SET holder = ?2, attempt = ?3, expires_ms = ?4",
                params![
                    claim.plan as i64,
                    claim.holder,
                    claim.attempt,
                    millis(claim.expires)
                ],
            )
            .map(|_| ())
            .map_err(|source| BoardError::database(&self.path, source))
    }
}

fn millis(time: SystemTime) -> i64 {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

/// The time to the millisecond, as it is stored.
fn whole(time: SystemTime) -> SystemTime {
    UNIX_EPOCH + Duration::from_millis(u64::try_from(millis(time)).unwrap_or(0))
}
