//! When a stage is over: what is still worth a round?

use autods_sdk::agent::{Briefing, Stage, Ticket, TicketKind};
use autods_sdk::params;

/// Experiments without a promotion after which exploring further is not worth its cost.
const STAGNATION: i64 = 6;

/// The tickets that are still worth a round; none of them means that the gate should open.
///
/// Rounds spent: none, whatever is owed. While exploring, once the experiments are spent or the
/// champion has not changed for `stagnation` experiments: verdicts only, because a result that
/// nobody interprets was computed for nothing. Elsewhere: all.
pub(crate) fn due(briefing: &Briefing) -> Vec<&Ticket> {
    if briefing.budget.rounds == 0 {
        return Vec::new();
    }
    let closing = briefing.stage == Stage::Explore
        && (briefing.budget.experiments == 0 || is_stagnant(briefing));
    briefing
        .tickets
        .iter()
        .filter(|ticket| !closing || ticket.kind == TicketKind::Verdict)
        .collect()
}

fn is_stagnant(briefing: &Briefing) -> bool {
    let patience = params::integer(&briefing.card.params, "stagnation", STAGNATION, 1, 1000)
        .unwrap_or(STAGNATION);
    i64::from(briefing.budget.since_promotion) >= patience
}
