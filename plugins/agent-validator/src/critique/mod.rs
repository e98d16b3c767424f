//! Critiques: one file for each kind of proposal, and what they share.

mod features;
mod plan;
mod protocol;

use autods_sdk::agent::{
    Action, Briefing, CheckKind, CheckTarget, Critique, EventId, Objection, ProposalBody,
    RubricItem,
};

use crate::leak::Leak;

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
        Some(ProposalBody::Protocol(_)) => protocol::judge(briefing, target),
        Some(ProposalBody::Features(features)) => features::judge(briefing, target, features),
        Some(ProposalBody::Analysis(plan)) => plan::judge(briefing, target, plan),
        None => Vec::new(),
    }
}

/// Requests for those checks of `about` that are not on the board.
fn requests(briefing: &Briefing, about: &CheckTarget, kinds: &[CheckKind]) -> Vec<Action> {
    kinds
        .iter()
        .filter(|kind| briefing.check(**kind, about).is_none())
        .map(|kind| Action::RequestCheck((*kind, about.clone())))
        .collect()
}

fn endorse(target: EventId, item: RubricItem, evidence: EventId, remark: String) -> Action {
    Action::Endorse(Critique {
        target,
        item,
        evidence,
        remark,
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

/// One objection for each leak, each with its own check: what is dropped stays traceable.
fn object_to_leaks(target: EventId, leaks: Vec<Leak>) -> Vec<Action> {
    leaks
        .into_iter()
        .map(|leak| {
            Action::Object(Objection {
                critique: Critique {
                    target,
                    item: RubricItem::Leakage,
                    evidence: leak.evidence,
                    remark: format!("{} {}.", leak.column, leak.why),
                },
                drop_columns: vec![leak.column],
                exclude: Vec::new(),
            })
        })
        .collect()
}
