//! What the translator does with its ticket.

use autods_sdk::agent::{Action, Agent, Briefing, EventBody, TicketKind};

use crate::sections;
use crate::sentence::Sentence;

/// The translator; see the crate's documentation.
pub struct Translator;

impl Agent for Translator {
    fn act(briefing: &Briefing) -> Vec<Action> {
        let owed = briefing.tickets_of(TicketKind::Narrative).next().is_some();
        if !owed || has_spoken(briefing) {
            return Vec::new();
        }
        sections::all(briefing)
            .into_iter()
            .filter_map(Sentence::into_statement)
            .map(Action::State)
            .collect()
    }
}

/// Whether the translator's sentences are on the board. The host shows agents only that
/// something was stated; all sentences are stated in one act, so that one is enough to tell.
fn has_spoken(briefing: &Briefing) -> bool {
    briefing.events.iter().any(|event| {
        event.author == briefing.card.instance
            && matches!(event.body, EventBody::Other(_) | EventBody::Refused(_))
    })
}
