//! What the feature engineer does with its tickets.

use autods_sdk::agent::{Action, Agent, Briefing, TicketKind};

use crate::proposal;

/// The feature engineer; see the crate's documentation.
pub struct FeatureEngineer;

impl Agent for FeatureEngineer {
    fn act(briefing: &Briefing) -> Vec<Action> {
        let mut actions = Vec::new();
        if briefing
            .tickets_of(TicketKind::FeatureSets)
            .next()
            .is_some()
        {
            actions.extend(proposal::first(briefing));
        }
        for ticket in briefing.tickets_of(TicketKind::Revision) {
            actions.extend(proposal::successor(briefing, ticket.about));
        }
        actions
    }
}
