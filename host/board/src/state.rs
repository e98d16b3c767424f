//! Where things stand: everything the rules need, derived from the log.

use crate::event::{Body, Event, HostBody};
use crate::fingerprint::plan_fingerprint;
use crate::proposal;
use crate::vocabulary::{
    CheckResult, DeadEnd, Decision, EventBody, EventId, Experiment, FeatureSet, Fidelity,
    Hypothesis, Objection, Plan, Proposal, ProposalBody, Protocol, Stage, Verdict,
};
use std::collections::{BTreeMap, BTreeSet};

/// Where things stand after a log.
#[derive(Clone, Debug, Default)]
pub struct State {
    /// Number of the last event; 0 before the first.
    pub last: EventId,
    /// Proposals.
    pub proposals: BTreeMap<EventId, Proposed>,
    /// Objections.
    pub objections: BTreeMap<EventId, Objected>,
    /// Checks.
    pub checks: BTreeMap<EventId, CheckResult>,
    /// Hypotheses.
    pub hypotheses: BTreeMap<EventId, Hypothesised>,
    /// Experiments.
    pub experiments: BTreeMap<EventId, Experiment>,
    /// Verdicts with their stage and author.
    pub verdicts: BTreeMap<EventId, (Stage, String, Verdict)>,
    /// Directions that are known to be dead.
    pub dead_ends: Vec<DeadEnd>,
    /// The accepted protocol.
    pub protocol: Option<EventId>,
    /// Whether the protocol is locked.
    pub locked: bool,
    /// Accepted feature sets without an open objection, oldest first.
    pub accepted_features: Vec<EventId>,
    /// Accepted plans without an open objection, oldest first.
    pub accepted_plans: Vec<EventId>,
    /// Plans that were claimed.
    pub claimed: BTreeSet<EventId>,
    /// The champion's result.
    pub champion: Option<EventId>,
    /// Whether the champion was signed off.
    pub signed_off: bool,
    /// How often the lock-box was opened.
    pub lockbox_opened: u32,
    /// Sentences stated.
    pub statements: u32,
    /// Schedules: number, stage, who.
    pub schedules: Vec<(EventId, Stage, Vec<String>)>,
    /// What each agent did, refusals not counted.
    pub authored: BTreeMap<String, Vec<EventId>>,
}

/// A proposal and what became of it.
#[derive(Clone, Debug)]
pub struct Proposed {
    /// The stage it was made in.
    pub stage: Stage,
    /// Who made it.
    pub author: String,
    /// What.
    pub proposal: Proposal,
    /// Its successor, once there is one.
    pub superseded_by: Option<EventId>,
    /// Endorsements by agent.
    pub endorsed_by: BTreeMap<String, EventId>,
    /// Objections, open or not.
    pub objections: Vec<EventId>,
    /// Whether it was accepted.
    pub accepted: bool,
    /// Fingerprint of a plan whose feature set is on the board.
    pub fingerprint: Option<String>,
}

/// An objection and what became of it.
#[derive(Clone, Debug)]
pub struct Objected {
    /// Who raised it.
    pub author: String,
    /// What.
    pub objection: Objection,
    /// Whether it still blocks its target.
    pub open: bool,
}

/// A hypothesis and what became of it.
#[derive(Clone, Debug)]
pub struct Hypothesised {
    /// Whose.
    pub author: String,
    /// What.
    pub hypothesis: Hypothesis,
    /// Whether it met its own falsification rule.
    pub falsified: bool,
}

impl State {
    /// Where things stand after `events`.
    pub fn of(events: &[Event]) -> Self {
        let mut state = Self::default();
        for event in events {
            state.apply(event);
        }
        state
    }

    /// Take the next event into account.
    pub fn apply(&mut self, event: &Event) {
        self.last = event.id;
        let refused = matches!(event.body, Body::Agent(EventBody::Refused(_)));
        if !refused {
            self.authored
                .entry(event.author.clone())
                .or_default()
                .push(event.id);
        }
        match &event.body {
            Body::Agent(body) => self.apply_agent(event, body),
            Body::Host(body) => self.apply_host(event, body),
        }
    }

    fn apply_agent(&mut self, event: &Event, body: &EventBody) {
        let id = event.id;
        match body {
            EventBody::Proposed(proposal) => self.propose(event, proposal),
            EventBody::Endorsed(critique) => {
                if let Some(target) = self.proposals.get_mut(&critique.target) {
                    target.endorsed_by.entry(event.author.clone()).or_insert(id);
                }
            }
            EventBody::Objected(objection) => {
                let target = objection.critique.target;
                if let Some(target) = self.proposals.get_mut(&target) {
                    target.objections.push(id);
                }
                let objected = Objected {
                    author: event.author.clone(),
                    objection: objection.clone(),
                    open: true,
                };
                self.objections.insert(id, objected);
                self.revisit(target);
            }
            EventBody::Answered(objection) => {
                if let Some(objected) = self.objections.get_mut(objection) {
                    objected.open = false;
                    let target = objected.objection.critique.target;
                    self.revisit(target);
                }
            }
            EventBody::Accepted(proposal) => {
                if let Some(proposed) = self.proposals.get_mut(proposal) {
                    proposed.accepted = true;
                }
                self.revisit(*proposal);
            }
            EventBody::Checked(check) => {
                self.checks.insert(id, check.clone());
            }
            EventBody::Hypothesis(hypothesis) => {
                let author = event.author.clone();
                let opened = Hypothesised {
                    author,
                    hypothesis: hypothesis.clone(),
                    falsified: false,
                };
                self.hypotheses.insert(id, opened);
            }
            EventBody::Falsified(hypothesis) => {
                if let Some(opened) = self.hypotheses.get_mut(hypothesis) {
                    opened.falsified = true;
                }
            }
            EventBody::Experiment(experiment) => {
                self.experiments.insert(id, experiment.clone());
            }
            EventBody::Verdict(verdict) => {
                if let (Decision::DeadEnd, Some(dead)) = (verdict.decision, &verdict.dead_end) {
                    self.dead_ends.push(dead.clone());
                }
                let signs = event.stage == Stage::Validate && self.champion == Some(verdict.result);
                if signs {
                    self.signed_off = verdict.decision == Decision::Promote;
                }
                self.verdicts
                    .insert(id, (event.stage, event.author.clone(), verdict.clone()));
            }
            EventBody::Promoted(result) => {
                self.champion = Some(*result);
                self.signed_off = false;
            }
            EventBody::Evaluated(_) | EventBody::Refused(_) | EventBody::Other(_) => {}
        }
    }

    fn apply_host(&mut self, event: &Event, body: &HostBody) {
        match body {
            HostBody::Locked(_) => self.locked = true,
            HostBody::Claimed(claimed) => {
                self.claimed.insert(claimed.plan);
            }
            HostBody::LockboxOpened(opened) => self.lockbox_opened = opened.count,
            HostBody::Stated(_) => self.statements += 1,
            HostBody::Scheduled(order) => {
                self.schedules.push((event.id, event.stage, order.clone()))
            }
            _ => {}
        }
    }

    fn propose(&mut self, event: &Event, proposal: &Proposal) {
        if let Some(before) = proposal.supersedes {
            if let Some(before) = self.proposals.get_mut(&before) {
                before.superseded_by = Some(event.id);
            }
            self.revisit(before);
        }
        let fingerprint = match &proposal.body {
            ProposalBody::Analysis(plan) => self
                .features(plan.features)
                .map(|set| plan_fingerprint(plan, set)),
            _ => None,
        };
        let proposed = Proposed {
            stage: event.stage,
            author: event.author.clone(),
            proposal: proposal.clone(),
            superseded_by: None,
            endorsed_by: BTreeMap::new(),
            objections: Vec::new(),
            accepted: false,
            fingerprint,
        };
        self.proposals.insert(event.id, proposed);
    }

    /// Bring the lists of what is accepted up to date about one proposal.
    fn revisit(&mut self, id: EventId) {
        let Some(proposed) = self.proposals.get(&id) else {
            return;
        };
        let stands =
            proposed.accepted && proposed.superseded_by.is_none() && !self.has_open_objection(id);
        let list = match &proposed.proposal.body {
            ProposalBody::Protocol(_) => {
                if stands {
                    self.protocol = Some(id);
                } else if self.protocol == Some(id) {
                    self.protocol = None;
                }
                return;
            }
            ProposalBody::Features(_) => &mut self.accepted_features,
            ProposalBody::Analysis(_) => &mut self.accepted_plans,
        };
        match (stands, list.binary_search(&id)) {
            (true, Err(at)) => list.insert(at, id),
            (false, Ok(at)) => {
                list.remove(at);
            }
            _ => {}
        }
    }

    /// Whether an objection to the proposal or result is open.
    pub fn has_open_objection(&self, target: EventId) -> bool {
        self.open_objections(target).next().is_some()
    }

    /// Open objections to a proposal or result.
    pub fn open_objections(&self, target: EventId) -> impl Iterator<Item = (EventId, &Objected)> {
        self.objections
            .iter()
            .filter(move |(_, objected)| {
                objected.open && objected.objection.critique.target == target
            })
            .map(|(id, objected)| (*id, objected))
    }

    /// A feature set by the number of its proposal.
    pub fn features(&self, id: EventId) -> Option<&FeatureSet> {
        match &self.proposals.get(&id)?.proposal.body {
            ProposalBody::Features(features) => Some(features),
            _ => None,
        }
    }

    /// A plan by the number of its proposal.
    pub fn plan(&self, id: EventId) -> Option<&Plan> {
        match &self.proposals.get(&id)?.proposal.body {
            ProposalBody::Analysis(plan) => Some(plan),
            _ => None,
        }
    }

    /// A protocol by the number of its proposal.
    pub fn protocol_of(&self, id: EventId) -> Option<&Protocol> {
        match &self.proposals.get(&id)?.proposal.body {
            ProposalBody::Protocol(protocol) => Some(protocol),
            _ => None,
        }
    }

    /// The feature set that a proposal is or uses.
    pub(crate) fn features_of(&self, body: &ProposalBody) -> Option<FeatureSet> {
        match body {
            ProposalBody::Protocol(_) => None,
            ProposalBody::Features(features) => Some(features.clone()),
            ProposalBody::Analysis(plan) => self.features(plan.features).cloned(),
        }
    }

    /// Whose experiment it is: the author of its plan.
    pub fn owner_of_result(&self, result: EventId) -> Option<&str> {
        let experiment = self.experiments.get(&result)?;
        self.proposals
            .get(&experiment.plan)
            .map(|proposed| proposed.author.as_str())
    }

    /// Whether a body does what an objection asks for.
    pub(crate) fn answers(&self, body: &ProposalBody, objection: &Objection) -> bool {
        proposal::answers(body, self.features_of(body).as_ref(), objection)
    }

    /// Experiments that are run at full fidelity or promised to be.
    pub fn spent(&self) -> u32 {
        let full: BTreeSet<EventId> = self
            .experiments
            .values()
            .filter(|experiment| experiment.fidelity == Fidelity::Full)
            .map(|experiment| experiment.plan)
            .collect();
        let promised = self
            .accepted_plans
            .iter()
            .filter(|plan| !self.has_run(**plan))
            .count();
        u32::try_from(full.len() + promised).unwrap_or(u32::MAX)
    }

    /// Whether a plan has an experiment.
    pub fn has_run(&self, plan: EventId) -> bool {
        self.experiments
            .values()
            .any(|experiment| experiment.plan == plan)
    }

    /// Results of an agent's plans that wait for its verdict: of each plan the last one.
    pub fn owed_verdicts(&self, author: &str) -> Vec<EventId> {
        let mut last: BTreeMap<EventId, EventId> = BTreeMap::new();
        for (id, experiment) in &self.experiments {
            last.insert(experiment.plan, *id);
        }
        let judged: BTreeSet<EventId> = self
            .verdicts
            .values()
            .map(|(_, _, verdict)| verdict.result)
            .collect();
        let mut owed: Vec<EventId> = last
            .into_values()
            .filter(|result| {
                self.owner_of_result(*result) == Some(author) && !judged.contains(result)
            })
            .collect();
        owed.sort_unstable();
        owed
    }

    /// Whether a proposal stayed undecided for `rounds` schedules.
    pub fn has_lapsed(&self, id: EventId, rounds: u32) -> bool {
        let Some(proposed) = self.proposals.get(&id) else {
            return false;
        };
        let since = self
            .schedules
            .iter()
            .rev()
            .take_while(|(schedule, ..)| *schedule > id)
            .count();
        !proposed.accepted && since >= rounds as usize
    }
}
