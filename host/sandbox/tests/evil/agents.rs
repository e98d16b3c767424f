//! What an agent can try with its actions.

use autods_sandbox::{CallError, Rejection, agent};

use crate::build::{DATA, Module, RESULT, admit};

pub fn briefing() -> agent::Briefing {
    agent::Briefing {
        card: agent::RoleCard {
            role: agent::Role::Modeler,
            instance: "modeler-linear".into(),
            team: Some("linear".into()),
            params: vec![],
            seed: 1,
        },
        task: agent::TaskCard {
            name: "t".into(),
            question: "q".into(),
            table: "rows".into(),
            outcome: "y".into(),
            primary_metric: "auroc".into(),
            folds: 5,
            lockbox: 0.2,
            thresholds: vec![0.1],
            subgroups: vec![],
            min_delta: 0.005,
            quorum: 2,
            seeds: vec![1],
        },
        stage: agent::Stage::Explore,
        protocol: None,
        champion: None,
        catalogue: None,
        events: vec![],
        tickets: vec![],
        budget: agent::Budget {
            experiments: 1,
            rounds: 1,
            since_promotion: 0,
        },
        roster: vec![],
    }
}

/// An agent whose only action is a sentence for the report.
pub fn stating(text: &[u8]) -> Module {
    let at = DATA + 512;
    let mut data = vec![0; 512];
    data[0] = 7; // action.state
    data[12..16].copy_from_slice(&at.to_le_bytes());
    data[16..20].copy_from_slice(&u32::try_from(text.len()).unwrap().to_le_bytes());
    data.extend_from_slice(text);
    Module {
        data,
        ..Module::first(&format!(
            "(i32.store (i32.const {RESULT}) (i32.const {DATA})) (i32.store (i32.const 1028) (i32.const 1))"
        ))
    }
}

#[test]
fn an_agents_words_are_bounded_and_cannot_act_on_a_terminal() {
    let act = |text: &[u8]| agent::act(&admit("agent", &stating(text)), &briefing());
    let (actions, _) = act(b"the cohort has {0} rows").unwrap();
    match &actions[..] {
        [agent::Action::State(statement)] => assert_eq!(statement.text, "the cohort has {0} rows"),
        other => panic!("{other:?}"),
    }
    for text in [
        &[b'x'; 65][..],
        b"a\x1b[2J",
        b"a\nb",
        "a\u{202e}b".as_bytes(),
    ] {
        let error = act(text).unwrap_err();
        assert!(
            matches!(
                error,
                CallError::OutputRejected(Rejection::Value {
                    action: 0,
                    field: "text",
                    ..
                })
            ),
            "{error}"
        );
    }
}

#[test]
fn an_agent_that_acts_too_often_is_refused() {
    // Five times `advance`; the size of an action does not matter, zeros are requests for checks.
    let many = Module::first(&format!(
        "(i32.store (i32.const {RESULT}) (i32.const 4096)) (i32.store (i32.const 1028) (i32.const 5))"
    ));
    let error = agent::act(&admit("agent", &many), &briefing()).unwrap_err();
    assert!(
        matches!(
            error,
            CallError::OutputRejected(Rejection::TooMany {
                found: 5,
                limit: 4,
                ..
            })
        ),
        "{error}"
    );
}
