//! Feature sets: are they within the protocol and the method's declared ranges?

use autods_sdk::agent::{
    Action, Briefing, CheckKind, CheckTarget, EventId, OutcomeVerdict, RubricItem,
};

use super::{endorse, object, requests};

/// The lint decides: whether columns leak is the validator's question.
pub(super) fn judge(briefing: &Briefing, target: EventId) -> Vec<Action> {
    let Some((evidence, lint)) = briefing.check(CheckKind::Lint, &CheckTarget::Event(target))
    else {
        return requests(briefing, target, &[CheckKind::Lint]);
    };
    vec![if lint.verdict == OutcomeVerdict::Block {
        object(
            target,
            RubricItem::Features,
            evidence,
            "The feature set leaves the protocol or a step's declared range.",
        )
    } else {
        endorse(
            target,
            RubricItem::Features,
            evidence,
            "The feature set keeps to the protocol, and every step is fitted inside a fold.",
        )
    }]
}

#[cfg(test)]
mod tests {
    use super::super::critique;
    use super::*;
    use autods_sdk::agent::{EventBody, FeatureSet, ProposalBody, Role, Stage};
    use autods_sdk::testkit::BriefingBuilder;

    fn start() -> BriefingBuilder {
        BriefingBuilder::new(Role::Biostatistician, "biostatistician")
            .stage(Stage::Prepare)
            .proposed(
                "feature-engineer",
                ProposalBody::Features(FeatureSet {
                    name: "trees".to_owned(),
                    columns: Vec::new(),
                    method: "method-impute-encode-scale".to_owned(),
                    rationale: String::new(),
                }),
            )
    }

    #[test]
    fn a_feature_set_is_linted_then_judged_once() {
        let request = Action::RequestCheck((CheckKind::Lint, CheckTarget::Event(1)));
        assert_eq!(critique(&start().build(), 1), [request]);
        let linted = start().checked(CheckKind::Lint, CheckTarget::Event(1), OutcomeVerdict::Pass);
        let judged = critique(&linted.clone().build(), 1);
        let [Action::Endorse(endorsement)] = judged.as_slice() else {
            panic!("{judged:?}");
        };
        assert_eq!(endorsement.evidence, 2);
        let done = linted.event("biostatistician", EventBody::Endorsed(endorsement.clone()));
        assert!(critique(&done.build(), 1).is_empty());
    }
}
