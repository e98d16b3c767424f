//! What leaves the row zone: which columns, in what kind of aggregate, to whom.
//!
//! The columns of an aggregate are worked out from the events that hold it, on the side of too
//! many: a model's score counts as computed from every column that its features read, from the
//! outcome, and from the columns that cut its population.

use std::collections::{BTreeMap, BTreeSet};

use autods_board::{
    Body, Catalogue, CheckKind, CheckResult, CheckTarget, Decision as Verdict, Evaluation, Event,
    EventBody, EventId, Experiment, HostBody, ProposalBody, Role,
};
use autods_ledger::{Aggregate, Decision, Entry, Recipient};
use autods_sandbox::Plugin;
use autods_spec::Role as ColumnRole;

use crate::{
    briefing::Player,
    error::Result,
    session::{Session, columns_of},
};

/// Aggregates of one kind that go out together.
#[derive(Default)]
struct Release {
    columns: BTreeSet<String>,
    cells: u64,
    suppressed: u64,
    events: Vec<u64>,
}

type Releases = BTreeMap<Aggregate, Release>;

/// Record what a briefing holds: the catalogue, and what the board holds that the agent has not
/// been shown before in this life of the run.
pub(crate) fn to_agent(
    session: &Session<'_>,
    player: &Player,
    plugin: &Plugin,
    catalogue: Option<&Catalogue>,
) -> Result<()> {
    let mut releases = Releases::new();
    if let Some(catalogue) = catalogue {
        releases.insert(Aggregate::Catalogue, of_catalogue(catalogue));
    }
    // the orchestrator sees tickets and no results
    if player.card.role != Role::Orchestrator {
        let shown = session
            .briefed
            .get(&player.card.instance)
            .copied()
            .unwrap_or(0);
        for event in session.seen().iter().skip(shown) {
            if let Body::Agent(body) = &event.body {
                add_shared(session, &mut releases, event.id, body);
            }
        }
    }
    record(
        session,
        releases,
        &Recipient::Agent {
            instance: player.card.instance.clone(),
            plugin: plugin.id().to_owned(),
            sha256: plugin.sha256().to_owned(),
        },
    )
}

/// Record what the report holds: every aggregate of the log.
pub(crate) fn to_report(session: &Session<'_>) -> Result<()> {
    let mut releases = Releases::new();
    for event in session.seen() {
        match &event.body {
            Body::Agent(body) => add_shared(session, &mut releases, event.id, body),
            Body::Host(body) => add_own(session, &mut releases, event, body),
        }
    }
    record(session, releases, &Recipient::Report)
}

fn record(session: &Session<'_>, releases: Releases, to: &Recipient) -> Result<()> {
    // agents name the columns that they derive, and these names are theirs: what such a column is
    // made of stands beside it
    let dictionary = all_columns(session);
    for (aggregate, mut release) in releases {
        release.columns.retain(|column| dictionary.contains(column));
        session.ledger(&Entry::Released {
            aggregate,
            to: to.clone(),
            table: session.task.endpoint.table.clone(),
            columns: release.columns.into_iter().collect(),
            cells: release.cells,
            suppressed: release.suppressed,
            events: release.events,
        })?;
    }
    Ok(())
}

fn of_catalogue(catalogue: &Catalogue) -> Release {
    let mut release = Release {
        // rows, subjects, rows with the outcome: 0 where withheld
        cells: [catalogue.rows, catalogue.subjects, catalogue.events]
            .iter()
            .filter(|&&n| n > 0)
            .count() as u64,
        ..Release::default()
    };
    release.suppressed = 3 - release.cells;
    for column in &catalogue.columns {
        release.columns.insert(column.name.clone());
        let numbers = [
            true,
            column.distinct.is_some(),
            column.mean.is_some(),
            column.sd.is_some(),
        ];
        release.cells += numbers.iter().filter(|&&shown| shown).count() as u64;
        release.cells += column.quantiles.len() as u64;
        let shown = column.levels.iter().filter(|l| l.n.is_some()).count() as u64;
        release.cells += shown;
        release.suppressed += column.levels.len() as u64 - shown;
    }
    release
}

/// An event that agents read word for word.
fn add_shared(session: &Session<'_>, releases: &mut Releases, id: EventId, body: &EventBody) {
    let (aggregate, columns, cells, suppressed) = match body {
        EventBody::Checked(check) => (
            Aggregate::Check,
            of_check(session, check),
            check_cells(check),
            0,
        ),
        EventBody::Experiment(experiment) => (
            Aggregate::Experiment,
            of_model(session, experiment.plan, &session.primary_population().id),
            experiment_cells(experiment),
            0,
        ),
        EventBody::Evaluated(evaluation) => {
            let mut columns = of_result(session, evaluation.experiment, &evaluation.population);
            if evaluation.experiment == 0 && evaluation.model != "prevalence" {
                // the best single predictor was looked for among all of them
                columns.extend(predictors(session));
            }
            columns.extend(evaluation.group.iter().map(|g| g.column.clone()));
            let (cells, suppressed) = evaluation_cells(evaluation);
            (Aggregate::Evaluation, columns, cells, suppressed)
        }
        _ => return,
    };
    add(releases, aggregate, id, columns, cells, suppressed);
}

/// An event of the host that only the report shows.
fn add_own(session: &Session<'_>, releases: &mut Releases, event: &Event, body: &HostBody) {
    let (aggregate, columns, cells, suppressed) = match body {
        HostBody::Profiled(profile) => {
            let columns = profile
                .pointer("/columns")
                .and_then(|columns| columns.as_array())
                .into_iter()
                .flatten()
                .filter_map(|column| column.pointer("/column/name")?.as_str())
                .map(str::to_owned)
                .collect();
            let count = |key: &str| profile.get(key).and_then(|n| n.as_u64()).unwrap_or(0);
            (Aggregate::Profile, columns, count("shown"), count("hidden"))
        }
        HostBody::Identified(found) => (
            Aggregate::Identifiers,
            BTreeSet::from([found.column.clone()]),
            1,
            0,
        ),
        HostBody::Loaded(_) => (Aggregate::Counts, BTreeSet::new(), 1, 0),
        HostBody::Selected(selected) => {
            let shown = selected
                .steps
                .iter()
                .filter(|step| step.rows.is_some())
                .count() as u64;
            let hidden = selected.steps.len() as u64 - shown;
            (Aggregate::Counts, BTreeSet::new(), 2 * shown, 2 * hidden)
        }
        HostBody::LockboxCut(_) => (Aggregate::Counts, BTreeSet::new(), 4, 0),
        HostBody::Curves(curves) => {
            let points = curves.roc.len()
                + curves.precision_recall.len()
                + curves.calibration.len()
                + curves.decision.len();
            (
                Aggregate::Curves,
                of_result(session, curves.experiment, &curves.population),
                points as u64,
                0,
            )
        }
        HostBody::Attributed(attributed) => (
            Aggregate::Attributions,
            of_result(
                session,
                attributed.experiment,
                &session.primary_population().id,
            ),
            attributed.columns.len() as u64 + 1,
            0,
        ),
        HostBody::Leakage(row) if row.evidence == 0 => (
            Aggregate::Check,
            of_check(session, &row.check),
            check_cells(&row.check),
            0,
        ),
        HostBody::TableOne(row) => {
            let mut columns = excluding(session, &row.population);
            columns.insert(row.column.clone());
            columns.insert(session.task.endpoint.column.clone());
            let counts = [row.n_without, row.n_with];
            let shown = counts.iter().flatten().count() as u64;
            let hidden = if row.code.is_some() { 2 - shown } else { 0 };
            let means = [row.mean_without, row.mean_with].iter().flatten().count() as u64 * 2;
            let rest = 1 + u64::from(row.smd.is_some());
            (Aggregate::TableOne, columns, shown + means + rest, hidden)
        }
        _ => return,
    };
    add(releases, aggregate, event.id, columns, cells, suppressed);
}

fn add(
    releases: &mut Releases,
    aggregate: Aggregate,
    event: EventId,
    columns: BTreeSet<String>,
    cells: u64,
    suppressed: u64,
) {
    let release = releases.entry(aggregate).or_default();
    release.columns.extend(columns);
    release.cells += cells;
    release.suppressed += suppressed;
    release.events.push(event);
}

fn all_columns(session: &Session<'_>) -> BTreeSet<String> {
    columns_where(session, |_| true)
}

fn predictors(session: &Session<'_>) -> BTreeSet<String> {
    columns_where(session, |role| role == ColumnRole::Predictor)
}

fn columns_where(session: &Session<'_>, wanted: impl Fn(ColumnRole) -> bool) -> BTreeSet<String> {
    session
        .task
        .main_table()
        .into_iter()
        .flat_map(|table| &table.columns)
        .filter(|column| wanted(column.role))
        .map(|column| column.name.clone())
        .collect()
}

/// The columns by which a population is cut, with those that the task cuts it by.
fn excluding(session: &Session<'_>, population: &str) -> BTreeSet<String> {
    let by_task = session
        .task
        .population
        .exclude
        .iter()
        .map(|e| e.column.clone());
    let by_protocol = crate::stage::locked(session)
        .into_iter()
        .flat_map(|protocol| protocol.populations)
        .filter(|p| p.id == population)
        .flat_map(|p| p.exclude)
        .map(|e| e.column);
    by_task.chain(by_protocol).collect()
}

/// What a plan's score rests on.
fn of_model(session: &Session<'_>, plan: EventId, population: &str) -> BTreeSet<String> {
    let mut columns = excluding(session, population);
    columns.insert(session.task.endpoint.column.clone());
    if let Ok(plan) = session.resolve(plan) {
        columns.extend(columns_of(&plan.features));
    }
    columns
}

/// What the score of an experiment's plan rests on; of a baseline's where there is none.
fn of_result(session: &Session<'_>, experiment: EventId, population: &str) -> BTreeSet<String> {
    let plan = session.plan_of_result(experiment).map_or(0, |plan| plan.id);
    of_model(session, plan, population)
}

fn of_check(session: &Session<'_>, check: &CheckResult) -> BTreeSet<String> {
    let outcome = session.task.endpoint.column.clone();
    match &check.target {
        CheckTarget::Column(column) => {
            let alone = matches!(
                check.kind,
                CheckKind::Identifier | CheckKind::NearConstant | CheckKind::PostIndex
            );
            let mut columns = BTreeSet::from([column.clone()]);
            if !alone {
                columns.insert(outcome);
            }
            columns
        }
        // whole rows are compared, or the outcome counted: every column has a part in it
        CheckTarget::Data => all_columns(session),
        CheckTarget::Event(event) => match session.agent_body(*event) {
            Some(EventBody::Experiment(experiment)) => {
                of_model(session, experiment.plan, &session.primary_population().id)
            }
            Some(EventBody::Proposed(proposal)) => match &proposal.body {
                ProposalBody::Features(features) => {
                    let mut columns = columns_of(features);
                    columns.insert(outcome);
                    columns
                }
                ProposalBody::Analysis(_) => {
                    of_model(session, *event, &session.primary_population().id)
                }
                _ => BTreeSet::from([outcome]),
            },
            _ => BTreeSet::from([outcome]),
        },
    }
}

fn check_cells(check: &CheckResult) -> u64 {
    // the statistic; of each level rows, rate and upper end; further numbers
    1 + 3 * check.levels.len() as u64 + check.numbers.len() as u64
}

fn experiment_cells(experiment: &Experiment) -> u64 {
    // three estimates of three numbers, average precision, Brier score, spread over seeds
    12 + if experiment.gain.is_some() { 3 } else { 0 }
}

/// Numbers shown and withheld.
fn evaluation_cells(evaluation: &Evaluation) -> (u64, u64) {
    let mut shown = 0;
    let mut withheld = 0;
    let mut count = |numbers: u64, is_shown: bool| {
        if is_shown {
            shown += numbers;
        } else {
            withheld += numbers;
        }
    };
    count(1, evaluation.n.is_some());
    count(1, evaluation.events.is_some());
    count(3, evaluation.auroc.is_some());
    count(1, evaluation.average_precision.is_some());
    count(1, evaluation.brier.is_some());
    count(3, evaluation.slope.is_some());
    count(3, evaluation.intercept.is_some());
    for row in &evaluation.rates {
        // the share flagged with its interval, and the net benefit
        count(4, true);
        for rate in [&row.tpr, &row.fpr, &row.ppv, &row.npv] {
            count(3, rate.is_some());
        }
    }
    (shown, withheld)
}

/// The decision that an event stands for, if it does.
pub(crate) fn decision(body: &Body) -> Option<Decision> {
    Some(match body {
        Body::Agent(body) => match body {
            EventBody::Proposed(_) => Decision::Propose,
            EventBody::Endorsed(_) => Decision::Endorse,
            EventBody::Objected(_) => Decision::Object,
            EventBody::Answered(_) => Decision::Answer,
            EventBody::Accepted(_) => Decision::Accept,
            EventBody::Hypothesis(_) => Decision::Hypothesise,
            EventBody::Falsified(_) => Decision::Falsify,
            EventBody::Verdict(verdict) => match verdict.decision {
                Verdict::Promote => Decision::Promote,
                Verdict::Hold => Decision::Hold,
                Verdict::Revise => Decision::Revise,
                Verdict::DeadEnd => Decision::DeadEnd,
            },
            EventBody::Promoted(_) => Decision::Champion,
            EventBody::Refused(_) => Decision::Refuse,
            EventBody::Checked(_)
            | EventBody::Experiment(_)
            | EventBody::Evaluated(_)
            | EventBody::Other(_) => return None,
        },
        Body::Host(body) => match &**body {
            HostBody::Locked(_) => Decision::LockProtocol,
            _ => return None,
        },
    })
}
