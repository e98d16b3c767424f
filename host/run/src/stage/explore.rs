//! Explore: baselines first, then competing teams.

use autods_board::{Body, ColumnUse, EventBody, Step};
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
    let uses = single_predictors(session, bench);
    let Some(method) = session
        .accepted_features()
        .first()
        .map(|f| f.method.clone())
    else {
        // the gate has seen to it that there is one
        return Ok(());
    };
    for name in baseline_names() {
        session.step(format!("baseline: {name}"), 0, 0);
        session.timed("explore: baselines", |session| {
            session.record(HOST, |session| {
                bench.with_lab(session, |lab| {
                    let rows = lab.cohort.rows(&population, Part::Development);
                    let scored = lab.baseline(name, &uses, &method, &population, rows)?;
                    Ok(Body::Agent(EventBody::Evaluated(
                        lab.evaluate(&scored, None, 1)?,
                    )))
                })
            })
        })?;
    }
    Ok(())
}

/// Every predictor by itself that no check has blocked: numbers as they are, codes by their rate
/// in the training rows.
fn single_predictors(session: &Session<'_>, bench: &Bench) -> Vec<ColumnUse> {
    let blocked = session.blocked_columns();
    bench
        .cohort
        .table
        .columns()
        .iter()
        .filter(|c| c.role == Role::Predictor && !blocked.contains(&c.name))
        .filter_map(|c| {
            let steps = match c.kind {
                Kind::Integer | Kind::Number | Kind::Boolean => Vec::new(),
                Kind::Category | Kind::Ordinal => vec![Step {
                    name: "target-encode".to_owned(),
                    params: Vec::new(),
                }],
                Kind::Date | Kind::Datetime | Kind::Text | Kind::Identifier => return None,
            };
            Some(ColumnUse {
                column: c.name.clone(),
                steps,
            })
        })
        .collect()
}
