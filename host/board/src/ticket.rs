//! What is owed, and by whom: derived from the log.

use crate::event::Event;
use crate::facts::Rules;
use crate::state::State;
use crate::vocabulary::{EventId, ProposalBody, Role, RoleCard, Stage, Ticket, TicketKind};

/// Open tickets in a stage, in a fixed order.
///
/// A proposal that stayed undecided for `max_rounds` schedules lapses: nobody owes anything about
/// it any more, and it is never accepted behind the team's back, since its ticket only ends the
/// asking. A team that was asked for a plan, had nothing to say, and nothing has happened since,
/// is not asked again.
pub fn open_tickets(
    events: &[Event],
    stage: Stage,
    roster: &[RoleCard],
    rules: &Rules,
) -> Vec<Ticket> {
    let state = State::of(events);
    let desk = Desk {
        state: &state,
        stage,
        roster,
        rules,
    };
    match stage {
        Stage::Ingest | Stage::Closed => Vec::new(),
        Stage::Govern => desk.review(),
        Stage::Design => desk.study(
            ProposalKind::Protocol,
            TicketKind::Protocol,
            Role::Biostatistician,
        ),
        Stage::Prepare => desk.study(
            ProposalKind::Features,
            TicketKind::FeatureSets,
            Role::FeatureEngineer,
        ),
        Stage::Explore => desk.explore(),
        Stage::Validate => desk.sign_off(),
        Stage::Report => desk.narrative(),
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum ProposalKind {
    Protocol,
    Features,
    Analysis,
}

impl ProposalKind {
    fn of(body: &ProposalBody) -> Self {
        match body {
            ProposalBody::Protocol(_) => Self::Protocol,
            ProposalBody::Features(_) => Self::Features,
            ProposalBody::Analysis(_) => Self::Analysis,
        }
    }
}

struct Desk<'a> {
    state: &'a State,
    stage: Stage,
    roster: &'a [RoleCard],
    rules: &'a Rules,
}

impl Desk<'_> {
    fn who(&self, role: Role) -> impl Iterator<Item = &str> {
        self.roster
            .iter()
            .filter(move |card| card.role == role)
            .map(|card| card.instance.as_str())
    }

    fn ticket(kind: TicketKind, owner: &str, about: EventId) -> Ticket {
        Ticket {
            kind,
            owner: owner.to_owned(),
            about,
        }
    }

    /// The steward is asked once: until a schedule of this stage named it and something followed.
    fn review(&self) -> Vec<Ticket> {
        self.who(Role::DataSteward)
            .filter(|owner| !self.was_asked(owner))
            .map(|owner| Self::ticket(TicketKind::Review, owner, 0))
            .collect()
    }

    fn was_asked(&self, owner: &str) -> bool {
        self.state.schedules.iter().any(|(id, stage, order)| {
            *stage == self.stage && order.iter().any(|name| name == owner) && self.state.last > *id
        })
    }

    /// Design and prepare: somebody proposes, others judge.
    fn study(&self, kind: ProposalKind, ticket: TicketKind, role: Role) -> Vec<Ticket> {
        if kind == ProposalKind::Protocol && self.state.locked {
            return Vec::new();
        }
        let proposed = self
            .state
            .proposals
            .values()
            .any(|p| ProposalKind::of(&p.proposal.body) == kind);
        if !proposed {
            return self
                .who(role)
                .map(|owner| Self::ticket(ticket, owner, 0))
                .collect();
        }
        self.judgement(kind)
    }

    /// Revisions and critiques of every proposal of a kind that is still to be decided.
    fn judgement(&self, kind: ProposalKind) -> Vec<Ticket> {
        let mut tickets = Vec::new();
        for id in self.undecided(kind) {
            let Some(proposed) = self.state.proposals.get(&id) else {
                continue;
            };
            if self.state.has_open_objection(id) {
                tickets.push(Self::ticket(TicketKind::Revision, &proposed.author, id));
            }
            let missing = |critic: &&str| {
                !proposed.endorsed_by.contains_key(*critic)
                    && !self
                        .state
                        .open_objections(id)
                        .any(|(_, objected)| objected.author == **critic)
            };
            let critics = self.critics(&proposed.author);
            tickets.extend(
                critics
                    .iter()
                    .filter(|c| missing(c))
                    .map(|c| Self::ticket(TicketKind::Critique, c, id)),
            );
        }
        tickets
    }

    /// As many critics as the quorum asks for, at least two, the author never among them.
    fn critics(&self, author: &str) -> Vec<&str> {
        let wanted = self.rules.quorum.max(2) as usize;
        let roles = [
            Role::Validator,
            Role::Biostatistician,
            Role::DataSteward,
            Role::FeatureEngineer,
        ];
        roles
            .into_iter()
            .flat_map(|role| self.who(role))
            .filter(|critic| *critic != author)
            .take(wanted)
            .collect()
    }

    fn undecided(&self, kind: ProposalKind) -> Vec<EventId> {
        self.state
            .proposals
            .iter()
            .filter(|(id, proposed)| {
                ProposalKind::of(&proposed.proposal.body) == kind
                    && proposed.superseded_by.is_none()
                    && !self.state.has_run(**id)
                    && (!proposed.accepted || self.state.has_open_objection(**id))
                    && !self.state.has_lapsed(**id, self.rules.max_rounds)
            })
            .map(|(id, _)| *id)
            .collect()
    }

    fn explore(&self) -> Vec<Ticket> {
        let mut tickets = self.judgement(ProposalKind::Features);
        tickets.extend(self.judgement(ProposalKind::Analysis));
        let undecided = self.undecided(ProposalKind::Analysis);
        for team in self.who(Role::Modeler) {
            let owed = self.state.owed_verdicts(team);
            tickets.extend(
                owed.iter()
                    .map(|result| Self::ticket(TicketKind::Verdict, team, *result)),
            );
            let own = |id: &EventId| {
                self.state
                    .proposals
                    .get(id)
                    .is_some_and(|p| p.author == team)
            };
            let waiting = undecided.iter().any(own)
                || self
                    .state
                    .accepted_plans
                    .iter()
                    .any(|id| own(id) && !self.state.has_run(*id));
            let has_work = !owed.is_empty() || waiting;
            if !has_work && self.state.spent() < self.rules.experiments && !self.rests(team) {
                tickets.push(Self::ticket(TicketKind::Plan, team, 0));
            }
        }
        tickets
    }

    /// Whether a team that was asked had nothing to say, and nothing has happened since that could
    /// have changed its mind.
    fn rests(&self, team: &str) -> bool {
        let schedules: Vec<_> = self
            .state
            .schedules
            .iter()
            .filter(|(_, stage, _)| *stage == self.stage)
            .collect();
        // the last round that is over and in which the team had its turn
        let over = schedules
            .windows(2)
            .rev()
            .find(|pair| pair[0].2.iter().any(|name| name == team));
        let Some([(from, ..), (to, ..)]) = over else {
            return false;
        };
        let said = self
            .state
            .authored
            .get(team)
            .is_some_and(|ids| ids.iter().any(|id| id > from));
        let learnt = |id: &EventId| id > from;
        let news = self.state.checks.range(from + 1..*to).next().is_some()
            || self.state.experiments.keys().any(learnt)
            || self.state.verdicts.keys().any(learnt)
            || self.state.proposals.keys().any(learnt);
        !said && !news
    }

    fn sign_off(&self) -> Vec<Ticket> {
        let Some(champion) = self.state.champion else {
            return Vec::new();
        };
        let judged = |owner: &str| {
            self.state
                .verdicts
                .values()
                .any(|(stage, author, verdict)| {
                    *stage == Stage::Validate && author == owner && verdict.result == champion
                })
        };
        self.who(Role::Validator)
            .filter(|owner| !judged(owner))
            .map(|owner| Self::ticket(TicketKind::SignOff, owner, champion))
            .collect()
    }

    fn narrative(&self) -> Vec<Ticket> {
        if self.state.statements > 0 {
            return Vec::new();
        }
        self.who(Role::Translator)
            .map(|owner| Self::ticket(TicketKind::Narrative, owner, 0))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::{Body, HostBody};
    use crate::scene::{Scene, modeler, roster, validator};
    use crate::vocabulary::{Action, Decision, EventBody};

    fn tickets(scene: &Scene, stage: Stage) -> Vec<(TicketKind, String, EventId)> {
        open_tickets(&scene.events, stage, &roster(), &scene.rules)
            .into_iter()
            .map(|ticket| (ticket.kind, ticket.owner, ticket.about))
            .collect()
    }

    fn schedule(scene: &mut Scene, stage: Stage, who: &[&str]) {
        let order = who.iter().map(|name| (*name).to_owned()).collect();
        scene.append(
            stage,
            "host",
            Body::Host(Box::new(HostBody::Scheduled(order))),
        );
    }

    #[test]
    fn the_steward_is_asked_until_it_had_its_turn() {
        let mut scene = Scene::empty();
        let review = vec![(TicketKind::Review, "data-steward".to_owned(), 0)];
        assert_eq!(tickets(&scene, Stage::Govern), review);
        schedule(&mut scene, Stage::Govern, &["data-steward"]);
        // still there while it acts
        assert_eq!(tickets(&scene, Stage::Govern), review);
        scene.lint_of(1);
        assert_eq!(tickets(&scene, Stage::Govern), []);
    }

    #[test]
    fn a_protocol_is_owed_then_its_critiques_then_its_revision() {
        let scene = Scene::empty();
        assert_eq!(
            tickets(&scene, Stage::Design),
            [(TicketKind::Protocol, "biostatistician".to_owned(), 0)]
        );
        let mut scene = Scene::designed();
        let protocol = scene.protocol;
        let critique = |who: &str| (TicketKind::Critique, who.to_owned(), protocol);
        assert_eq!(
            tickets(&scene, Stage::Design),
            [critique("validator"), critique("data-steward")]
        );
        let block = scene.blocking_lint_of(protocol);
        scene.act(
            &validator(),
            Stage::Design,
            Action::Object(scene.objection(protocol, block)),
        );
        let revision = (TicketKind::Revision, "biostatistician".to_owned(), protocol);
        assert_eq!(
            tickets(&scene, Stage::Design),
            [revision, critique("data-steward")]
        );
    }

    #[test]
    fn a_team_owes_a_plan_or_a_verdict_never_both() {
        let mut scene = Scene::explored();
        // the scene's plan waits for the lab; the rival has nothing on its desk
        let rival = "modeler-rival".to_owned();
        assert_eq!(
            tickets(&scene, Stage::Explore),
            [(TicketKind::Plan, rival.clone(), 0)]
        );
        let result = scene.experiment(scene.plan, 0.68);
        let verdict = (TicketKind::Verdict, modeler().instance, result);
        assert_eq!(
            tickets(&scene, Stage::Explore),
            [verdict, (TicketKind::Plan, rival.clone(), 0)]
        );
        scene.act(
            &modeler(),
            Stage::Explore,
            Action::GiveVerdict(scene.verdict(result, Decision::Hold)),
        );
        let plan = (TicketKind::Plan, modeler().instance, 0);
        assert_eq!(
            tickets(&scene, Stage::Explore),
            [plan, (TicketKind::Plan, rival, 0)]
        );
    }

    #[test]
    fn a_team_without_ideas_is_not_asked_for_ever() {
        let mut scene = Scene::explored();
        schedule(&mut scene, Stage::Explore, &["modeler-rival"]);
        assert_eq!(
            tickets(&scene, Stage::Explore).len(),
            1,
            "it has not had its turn yet"
        );
        scene.append(
            Stage::Explore,
            "modeler-rival",
            Body::Agent(EventBody::Refused("known-dead-end".to_owned())),
        );
        schedule(&mut scene, Stage::Explore, &["validator"]);
        assert_eq!(tickets(&scene, Stage::Explore), []);
        // news may give it one
        scene.experiment(scene.plan, 0.68);
        assert!(
            tickets(&scene, Stage::Explore)
                .iter()
                .any(|t| t.1 == "modeler-rival")
        );
    }

    #[test]
    fn a_proposal_that_nobody_decides_lapses() {
        let mut scene = Scene::explored();
        scene.rules.max_rounds = 2;
        let plan = scene.propose(&modeler(), scene.fresh_plan(5));
        let about = |scene: &Scene| {
            tickets(scene, Stage::Explore)
                .iter()
                .filter(|t| t.2 == plan)
                .count()
        };
        assert_eq!(about(&scene), 2);
        schedule(&mut scene, Stage::Explore, &["validator"]);
        assert_eq!(about(&scene), 2);
        schedule(&mut scene, Stage::Explore, &["validator"]);
        assert_eq!(about(&scene), 0);
    }

    #[test]
    fn the_champion_waits_for_its_signature_and_the_report_for_its_words() {
        let mut scene = Scene::explored();
        assert_eq!(tickets(&scene, Stage::Validate), []);
        let champion = scene.experiment(scene.plan, 0.68);
        scene.append(
            Stage::Explore,
            "host",
            Body::Agent(EventBody::Promoted(champion)),
        );
        let sign = vec![(TicketKind::SignOff, "validator".to_owned(), champion)];
        assert_eq!(tickets(&scene, Stage::Validate), sign);
        let verdict = scene.verdict(champion, Decision::Promote);
        scene.act(&validator(), Stage::Validate, Action::GiveVerdict(verdict));
        assert_eq!(tickets(&scene, Stage::Validate), []);
        assert!(scene.state().signed_off);
        assert_eq!(
            tickets(&scene, Stage::Report),
            [(TicketKind::Narrative, "translator".to_owned(), 0)]
        );
    }
}
