//! Plans: is what they stand on free of leaks, and do they keep to the protocol?

use autods_sdk::agent::{
    Action, Briefing, CheckKind, CheckTarget, EventId, OutcomeVerdict, Plan, ProposalBody,
    RubricItem,
};

use super::{endorse, object, object_to_leaks, requests};
use crate::{leak, workflow};

/// Objects to a plan whose features leak or that the lint blocks; endorses otherwise.
pub(super) fn judge(briefing: &Briefing, target: EventId, plan: &Plan) -> Vec<Action> {
    let columns = match briefing
        .proposal(plan.features)
        .map(|proposal| &proposal.body)
    {
        Some(ProposalBody::Features(features)) => leak::columns_read(briefing, features),
        _ => Default::default(),
    };
    let leaks = leak::among(briefing, &columns);
    if !leaks.is_empty() {
        // a check may have come in after the features were accepted
        return object_to_leaks(target, leaks);
    }
    let about = CheckTarget::Event(target);
    let Some((evidence, lint)) = briefing.check(CheckKind::Lint, &about) else {
        return requests(briefing, &about, &[CheckKind::Lint]);
    };
    if lint.verdict == OutcomeVerdict::Block {
        return vec![object(
            target,
            RubricItem::ValidationDesign,
            evidence,
            "The plan leaves the protocol, its features or a declared range.",
        )];
    }
    let proxies = workflow::among(briefing, &columns);
    let remark = if proxies.is_empty() {
        "Nothing that the plan reads is blocked as a leak.".to_owned()
    } else {
        format!(
            "Nothing that the plan reads is blocked as a leak; what {} adds should be looked at \
             apart, since it may follow how care was organised.",
            proxies.join(", ")
        )
    };
    vec![endorse(target, RubricItem::Leakage, evidence, remark)]
}

#[cfg(test)]
mod tests {
    use super::super::critique;
    use super::*;
    use autods_sdk::agent::{ColumnUse, FeatureSet, Role, Stage, ValueKind};
    use autods_sdk::testkit::BriefingBuilder;

    fn start() -> BriefingBuilder {
        BriefingBuilder::new(Role::Validator, "validator")
            .stage(Stage::Explore)
            .column("age", ValueKind::Integer, |_| ())
            .proposed(
                "feature-engineer",
                ProposalBody::Features(FeatureSet {
                    name: "trees".to_owned(),
                    columns: vec![ColumnUse {
                        column: "age".to_owned(),
                        steps: Vec::new(),
                    }],
                    method: "method-impute-encode-scale".to_owned(),
                    rationale: String::new(),
                }),
            )
            .proposed(
                "modeler-boosting",
                ProposalBody::Analysis(Plan {
                    hypothesis: 9,
                    features: 1,
                    method: "gradient-boosting".to_owned(),
                    params: Vec::new(),
                    complexity: 100,
                    rationale: String::new(),
                }),
            )
    }

    #[test]
    fn a_plan_is_linted_then_endorsed() {
        let request = Action::RequestCheck((CheckKind::Lint, CheckTarget::Event(2)));
        assert_eq!(critique(&start().build(), 2), [request]);
        let linted = start().checked(CheckKind::Lint, CheckTarget::Event(2), OutcomeVerdict::Pass);
        let actions = critique(&linted.build(), 2);
        assert!(matches!(actions.as_slice(), [Action::Endorse(c)] if c.evidence == 3));
    }

    #[test]
    fn a_leak_that_is_found_late_still_stops_a_plan() {
        let board = start().checked(
            CheckKind::TargetProxy,
            CheckTarget::Column("age".to_owned()),
            OutcomeVerdict::Block,
        );
        let actions = critique(&board.build(), 2);
        assert!(matches!(actions.as_slice(), [Action::Object(o)] if o.drop_columns == ["age"]));
    }
}
