//! The board's vocabulary and the plugin contract say the same, name for name.

use autods_board::{
    Action, CheckKind, CheckResult, CheckTarget, ColumnUse, Critique, DeadEnd, Decision, Direction,
    Estimate, Evaluation, EventBody, Exclusion, Experiment, FeatureSet, Fidelity, Group,
    Hypothesis, LevelRate, Objection, OutcomeVerdict, Param, Plan, Population, Proposal,
    ProposalBody, Protocol, RateRow, Reference, RubricItem, Sample, Scalar, Section, Statement,
    Step, Verdict,
};

use crate::session::recast;

fn param(value: Scalar) -> Param {
    Param {
        name: "a-name".to_owned(),
        value,
    }
}

fn exclusion() -> Exclusion {
    Exclusion {
        column: "c".to_owned(),
        codes: vec!["11".to_owned()],
        reason: "r".to_owned(),
        evidence: 3,
    }
}

fn estimate() -> Estimate {
    Estimate {
        value: 0.7,
        lower: 0.6,
        upper: 0.8,
    }
}

fn critique() -> Critique {
    Critique {
        target: 1,
        item: RubricItem::OutcomeDefinition,
        evidence: 2,
        remark: "r".to_owned(),
    }
}

fn objection() -> Objection {
    Objection {
        critique: critique(),
        drop_columns: vec!["c".to_owned()],
        exclude: vec![exclusion()],
    }
}

fn hypothesis() -> Hypothesis {
    Hypothesis {
        name: "n".to_owned(),
        statement: "s".to_owned(),
        prediction: 0.01,
        falsified_below: 0.001,
        after_experiments: 2,
    }
}

fn proposals() -> Vec<Proposal> {
    let bodies = [
        ProposalBody::Protocol(Protocol {
            populations: vec![Population {
                id: "all".to_owned(),
                title: "t".to_owned(),
                exclude: vec![exclusion()],
            }],
            outcome: "o".to_owned(),
            metric: "auroc".to_owned(),
            folds: 5,
            lockbox: 0.2,
            thresholds: vec![0.1],
            subgroups: vec!["s".to_owned()],
            seeds: vec![1, u64::MAX],
        }),
        ProposalBody::Features(FeatureSet {
            name: "f".to_owned(),
            columns: vec![ColumnUse {
                column: "c".to_owned(),
                steps: vec![Step {
                    name: "log1p".to_owned(),
                    params: vec![
                        param(Scalar::Missing),
                        param(Scalar::Flag(true)),
                        param(Scalar::Integer(-1)),
                        param(Scalar::Number(0.1)),
                        param(Scalar::Text("t".to_owned())),
                    ],
                }],
            }],
            method: "m".to_owned(),
            rationale: "r".to_owned(),
        }),
        ProposalBody::Analysis(Plan {
            hypothesis: 1,
            features: 2,
            method: "gradient-boosting".to_owned(),
            params: Vec::new(),
            complexity: 7,
            rationale: "r".to_owned(),
        }),
    ];
    bodies
        .into_iter()
        .map(|body| Proposal {
            body,
            supersedes: Some(4),
        })
        .collect()
}

fn verdict(decision: Decision) -> Verdict {
    Verdict {
        result: 1,
        decision,
        evidence: 2,
        dead_end: Some(DeadEnd {
            method: "m".to_owned(),
            axis: "depth".to_owned(),
            direction: Direction::AtOrAbove,
            value: Scalar::Integer(6),
        }),
        remark: "r".to_owned(),
    }
}

fn check(kind: CheckKind, target: CheckTarget) -> CheckResult {
    CheckResult {
        kind,
        target,
        verdict: OutcomeVerdict::Warn,
        statistic: 0.5,
        threshold: 0.6,
        levels: vec![LevelRate {
            code: "11".to_owned(),
            label: "Expired".to_owned(),
            n: 1642,
            rate: 0.0,
            upper: 0.002,
        }],
        numbers: vec![param(Scalar::Number(1.5))],
    }
}

fn evaluation() -> Evaluation {
    Evaluation {
        experiment: 0,
        model: "prevalence".to_owned(),
        population: "all".to_owned(),
        sample: Sample::LockBox,
        group: Some(Group {
            column: "race".to_owned(),
            code: "x".to_owned(),
            label: "X".to_owned(),
        }),
        insufficient: false,
        n: Some(100),
        events: None,
        auroc: Some(estimate()),
        average_precision: Some(0.2),
        brier: Some(0.1),
        slope: None,
        intercept: Some(estimate()),
        rates: vec![RateRow {
            threshold: 0.1,
            flagged: estimate(),
            tpr: Some(estimate()),
            fpr: None,
            ppv: Some(estimate()),
            npv: None,
            net_benefit: 0.01,
        }],
    }
}

#[test]
fn every_action_crosses_the_border_and_comes_back() {
    let mut actions = vec![
        Action::RequestCheck((
            CheckKind::ImpossibleOutcome,
            CheckTarget::Column("c".to_owned()),
        )),
        Action::OpenHypothesis(hypothesis()),
        Action::Endorse(critique()),
        Action::Object(objection()),
        Action::Withdraw(9),
        Action::State(Statement {
            section: Section::Limitations,
            text: "{0}".to_owned(),
            refs: vec![Reference {
                event: 1,
                pointer: "/Experiment/auroc/value".to_owned(),
            }],
        }),
        Action::Schedule(vec!["validator".to_owned()]),
        Action::Advance,
    ];
    actions.extend(proposals().into_iter().map(Action::Propose));
    for decision in [
        Decision::Promote,
        Decision::Hold,
        Decision::Revise,
        Decision::DeadEnd,
    ] {
        actions.push(Action::GiveVerdict(verdict(decision)));
    }
    for action in actions {
        let outside: autods_sandbox::agent::Action =
            recast(&action).expect("the contract takes it");
        let back: Action = recast(&outside).expect("the board takes it back");
        assert_eq!(back, action);
    }
}

#[test]
fn every_event_crosses_the_border_and_comes_back() {
    let mut bodies = vec![
        EventBody::Endorsed(critique()),
        EventBody::Objected(objection()),
        EventBody::Answered(1),
        EventBody::Accepted(2),
        EventBody::Hypothesis(hypothesis()),
        EventBody::Falsified(3),
        EventBody::Experiment(Experiment {
            plan: 1,
            fidelity: Fidelity::Screen,
            seeds: 1,
            auroc: estimate(),
            average_precision: 0.2,
            brier: 0.1,
            slope: estimate(),
            intercept: estimate(),
            seed_sd: 0.0,
            gain: Some(estimate()),
            against: None,
        }),
        EventBody::Evaluated(evaluation()),
        EventBody::Verdict(verdict(Decision::Hold)),
        EventBody::Promoted(5),
        EventBody::Refused("duplicate-plan".to_owned()),
        EventBody::Other("Loaded".to_owned()),
    ];
    bodies.extend(proposals().into_iter().map(EventBody::Proposed));
    for kind in [
        CheckKind::ImpossibleOutcome,
        CheckKind::SampleSize,
        CheckKind::Duplicates,
        CheckKind::GroupOverlap,
        CheckKind::TargetProxy,
        CheckKind::MissingnessProxy,
        CheckKind::Identifier,
        CheckKind::PostIndex,
        CheckKind::NearConstant,
        CheckKind::Lint,
        CheckKind::EventsPerParameter,
        CheckKind::PairedDifference,
        CheckKind::SeedSpread,
        CheckKind::Calibration,
        CheckKind::Subgroups,
    ] {
        for target in [
            CheckTarget::Data,
            CheckTarget::Column("c".to_owned()),
            CheckTarget::Event(1),
        ] {
            bodies.push(EventBody::Checked(check(kind, target)));
        }
    }
    for body in bodies {
        let outside: autods_sandbox::agent::EventBody =
            recast(&body).expect("the contract takes it");
        let back: EventBody = recast(&outside).expect("the board takes it back");
        assert_eq!(back, body);
    }
}
