//! What the teams try.

use autods_board::*;

use super::{
    cohort::Row,
    evaluate::{Model, evaluation, outcomes, scores},
    log::{Log, digest, gate, integer, number, text},
    measures,
    prepare::Prepared,
    run::SEEDS,
};

struct Attempt {
    team: &'static str,
    hypothesis: EventId,
    features: EventId,
    method: &'static str,
    params: Vec<Param>,
    model: Model,
    fidelity: Fidelity,
    decision: Decision,
    remark: &'static str,
}

/// Five plans of two teams. Gives the experiment of the champion.
pub fn explore(log: &mut Log, development: &[&Row], prepared: &Prepared) -> EventId {
    let hypothesis = |name: &str, statement: &str, prediction: f64| Hypothesis {
        name: text(name),
        statement: text(statement),
        prediction,
        falsified_below: 0.001,
        after_experiments: 3,
    };
    let straight = log.agent(
        Stage::Explore,
        "modeler-linear",
        EventBody::Hypothesis(hypothesis(
            "additive",
            "Effects add up on the log-odds scale.",
            0.04,
        )),
    );
    let crossed = log.agent(
        Stage::Explore,
        "modeler-boosting",
        EventBody::Hypothesis(hypothesis(
            "interactions",
            "Earlier stays count more in the old.",
            0.01,
        )),
    );
    let y = outcomes(development);
    let mut champion: Option<(EventId, Model)> = None;
    let mut experiment_of = 0;
    let attempts = [
        Attempt {
            team: "modeler-linear",
            hypothesis: straight,
            features: prepared.linear,
            method: "elastic-net-logistic",
            params: vec![number("lambda", 0.001), number("alpha", 0.5)],
            model: Model::Linear,
            fidelity: Fidelity::Full,
            decision: Decision::Promote,
            remark: "First model, above the baselines.",
        },
        Attempt {
            team: "modeler-boosting",
            hypothesis: crossed,
            features: prepared.trees,
            method: "gradient-boosting",
            params: vec![
                integer("rounds", 50),
                number("learning-rate", 0.3),
                integer("depth", 8),
            ],
            model: Model::Single,
            fidelity: Fidelity::Screen,
            decision: Decision::DeadEnd,
            remark: "Deep trees at a high rate fall behind the champion.",
        },
        Attempt {
            team: "modeler-linear",
            hypothesis: straight,
            features: prepared.linear,
            method: "elastic-net-logistic",
            params: vec![number("lambda", 0.1), number("alpha", 1.0)],
            model: Model::Single,
            fidelity: Fidelity::Screen,
            decision: Decision::DeadEnd,
            remark: "So strong a penalty leaves one predictor.",
        },
        Attempt {
            team: "modeler-boosting",
            hypothesis: crossed,
            features: prepared.trees,
            method: "gradient-boosting",
            params: vec![
                integer("rounds", 300),
                number("learning-rate", 0.05),
                integer("depth", 4),
            ],
            model: Model::Boosted,
            fidelity: Fidelity::Screen,
            decision: Decision::Hold,
            remark: "Promising; worth all seeds.",
        },
        Attempt {
            team: "modeler-boosting",
            hypothesis: crossed,
            features: prepared.trees,
            method: "gradient-boosting",
            params: vec![
                integer("rounds", 400),
                number("learning-rate", 0.04),
                integer("depth", 4),
            ],
            model: Model::Boosted,
            fidelity: Fidelity::Full,
            decision: Decision::Promote,
            remark: "The paired interval lies above zero and the slope holds.",
        },
    ];
    for attempt in attempts {
        let Attempt {
            team,
            hypothesis,
            features,
            method,
            params,
            model,
            fidelity,
            decision,
            remark,
        } = attempt;
        let complexity = if method == "gradient-boosting" {
            120
        } else {
            20
        };
        let plan = log.agent(
            Stage::Explore,
            team,
            EventBody::Proposed(Proposal {
                body: ProposalBody::Analysis(Plan {
                    hypothesis,
                    features,
                    method: text(method),
                    params,
                    complexity,
                    rationale: text("Within the declared ranges."),
                }),
                supersedes: None,
            }),
        );
        log.agent(Stage::Explore, "host", EventBody::Accepted(plan));
        log.host(
            Stage::Explore,
            HostBody::Claimed(Claimed {
                plan,
                fingerprint: digest(plan),
                holder: text("lab"),
                attempt: 1,
            }),
        );
        let p = scores(development, model);
        let auroc = measures::auroc(&y, &p);
        let (slope, intercept) = measures::calibration(&y, &p);
        let gain = champion.map(|(_, earlier)| {
            measures::paired(development, &y, &p, &scores(development, earlier))
        });
        let (seeds, seed_sd) = if fidelity == Fidelity::Full {
            (SEEDS.len() as u32, measures::seed_sd(&y, &p, &SEEDS))
        } else {
            (1, 0.0)
        };
        let experiment = log.agent(
            Stage::Explore,
            "host",
            EventBody::Experiment(Experiment {
                plan,
                fidelity,
                seeds,
                auroc,
                average_precision: measures::average_precision(&y, &p),
                brier: measures::brier(&y, &p),
                slope,
                intercept,
                seed_sd,
                gain,
                against: champion.map(|(id, _)| id),
            }),
        );
        log.agent(
            Stage::Explore,
            team,
            EventBody::Verdict(Verdict {
                result: experiment,
                decision,
                evidence: experiment,
                dead_end: (decision == Decision::DeadEnd).then(|| {
                    if method == "gradient-boosting" {
                        DeadEnd {
                            method: text(method),
                            axis: text("depth"),
                            direction: Direction::AtOrAbove,
                            value: Scalar::Integer(8),
                        }
                    } else {
                        DeadEnd {
                            method: text(method),
                            axis: text("lambda"),
                            direction: Direction::AtOrAbove,
                            value: Scalar::Number(0.1),
                        }
                    }
                }),
                remark: text(remark),
            }),
        );
        if decision == Decision::Promote {
            // of the champion the subgroups come later, with everything else about it
            if matches!(model, Model::Linear) {
                of_both_sexes(log, development, model, method, experiment);
            }
            log.agent(Stage::Explore, "host", EventBody::Promoted(experiment));
            champion = Some((experiment, model));
            experiment_of = experiment;
        }
    }
    for _ in 0..2 {
        log.agent(
            Stage::Explore,
            "modeler-linear",
            EventBody::Refused(text("known-dead-end")),
        );
    }
    log.agent(
        Stage::Explore,
        "modeler-boosting",
        EventBody::Refused(text("duplicate-plan")),
    );
    log.agent(
        Stage::Explore,
        "modeler-linear",
        EventBody::Falsified(straight),
    );
    log.host(
        Stage::Explore,
        HostBody::AgentFailed(AgentFailed {
            instance: text("modeler-linear"),
            code: text("out-of-time"),
        }),
    );
    log.host(
        Stage::Validate,
        gate(
            Stage::Explore,
            Stage::Validate,
            "no-tickets-left",
            "0 open tickets",
        ),
    );
    experiment_of
}

fn of_both_sexes(
    log: &mut Log,
    development: &[&Row],
    model: Model,
    method: &str,
    experiment: EventId,
) {
    for (label, female) in [("Female", true), ("Male", false)] {
        let rows: Vec<&Row> = development
            .iter()
            .filter(|row| row.female == female)
            .copied()
            .collect();
        let group = Group {
            column: text("gender"),
            code: text(label),
            label: text(label),
        };
        let sample = Sample::OutOfFold;
        log.agent(
            Stage::Explore,
            "host",
            EventBody::Evaluated(evaluation(
                &rows,
                model,
                method,
                experiment,
                "eligible",
                sample,
                Some(group),
            )),
        );
    }
}
