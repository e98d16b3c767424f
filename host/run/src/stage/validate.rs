//! Validate: every population, the lock-box once, subgroups, attributions, the leakage ledger.

use std::sync::atomic::Ordering;

use autods_board::{
    Attributed, Body, CheckKind, CheckResult, CheckTarget, EventBody, EventId, HostBody,
    LeakageRow, LockboxOpened, OutcomeVerdict, Population, Sample, TableOneRow,
};
use autods_ledger::Entry;
use autods_privacy::Disclosure;
use autods_science::{smd, smd_categorical};
use autods_spec::{Kind, Role};

use super::{Bench, locked};
use crate::{
    cohort::Part,
    error::{Result, RunError},
    lab::{Lab, Resolved, Scored},
    promotion::subgroups,
    rounds::rounds,
    session::{HOST, Session},
};

/// Rows that attributions are computed on.
const EXPLAINED: usize = 5000;

pub(crate) fn validate(session: &mut Session<'_>, bench: &Bench) -> Result<()> {
    let Some(champion) = session.state().champion else {
        return Ok(());
    };
    let plan = session.plan_of_result(champion)?;
    let populations = locked(session).map(|p| p.populations).unwrap_or_default();
    table_one(session, bench)?;
    for population in &populations {
        session.step(
            format!("evaluating on population `{}`", population.id),
            0,
            0,
        );
        whole(session, bench, champion, &plan, population)?;
    }
    session.step("evaluating subgroups", 0, 0);
    session.timed("validate: subgroups", |s| subgroups(s, bench, champion))?;
    session.step("attributions", 0, 0);
    session.timed("validate: attributions", |s| {
        attributions(s, bench, champion, &plan)
    })?;
    session.step("leakage ledger", 0, 0);
    leakage(session, bench)?;
    session.step("opening the lock-box", 0, 0);
    session.timed("validate: lock-box", |s| {
        open_lockbox(s, bench, champion, &plan)
    })?;
    rounds(session, bench)
}

/// Out-of-fold evaluation and curves of the champion's plan in a population.
fn whole(
    session: &mut Session<'_>,
    bench: &Bench,
    champion: EventId,
    plan: &Resolved,
    population: &Population,
) -> Result<()> {
    let label = format!("validate: population `{}`", population.id);
    session.timed(&label, |session| {
        let score = |lab: &Lab<'_>| -> Result<Scored> {
            let rows = lab.cohort.rows(population, Part::Development);
            Ok(Scored {
                experiment: champion,
                model: plan.plan.method.clone(),
                population: population.id.clone(),
                sample: Sample::OutOfFold,
                predictions: lab.all_seeds(plan, population, &rows, &lab.seeds)?,
                rows,
            })
        };
        session.record(HOST, |session| {
            bench.with_lab(session, |lab| {
                Ok(Body::Agent(EventBody::Evaluated(lab.evaluate(
                    &score(lab)?,
                    None,
                    1,
                )?)))
            })
        })?;
        session.record(HOST, |session| {
            bench.with_lab(session, |lab| {
                let curves = lab.curves(&score(lab)?)?;
                Ok(Body::Host(Box::new(HostBody::Curves(curves))))
            })
        })?;
        Ok(())
    })
}

/// Open the lock-box: counted before it is looked at, and never a second time.
fn open_lockbox(
    session: &mut Session<'_>,
    bench: &Bench,
    champion: EventId,
    plan: &Resolved,
) -> Result<()> {
    let count = 1 + u32::try_from(
        session
            .seen()
            .iter()
            .filter(
                |e| matches!(&e.body, Body::Host(b) if matches!(**b, HostBody::LockboxOpened(_))),
            )
            .count(),
    )
    .unwrap_or(u32::MAX);
    if count > session.launch.budget.lockbox_opens {
        session.say(EventBody::Refused("lock-box-opens-used-up".to_owned()))?;
        return Ok(());
    }
    session.ledger(&Entry::LockboxOpened { count })?;
    session.sync_ledger()?;
    session.host(HostBody::LockboxOpened(LockboxOpened {
        count,
        experiment: champion,
        by: "validator".to_owned(),
    }))?;
    let population = session.primary_population();
    let mut made = None;
    for part in 0..2 {
        if session.recorded().is_none() && made.is_none() {
            made = Some(bench.with_lab(session, |lab| {
                let (prepared, fitted) = lab.final_fit(plan, &population)?;
                let rows = lab.cohort.rows(&population, Part::Lockbox);
                let design = lab.apply_preparation(&plan.features, &prepared, &rows)?;
                let predictions = fitted
                    .predict(&design)
                    .map_err(|e| RunError::Plugin(format!("plan {}: {e}", plan.id)))?;
                let scored = Scored {
                    experiment: champion,
                    model: plan.plan.method.clone(),
                    population: population.id.clone(),
                    sample: Sample::LockBox,
                    rows,
                    predictions: vec![predictions],
                };
                let curves = lab.curves(&scored)?;
                keep_model(session, &prepared.state, &fitted)?;
                Ok((lab.evaluate(&scored, None, 1)?, curves))
            })?);
        }
        session.record(HOST, |_| {
            let (evaluation, curves) = made
                .as_ref()
                .ok_or_else(|| RunError::internal("no lock-box result"))?;
            Ok(if part == 0 {
                Body::Agent(EventBody::Evaluated(evaluation.clone()))
            } else {
                Body::Host(Box::new(HostBody::Curves(curves.clone())))
            })
        })?;
    }
    Ok(())
}

/// Keep the champion, fitted on all development rows.
fn keep_model(session: &Session<'_>, state: &[u8], fitted: &autods_science::Fitted) -> Result<()> {
    let model = fitted.to_bytes().map_err(RunError::internal)?;
    for (name, bytes) in [
        ("champion-preparation.state", state),
        ("champion-model.bin", &model),
    ] {
        let path = session.dir.artifacts().join(name);
        crate::layout::write_atomically(&path, bytes)?;
        session.ledger(&Entry::Wrote {
            path: format!("artifacts/{name}"),
            sha256: crate::integrity::sha256(bytes),
        })?;
    }
    Ok(())
}

fn attributions(
    session: &mut Session<'_>,
    bench: &Bench,
    champion: EventId,
    plan: &Resolved,
) -> Result<()> {
    let population = session.primary_population();
    session
        .record(HOST, |session| {
            bench.with_lab(session, |lab| {
                let (prepared, fitted) = lab.final_fit(plan, &population)?;
                let rows = lab.cohort.rows(&population, Part::Development);
                let step = (rows.len() / EXPLAINED).max(1);
                let chosen: Vec<u32> = rows.iter().copied().step_by(step).take(EXPLAINED).collect();
                let design = lab.apply_preparation(&plan.features, &prepared, &chosen)?;
                let mut made = fitted
                    .attributions(&design)
                    .map_err(|e| RunError::Plugin(format!("plan {}: {e}", plan.id)))?;
                made.columns.sort_by(|a, b| {
                    b.mean_abs
                        .total_cmp(&a.mean_abs)
                        .then_with(|| a.name.cmp(&b.name))
                });
                Ok(Body::Host(Box::new(HostBody::Attributed(Attributed {
                    experiment: champion,
                    method: made.method,
                    rows: chosen.len() as u64,
                    additivity_error: made.additivity_error,
                    columns: made.columns,
                }))))
            })
        })
        .map(|_| ())
}

/// The leakage ledger: each row a check that stands on the board, or one made here from the log.
fn leakage(session: &mut Session<'_>, bench: &Bench) -> Result<()> {
    let used = session.champion_columns()?;
    let mut rows: Vec<LeakageRow> = Vec::new();
    let opened = session
        .seen()
        .iter()
        .filter(|e| matches!(&e.body, Body::Host(b) if matches!(**b, HostBody::LockboxOpened(_))))
        .count();
    rows.push(stated(
        "L1.1",
        "no test set is used twice: lock-box opens before its one opening",
        opened as f64,
        0.0,
    ));
    #[expect(
        clippy::cast_precision_loss,
        reason = "counts of rows are far below 2^53"
    )]
    rows.push(stated(
        "L1.2",
        "preparation fitted outside its fold: training rows of a test subject or of the lock-box",
        bench.foreign.load(Ordering::Relaxed) as f64,
        0.0,
    ));
    for (id, title, kind) in [
        (
            "L1.4",
            "equal rows of different subjects",
            CheckKind::Duplicates,
        ),
        (
            "L3.2",
            "subjects on both sides of a split",
            CheckKind::GroupOverlap,
        ),
    ] {
        if let Some((event, check)) = find(session, kind, &CheckTarget::Data) {
            rows.push(row(id, title, check, event));
        }
    }
    rows.push(seeds(session));
    for (id, title, kind) in [
        (
            "L2.1",
            "a column that predicts the outcome too well by itself",
            CheckKind::TargetProxy,
        ),
        (
            "L2.1",
            "missing values that predict the outcome too well",
            CheckKind::MissingnessProxy,
        ),
        (
            "L2.2",
            "a column known only after the index date",
            CheckKind::PostIndex,
        ),
        ("L2.4", "a column that names rows", CheckKind::Identifier),
    ] {
        // the worst column in use, and every column that was blocked
        let mut worst: Option<(EventId, CheckResult)> = None;
        for event in session.seen() {
            let Body::Agent(EventBody::Checked(check)) = &event.body else {
                continue;
            };
            let CheckTarget::Column(name) = &check.target else {
                continue;
            };
            if check.kind != kind {
                continue;
            }
            if used.contains(name) {
                if worst
                    .as_ref()
                    .is_none_or(|(_, w)| check.statistic > w.statistic)
                {
                    worst = Some((event.id, check.clone()));
                }
            } else if check.verdict == OutcomeVerdict::Block {
                rows.push(row(
                    id,
                    &format!("{title} (left out)"),
                    check.clone(),
                    event.id,
                ));
            }
        }
        if let Some((event, check)) = worst {
            rows.push(row(id, title, check, event));
        }
    }
    rows.extend(impossible(session));
    for row in rows {
        session.host(HostBody::Leakage(row))?;
    }
    Ok(())
}

/// L3.3: codes whose rows can hardly have the outcome. What the protocol leaves out is said; what
/// it keeps is for the reader, because keeping it was argued about before the protocol was locked.
fn impossible(session: &Session<'_>) -> Vec<LeakageRow> {
    let title = "rows that can hardly have the outcome, by a code";
    let excluded: Vec<String> = session
        .primary_population()
        .exclude
        .iter()
        .map(|e| e.column.clone())
        .collect();
    let mut rows = Vec::new();
    for event in session.seen() {
        let Body::Agent(EventBody::Checked(check)) = &event.body else {
            continue;
        };
        let CheckTarget::Column(name) = &check.target else {
            continue;
        };
        if check.kind != CheckKind::ImpossibleOutcome || check.verdict == OutcomeVerdict::Pass {
            continue;
        }
        let title = if excluded.contains(name) {
            format!("{title} (left out)")
        } else {
            title.to_owned()
        };
        rows.push(row("L3.3", &title, check.clone(), event.id));
    }
    rows
}

fn row(id: &str, title: &str, check: CheckResult, evidence: EventId) -> LeakageRow {
    LeakageRow {
        id: id.to_owned(),
        title: title.to_owned(),
        check,
        evidence,
    }
}

fn stated(id: &str, title: &str, statistic: f64, threshold: f64) -> LeakageRow {
    row(
        id,
        title,
        CheckResult {
            kind: CheckKind::Lint,
            target: CheckTarget::Data,
            verdict: if statistic > threshold {
                OutcomeVerdict::Block
            } else {
                OutcomeVerdict::Pass
            },
            statistic,
            threshold,
            levels: Vec::new(),
            numbers: Vec::new(),
        },
        0,
    )
}

/// L1.5: decisions rest on the mean over all preset seeds.
fn seeds(session: &Session<'_>) -> LeakageRow {
    let champion = session.state().champion.unwrap_or(0);
    let preset = session.launch.seeds.len();
    let used = match session.agent_body(champion) {
        Some(EventBody::Experiment(e)) => e.seeds as usize,
        _ => 0,
    };
    #[expect(clippy::cast_precision_loss, reason = "a handful of seeds")]
    let mut made = stated(
        "L1.5",
        "preset seeds left out of the champion's score",
        preset.saturating_sub(used) as f64,
        0.0,
    );
    made.check.kind = CheckKind::SeedSpread;
    made.evidence = champion;
    made
}

fn find(
    session: &Session<'_>,
    kind: CheckKind,
    target: &CheckTarget,
) -> Option<(EventId, CheckResult)> {
    session.seen().iter().find_map(|e| match &e.body {
        Body::Agent(EventBody::Checked(c)) if c.kind == kind && &c.target == target => {
            Some((e.id, c.clone()))
        }
        _ => None,
    })
}

/// Table 1 of the primary population's development rows, by outcome.
fn table_one(session: &mut Session<'_>, bench: &Bench) -> Result<()> {
    let population = session.primary_population();
    let cohort = &bench.cohort;
    let rows = cohort.rows(&population, Part::Development);
    let y = cohort.outcomes(&rows);
    let threshold = u64::from(session.launch.deident_policy.threshold);
    let disclosure = Disclosure::new(threshold);
    let columns: Vec<_> = cohort
        .table
        .columns()
        .iter()
        .filter(|c| c.role == Role::Predictor || c.sensitive)
        .cloned()
        .collect();
    let events = y.iter().filter(|&&e| e).count() as u64;
    let shown = |n: u64| disclosure.count(n);
    session.host(HostBody::TableOne(TableOneRow {
        population: population.id.clone(),
        column: String::new(),
        label: "All rows".to_owned(),
        code: None,
        code_label: None,
        n_without: shown(y.len() as u64 - events),
        n_with: shown(events),
        mean_without: None,
        mean_with: None,
        missing: 0.0,
        smd: None,
    }))?;
    for column in columns {
        let missing_of = cohort.missing(&column.name);
        let missing = missing_of.as_ref().map_or(0.0, |m| {
            share(rows.iter().filter(|&&r| m[r as usize]).count(), rows.len())
        });
        let base = TableOneRow {
            population: population.id.clone(),
            column: column.name.clone(),
            label: column.display_name().to_owned(),
            code: None,
            code_label: None,
            n_without: None,
            n_with: None,
            mean_without: None,
            mean_with: None,
            missing: (missing * 1000.0).round() / 1000.0,
            smd: None,
        };
        if matches!(column.kind, Kind::Integer | Kind::Number) {
            let Ok(all) = cohort.table.numbers(&column.name) else {
                continue;
            };
            let values: Vec<f64> = rows.iter().map(|&r| all[r as usize]).collect();
            let side = |with: bool| -> Vec<f64> {
                values
                    .iter()
                    .zip(&y)
                    .filter(|(v, e)| **e == with && !v.is_nan())
                    .map(|(v, _)| *v)
                    .collect()
            };
            let (without, with) = (side(false), side(true));
            session.host(HostBody::TableOne(TableOneRow {
                mean_without: moments(&without, threshold),
                mean_with: moments(&with, threshold),
                smd: smd(&without, &with).ok().map(three),
                ..base
            }))?;
        } else if matches!(column.kind, Kind::Category | Kind::Ordinal | Kind::Boolean) {
            let Ok(codes) = cohort.table.codes(&column.name) else {
                continue;
            };
            let mut counts = vec![(0u64, 0u64); codes.levels.len()];
            for (&r, &e) in rows.iter().zip(&y) {
                if let Some(at) = counts.get_mut(codes.rows[r as usize] as usize) {
                    if e {
                        at.1 += 1;
                    } else {
                        at.0 += 1;
                    }
                }
            }
            let levels: Vec<_> = bench
                .catalogue
                .columns
                .iter()
                .filter(|c| c.name == column.name)
                .flat_map(|c| c.levels.clone())
                .collect();
            let all: Vec<(u64, u64)> = levels
                .iter()
                .map(|l| {
                    let at = codes.levels.iter().position(|c| c == &l.code);
                    at.and_then(|i| counts.get(i)).copied().unwrap_or_default()
                })
                .collect();
            let smd = smd_categorical(
                &all.iter().map(|c| c.0).collect::<Vec<_>>(),
                &all.iter().map(|c| c.1).collect::<Vec<_>>(),
            )
            .ok()
            .map(three);
            let mut order: Vec<usize> = (0..levels.len()).collect();
            if column.kind == Kind::Category {
                order.sort_by_key(|&i| std::cmp::Reverse(all[i].0 + all[i].1));
            }
            // hidden counts cannot be had back from the others and the total
            let total = (y.len() as u64, y.iter().filter(|&&e| e).count() as u64);
            let named = all.iter().fold((0, 0), |(a, b), c| (a + c.0, b + c.1));
            let hidden = |pick: fn(&(u64, u64)) -> u64, rest: u64| {
                let mut cells: Vec<u64> = all.iter().map(pick).collect();
                cells.push(rest);
                disclosure.counts(&cells)
            };
            let shown_without = hidden(|c| c.0, (total.0 - total.1).saturating_sub(named.0));
            let shown_with = hidden(|c| c.1, total.1.saturating_sub(named.1));
            // a few levels say what a column is; the catalogue has them all
            for &i in order.iter().take(TABLE_ONE_LEVELS) {
                if all[i] == (0, 0) {
                    continue;
                }
                session.host(HostBody::TableOne(TableOneRow {
                    code: Some(levels[i].code.clone()),
                    code_label: Some(levels[i].label.clone()),
                    n_without: shown_without[i],
                    n_with: shown_with[i],
                    smd,
                    ..base.clone()
                }))?;
            }
            if order.len() > TABLE_ONE_LEVELS {
                session.host(HostBody::TableOne(TableOneRow {
                    code: Some("*".to_owned()),
                    code_label: Some("other levels".to_owned()),
                    smd,
                    ..base.clone()
                }))?;
            }
        }
    }
    Ok(())
}

/// Levels of a category that Table 1 shows.
const TABLE_ONE_LEVELS: usize = 10;

fn share(part: usize, whole: usize) -> f64 {
    #[expect(
        clippy::cast_precision_loss,
        reason = "counts of rows are far below 2^53"
    )]
    let made = if whole == 0 {
        0.0
    } else {
        part as f64 / whole as f64
    };
    made
}

fn three(value: f64) -> f64 {
    (value * 1000.0).round() / 1000.0
}

/// Mean and standard deviation, to four significant digits; withheld for fewer values than the
/// disclosure threshold.
fn moments(values: &[f64], threshold: u64) -> Option<(f64, f64)> {
    if (values.len() as u64) < threshold.max(2) {
        return None;
    }
    #[expect(
        clippy::cast_precision_loss,
        reason = "counts of rows are far below 2^53"
    )]
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let sd = (values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / (n - 1.0)).sqrt();
    Some((three(mean), three(sd)))
}
