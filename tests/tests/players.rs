//! LAUNCH.md says who plays a role, and with which parameters.

use std::path::PathBuf;

use autods_tests::{Host, SmallTask, Spoken};

/// The part of a small task's LAUNCH.md behind which more is put.
const MARK: &str = "seeds:";

fn start(launch: &str) -> (Spoken, PathBuf) {
    let host = Host::new();
    let task = SmallTask::new(600, 3)
        .with_launch(MARK, &format!("{launch}\n{MARK}"))
        .write(host.place());
    let run = host.run(&task, "cast").data(&task.join("data"));
    (run.call(), run.directory().to_owned())
}

#[test]
fn a_parameter_that_no_manifest_declares_is_refused_by_its_place() {
    for (launch, words) in [
        (
            "agents: [{role: feature-engineer, agent: agent-feature, params: {pears: 4}}]",
            "LAUNCH.md: `agents[0].params.pears`: `agent-feature` has no such parameter; it has min-count, pairs, smoothing",
        ),
        (
            "agents: [{role: feature-engineer, agent: agent-feature, params: {pairs: 400}}]",
            "LAUNCH.md: `agents[0].params.pairs`: `agent-feature` wants a whole number, at least 0, at most 32",
        ),
        (
            "agents: [{role: feature-engineer, agent: agent-feature, params: {pairs: many}}]",
            "wants a whole number",
        ),
        (
            "agents: [{role: validator, agent: agent-validator, params: {x: 1}}]",
            "it has ",
        ),
    ] {
        let (spoken, run) = start(launch);
        spoken.must_end_with(3);
        spoken.must_say(&[words]);
        assert!(!run.exists(), "a start that failed left {}", run.display());
    }
}

#[test]
fn a_role_that_a_manifest_does_not_name_is_refused() {
    let (spoken, _) = start("agents: [{role: validator, agent: agent-feature}]");
    spoken.must_end_with(5);
    spoken.must_say(&["agent-feature", "feature-engineer (`roles.may`)"]);
}
