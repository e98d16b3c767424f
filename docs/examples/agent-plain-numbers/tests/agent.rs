//! The agent without a host: a briefing in, actions out.

use autods_sdk::agent::{
    Action, Agent, CheckKind, CheckTarget, Critique, EventBody, FeatureSet, Objection,
    OutcomeVerdict, Proposal, ProposalBody, Role, RubricItem, Stage, TicketKind, ValueKind,
};
use autods_sdk::testkit::BriefingBuilder;
use agent_plain_numbers::PlainNumbers;

fn start() -> BriefingBuilder {
    BriefingBuilder::new(Role::FeatureEngineer, "feature-engineer")
        .stage(Stage::Prepare)
        .column("age", ValueKind::Integer, |_| ())
        .column("futime", ValueKind::Number, |_| ())
        .column("always-1", ValueKind::Integer, |_| ())
        .category("sex", &[("F", "female", Some(500)), ("M", "male", Some(400))])
        .checked(
            CheckKind::NearConstant,
            CheckTarget::Column("always-1".to_owned()),
            OutcomeVerdict::Block,
        )
}

fn set(actions: &[Action]) -> (&FeatureSet, Option<u64>) {
    match actions {
        [Action::Propose(Proposal { body: ProposalBody::Features(set), supersedes })] => {
            (set, *supersedes)
        }
        other => panic!("{other:?}"),
    }
}

fn names(set: &FeatureSet) -> Vec<&str> {
    set.columns.iter().map(|used| used.column.as_str()).collect()
}

#[test]
fn numbers_that_vary_are_proposed_once() {
    let owed = start().ticket(TicketKind::FeatureSets, 0);
    let actions = PlainNumbers::act(&owed.clone().build());
    let (set, supersedes) = set(&actions);
    assert_eq!((names(set), supersedes), (vec!["age", "futime"], None));
    assert_eq!(set.method, "method-winsorise");
    let done = owed.proposed("feature-engineer", ProposalBody::Features(set.clone()));
    assert!(PlainNumbers::act(&done.build()).is_empty());
}

#[test]
fn what_an_objection_names_is_left_out_of_the_successor() {
    let first = PlainNumbers::act(&start().ticket(TicketKind::FeatureSets, 0).build());
    // the check is event 1, the proposal event 2
    let objection = Objection {
        critique: Critique {
            target: 2,
            item: RubricItem::Leakage,
            evidence: 1,
            remark: "Known only afterwards.".to_owned(),
        },
        drop_columns: vec!["futime".to_owned()],
        exclude: Vec::new(),
    };
    let board = start()
        .proposed("feature-engineer", ProposalBody::Features(set(&first).0.clone()))
        .ticket(TicketKind::Revision, 2);
    assert!(PlainNumbers::act(&board.clone().build()).is_empty(), "nothing to answer yet");
    let objected = board.event("validator", EventBody::Objected(objection));
    let actions = PlainNumbers::act(&objected.build());
    let (set, supersedes) = set(&actions);
    assert_eq!((names(set), supersedes), (vec!["age"], Some(2)));
}
