//! What the biostatistician does with its tickets.

use autods_sdk::agent::{Action, Agent, Briefing, TicketKind};

use crate::{critique, protocol, revision};

/// The biostatistician; see the crate's documentation.
pub struct Biostatistician;

impl Agent for Biostatistician {
    fn act(briefing: &Briefing) -> Vec<Action> {
        let mut actions = Vec::new();
        if briefing.tickets_of(TicketKind::Protocol).next().is_some() {
            actions.extend(protocol::propose(briefing));
        }
        for ticket in briefing.tickets_of(TicketKind::Revision) {
            actions.extend(revision::revise(briefing, ticket.about));
        }
        actions.extend(protocol::checks(briefing));
        for ticket in briefing.tickets_of(TicketKind::Critique) {
            actions.extend(critique::critique(briefing, ticket.about));
        }
        actions
    }
}
