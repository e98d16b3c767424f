//! The events of a whole run.

use autods_board::*;

use super::{
    cohort::{Row, cohort},
    design::{begin, design},
    evaluate::{Model, outcomes, scores},
    explore::explore,
    log::{Log, text},
    measures,
    prepare::prepare,
    validate::{Validated, validate},
};

pub const THRESHOLDS: [f64; 2] = [0.1, 0.2];
pub const SEEDS: [u64; 5] = [11, 23, 37, 41, 59];

/// Seconds of parts; not events.
pub fn timing() -> Vec<(String, f64)> {
    [
        ("ingest", 3.21),
        ("govern", 0.94),
        ("design", 1.5),
        ("prepare", 12.7),
        ("explore: baselines", 9.4),
        ("explore: experiments", 198.2),
        ("explore", 214.06),
        ("validate", 31.4),
        ("report", 0.3),
        ("report: writing", 0.1),
    ]
    .iter()
    .map(|(name, seconds)| ((*name).to_owned(), *seconds))
    .collect()
}

/// The toy's rows, by what they serve for.
pub struct Cohort<'a> {
    pub all: Vec<&'a Row>,
    pub everybody: Vec<&'a Row>,
    pub development: Vec<&'a Row>,
    pub lockbox: Vec<&'a Row>,
}

/// Distinct subjects.
pub fn subjects(rows: &[&Row]) -> u64 {
    let mut list: Vec<usize> = rows.iter().map(|row| row.subject).collect();
    list.sort_unstable();
    list.dedup();
    list.len() as u64
}

/// Every event of the toy's run, in order.
pub fn whole_run(synthetic: bool) -> Vec<Event> {
    let rows = cohort(12_000, 20_260_101);
    let part = |gone: bool, lockbox: bool| -> Vec<&Row> {
        rows.iter()
            .filter(|row| (gone || row.disposition < 3) && row.lockbox == lockbox)
            .collect()
    };
    let cohort = Cohort {
        all: rows.iter().collect(),
        everybody: part(true, false),
        development: part(false, false),
        lockbox: part(false, true),
    };
    let mut log = Log(Vec::new());
    begin(&mut log, cohort.all.len(), synthetic);
    let cut = design(&mut log, &cohort);
    let prepared = prepare(&mut log);
    let champion = explore(&mut log, &cohort.development, &prepared);
    let validated = validate(&mut log, &cohort, &prepared, champion);
    report(&mut log, &cohort.development, cut, champion, &validated);
    log.0
}

fn report(
    log: &mut Log,
    development: &[&Row],
    cut: EventId,
    experiment_of: EventId,
    validated: &Validated,
) {
    let say = |log: &mut Log, section, sentence: &str, refs: &[(EventId, &str)]| {
        log.add(
            Stage::Report,
            "translator",
            Body::Host(Box::new(HostBody::Stated(Statement {
                section,
                text: text(sentence),
                refs: refs
                    .iter()
                    .map(|(event, pointer)| Reference {
                        event: *event,
                        pointer: text(pointer),
                    })
                    .collect(),
            }))),
        )
    };
    say(
        log,
        Section::Data,
        "The model was developed on {0} encounters of {1} patients.",
        &[
            (cut, "/LockboxCut/development_rows"),
            (cut, "/LockboxCut/development_subjects"),
        ],
    );
    say(
        log,
        Section::Performance,
        "Out of fold, an encounter with readmission gets a higher predicted risk than one without in {0} % of pairs; in the lock-box in {1} %.",
        &[
            (validated.deciding, "/Evaluated/auroc/value"),
            (validated.boxed, "/Evaluated/auroc/value"),
        ],
    );
    say(
        log,
        Section::Attributions,
        "The column that weighs most is {0}, with a mean attribution of {1}.",
        &[
            (validated.attributed, "/Attributed/columns/0/name"),
            (validated.attributed, "/Attributed/columns/0/mean_abs"),
        ],
    );
    say(
        log,
        Section::Limitations,
        "Deaths after discharge are not recorded and count as no readmission.",
        &[],
    );
    log.host(
        Stage::Closed,
        HostBody::Closed(Closed {
            outcome: text("complete"),
            champion: Some(experiment_of),
            primary: Some(measures::auroc(
                &outcomes(development),
                &scores(development, Model::Boosted),
            )),
        }),
    );
}
