//! Claims: who runs a plan.

use crate::vocabulary::EventId;
use std::time::SystemTime;

/// The right to run a plan for a while. A holder that does not renew in time loses it to whoever
/// asks next, so that a worker that died holds nothing up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The plan.
    pub plan: EventId,
    /// Who holds it.
    pub holder: String,
    /// Attempt, from 1.
    pub attempt: u32,
    /// When it runs out unless it is renewed.
    pub expires: SystemTime,
}
