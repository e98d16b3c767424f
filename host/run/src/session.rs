//! A run in progress: its log, its plugins, and the one way to make something happen.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::{Duration, Instant},
};

use autods_board::{
    Board, BoardError, Body, CheckKind, CheckResult, CheckTarget, Claim, Event, EventBody, EventId,
    Facts, FeatureSet, HostBody, MethodFacts, OutcomeVerdict, ParamFact, ParamKind, Population,
    Proposal, ProposalBody, Rules, Scalar, Stage, State, features_fingerprint, plan_fingerprint,
};
use autods_ledger::{Entry, Ledger, LedgerError};
use autods_privacy::Key;
use autods_sandbox::{Plugin, Sandbox, World};
use autods_science::{LEARNERS, Learner};
use autods_spec::{Launch, Runbook, Task};
use serde::{Serialize, de::DeserializeOwned};

use crate::{
    error::{Result, RunError},
    lab::Resolved,
    layout::{RunDir, RunFile, write_atomically},
    parameters,
    progress::{Progress, Update},
};

/// Author of what the host does itself.
pub(crate) const HOST: &str = "host";

/// Holder of the claims on plans.
const LAB: &str = "lab";

/// How long a claim holds without being renewed.
const LEASE: Duration = Duration::from_secs(3600);

/// A run in progress.
pub(crate) struct Session<'p> {
    pub(crate) dir: RunDir,
    pub(crate) file: RunFile,
    pub(crate) task: Task,
    pub(crate) launch: Launch,
    pub(crate) runbook: Runbook,
    pub(crate) board: Board,
    pub(crate) ledger: Ledger,
    pub(crate) sandbox: Sandbox,
    pub(crate) plugins: BTreeMap<String, Plugin>,
    pub(crate) key: Option<Key>,
    pub(crate) progress: &'p dyn Progress,
    pub(crate) stage: Stage,
    cursor: usize,
    timing: Vec<(String, f64)>,
    began: Instant,
    /// What earlier lives of this run took.
    earlier: Duration,
    /// Agents, and how many events they have been shown in this life of the run.
    pub(crate) briefed: BTreeMap<String, usize>,
}

/// What a session is made of.
pub(crate) struct Parts<'p> {
    pub(crate) dir: RunDir,
    pub(crate) file: RunFile,
    pub(crate) task: Task,
    pub(crate) launch: Launch,
    pub(crate) runbook: Runbook,
    pub(crate) board: Board,
    pub(crate) ledger: Ledger,
    pub(crate) sandbox: Sandbox,
    pub(crate) plugins: BTreeMap<String, Plugin>,
    pub(crate) key: Option<Key>,
    pub(crate) progress: &'p dyn Progress,
}

impl<'p> Session<'p> {
    pub(crate) fn new(parts: Parts<'p>) -> Self {
        let timing: Vec<(String, f64)> = std::fs::read(parts.dir.timing())
            .ok()
            .and_then(|b| serde_json::from_slice(&b).ok())
            .unwrap_or_default();
        let earlier: f64 = timing
            .iter()
            .filter(|(name, _)| !name.contains(':'))
            .map(|(_, seconds)| seconds)
            .sum();
        Self {
            dir: parts.dir,
            file: parts.file,
            task: parts.task,
            launch: parts.launch,
            runbook: parts.runbook,
            board: parts.board,
            ledger: parts.ledger,
            sandbox: parts.sandbox,
            plugins: parts.plugins,
            key: parts.key,
            progress: parts.progress,
            stage: Stage::Ingest,
            cursor: 0,
            timing,
            began: Instant::now(),
            earlier: Duration::try_from_secs_f64(earlier).unwrap_or_default(),
            briefed: BTreeMap::new(),
        }
    }

    /// The log as far as this process has come: on resume, shorter than what is on disk.
    pub(crate) fn seen(&self) -> &[Event] {
        let events = self.board.events();
        events.get(..self.cursor).unwrap_or(events)
    }

    /// The event that an earlier life of this run recorded at this place.
    pub(crate) fn recorded(&self) -> Option<&Event> {
        self.board.events().get(self.cursor)
    }

    /// Append an event; or take the recorded one, without computing anything.
    pub(crate) fn record(
        &mut self,
        author: &str,
        compute: impl FnOnce(&Self) -> Result<Body>,
    ) -> Result<EventId> {
        if let Some(recorded) = self.recorded() {
            if recorded.author != author || recorded.stage != self.stage {
                return Err(self.diverged(author));
            }
            let id = recorded.id;
            self.cursor += 1;
            return Ok(id);
        }
        let body = compute(self)?;
        self.append(author, body)
    }

    /// Append an event that was cheap to make; a recorded one must be the same.
    pub(crate) fn record_same(&mut self, author: &str, body: Body) -> Result<EventId> {
        if let Some(recorded) = self.recorded() {
            if recorded.author != author || recorded.stage != self.stage || recorded.body != body {
                return Err(self.diverged(author));
            }
            let id = recorded.id;
            self.cursor += 1;
            return Ok(id);
        }
        self.append(author, body)
    }

    /// Claim an accepted plan for the lab. The claim is an event; a claim that an earlier life of
    /// this run held is renewed without one.
    pub(crate) fn claim(&mut self, plan: EventId) -> Result<Claim> {
        if let Some(recorded) = self.recorded() {
            let same = recorded.stage == self.stage
                && matches!(&recorded.body, Body::Host(b)
                    if matches!(&**b, HostBody::Claimed(c) if c.plan == plan));
            if !same {
                return Err(self.diverged(HOST));
            }
        }
        let claim = self
            .board
            .claim(self.stage, plan, LAB, LEASE)
            .map_err(|e| board_error(&e))?;
        self.cursor += 1;
        Ok(claim)
    }

    /// Hold a claim for another lease.
    pub(crate) fn renew(&mut self, claim: &Claim) -> Result<Claim> {
        self.board.renew(claim, LEASE).map_err(|e| board_error(&e))
    }

    /// Give a claim back.
    pub(crate) fn release(&mut self, claim: &Claim) -> Result<()> {
        self.board.release(claim).map_err(|e| board_error(&e))
    }

    fn append(&mut self, author: &str, body: Body) -> Result<EventId> {
        let decision = crate::release::decision(&body);
        let id = self
            .board
            .append(self.stage, author, body)
            .map_err(|e| board_error(&e))?;
        self.cursor += 1;
        if let Some(decision) = decision {
            self.ledger(&Entry::Decided {
                by: author.to_owned(),
                decision,
                event: id,
            })?;
        }
        Ok(id)
    }

    fn diverged(&self, author: &str) -> RunError {
        let at = self.recorded().map_or(0, |e| e.id);
        RunError::Integrity(format!(
            "this run cannot be continued: event {at} of its board was written by a run that decided otherwise (now: {author} in {:?}). The plugins, the task or the data are not those it began with; start a new run.",
            self.stage
        ))
    }

    /// Shorthand for the host's own records.
    pub(crate) fn host(&mut self, body: HostBody) -> Result<EventId> {
        self.record_same(HOST, Body::Host(Box::new(body)))
    }

    /// Shorthand for the host's events in the agents' vocabulary.
    pub(crate) fn say(&mut self, body: EventBody) -> Result<EventId> {
        self.record_same(HOST, Body::Agent(body))
    }

    /// The event of that number, if it has been seen.
    pub(crate) fn event(&self, id: EventId) -> Option<&Event> {
        let at = usize::try_from(id).ok()?.checked_sub(1)?;
        self.seen().get(at)
    }

    /// The event of that number in the agents' vocabulary.
    pub(crate) fn agent_body(&self, id: EventId) -> Option<&EventBody> {
        match &self.event(id)?.body {
            Body::Agent(body) => Some(body),
            Body::Host(_) => None,
        }
    }

    /// What follows from the log.
    pub(crate) fn state(&self) -> State {
        State::of(self.seen())
    }

    pub(crate) fn rules(&self) -> Rules {
        rules_of(&self.launch)
    }

    /// What the board cannot know: columns, learners and steps.
    pub(crate) fn facts(&self) -> Facts {
        let columns = self
            .task
            .main_table()
            .map(|t| {
                t.columns
                    .iter()
                    .map(|c| (c.name.clone(), crate::catalogue::role(c.role)))
                    .collect()
            })
            .unwrap_or_default();
        let learners = LEARNERS
            .iter()
            .filter(|id| !Learner::parameters(id).is_empty())
            .map(|&id| {
                let params = Learner::parameters(id)
                    .iter()
                    .map(|p| ParamFact {
                        name: p.name.to_owned(),
                        kind: if p.whole {
                            ParamKind::Integer
                        } else {
                            ParamKind::Number
                        },
                        min: Some(p.minimum),
                        max: Some(p.maximum),
                    })
                    .collect();
                (id.to_owned(), params)
            })
            .collect();
        let methods = self
            .plugins
            .iter()
            .filter(|(_, p)| p.world() == World::Method)
            .map(|(id, p)| {
                let steps = p
                    .manifest()
                    .steps
                    .iter()
                    .map(|(name, step)| {
                        (
                            name.clone(),
                            step.params.iter().map(parameters::declared).collect(),
                        )
                    })
                    .collect();
                (id.clone(), MethodFacts { steps })
            })
            .collect();
        Facts {
            columns,
            learners,
            methods,
            task: Some(crate::briefing::task_card(self)),
        }
    }

    pub(crate) fn plugin(&self, id: &str) -> Result<&Plugin> {
        self.plugins
            .get(id)
            .ok_or_else(|| RunError::Plugin(format!("no plugin `{id}` was admitted to this run")))
    }

    /// The population that decides.
    pub(crate) fn primary_population(&self) -> Population {
        crate::stage::locked(self)
            .and_then(|p| p.populations.first().cloned())
            .unwrap_or_else(crate::cohort::everybody)
    }

    /// A plan with everything it refers to.
    pub(crate) fn resolve(&self, id: EventId) -> Result<Resolved> {
        let missing =
            || RunError::internal(format!("event {id} is no plan on an accepted feature set"));
        let Some(EventBody::Proposed(proposal)) = self.agent_body(id) else {
            return Err(missing());
        };
        let ProposalBody::Analysis(plan) = &proposal.body else {
            return Err(missing());
        };
        let features = self.features(plan.features).ok_or_else(missing)?;
        Ok(Resolved {
            id,
            fingerprint: plan_fingerprint(plan, &features),
            features_fingerprint: features_fingerprint(&features),
            plan: plan.clone(),
            features,
        })
    }

    fn features(&self, id: EventId) -> Option<FeatureSet> {
        match self.agent_body(id)? {
            EventBody::Proposed(Proposal {
                body: ProposalBody::Features(features),
                ..
            }) => Some(features.clone()),
            _ => None,
        }
    }

    /// The plan behind a result.
    pub(crate) fn plan_of_result(&self, result: EventId) -> Result<Resolved> {
        match self.agent_body(result) {
            Some(EventBody::Experiment(experiment)) => self.resolve(experiment.plan),
            _ => Err(RunError::internal(format!(
                "event {result} is no experiment"
            ))),
        }
    }

    pub(crate) fn accepted_features(&self) -> Vec<FeatureSet> {
        self.state()
            .accepted_features
            .iter()
            .filter_map(|&id| self.features(id))
            .collect()
    }

    /// Columns that a check has blocked.
    pub(crate) fn blocked_columns(&self) -> BTreeSet<String> {
        self.seen()
            .iter()
            .filter_map(|e| match &e.body {
                Body::Agent(EventBody::Checked(CheckResult {
                    kind:
                        CheckKind::TargetProxy
                        | CheckKind::MissingnessProxy
                        | CheckKind::Identifier
                        | CheckKind::PostIndex,
                    target: CheckTarget::Column(column),
                    verdict: OutcomeVerdict::Block,
                    ..
                })) => Some(column.clone()),
                _ => None,
            })
            .collect()
    }

    /// The table's columns that the champion reads.
    pub(crate) fn champion_columns(&self) -> Result<BTreeSet<String>> {
        let champion = self
            .state()
            .champion
            .ok_or_else(|| RunError::internal("no champion"))?;
        let plan = self.plan_of_result(champion)?;
        Ok(columns_of(&plan.features))
    }

    /// The board's chain hash after the last event seen.
    pub(crate) fn board_hash(&self) -> Result<String> {
        self.board
            .hash_at(self.seen().len() as u64)
            .map_err(|e| board_error(&e))?
            .ok_or_else(|| RunError::internal("the board has no hash"))
    }

    pub(crate) fn elapsed(&self) -> Duration {
        self.earlier + self.began.elapsed()
    }

    pub(crate) fn ledger(&self, entry: &Entry) -> Result<()> {
        write_ledger(&self.ledger, entry)
    }

    pub(crate) fn sync_ledger(&self) -> Result<()> {
        self.ledger.sync().map(|_| ()).map_err(|e| ledger_error(&e))
    }

    pub(crate) fn tell(&self, update: Update) {
        self.progress.tell(update);
    }

    pub(crate) fn step(&self, what: impl Into<String>, done: usize, total: usize) {
        self.tell(Update::Step {
            what: what.into(),
            done,
            total,
        });
    }

    /// Do something and remember how long it took (not part of what is replayed).
    pub(crate) fn timed<T>(
        &mut self,
        what: &str,
        work: impl FnOnce(&mut Self) -> Result<T>,
    ) -> Result<T> {
        let began = Instant::now();
        let made = work(self);
        self.add_time(what, began.elapsed().as_secs_f64());
        made
    }

    pub(crate) fn add_time(&mut self, what: &str, seconds: f64) {
        match self.timing.iter_mut().find(|(name, _)| name == what) {
            Some((_, total)) => *total += seconds,
            None => self.timing.push((what.to_owned(), seconds)),
        }
    }

    pub(crate) fn timing(&self) -> &[(String, f64)] {
        &self.timing
    }

    pub(crate) fn save_timing(&self) -> Result<()> {
        let bytes = serde_json::to_vec(&self.timing).map_err(RunError::internal)?;
        write_atomically(&self.dir.timing(), &bytes)
    }
}

/// Record something, durably where it changes the state of the run; a ledger that cannot be
/// written stops the run.
pub(crate) fn write_ledger(ledger: &Ledger, entry: &Entry) -> Result<()> {
    ledger
        .record(entry)
        .map(|_| ())
        .map_err(|e| ledger_error(&e))
}

pub(crate) fn ledger_error(error: &LedgerError) -> RunError {
    match error {
        LedgerError::Io { .. } | LedgerError::Stopped { .. } => RunError::Unwritable(format!(
            "{error}. Free some space, or mend the permissions, then `autods-host resume` the run."
        )),
        _ => RunError::Integrity(error.to_string()),
    }
}

pub(crate) fn board_error(error: &BoardError) -> RunError {
    match error {
        BoardError::Io { .. } | BoardError::Database { .. } => RunError::Unwritable(format!(
            "the board could not be used, so the run stops: {error}"
        )),
        _ => RunError::Integrity(format!(
            "the board could not be used, so the run stops: {error}"
        )),
    }
}

/// The board's rules under a LAUNCH.md.
pub(crate) fn rules_of(launch: &Launch) -> Rules {
    Rules {
        quorum: launch.critique_policy.quorum,
        experiments: launch.budget.experiments,
        max_rounds: launch.critique_policy.max_rounds,
    }
}

/// A parameter as a manifest declares it, for the board.
/// Names of the table's columns that a feature set reads (and of columns that it combines).
pub(crate) fn columns_of(features: &FeatureSet) -> BTreeSet<String> {
    let mut names: BTreeSet<String> = features.columns.iter().map(|u| u.column.clone()).collect();
    for param in features
        .columns
        .iter()
        .flat_map(|u| &u.steps)
        .flat_map(|s| &s.params)
    {
        if let (true, Scalar::Text(name)) = (param.name.starts_with("column-"), &param.value) {
            names.insert(name.clone());
        }
    }
    names
}

/// A value in the shape of the plugin contract, and back: both sides mirror the same WIT.
pub(crate) fn recast<A: Serialize, B: DeserializeOwned>(value: &A) -> Result<B> {
    serde_json::to_value(value)
        .and_then(serde_json::from_value)
        .map_err(|e| {
            RunError::internal(format!(
                "the board's vocabulary and the contract differ: {e}"
            ))
        })
}
