//! Explore: baselines first, then competing teams.

use autods_board::{Body, EventBody};
use autods_spec::{Kind, Role};

use super::Bench;
use crate::{
    cohort::Part,
    error::Result,
    lab::baseline_names,
    rounds::rounds,
    session::{HOST, Session},
};

pub(crate) fn explore(session: &mut Session<'_>, bench: &Bench) -> Result<()> {
    baselines(session, bench)?;
    rounds(session, bench)
}

/// The baselines that everything is held against: the prevalence, and the best single predictor.
fn baselines(session: &mut Session<'_>, bench: &Bench) -> Result<()> {
    let population = session.primary_population();
    let columns = single_predictors(session, bench);
    for name in baseline_names() {
        session.step(format!("baseline: {name}"), 0, 0);
        session.timed("explore: baselines", |session| {
            session.record(HOST, |session| {
                bench.with_lab(session, |lab| {
                    let rows = lab.cohort.rows(&population, Part::Development);
                    let scored = lab.baseline(name, &columns, &population, rows)?;
                    Ok(Body::Agent(EventBody::Evaluated(
                        lab.evaluate(&scored, None, 1)?,
                    )))
                })
            })
        })?;
    }
    Ok(())
}

/// Every predictor that no check has blocked, and that is a number or a code.
fn single_predictors(session: &Session<'_>, bench: &Bench) -> Vec<String> {
    let blocked = session.blocked_columns();
    bench
        .cohort
        .table
        .columns()
        .iter()
        .filter(|c| c.role == Role::Predictor && !blocked.contains(&c.name))
        .filter(|c| match c.kind {
            Kind::Integer | Kind::Number | Kind::Boolean | Kind::Category | Kind::Ordinal => true,
            Kind::Date | Kind::Datetime | Kind::Text | Kind::Identifier => false,
        })
        .map(|c| c.name.clone())
        .collect()
}
