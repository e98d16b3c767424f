//! Briefings for an agent's tests.

use crate::agent::{
    Availability, Briefing, Budget, Catalogue, CheckKind, CheckResult, CheckTarget, Column,
    ColumnRole, Event, EventBody, EventId, Level, OutcomeVerdict, Proposal, ProposalBody, Role,
    RoleCard, Stage, TaskCard, Ticket, TicketKind, ValueKind,
};

/// An event by `author`.
#[must_use]
pub fn event(id: EventId, stage: Stage, author: &str, body: EventBody) -> Event {
    Event {
        id,
        stage,
        author: author.to_owned(),
        body,
    }
}

/// Makes a briefing as the host would, one part after the other.
///
/// Starts from a small readmission task: outcome `readmitted`, AUROC, five folds, a lock-box of
/// 0.2, thresholds 0.1 and 0.2, subgroups by `sex`, quorum 2, seeds 1, 2, 3, an empty board, and
/// an empty catalogue (none for the orchestrator).
#[derive(Clone, Debug)]
pub struct BriefingBuilder(Briefing);

impl BriefingBuilder {
    /// A briefing for that role under that name.
    #[must_use]
    pub fn new(role: Role, instance: &str) -> Self {
        let catalogue = (role != Role::Orchestrator).then(|| Catalogue {
            columns: Vec::new(),
            rows: 10_000,
            subjects: 8_000,
            events: 1_100,
        });
        Self(Briefing {
            card: RoleCard {
                role,
                instance: instance.to_owned(),
                team: None,
                params: Vec::new(),
                seed: 1,
            },
            task: TaskCard {
                name: "task-test".to_owned(),
                question: "Who comes back within 30 days?".to_owned(),
                table: "encounters".to_owned(),
                outcome: "readmitted".to_owned(),
                primary_metric: "auroc".to_owned(),
                folds: 5,
                lockbox: 0.2,
                thresholds: vec![0.1, 0.2],
                subgroups: vec!["sex".to_owned()],
                min_delta: 0.002,
                quorum: 2,
                seeds: vec![1, 2, 3],
            },
            stage: Stage::Design,
            protocol: None,
            champion: None,
            catalogue,
            events: Vec::new(),
            tickets: Vec::new(),
            budget: Budget {
                experiments: 20,
                rounds: 50,
                since_promotion: 0,
            },
            roster: vec![instance.to_owned()],
        })
    }

    /// At that stage.
    #[must_use]
    pub fn stage(mut self, stage: Stage) -> Self {
        self.0.stage = stage;
        self
    }

    /// In that team.
    #[must_use]
    pub fn team(mut self, team: &str) -> Self {
        self.0.card.team = Some(team.to_owned());
        self
    }

    /// With that catalogue.
    #[must_use]
    pub fn catalogue(mut self, catalogue: Catalogue) -> Self {
        self.0.catalogue = Some(catalogue);
        self
    }

    /// With one more column in the main table: a predictor known at the index date, its name for
    /// a label, no missing values, and whatever else `change` does. Nothing without a catalogue.
    #[must_use]
    pub fn column(mut self, name: &str, kind: ValueKind, change: impl FnOnce(&mut Column)) -> Self {
        let mut column = Column {
            table: self.0.task.table.clone(),
            name: name.to_owned(),
            label: name.to_owned(),
            kind,
            role: ColumnRole::Predictor,
            available: Availability::AtIndex,
            sensitive: false,
            unit: None,
            missing: 0.0,
            distinct: Some(10),
            levels: Vec::new(),
            quantiles: Vec::new(),
            mean: None,
            sd: None,
        };
        change(&mut column);
        if let Some(catalogue) = &mut self.0.catalogue {
            catalogue.columns.push(column);
        }
        self
    }

    /// With one more category column; levels are (code, label, rows if they may be disclosed).
    #[must_use]
    pub fn category(self, name: &str, levels: &[(&str, &str, Option<u64>)]) -> Self {
        let levels: Vec<Level> = levels
            .iter()
            .map(|&(code, label, n)| Level {
                code: code.to_owned(),
                label: label.to_owned(),
                n,
            })
            .collect();
        self.column(name, ValueKind::Category, |column| {
            column.distinct = u64::try_from(levels.len()).ok();
            column.levels = levels;
        })
    }

    /// With one more check on the board, its statistic at 0.6 and its threshold at 0.95.
    #[must_use]
    pub fn checked(self, kind: CheckKind, target: CheckTarget, verdict: OutcomeVerdict) -> Self {
        self.event(
            "host",
            EventBody::Checked(CheckResult {
                kind,
                target,
                verdict,
                statistic: 0.6,
                threshold: 0.95,
                levels: Vec::new(),
                numbers: Vec::new(),
            }),
        )
    }

    /// With one more proposal by `author` that replaces none.
    #[must_use]
    pub fn proposed(self, author: &str, body: ProposalBody) -> Self {
        self.event(
            author,
            EventBody::Proposed(Proposal {
                body,
                supersedes: None,
            }),
        )
    }

    /// With one more event by `author` at the present stage; its number is its place, from 1.
    #[must_use]
    pub fn event(mut self, author: &str, body: EventBody) -> Self {
        let id = self.0.events.last().map_or(1, |last| last.id + 1);
        let stage = self.0.stage;
        self.0.events.push(event(id, stage, author, body));
        self
    }

    /// With a ticket of the agent's own.
    #[must_use]
    pub fn ticket(self, kind: TicketKind, about: EventId) -> Self {
        let owner = self.0.card.instance.clone();
        self.ticket_of(&owner, kind, about)
    }

    /// With a ticket of somebody.
    #[must_use]
    pub fn ticket_of(mut self, owner: &str, kind: TicketKind, about: EventId) -> Self {
        self.0.tickets.push(Ticket {
            kind,
            owner: owner.to_owned(),
            about,
        });
        self
    }

    /// With whatever else `change` does.
    #[must_use]
    pub fn with(mut self, change: impl FnOnce(&mut Briefing)) -> Self {
        change(&mut self.0);
        self
    }

    /// The briefing.
    #[must_use]
    pub fn build(self) -> Briefing {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agent::{Action, Agent};

    struct Hurried;
    impl Agent for Hurried {
        fn act(briefing: &Briefing) -> Vec<Action> {
            if briefing.tickets.is_empty() {
                vec![Action::Advance]
            } else {
                Vec::new()
            }
        }
    }
    crate::export_agent!(Hurried);

    #[test]
    fn an_agent_is_a_function_that_a_test_can_call() {
        let idle = BriefingBuilder::new(Role::Orchestrator, "orchestrator").build();
        assert_eq!(Hurried::act(&idle), [Action::Advance]);
        let busy = BriefingBuilder::new(Role::Orchestrator, "orchestrator")
            .ticket_of("validator", TicketKind::Critique, 3)
            .build();
        assert!(Hurried::act(&busy).is_empty());
        assert!(idle.catalogue.is_none());
    }

    #[test]
    fn a_briefing_finds_its_events_and_tickets() {
        let briefing = BriefingBuilder::new(Role::Validator, "validator")
            .event("host", EventBody::Accepted(7))
            .event("host", EventBody::Promoted(9))
            .ticket(TicketKind::Critique, 7)
            .ticket_of("other", TicketKind::Critique, 8)
            .build();
        assert!(briefing.is_accepted(7));
        assert_eq!(briefing.event(2).unwrap().body, EventBody::Promoted(9));
        assert_eq!(briefing.tickets_of(TicketKind::Critique).count(), 1);
    }
}
