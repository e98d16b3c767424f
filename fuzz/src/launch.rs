//! `LAUNCH.md`, held against a task.

use std::sync::LazyLock;

use autods_spec::{Launch, Task};

use crate::front_matter;

static TASK: LazyLock<Task> = LazyLock::new(|| {
    Task::parse(
        "TASK.md",
        include_str!("../../tasks/task-readmission-risk/TASK.md"),
    )
    .expect("the task of this checkout")
});

pub fn run(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else {
        return;
    };
    front_matter::hold(text, |text| Launch::parse("LAUNCH.md", text, &TASK));
    let prose = Launch::prose(text);
    assert!(text.contains(prose));
}

pub fn seeds() -> Vec<Vec<u8>> {
    let text = include_str!("../../tasks/task-readmission-risk/LAUNCH.md");
    Launch::parse("LAUNCH.md", text, &TASK).expect("an honest launch");
    vec![text.into()]
}
