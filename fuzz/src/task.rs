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
    vec![
        Task::template("task-example").into_bytes(),
        include_bytes!("../../tasks/task-readmission-risk/TASK.md").to_vec(),
        b"---\nname: task-x\n---\n# Prose\n".to_vec(),
        b"---\na: &x [1, 2]\nb: *x\nc: |\n  text\n---\n".to_vec(),
    ]
}
