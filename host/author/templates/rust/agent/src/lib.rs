//! A critic: judges proposals by what the host computes about them, and by nothing else.
//!
//! For every critique that it owes it asks for the host's `lint` of the proposal (does it keep to
//! the protocol, its columns, the declared ranges?) and waits. With the check on the board it
//! objects where the check blocks and endorses where it does not; either cites the check, because a
//! critique without evidence is refused.
//!
//! An agent is a pure function: no clock, no randomness but its seed, no memory but the board. The
//! same briefing gives the same actions.

mod judgement;

use autods_sdk::agent::{Action, Agent, Briefing, TicketKind};

/// The agent.
pub struct Critic;

impl Agent for Critic {
    fn act(briefing: &Briefing) -> Vec<Action> {
        briefing
            .tickets_of(TicketKind::Critique)
            .filter_map(|ticket| judgement::judge(briefing, ticket.about))
            .collect()
    }
}

autods_sdk::export_agent!(Critic);
