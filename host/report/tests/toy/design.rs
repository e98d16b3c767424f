//! Loading, identifiers, and the protocol.

use autods_board::*;

use super::{
    cohort::DISPOSITIONS,
    log::{Log, check, critique, digest, file, gate, integer, number, text, texts},
    measures,
    run::{Cohort, SEEDS, THRESHOLDS, subjects},
};

/// The run begins: a table of so many rows is loaded and de-identified.
pub fn begin(log: &mut Log, rows: usize, synthetic: bool) {
    log.host(Stage::Ingest, HostBody::Started(Started {
        run: text("toy_v1"),
        task: text("task-readmission-toy"),
        title: text("Unplanned readmission within thirty days of discharge"),
        question: text("Among adults discharged after a stay with diabetes, which will be readmitted within 30 days?"),
        host: text("0.1.0"),
        task_digest: digest(1),
        data: vec![file("encounters.csv", 19_159_383)],
        plugins: vec![file("loader-table", 412_311), file("method-impute-encode-scale", 377_901), file("agent-validator", 298_114)],
        synthetic,
        licence: text("CC BY 4.0"),
        citation: text("A generated cohort of 12,000 encounters; after Strack et al. 2014, BioMed Research International 781670"),
        command: text("autods-host run --task task-readmission-toy --name toy_v1 --out runs/toy_v1 --replace"),
        intended_use: text("Planning follow-up calls before discharge; not for refusing or delaying care."),
    }));
    log.host(
        Stage::Ingest,
        HostBody::Loaded(Loaded {
            table: text("encounters"),
            rows: rows as u64,
            columns: 14,
            undeclared: 1,
            shards: 4,
            loader: text("loader-table"),
        }),
    );
    log.host(
        Stage::Govern,
        gate(
            Stage::Ingest,
            Stage::Govern,
            "tables-loaded",
            "1 of 1 tables loaded",
        ),
    );
    for (column, class, evidence, action) in [
        (
            "encounter_id",
            "account-number",
            ["role", "uniqueness"],
            "pseudonymised",
        ),
        (
            "patient_nbr",
            "medical-record-number",
            ["name", "role"],
            "pseudonymised",
        ),
    ] {
        log.host(
            Stage::Govern,
            HostBody::Identified(Identified {
                table: text("encounters"),
                column: text(column),
                class: text(class),
                evidence: texts(&evidence),
                rows: rows as u64,
                action: text(action),
            }),
        );
    }
    log.host(
        Stage::Govern,
        HostBody::Deidentified(Deidentified {
            columns: 2,
            remaining: 0,
            key: digest(7)[..16].to_owned(),
        }),
    );
    log.host(
        Stage::Design,
        gate(
            Stage::Govern,
            Stage::Design,
            "rescan-clean",
            "0 findings in the second scan",
        ),
    );
}

/// The protocol is proposed, objected to, mended and locked; the lock-box is cut. Gives the event
/// of the cut.
pub fn design(log: &mut Log, cohort: &Cohort<'_>) -> EventId {
    let Cohort {
        all,
        development,
        lockbox,
        ..
    } = cohort;
    let protocol = |populations: Vec<Population>| Protocol {
        populations,
        outcome: text("readmitted within 30 days"),
        metric: text("auroc"),
        folds: 5,
        lockbox: 0.2,
        thresholds: THRESHOLDS.to_vec(),
        subgroups: texts(&["race", "gender", "age"]),
        seeds: SEEDS.to_vec(),
    };
    let everyone = Population {
        id: text("all"),
        title: text("All encounters"),
        exclude: Vec::new(),
    };
    let first = log.agent(
        Stage::Design,
        "biostatistician",
        EventBody::Proposed(Proposal {
            body: ProposalBody::Protocol(protocol(vec![everyone.clone()])),
            supersedes: None,
        }),
    );
    let mut impossible = check(
        CheckKind::ImpossibleOutcome,
        CheckTarget::Column(text("discharge_disposition_id")),
        OutcomeVerdict::Block,
        0.0,
        0.02,
    );
    for gone in [3, 4] {
        let n = all.iter().filter(|row| row.disposition == gone).count() as f64;
        let rate = measures::wilson(0.0, n);
        impossible.levels.push(LevelRate {
            code: text(DISPOSITIONS[gone].0),
            label: text(DISPOSITIONS[gone].1),
            n: n as u64,
            rate: 0.0,
            upper: (rate.upper * 1000.0).round() / 1000.0,
        });
    }
    let impossible = log.agent(Stage::Design, "host", EventBody::Checked(impossible));
    let exclusion = Exclusion {
        column: text("discharge_disposition_id"),
        codes: texts(&["11", "13"]),
        reason: text("Died or went to hospice care, so cannot be readmitted."),
        evidence: impossible,
    };
    let objected = log.agent(
        Stage::Design,
        "validator",
        EventBody::Objected(Objection {
            critique: critique(
                first,
                RubricItem::Population,
                impossible,
                "Rows that cannot have the outcome make every model look better than it is.",
            ),
            drop_columns: Vec::new(),
            exclude: vec![exclusion.clone()],
        }),
    );
    let second = log.agent(
        Stage::Design,
        "biostatistician",
        EventBody::Proposed(Proposal {
            body: ProposalBody::Protocol(protocol(vec![
                Population {
                    id: text("eligible"),
                    title: text("Encounters after which readmission is possible"),
                    exclude: vec![exclusion],
                },
                everyone,
            ])),
            supersedes: Some(first),
        }),
    );
    log.agent(Stage::Design, "validator", EventBody::Answered(objected));
    let mut size = check(
        CheckKind::SampleSize,
        CheckTarget::Event(second),
        OutcomeVerdict::Pass,
        development.len() as f64,
        3_412.0,
    );
    size.numbers = vec![
        integer("parameters", 60),
        number("anticipated-r2cs", 0.0312),
    ];
    let size = log.agent(Stage::Design, "host", EventBody::Checked(size));
    let lint = log.agent(
        Stage::Design,
        "host",
        EventBody::Checked(check(
            CheckKind::Lint,
            CheckTarget::Event(second),
            OutcomeVerdict::Pass,
            0.0,
            0.0,
        )),
    );
    log.agent(
        Stage::Design,
        "data-steward",
        EventBody::Endorsed(critique(
            second,
            RubricItem::Population,
            lint,
            "The exclusions rest on codes that the dictionary declares.",
        )),
    );
    log.agent(
        Stage::Design,
        "validator",
        EventBody::Endorsed(critique(
            second,
            RubricItem::SampleSize,
            size,
            "Events suffice for the parameters foreseen.",
        )),
    );
    log.agent(Stage::Design, "host", EventBody::Accepted(second));
    let locked = protocol_of(&log.0, second);
    log.host(
        Stage::Design,
        HostBody::Locked(Locked {
            proposal: second,
            digest: digest(3),
            protocol: locked,
        }),
    );
    let cut = log.host(
        Stage::Design,
        HostBody::LockboxCut(LockboxCut {
            subjects: subjects(lockbox),
            rows: lockbox.len() as u64,
            development_rows: development.len() as u64,
            development_subjects: subjects(development),
        }),
    );
    log.host(
        Stage::Prepare,
        gate(
            Stage::Design,
            Stage::Prepare,
            "protocol-locked",
            "accepted by 2 roles, 0 open objections",
        ),
    );
    cut
}

fn protocol_of(events: &[Event], id: EventId) -> Protocol {
    for event in events {
        if let (
            true,
            Body::Agent(EventBody::Proposed(Proposal {
                body: ProposalBody::Protocol(protocol),
                ..
            })),
        ) = (event.id == id, &event.body)
        {
            return protocol.clone();
        }
    }
    unreachable!("the proposal was just made")
}
