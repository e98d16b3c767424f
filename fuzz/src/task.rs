//! `TASK.md`.

use autods_spec::Task;

use crate::front_matter;

pub fn run(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else {
        return;
    };
    front_matter::hold(text, |text| Task::parse("TASK.md", text));
    let prose = Task::prose(text);
    assert!(text.contains(prose));
}

pub fn seeds() -> Vec<Vec<u8>> {
    let template = Task::template("task-example");
    let task = include_str!("../../tasks/task-readmission-risk/TASK.md");
    for text in [&template, task] {
        Task::parse("TASK.md", text).expect("an honest task");
    }
    vec![
        template.into_bytes(),
        task.into(),
        b"---\nname: task-x\n---\n# Prose\n".to_vec(),
        b"---\na: &x [1, 2]\nb: *x\nc: |\n  text\n---\n".to_vec(),
    ]
}
