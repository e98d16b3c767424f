//! What the orchestrator does with the round.

use autods_sdk::agent::{Action, Agent, Briefing};

use crate::{order, stage_end};

/// The orchestrator; see the crate's documentation.
pub struct Orchestrator;

impl Agent for Orchestrator {
    fn act(briefing: &Briefing) -> Vec<Action> {
        let due = stage_end::due(briefing);
        let owners = order::owners(briefing, &due);
        vec![if owners.is_empty() {
            Action::Advance
        } else {
            Action::Schedule(owners)
        }]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use autods_sdk::agent::{Role, Stage, TicketKind};
    use autods_sdk::params::param_integer;
    use autods_sdk::testkit::BriefingBuilder;

    fn explore() -> BriefingBuilder {
        BriefingBuilder::new(Role::Orchestrator, "orchestrator")
            .stage(Stage::Explore)
            .with(|briefing| {
                briefing.roster = ["validator", "modeler-a", "modeler-b"]
                    .map(str::to_owned)
                    .to_vec();
                briefing.budget.rounds = 10;
            })
            .ticket_of("validator", TicketKind::Critique, 8)
            .ticket_of("modeler-a", TicketKind::Plan, 0)
            .ticket_of("modeler-b", TicketKind::Plan, 0)
    }

    fn scheduled(builder: &BriefingBuilder) -> Vec<String> {
        match Orchestrator::act(&builder.clone().build()).as_slice() {
            [Action::Schedule(owners)] => owners.clone(),
            [Action::Advance] => vec!["advance".to_owned()],
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn nothing_owed_means_advance() {
        let idle = BriefingBuilder::new(Role::Orchestrator, "orchestrator");
        assert_eq!(scheduled(&idle), ["advance"]);
    }

    #[test]
    fn teams_take_turns_in_going_first_and_critics_follow_proposers() {
        let even = scheduled(&explore());
        let odd = scheduled(&explore().with(|briefing| briefing.budget.rounds = 9));
        assert_eq!(even.last().unwrap(), "validator");
        assert_eq!(odd.last().unwrap(), "validator");
        assert_ne!(even[0], odd[0]);
    }

    #[test]
    fn a_team_that_owes_a_verdict_goes_first_and_is_scheduled_once() {
        let builder = explore().ticket_of("modeler-b", TicketKind::Verdict, 12);
        let owners = scheduled(&builder);
        assert_eq!(owners[0], "modeler-b");
        assert_eq!(owners.len(), 3);
    }

    #[test]
    fn a_spent_budget_or_stagnation_leaves_time_for_verdicts_only() {
        for spend in [
            |briefing: &mut Briefing| briefing.budget.experiments = 0,
            |briefing: &mut Briefing| briefing.budget.since_promotion = 6,
        ] {
            assert_eq!(scheduled(&explore().with(spend)), ["advance"]);
            let owing = explore()
                .with(spend)
                .ticket_of("modeler-b", TicketKind::Verdict, 12);
            assert_eq!(scheduled(&owing), ["modeler-b"]);
        }
    }

    #[test]
    fn patience_is_a_parameter() {
        let patient = explore().with(|briefing| {
            briefing.budget.since_promotion = 6;
            briefing.card.params = vec![param_integer("stagnation", 9)];
        });
        assert_eq!(scheduled(&patient).len(), 3);
    }

    #[test]
    fn spent_rounds_end_any_stage_and_spent_experiments_only_explore() {
        let signing = BriefingBuilder::new(Role::Orchestrator, "orchestrator")
            .stage(Stage::Validate)
            .with(|briefing| briefing.budget.experiments = 0)
            .ticket_of("validator", TicketKind::SignOff, 12);
        assert_eq!(scheduled(&signing), ["validator"]);
        let late = signing.with(|briefing| briefing.budget.rounds = 0);
        assert_eq!(scheduled(&late), ["advance"]);
    }
}
