//! The board, read for a report: which events there are of each kind, and which belong together.

use autods_board::{
    Body, CheckResult, Curves, Evaluation, Event, EventBody, EventId, Experiment, FeatureSet,
    HostBody, Locked, Objection, Plan, Proposal, ProposalBody, Sample, Section, Started, Statement,
    Verdict,
};

use crate::{
    ReportError,
    document::{Line, Voice},
    resolver::{Resolver, quote},
    statement,
};

/// An event of a known kind.
pub(crate) struct Found<'a, T> {
    pub(crate) event: &'a Event,
    pub(crate) body: &'a T,
}

impl<T> Clone for Found<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Found<'_, T> {}

impl<T> Found<'_, T> {
    pub(crate) fn id(&self) -> EventId {
        self.event.id
    }
}

/// The model that the run settled on.
#[derive(Clone, Copy)]
pub(crate) struct Champion<'a> {
    /// The event that promoted it.
    pub(crate) promoted: EventId,
    /// Its deciding experiment.
    pub(crate) experiment: Found<'a, Experiment>,
    /// Its plan.
    pub(crate) plan: Found<'a, Plan>,
}

/// The board, read for a report.
pub(crate) struct Reading<'a> {
    pub(crate) events: &'a [Event],
    pub(crate) resolver: Resolver,
    pub(crate) started: Found<'a, Started>,
}

impl<'a> Reading<'a> {
    pub(crate) fn new(events: &'a [Event]) -> Result<Self, ReportError> {
        let started = host(events, |body| match body {
            HostBody::Started(started) => Some(started),
            _ => None,
        })
        .next()
        .ok_or(ReportError::NotStarted)?;
        Ok(Reading {
            events,
            resolver: Resolver::new(events)?,
            started,
        })
    }

    /// The host's events of one kind, in order.
    pub(crate) fn host<T: 'a>(
        &self,
        pick: impl Fn(&'a HostBody) -> Option<&'a T>,
    ) -> Vec<Found<'a, T>> {
        host(self.events, pick).collect()
    }

    /// The agents' events of one kind, in order.
    pub(crate) fn agent<T: 'a>(
        &self,
        pick: impl Fn(&'a EventBody) -> Option<&'a T>,
    ) -> Vec<Found<'a, T>> {
        self.events
            .iter()
            .filter_map(|event| match &event.body {
                Body::Agent(body) => pick(body).map(|body| Found { event, body }),
                Body::Host(_) => None,
            })
            .collect()
    }

    pub(crate) fn event(&self, id: EventId) -> Option<&'a Event> {
        self.events.iter().find(|event| event.id == id)
    }

    /// An event's author, as a quotation of that event.
    pub(crate) fn author(&self, event: &Event) -> Line {
        quote(event.author.clone(), event.id, "author", Voice::Plain)
    }

    pub(crate) fn proposals(&self) -> Vec<Found<'a, Proposal>> {
        self.agent(|body| match body {
            EventBody::Proposed(proposal) => Some(proposal),
            _ => None,
        })
    }

    pub(crate) fn plans(&self) -> Vec<Found<'a, Plan>> {
        self.agent(|body| match body {
            EventBody::Proposed(Proposal {
                body: ProposalBody::Analysis(plan),
                ..
            }) => Some(plan),
            _ => None,
        })
    }

    pub(crate) fn feature_sets(&self) -> Vec<Found<'a, FeatureSet>> {
        self.agent(|body| match body {
            EventBody::Proposed(Proposal {
                body: ProposalBody::Features(features),
                ..
            }) => Some(features),
            _ => None,
        })
    }

    pub(crate) fn objections(&self) -> Vec<Found<'a, Objection>> {
        self.agent(|body| match body {
            EventBody::Objected(objection) => Some(objection),
            _ => None,
        })
    }

    pub(crate) fn experiments(&self) -> Vec<Found<'a, Experiment>> {
        self.agent(|body| match body {
            EventBody::Experiment(experiment) => Some(experiment),
            _ => None,
        })
    }

    pub(crate) fn verdicts(&self) -> Vec<Found<'a, Verdict>> {
        self.agent(|body| match body {
            EventBody::Verdict(verdict) => Some(verdict),
            _ => None,
        })
    }

    pub(crate) fn checks(&self) -> Vec<Found<'a, CheckResult>> {
        self.agent(|body| match body {
            EventBody::Checked(check) => Some(check),
            _ => None,
        })
    }

    pub(crate) fn evaluations(&self) -> Vec<Found<'a, Evaluation>> {
        self.agent(|body| match body {
            EventBody::Evaluated(evaluation) => Some(evaluation),
            _ => None,
        })
    }

    pub(crate) fn curves(&self) -> Vec<Found<'a, Curves>> {
        self.host(|body| match body {
            HostBody::Curves(curves) => Some(curves),
            _ => None,
        })
    }

    /// References of one kind, such as every `Accepted`, with the event that each is about.
    pub(crate) fn references(
        &self,
        pick: impl Fn(&'a EventBody) -> Option<&'a EventId>,
    ) -> Vec<Found<'a, EventId>> {
        self.agent(pick)
    }

    pub(crate) fn accepted(&self, proposal: EventId) -> Option<EventId> {
        self.references(|body| match body {
            EventBody::Accepted(target) => Some(target),
            _ => None,
        })
        .iter()
        .find(|found| *found.body == proposal)
        .map(Found::id)
    }

    pub(crate) fn promotions(&self) -> Vec<Found<'a, EventId>> {
        self.references(|body| match body {
            EventBody::Promoted(target) => Some(target),
            _ => None,
        })
    }

    /// The proposal that replaced this one.
    pub(crate) fn successor(&self, proposal: EventId) -> Option<EventId> {
        self.proposals()
            .iter()
            .find(|found| found.body.supersedes == Some(proposal))
            .map(Found::id)
    }

    /// The locked protocol, once there is one.
    pub(crate) fn locked(&self) -> Option<Found<'a, Locked>> {
        self.host(|body| match body {
            HostBody::Locked(locked) => Some(locked),
            _ => None,
        })
        .last()
        .copied()
    }

    /// The id of the population that decides.
    pub(crate) fn primary(&self) -> Option<&'a str> {
        self.locked()
            .and_then(|locked| locked.body.protocol.populations.first())
            .map(|p| p.id.as_str())
    }

    /// The model of the last promotion.
    pub(crate) fn champion(&self) -> Option<Champion<'a>> {
        let promoted = *self.promotions().last()?;
        let experiment = self
            .experiments()
            .into_iter()
            .find(|found| found.id() == *promoted.body)?;
        let plan = self
            .plans()
            .into_iter()
            .find(|found| found.id() == experiment.body.plan)?;
        Some(Champion {
            promoted: promoted.id(),
            experiment,
            plan,
        })
    }

    /// Evaluations of whole populations, in order of population (as in the protocol), sample, model:
    /// first the champion, then the baselines, then everything else.
    pub(crate) fn whole(&self) -> Vec<Found<'a, Evaluation>> {
        let champion = self.champion().map(|champion| champion.experiment.id());
        let mut all: Vec<_> = self
            .evaluations()
            .into_iter()
            .filter(|found| found.body.group.is_none())
            .collect();
        all.sort_by_key(|found| {
            let standing = match found.body.experiment {
                0 => 1,
                experiment if Some(experiment) == champion => 0,
                _ => 2,
            };
            (
                self.rank(&found.body.population),
                found.body.sample == Sample::LockBox,
                standing,
                found.id(),
            )
        });
        all
    }

    /// Place of a population in the protocol.
    pub(crate) fn rank(&self, population: &str) -> usize {
        self.locked()
            .and_then(|locked| {
                locked
                    .body
                    .protocol
                    .populations
                    .iter()
                    .position(|p| p.id == population)
            })
            .unwrap_or(usize::MAX)
    }

    /// A population in words: its title in the protocol, else its id where the event names it.
    pub(crate) fn population(
        &self,
        id: &str,
        event: EventId,
        pointer: &str,
    ) -> Result<Line, ReportError> {
        match self.locked() {
            Some(locked) if self.rank(id) != usize::MAX => self.resolver.quote(
                locked.id(),
                &format!("/Locked/protocol/populations/{}/title", self.rank(id)),
            ),
            _ => self.resolver.code(event, pointer),
        }
    }

    /// The translator's sentences for a section, resolved.
    pub(crate) fn statements(&self, section: Section) -> Result<Vec<Line>, ReportError> {
        let all: Vec<Found<'a, Statement>> = self.host(|body| match body {
            HostBody::Stated(statement) => Some(statement),
            _ => None,
        });
        all.iter()
            .filter(|found| found.body.section == section)
            .map(|found| statement::resolve(found.id(), found.body, &self.resolver))
            .collect()
    }
}

fn host<'a, T: 'a>(
    events: &'a [Event],
    pick: impl Fn(&'a HostBody) -> Option<&'a T>,
) -> impl Iterator<Item = Found<'a, T>> {
    events.iter().filter_map(move |event| match &event.body {
        Body::Host(body) => pick(body).map(|body| Found { event, body }),
        Body::Agent(_) => None,
    })
}
