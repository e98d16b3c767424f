//! What the log never holds, whoever appends.

use crate::event::{Body, HostBody};
use crate::state::State;
use crate::vocabulary::{EventBody, EventId, Fidelity};

/// An event that must not be, because of what came before.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Invariant {
    /// A claim or experiment of a plan that was not accepted, or met an objection since.
    #[error("plan {0} is not accepted; only an accepted plan is claimed or run")]
    PlanNotAccepted(EventId),
    /// A promotion of something that is no result over all seeds.
    #[error("event {0} is no result over all preset seeds; only such a result is promoted")]
    NotPromotable(EventId),
    /// An acceptance of something that is no open proposal.
    #[error(
        "event {0} is no proposal that could be accepted: unknown, superseded, or with an open objection"
    )]
    NotAcceptable(EventId),
    /// An answer to something that is no objection.
    #[error("event {0} is no objection")]
    NoObjection(EventId),
    /// A lock on something that is not the accepted protocol.
    #[error("event {0} is not the accepted protocol, or the protocol is locked already")]
    NotLockable(EventId),
    /// An opening of the lock-box that is counted wrongly.
    #[error("the lock-box was opened {before} times; the next opening is not number {given}")]
    Miscounted {
        /// Openings so far.
        before: u32,
        /// The number given.
        given: u32,
    },
}

impl State {
    /// Whether an event may come next.
    pub(crate) fn admits(&self, body: &Body) -> Result<(), Invariant> {
        let accepted = |plan: EventId| self.accepted_plans.binary_search(&plan).is_ok();
        match body {
            Body::Agent(EventBody::Experiment(experiment)) if !accepted(experiment.plan) => {
                Err(Invariant::PlanNotAccepted(experiment.plan))
            }
            Body::Agent(EventBody::Promoted(result)) => match self.experiments.get(result) {
                Some(found) if found.fidelity == Fidelity::Full => Ok(()),
                _ => Err(Invariant::NotPromotable(*result)),
            },
            Body::Agent(EventBody::Accepted(id)) => {
                let open = self
                    .proposals
                    .get(id)
                    .is_some_and(|proposed| proposed.superseded_by.is_none());
                if open && !self.has_open_objection(*id) {
                    Ok(())
                } else {
                    Err(Invariant::NotAcceptable(*id))
                }
            }
            Body::Agent(EventBody::Answered(id)) if !self.objections.contains_key(id) => {
                Err(Invariant::NoObjection(*id))
            }
            Body::Host(body) => match &**body {
                HostBody::Claimed(claimed) if !accepted(claimed.plan) => {
                    Err(Invariant::PlanNotAccepted(claimed.plan))
                }
                HostBody::Locked(locked)
                    if self.locked || self.protocol != Some(locked.proposal) =>
                {
                    Err(Invariant::NotLockable(locked.proposal))
                }
                HostBody::LockboxOpened(opened)
                    if opened.count != self.lockbox_opened.saturating_add(1) =>
                {
                    Err(Invariant::Miscounted {
                        before: self.lockbox_opened,
                        given: opened.count,
                    })
                }
                _ => Ok(()),
            },
            Body::Agent(_) => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Invariant;
    use crate::event::{Body, Claimed, HostBody, LockboxOpened};
    use crate::scene::{Scene, modeler};
    use crate::vocabulary::EventBody;

    fn claimed(plan: u64) -> Body {
        Body::Host(Box::new(HostBody::Claimed(Claimed {
            plan,
            fingerprint: String::new(),
            holder: "lab".to_owned(),
            attempt: 1,
        })))
    }

    #[test]
    fn a_plan_that_nobody_approved_has_no_experiment() {
        let mut scene = Scene::explored();
        let plan = scene.propose(&modeler(), scene.fresh_plan(5));
        let state = scene.state();
        assert_eq!(
            state.admits(&claimed(plan)),
            Err(Invariant::PlanNotAccepted(plan))
        );
        assert_eq!(state.admits(&claimed(scene.plan)), Ok(()));
        let experiment = Body::Agent(EventBody::Experiment(scene.result(plan, 0.9, None)));
        assert_eq!(
            state.admits(&experiment),
            Err(Invariant::PlanNotAccepted(plan))
        );
    }

    #[test]
    fn a_promotion_needs_a_result_and_openings_are_counted() {
        let scene = Scene::explored();
        let state = scene.state();
        let promoted = Body::Agent(EventBody::Promoted(scene.plan));
        assert_eq!(
            state.admits(&promoted),
            Err(Invariant::NotPromotable(scene.plan))
        );
        let opened = |count| {
            let by = "validator".to_owned();
            Body::Host(Box::new(HostBody::LockboxOpened(LockboxOpened {
                count,
                experiment: 1,
                by,
            })))
        };
        assert!(state.admits(&opened(1)).is_ok() && state.admits(&opened(2)).is_err());
    }
}
