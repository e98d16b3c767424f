//! The champion, looked at from every side.

use autods_board::*;

use super::{
    attribute::attributed,
    cohort::{AGES, ORIGINS, Row},
    evaluate::{Model, curves, evaluation},
    log::{Log, check, text},
    prepare::Prepared,
    run::Cohort,
    table_one::table_one,
};

/// What sentences refer to.
pub struct Validated {
    pub deciding: EventId,
    pub boxed: EventId,
    pub attributed: EventId,
}

/// Evaluations, curves, subgroups, the description, the leakage ledger, attributions, the sign-off.
pub fn validate(
    log: &mut Log,
    cohort: &Cohort<'_>,
    prepared: &Prepared,
    experiment_of: EventId,
) -> Validated {
    let Cohort {
        development,
        lockbox,
        everybody,
        ..
    } = cohort;
    let name = "gradient-boosting";
    log.host(
        Stage::Validate,
        HostBody::LockboxOpened(LockboxOpened {
            count: 1,
            experiment: experiment_of,
            by: text("validator"),
        }),
    );
    let whole =
        |log: &mut Log, rows: &[&Row], model, name: &str, experiment, population: &str, sample| {
            log.agent(
                Stage::Validate,
                "host",
                EventBody::Evaluated(evaluation(
                    rows, model, name, experiment, population, sample, None,
                )),
            )
        };
    let deciding = whole(
        log,
        development,
        Model::Boosted,
        name,
        experiment_of,
        "eligible",
        Sample::OutOfFold,
    );
    let boxed = whole(
        log,
        lockbox,
        Model::Boosted,
        name,
        experiment_of,
        "eligible",
        Sample::LockBox,
    );
    whole(
        log,
        everybody,
        Model::Boosted,
        name,
        experiment_of,
        "all",
        Sample::OutOfFold,
    );
    whole(
        log,
        development,
        Model::Single,
        "best-single-predictor",
        0,
        "eligible",
        Sample::OutOfFold,
    );
    whole(
        log,
        lockbox,
        Model::Single,
        "best-single-predictor",
        0,
        "eligible",
        Sample::LockBox,
    );
    whole(
        log,
        development,
        Model::Prevalence,
        "prevalence",
        0,
        "eligible",
        Sample::OutOfFold,
    );
    log.host(
        Stage::Validate,
        curves(
            development,
            Model::Boosted,
            name,
            experiment_of,
            Sample::OutOfFold,
        ),
    );
    log.host(
        Stage::Validate,
        curves(
            lockbox,
            Model::Boosted,
            name,
            experiment_of,
            Sample::LockBox,
        ),
    );
    log.host(
        Stage::Validate,
        curves(
            development,
            Model::Single,
            "best-single-predictor",
            0,
            Sample::OutOfFold,
        ),
    );
    for (column, labels) in [
        ("race", &ORIGINS[..]),
        ("gender", &["Female", "Male"][..]),
        ("age", &AGES[..]),
    ] {
        for (index, label) in labels.iter().enumerate() {
            let rows: Vec<&Row> = development
                .iter()
                .filter(|row| match column {
                    "race" => row.origin == index,
                    "gender" => row.female == (index == 0),
                    _ => row.age == index,
                })
                .copied()
                .collect();
            let group = Group {
                column: text(column),
                code: text(label),
                label: text(label),
            };
            let mut of_group = evaluation(
                &rows,
                Model::Boosted,
                name,
                experiment_of,
                "eligible",
                Sample::OutOfFold,
                Some(group),
            );
            if of_group.insufficient {
                // two withheld counts of one column cannot be told apart
                of_group.events = None;
            }
            log.agent(Stage::Validate, "host", EventBody::Evaluated(of_group));
        }
    }
    table_one(log, development);
    for (id, title, kind, target, verdict, statistic, threshold, evidence) in [
        (
            "L1.1",
            "Duplicate rows on both sides of a split",
            CheckKind::Duplicates,
            CheckTarget::Data,
            OutcomeVerdict::Pass,
            0.0,
            0.0,
            0,
        ),
        (
            "L1.2",
            "Subjects on both sides of a split",
            CheckKind::GroupOverlap,
            CheckTarget::Data,
            OutcomeVerdict::Pass,
            0.0,
            0.0,
            0,
        ),
        (
            "L2.1",
            "A proxy of the outcome among the predictors",
            CheckKind::TargetProxy,
            CheckTarget::Column(text("number_inpatient")),
            OutcomeVerdict::Pass,
            0.613,
            0.9,
            prepared.proxy,
        ),
        (
            "L2.2",
            "Predictors known only after the index date",
            CheckKind::PostIndex,
            CheckTarget::Data,
            OutcomeVerdict::Pass,
            0.0,
            0.0,
            prepared.late,
        ),
    ] {
        log.host(
            Stage::Validate,
            HostBody::Leakage(LeakageRow {
                id: text(id),
                title: text(title),
                check: check(kind, target, verdict, statistic, threshold),
                evidence,
            }),
        );
    }
    let attributed = log.host(
        Stage::Validate,
        HostBody::Attributed(attributed(development, experiment_of)),
    );
    let calibrated = log.agent(
        Stage::Validate,
        "host",
        EventBody::Checked(check(
            CheckKind::Calibration,
            CheckTarget::Event(experiment_of),
            OutcomeVerdict::Pass,
            0.98,
            0.9,
        )),
    );
    log.agent(
        Stage::Validate,
        "validator",
        EventBody::Verdict(Verdict {
            result: experiment_of,
            decision: Decision::Hold,
            evidence: calibrated,
            dead_end: None,
            remark: text("Sound on these data; test it at another site before any use."),
        }),
    );
    Validated {
        deciding,
        boxed,
        attributed,
    }
}
