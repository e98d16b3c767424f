//! Who goes first: what unblocks others before what waits, and teams in turn.

use autods_sdk::agent::{Briefing, Ticket, TicketKind};

/// Owners of these tickets, each once, in the order in which they act.
///
/// Ordered by their most urgent ticket. Among equals the roster decides, turned by one place each
/// round (the rounds left tell the rounds apart), so that no team always proposes first. Owners
/// that are not in the roster come last, in order of their names.
pub(crate) fn owners(briefing: &Briefing, due: &[&Ticket]) -> Vec<String> {
    let mut ranked: Vec<(u8, usize, &str)> = Vec::new();
    for ticket in due {
        let rank = (
            urgency(ticket.kind),
            place(briefing, &ticket.owner),
            ticket.owner.as_str(),
        );
        match ranked
            .iter_mut()
            .find(|(_, _, owner)| *owner == ticket.owner)
        {
            None => ranked.push(rank),
            Some(known) if rank < *known => *known = rank,
            Some(_) => {}
        }
    }
    ranked.sort_unstable();
    ranked
        .into_iter()
        .map(|(_, _, owner)| owner.to_owned())
        .collect()
}

/// Smaller is sooner. Verdicts first: a team that owes one gets no new work. Then answers to
/// objections, then new work, then the critics, who may find the new work already there, and last
/// what closes a stage.
const fn urgency(kind: TicketKind) -> u8 {
    match kind {
        TicketKind::Verdict => 0,
        TicketKind::Revision => 1,
        TicketKind::Review => 2,
        TicketKind::Protocol | TicketKind::FeatureSets | TicketKind::Plan => 3,
        TicketKind::Critique => 4,
        TicketKind::SignOff => 5,
        TicketKind::Narrative => 6,
    }
}

/// The place of an instance in the roster of this round.
fn place(briefing: &Briefing, instance: &str) -> usize {
    let roster = &briefing.roster;
    match roster.iter().position(|name| name == instance) {
        Some(at) => (at + briefing.budget.rounds as usize) % roster.len(),
        None => roster.len(),
    }
}
