//! The whole report of a small run.

use autods_sdk::agent::{
    Action, Agent, Briefing, CheckKind, CheckTarget, Critique, DeadEnd, Decision, Direction,
    Estimate, Evaluation, EventBody, EventId, Exclusion, Experiment, Fidelity, Group, LevelRate,
    Objection, OutcomeVerdict, Plan, Population, ProposalBody, Protocol, RateRow, Role, RubricItem,
    Sample, Scalar, Section, Stage, Statement, TicketKind, ValueKind, Verdict,
};
use autods_sdk::testkit::BriefingBuilder;

use crate::Translator;

fn estimate(value: f64) -> Estimate {
    Estimate {
        value,
        lower: value - 0.01,
        upper: value + 0.01,
    }
}

fn evaluated(experiment: EventId, population: &str, sample: Sample) -> Evaluation {
    Evaluation {
        experiment,
        model: "gradient-boosting".to_owned(),
        population: population.to_owned(),
        sample,
        group: None,
        insufficient: false,
        n: Some(5_000),
        events: Some(500),
        auroc: Some(estimate(0.68)),
        average_precision: Some(0.2),
        brier: Some(0.09),
        slope: Some(estimate(1.0)),
        intercept: Some(estimate(0.0)),
        rates: vec![RateRow {
            threshold: 0.2,
            flagged: estimate(0.1),
            tpr: Some(estimate(0.3)),
            fpr: Some(estimate(0.1)),
            ppv: Some(estimate(0.25)),
            npv: None,
            net_benefit: 0.01,
        }],
    }
}

fn group(code: &str, auroc: Option<f64>) -> EventBody {
    let mut evaluation = evaluated(6, "eligible", Sample::OutOfFold);
    evaluation.group = Some(Group {
        column: "sex".to_owned(),
        code: code.to_owned(),
        label: code.to_owned(),
    });
    evaluation.insufficient = auroc.is_none();
    evaluation.auroc = auroc.map(estimate);
    EventBody::Evaluated(evaluation)
}

fn critique(target: EventId, evidence: EventId) -> Critique {
    Critique {
        target,
        item: RubricItem::Population,
        evidence,
        remark: String::new(),
    }
}

fn run() -> BriefingBuilder {
    let exclusion = Exclusion {
        column: "disposition".to_owned(),
        codes: vec!["11".to_owned()],
        reason: "died".to_owned(),
        evidence: 1,
    };
    BriefingBuilder::new(Role::Translator, "translator")
        .stage(Stage::Report)
        .column("disposition", ValueKind::Category, |column| {
            column.label = "Discharge disposition".to_owned();
        })
        .column("a1c", ValueKind::Category, |column| {
            column.label = "Haemoglobin A1c".to_owned();
            column.missing = 0.8;
        })
        .column("weight", ValueKind::Number, |column| column.missing = 0.9)
        .checked(
            CheckKind::ImpossibleOutcome,
            CheckTarget::Column("disposition".to_owned()),
            OutcomeVerdict::Block,
        )
        .with(|briefing| {
            if let Some(EventBody::Checked(check)) =
                briefing.events.last_mut().map(|event| &mut event.body)
            {
                check.levels = vec![LevelRate {
                    code: "11".to_owned(),
                    label: "Expired".to_owned(),
                    n: 1_600,
                    rate: 0.0,
                    upper: 0.002,
                }];
            }
        })
        .event(
            "data-steward",
            EventBody::Objected(Objection {
                critique: critique(3, 1),
                drop_columns: Vec::new(),
                exclude: vec![exclusion.clone()],
            }),
        )
        .proposed(
            "biostatistician",
            ProposalBody::Protocol(Protocol {
                populations: vec![
                    Population {
                        id: "eligible".to_owned(),
                        title: "Rows in which the outcome can occur".to_owned(),
                        exclude: vec![exclusion],
                    },
                    Population {
                        id: "all".to_owned(),
                        title: "All rows".to_owned(),
                        exclude: Vec::new(),
                    },
                ],
                outcome: "readmitted".to_owned(),
                metric: "auroc".to_owned(),
                folds: 5,
                lockbox: 0.2,
                thresholds: vec![0.2],
                subgroups: vec!["sex".to_owned()],
                seeds: vec![1, 2, 3],
            }),
        )
        .event("host", EventBody::Accepted(3))
        .proposed(
            "modeler-boosting",
            ProposalBody::Analysis(Plan {
                hypothesis: 0,
                features: 0,
                method: "gradient-boosting".to_owned(),
                params: Vec::new(),
                complexity: 10,
                rationale: String::new(),
            }),
        )
        .event(
            "host",
            EventBody::Experiment(Experiment {
                plan: 5,
                fidelity: Fidelity::Full,
                seeds: 3,
                auroc: estimate(0.68),
                average_precision: 0.2,
                brier: 0.09,
                slope: estimate(1.0),
                intercept: estimate(0.0),
                seed_sd: 0.0003,
                gain: None,
                against: None,
            }),
        )
        .event("host", EventBody::Promoted(6))
        .event(
            "modeler-boosting",
            EventBody::Verdict(Verdict {
                result: 6,
                decision: Decision::DeadEnd,
                evidence: 6,
                dead_end: Some(DeadEnd {
                    method: "gradient-boosting".to_owned(),
                    axis: "learning-rate".to_owned(),
                    direction: Direction::AtOrBelow,
                    value: Scalar::Number(0.03),
                }),
                remark: String::new(),
            }),
        )
        .event(
            "host",
            EventBody::Evaluated(evaluated(6, "eligible", Sample::OutOfFold)),
        )
        .event(
            "host",
            EventBody::Evaluated(evaluated(6, "all", Sample::OutOfFold)),
        )
        .event(
            "host",
            EventBody::Evaluated(evaluated(6, "eligible", Sample::LockBox)),
        )
        .event("host", group("f", Some(0.7)))
        .event("host", group("m", Some(0.6)))
        .event("host", group("x", None))
        .event("host", EventBody::Other("lockbox-cut".to_owned()))
        .with(|briefing| briefing.champion = Some(6))
        .ticket(TicketKind::Narrative, 0)
}

fn statements(briefing: &Briefing) -> Vec<Statement> {
    Translator::act(briefing)
        .into_iter()
        .map(|action| match action {
            Action::State(statement) => statement,
            other => panic!("{other:?}"),
        })
        .collect()
}

fn text(statements: &[Statement], section: Section) -> String {
    statements
        .iter()
        .filter(|statement| statement.section == section)
        .map(|statement| statement.text.as_str())
        .collect::<Vec<_>>()
        .join(" ")
}

#[test]
fn every_section_has_words_and_no_word_has_a_digit() {
    let said = statements(&run().build());
    for section in [
        Section::Question,
        Section::Data,
        Section::Protocol,
        Section::Exploration,
        Section::Performance,
        Section::Subgroups,
        Section::Leakage,
        Section::Attributions,
        Section::Limitations,
    ] {
        assert!(!text(&said, section).is_empty(), "{section:?}");
    }
    for statement in &said {
        let mut bare = statement.text.clone();
        for at in 0..statement.refs.len() {
            bare = bare.replace(&format!("{{{at}}}"), "");
        }
        assert!(
            !bare.contains(|c: char| c.is_numeric()),
            "{}",
            statement.text
        );
        assert!(
            statement
                .refs
                .iter()
                .all(|r| r.pointer.starts_with('/') && r.event > 0)
        );
    }
}

#[test]
fn what_is_said_follows_from_what_is_on_the_board() {
    let said = statements(&run().build());
    let protocol = text(&said, Section::Protocol);
    assert!(protocol.contains("The data steward objected"), "{protocol}");
    assert!(protocol.contains("“Expired”"), "{protocol}");
    let exploration = text(&said, Section::Exploration);
    assert!(
        exploration.contains("learning rate at or below {0}"),
        "{exploration}"
    );
    let performance = text(&said, Section::Performance);
    assert!(performance.contains("in agreement with"), "{performance}");
    let subgroups = text(&said, Section::Subgroups);
    assert!(subgroups.contains("do not meet"), "{subgroups}");
    assert!(subgroups.contains("insufficient"), "{subgroups}");
    let limitations = text(&said, Section::Limitations);
    assert!(limitations.contains("weight"), "{limitations}");
    assert!(
        !limitations.contains("There is no lock-box figure"),
        "{limitations}"
    );
}

#[test]
fn a_run_without_a_champion_still_gets_an_honest_report_and_nothing_is_said_twice() {
    let bare = run().with(|briefing| briefing.champion = None);
    let said = statements(&bare.build());
    assert!(text(&said, Section::Performance).contains("no champion"));
    let done = run().event("translator", EventBody::Other("stated".to_owned()));
    assert!(statements(&done.build()).is_empty());
}
