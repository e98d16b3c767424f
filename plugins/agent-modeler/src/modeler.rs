//! What a modeler does with its tickets.

use autods_sdk::agent::{Action, Agent, Briefing, TicketKind};

use crate::{critique, next, revision, verdict};

/// A team's modeler; see the crate's documentation.
pub struct Modeler;

impl Agent for Modeler {
    fn act(briefing: &Briefing) -> Vec<Action> {
        let mut actions = Vec::new();
        for ticket in briefing.tickets_of(TicketKind::Verdict) {
            actions.extend(verdict::give(briefing, ticket.about));
        }
        for ticket in briefing.tickets_of(TicketKind::Revision) {
            actions.extend(revision::revise(briefing, ticket.about));
        }
        for ticket in briefing.tickets_of(TicketKind::Critique) {
            actions.extend(critique::critique(briefing, ticket.about));
        }
        if briefing.tickets_of(TicketKind::Plan).next().is_some() {
            actions.extend(next::step(briefing));
        }
        actions
    }
}
