//! What the validator does with its tickets.

use autods_sdk::agent::{Action, Agent, Briefing, TicketKind};

use crate::{critique, sign_off};

/// The validator; see the crate's documentation.
pub struct Validator;

impl Agent for Validator {
    fn act(briefing: &Briefing) -> Vec<Action> {
        let mut actions: Vec<Action> = Vec::new();
        for ticket in briefing.tickets_of(TicketKind::Critique) {
            for action in critique::critique(briefing, ticket.about) {
                // two feature sets may call for the same check of a column
                if !actions.contains(&action) {
                    actions.push(action);
                }
            }
        }
        if briefing.tickets_of(TicketKind::SignOff).next().is_some() {
            actions.extend(sign_off::sign_off(briefing));
        }
        actions
    }
}
