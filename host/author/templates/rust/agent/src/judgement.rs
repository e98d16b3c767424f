//! What is said of one proposal.

use autods_sdk::agent::{
    Action, Briefing, CheckKind, CheckTarget, Critique, EventId, Objection, OutcomeVerdict,
    ProposalBody, RubricItem,
};

/// The next thing to do about a proposal; nothing where it is judged already.
pub(crate) fn judge(briefing: &Briefing, target: EventId) -> Option<Action> {
    let me = briefing.card.instance.as_str();
    let endorsed = briefing.endorsements_of(target).any(|(event, _)| event.author == me);
    let objected = briefing.objections_to(target).any(|(event, _)| event.author == me);
    if endorsed || objected {
        return None;
    }
    let item = match briefing.proposal(target)?.body {
        ProposalBody::Protocol(_) => RubricItem::ValidationDesign,
        ProposalBody::Features(_) => RubricItem::Features,
        ProposalBody::Analysis(_) => RubricItem::Complexity,
    };
    let about = CheckTarget::Event(target);
    let Some((evidence, check)) = briefing.check(CheckKind::Lint, &about) else {
        return Some(Action::RequestCheck((CheckKind::Lint, about)));
    };
    let critique = |remark: &str| Critique {
        target,
        item,
        evidence,
        remark: remark.to_owned(),
    };
    Some(match check.verdict {
        OutcomeVerdict::Block => Action::Object(Objection {
            critique: critique("It does not keep to the protocol or to declared ranges."),
            drop_columns: Vec::new(),
            exclude: Vec::new(),
        }),
        OutcomeVerdict::Warn => Action::Endorse(critique("The check warns, but does not block.")),
        OutcomeVerdict::Pass => Action::Endorse(critique("The check finds nothing wrong.")),
    })
}
