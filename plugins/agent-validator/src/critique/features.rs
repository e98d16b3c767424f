//! Feature sets: does any column leak?

use autods_sdk::agent::{
    Action, Briefing, CheckKind, CheckTarget, EventId, FeatureSet, OutcomeVerdict, RubricItem,
};

use super::{endorse, object, object_to_leaks, requests};
use crate::{leak, workflow};

/// Objects to every leak at once, so that one revision answers them all; endorses otherwise.
///
/// Checks of columns that the host has not computed are requested together with the lint. The
/// judgement waits for the lint only: a check that the host refuses must not hold the run up.
pub(super) fn judge(briefing: &Briefing, target: EventId, features: &FeatureSet) -> Vec<Action> {
    let columns = leak::columns_read(briefing, features);
    let leaks = leak::among(briefing, &columns);
    if !leaks.is_empty() {
        return object_to_leaks(target, leaks);
    }
    let about = CheckTarget::Event(target);
    let Some((evidence, lint)) = briefing.check(CheckKind::Lint, &about) else {
        let mut waiting = requests(briefing, &about, &[CheckKind::Lint]);
        for column in &columns {
            let about = CheckTarget::Column(column.clone());
            waiting.extend(requests(briefing, &about, &[CheckKind::TargetProxy]));
        }
        return waiting;
    };
    if lint.verdict == OutcomeVerdict::Block {
        return vec![object(
            target,
            RubricItem::Features,
            evidence,
            "The feature set reads something that the protocol does not allow.",
        )];
    }
    let proxies = workflow::among(briefing, &columns);
    let remark = if proxies.is_empty() {
        "No column is blocked as a leak.".to_owned()
    } else {
        format!(
            "No column is blocked as a leak; {} may follow how care was organised, so a model \
             that rests on it may not travel.",
            proxies.join(", ")
        )
    };
    vec![endorse(target, RubricItem::Leakage, evidence, remark)]
}

#[cfg(test)]
mod tests {
    use super::super::critique;
    use super::*;
    use autods_sdk::agent::{ColumnUse, EventBody, ProposalBody, Role, Stage, Step, ValueKind};
    use autods_sdk::params::param_text;
    use autods_sdk::testkit::BriefingBuilder;

    fn start() -> BriefingBuilder {
        let plain = |column: &str| ColumnUse {
            column: column.to_owned(),
            steps: Vec::new(),
        };
        let pair = ColumnUse {
            column: "both".to_owned(),
            steps: vec![Step {
                name: "pair".to_owned(),
                params: vec![
                    param_text("column-0", "age"),
                    param_text("column-1", "echo"),
                ],
            }],
        };
        BriefingBuilder::new(Role::Validator, "validator")
            .stage(Stage::Prepare)
            .column("age", ValueKind::Integer, |_| ())
            .column("badge", ValueKind::Integer, |_| ())
            .column("echo", ValueKind::Category, |c| {
                c.label = "Discharge disposition".to_owned();
            })
            .proposed(
                "feature-engineer",
                ProposalBody::Features(FeatureSet {
                    name: "trees".to_owned(),
                    columns: vec![plain("age"), plain("badge"), pair],
                    method: "method-impute-encode-scale".to_owned(),
                    rationale: String::new(),
                }),
            )
    }

    fn check(
        builder: BriefingBuilder,
        kind: CheckKind,
        column: &str,
        v: OutcomeVerdict,
    ) -> BriefingBuilder {
        builder.checked(kind, CheckTarget::Column(column.to_owned()), v)
    }

    #[test]
    fn every_leak_is_objected_to_in_one_act_even_inside_a_pair() {
        use OutcomeVerdict::{Block, Pass};
        let board = check(start(), CheckKind::TargetProxy, "age", Pass);
        let board = check(board, CheckKind::Identifier, "badge", Block);
        let board = check(board, CheckKind::TargetProxy, "echo", Block);
        let board = check(board, CheckKind::PostIndex, "echo", Block);
        let actions = critique(&board.clone().build(), 1);
        let [Action::Object(badge), Action::Object(echo)] = actions.as_slice() else {
            panic!("{actions:?}");
        };
        assert_eq!(
            (badge.critique.evidence, badge.drop_columns[0].as_str()),
            (3, "badge")
        );
        assert_eq!(
            (echo.critique.evidence, echo.drop_columns[0].as_str()),
            (4, "echo")
        );
        let done = board.event("validator", EventBody::Objected(badge.clone()));
        assert!(critique(&done.build(), 1).is_empty());
    }

    #[test]
    fn clean_features_are_endorsed_with_a_warning_about_workflow() {
        let first = critique(&start().build(), 1);
        assert_eq!(
            first.len(),
            4,
            "lint and one check for each column: {first:?}"
        );
        let linted = start().checked(CheckKind::Lint, CheckTarget::Event(1), OutcomeVerdict::Pass);
        let actions = critique(&linted.build(), 1);
        let [Action::Endorse(endorsement)] = actions.as_slice() else {
            panic!("{actions:?}");
        };
        assert!(endorsement.remark.contains("echo"));
    }
}
