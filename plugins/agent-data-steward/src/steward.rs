//! What the data steward does with its tickets.

use autods_sdk::agent::{Action, Agent, Briefing, TicketKind};

use crate::{design, review};

/// The data steward; see the crate's documentation.
pub struct DataSteward;

impl Agent for DataSteward {
    fn act(briefing: &Briefing) -> Vec<Action> {
        let mut actions = Vec::new();
        if briefing.tickets_of(TicketKind::Review).next().is_some() {
            actions.extend(review::requests(briefing));
        }
        for ticket in briefing.tickets_of(TicketKind::Critique) {
            for action in design::critique(briefing, ticket.about) {
                // two tickets may call for the same check
                if !actions.contains(&action) {
                    actions.push(action);
                }
            }
        }
        actions
    }
}
