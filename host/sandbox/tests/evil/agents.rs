//! What an agent can try with its actions.

use autods_sandbox::{CallError, Rejection, agent};

use crate::build::{Module, RESULT, admit, briefing, stating};

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
