//! Feature sets, and the leaks among them.

use autods_board::*;

use super::log::{Log, check, critique, text, texts};

/// What later stages refer to.
pub struct Prepared {
    pub proxy: EventId,
    pub late: EventId,
    pub trees: EventId,
    pub linear: EventId,
}

/// A feature set with two planted leaks is objected to before anything is computed on it.
pub fn prepare(log: &mut Log) -> Prepared {
    let proxy = log.agent(
        Stage::Prepare,
        "host",
        EventBody::Checked(check(
            CheckKind::TargetProxy,
            CheckTarget::Column(text("followup_flag")),
            OutcomeVerdict::Block,
            0.981,
            0.9,
        )),
    );
    let late = log.agent(
        Stage::Prepare,
        "host",
        EventBody::Checked(check(
            CheckKind::PostIndex,
            CheckTarget::Column(text("survey_score")),
            OutcomeVerdict::Block,
            1.0,
            0.0,
        )),
    );
    log.agent(
        Stage::Prepare,
        "host",
        EventBody::Checked(check(
            CheckKind::NearConstant,
            CheckTarget::Column(text("examide")),
            OutcomeVerdict::Warn,
            1.0,
            0.999,
        )),
    );
    let used = |columns: &[&str], steps: &[&str]| -> Vec<ColumnUse> {
        columns
            .iter()
            .map(|column| ColumnUse {
                column: text(column),
                steps: steps
                    .iter()
                    .map(|step| Step {
                        name: text(step),
                        params: Vec::new(),
                    })
                    .collect(),
            })
            .collect()
    };
    let features = |name: &str, columns: &[&str], steps: &[&str], rationale: &str| FeatureSet {
        name: text(name),
        columns: used(columns, steps),
        method: text("method-impute-encode-scale"),
        rationale: text(rationale),
    };
    let leaky = log.agent(
        Stage::Prepare,
        "feature-engineer",
        EventBody::Proposed(Proposal {
            body: ProposalBody::Features(features(
                "trees",
                &[
                    "number_inpatient",
                    "time_in_hospital",
                    "age",
                    "race",
                    "followup_flag",
                    "survey_score",
                ],
                &["ordinal-code"],
                "Every predictor as it is.",
            )),
            supersedes: None,
        }),
    );
    let mut objections = Vec::new();
    for (column, evidence, remark) in [
        (
            "followup_flag",
            proxy,
            "The column by itself says nearly everything about the outcome.",
        ),
        (
            "survey_score",
            late,
            "The column is known only after the index date.",
        ),
    ] {
        objections.push(log.agent(
            Stage::Prepare,
            "validator",
            EventBody::Objected(Objection {
                critique: critique(leaky, RubricItem::Leakage, evidence, remark),
                drop_columns: texts(&[column]),
                exclude: Vec::new(),
            }),
        ));
    }
    let trees = log.agent(
        Stage::Prepare,
        "feature-engineer",
        EventBody::Proposed(Proposal {
            body: ProposalBody::Features(features(
                "trees",
                &["number_inpatient", "time_in_hospital", "age", "race"],
                &["ordinal-code"],
                "Every predictor but those objected to.",
            )),
            supersedes: Some(leaky),
        }),
    );
    for objection in objections {
        log.agent(Stage::Prepare, "validator", EventBody::Answered(objection));
    }
    let linear = log.agent(
        Stage::Prepare,
        "feature-engineer",
        EventBody::Proposed(Proposal {
            body: ProposalBody::Features(features(
                "linear",
                &["number_inpatient", "time_in_hospital", "age"],
                &["one-hot", "standardise"],
                "One column for each level, numbers on one scale.",
            )),
            supersedes: None,
        }),
    );
    for set in [trees, linear] {
        let lint = log.agent(
            Stage::Prepare,
            "host",
            EventBody::Checked(check(
                CheckKind::Lint,
                CheckTarget::Event(set),
                OutcomeVerdict::Pass,
                0.0,
                0.0,
            )),
        );
        log.agent(
            Stage::Prepare,
            "validator",
            EventBody::Endorsed(critique(
                set,
                RubricItem::Features,
                lint,
                "Only columns of the protocol, known before discharge.",
            )),
        );
        log.agent(Stage::Prepare, "host", EventBody::Accepted(set));
    }
    Prepared {
        proxy,
        late,
        trees,
        linear,
    }
}
