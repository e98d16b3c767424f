//! Where a run stands.

use autods_board::{Board, Body, EventBody, Fidelity, HostBody, State, open_tickets};
use autods_spec::{Launch, Task};
use serde::Serialize;

use crate::{
    briefing::roster,
    error::{Result, RunError},
    layout::RunDir,
    session::{board_error, rules_of},
};

/// Where a run stands.
#[derive(Clone, Debug, Serialize)]
pub struct Status {
    /// Its name.
    pub run: String,
    /// Its task.
    pub task: String,
    /// The stage of its last event.
    pub stage: String,
    /// Events on the board.
    pub events: u64,
    /// Experiments on all preset seeds.
    pub experiments: u64,
    /// The champion, in words.
    pub champion: Option<String>,
    /// What is owed, and by whom.
    pub open_tickets: Vec<String>,
    /// How it ended, if it did.
    pub outcome: Option<String>,
}

/// Read where a run stands, without disturbing it.
///
/// # Errors
/// If its files cannot be read.
pub fn status(run: &RunDir) -> Result<Status, RunError> {
    let file = run.read_run_file()?;
    let task = Task::read(&run.task())?;
    let launch = Launch::read_for(&run.task(), &task)?;
    let board = Board::open_read_only(&run.board()).map_err(|e| board_error(&e))?;
    let events = board.events();
    let state = State::of(events);
    let stage = events
        .last()
        .map_or(autods_board::Stage::Ingest, |e| e.stage);
    let cards: Vec<_> = roster(&launch).into_iter().map(|p| p.card).collect();
    Ok(Status {
        run: file.name,
        task: task.name.clone(),
        stage: format!("{stage:?}").to_lowercase(),
        events: events.len() as u64,
        experiments: events
            .iter()
            .filter(|e| matches!(&e.body, Body::Agent(EventBody::Experiment(x)) if x.fidelity == Fidelity::Full))
            .count() as u64,
        champion: state.champion.and_then(|id| {
            events.iter().find(|e| e.id == id).and_then(|e| match &e.body {
                Body::Agent(EventBody::Experiment(x)) => Some(format!(
                    "event {id}, AUROC {:.4} ({:.4} to {:.4})",
                    x.auroc.value, x.auroc.lower, x.auroc.upper
                )),
                _ => None,
            })
        }),
        open_tickets: open_tickets(events, stage, &cards, &rules_of(&launch))
            .iter()
            .map(|t| format!("{}: {:?} about event {}", t.owner, t.kind, t.about))
            .collect(),
        outcome: events.iter().rev().find_map(|e| match &e.body {
            Body::Host(b) => match &**b {
                HostBody::Closed(c) => Some(c.outcome.clone()),
                _ => None,
            },
            Body::Agent(_) => None,
        }),
    })
}
