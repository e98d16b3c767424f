//! Critiques: one file for each kind of proposal, and what they share.

mod features;
mod plan;

use autods_sdk::agent::{
    Action, Briefing, CheckKind, CheckTarget, Critique, EventId, Objection, ProposalBody,
    RubricItem,
};

/// The judgement of `target`, or the requests that it has to wait for; nothing when it is given.
pub(crate) fn critique(briefing: &Briefing, target: EventId) -> Vec<Action> {
    let me = &briefing.card.instance;
    let judged = briefing
        .endorsements_of(target)
        .any(|(event, _)| event.author == *me)
        || briefing
            .objections_to(target)
            .any(|(event, _)| event.author == *me);
    match briefing.proposal(target).map(|proposal| &proposal.body) {
        _ if judged => Vec::new(),
        Some(ProposalBody::Features(_)) => features::judge(briefing, target),
        Some(ProposalBody::Analysis(_)) => plan::judge(briefing, target),
        // one's own protocol is for others to judge
        Some(ProposalBody::Protocol(_)) | None => Vec::new(),
    }
}

/// Requests for those checks of `target` that are not on the board.
fn requests(briefing: &Briefing, target: EventId, kinds: &[CheckKind]) -> Vec<Action> {
    let about = CheckTarget::Event(target);
    kinds
        .iter()
        .filter(|kind| briefing.check(**kind, &about).is_none())
        .map(|kind| Action::RequestCheck((*kind, about.clone())))
        .collect()
}

fn endorse(target: EventId, item: RubricItem, evidence: EventId, remark: &str) -> Action {
    Action::Endorse(Critique {
        target,
        item,
        evidence,
        remark: remark.to_owned(),
    })
}

fn object(target: EventId, item: RubricItem, evidence: EventId, remark: &str) -> Action {
    Action::Object(Objection {
        critique: Critique {
            target,
            item,
            evidence,
            remark: remark.to_owned(),
        },
        drop_columns: Vec::new(),
        exclude: Vec::new(),
    })
}
