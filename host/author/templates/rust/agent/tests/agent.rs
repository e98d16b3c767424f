//! The agent without a host: a briefing in, actions out.

use autods_sdk::agent::{
    Action, Agent, Briefing, CheckKind, CheckTarget, OutcomeVerdict, Plan, ProposalBody, Role,
    RubricItem, Stage, TicketKind,
};
use autods_sdk::testkit::BriefingBuilder;
use {{snake}}::Critic;

/// A plan is on the board as event 1, and a critique of it is owed.
fn owed() -> BriefingBuilder {
    let plan = Plan {
        hypothesis: 0,
        features: 0,
        method: "elastic-net-logistic".to_owned(),
        params: Vec::new(),
        complexity: 12,
        rationale: "A plain model first.".to_owned(),
    };
    BriefingBuilder::new(Role::Validator, "critic")
        .stage(Stage::Explore)
        .proposed("modeler-linear", ProposalBody::Analysis(plan))
        .ticket(TicketKind::Critique, 1)
}

fn linted(verdict: OutcomeVerdict) -> Briefing {
    owed().checked(CheckKind::Lint, CheckTarget::Event(1), verdict).build()
}

#[test]
fn it_asks_for_evidence_before_it_judges() {
    let ask = Action::RequestCheck((CheckKind::Lint, CheckTarget::Event(1)));
    assert_eq!(Critic::act(&owed().build()), [ask]);
}

#[test]
fn it_objects_to_what_is_blocked_and_endorses_the_rest() {
    let blocked = Critic::act(&linted(OutcomeVerdict::Block));
    let [Action::Object(objection)] = blocked.as_slice() else {
        panic!("{blocked:?}");
    };
    assert_eq!((objection.critique.target, objection.critique.evidence), (1, 2));
    for verdict in [OutcomeVerdict::Warn, OutcomeVerdict::Pass] {
        let fine = Critic::act(&linted(verdict));
        let [Action::Endorse(critique)] = fine.as_slice() else {
            panic!("{fine:?}");
        };
        assert_eq!((critique.item, critique.evidence), (RubricItem::Complexity, 2));
    }
}

#[test]
fn it_says_nothing_twice_and_nothing_without_being_asked() {
    let said = Critic::act(&linted(OutcomeVerdict::Pass));
    let [Action::Endorse(critique)] = said.as_slice() else {
        panic!("{said:?}");
    };
    let endorsed = autods_sdk::agent::EventBody::Endorsed(critique.clone());
    let again = owed()
        .checked(CheckKind::Lint, CheckTarget::Event(1), OutcomeVerdict::Pass)
        .event("critic", endorsed)
        .build();
    assert!(Critic::act(&again).is_empty());
    let idle = BriefingBuilder::new(Role::Validator, "critic").build();
    assert!(Critic::act(&idle).is_empty());
}
