//! A feature engineer that proposes one set of features: every number, winsorised.
//!
//! It proposes columns that leak as well: it is for the critics to say so, with a check, and then
//! for this agent to propose the set without them. What others propose it judges like the critic of
//! the template: by the host's `lint`, and by nothing else.
//!
//! An agent is a pure function: no clock, no randomness but its seed, no memory but the board. The
//! same briefing gives the same actions.

mod judgement;
mod proposal;

use autods_sdk::agent::{Action, Agent, Briefing, TicketKind};

/// The agent.
pub struct PlainNumbers;

impl Agent for PlainNumbers {
    fn act(briefing: &Briefing) -> Vec<Action> {
        let mut actions = Vec::new();
        for ticket in &briefing.tickets {
            actions.extend(match ticket.kind {
                TicketKind::FeatureSets => proposal::first(briefing),
                TicketKind::Revision => proposal::successor(briefing, ticket.about),
                TicketKind::Critique => judgement::judge(briefing, ticket.about),
                _ => None,
            });
        }
        actions
    }
}

autods_sdk::export_agent!(PlainNumbers);
