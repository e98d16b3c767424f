//! Reading a briefing.

use super::{
    Briefing, CheckKind, CheckResult, CheckTarget, Column, ColumnRole, Critique, Event, EventBody,
    EventId, Objection, Proposal, Scalar, Ticket, TicketKind,
};
use crate::params;

impl Briefing {
    /// The event with that number.
    #[must_use]
    pub fn event(&self, id: EventId) -> Option<&Event> {
        // the host hands events over in order
        match self.events.binary_search_by_key(&id, |event| event.id) {
            Ok(at) => self.events.get(at),
            Err(_) => self.events.iter().find(|event| event.id == id),
        }
    }

    /// Own tickets of one kind, oldest first.
    pub fn tickets_of(&self, kind: TicketKind) -> impl Iterator<Item = &Ticket> {
        self.tickets
            .iter()
            .filter(move |ticket| ticket.kind == kind && ticket.owner == self.card.instance)
    }

    /// Every check so far with its event's number, oldest first.
    pub fn checks(&self) -> impl Iterator<Item = (EventId, &CheckResult)> {
        self.events.iter().filter_map(|event| match &event.body {
            EventBody::Checked(check) => Some((event.id, check)),
            _ => None,
        })
    }

    /// The latest check of that kind about that target.
    #[must_use]
    pub fn check(&self, kind: CheckKind, target: &CheckTarget) -> Option<(EventId, &CheckResult)> {
        self.checks()
            .filter(|(_, check)| check.kind == kind && check.target == *target)
            .last()
    }

    /// Every proposal so far with its event, oldest first.
    pub fn proposals(&self) -> impl Iterator<Item = (&Event, &Proposal)> {
        self.events.iter().filter_map(|event| match &event.body {
            EventBody::Proposed(proposal) => Some((event, proposal)),
            _ => None,
        })
    }

    /// The proposal with that number.
    #[must_use]
    pub fn proposal(&self, id: EventId) -> Option<&Proposal> {
        match &self.event(id)?.body {
            EventBody::Proposed(proposal) => Some(proposal),
            _ => None,
        }
    }

    /// Whether that proposal was accepted.
    #[must_use]
    pub fn is_accepted(&self, id: EventId) -> bool {
        self.events
            .iter()
            .any(|event| event.body == EventBody::Accepted(id))
    }

    /// Objections to a target with their events, oldest first.
    pub fn objections_to(&self, target: EventId) -> impl Iterator<Item = (&Event, &Objection)> {
        self.events
            .iter()
            .filter_map(move |event| match &event.body {
                EventBody::Objected(objection) if objection.critique.target == target => {
                    Some((event, objection))
                }
                _ => None,
            })
    }

    /// Endorsements of a target with their events, oldest first.
    pub fn endorsements_of(&self, target: EventId) -> impl Iterator<Item = (&Event, &Critique)> {
        self.events
            .iter()
            .filter_map(move |event| match &event.body {
                EventBody::Endorsed(critique) if critique.target == target => {
                    Some((event, critique))
                }
                _ => None,
            })
    }

    /// Columns of the catalogue with that role; none without a catalogue.
    pub fn columns_of(&self, role: ColumnRole) -> impl Iterator<Item = &Column> {
        self.catalogue
            .iter()
            .flat_map(|catalogue| &catalogue.columns)
            .filter(move |column| column.role == role)
    }

    /// The column of that name in the task's main table.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.catalogue
            .iter()
            .flat_map(|catalogue| &catalogue.columns)
            .find(|column| column.name == name && column.table == self.task.table)
    }

    /// What LAUNCH.md gives this agent under that name.
    #[must_use]
    pub fn param(&self, name: &str) -> Option<&Scalar> {
        params::get(&self.card.params, name)
    }
}
