//! Commented files for a new task.

use crate::{Launch, Task};

const TASK: &str = include_str!("../templates/TASK.md");
const LAUNCH: &str = include_str!("../templates/LAUNCH.md");

/// The name that the templates bear.
const PLACEHOLDER: &str = "task-name-here";

impl Task {
    /// The text of a TASK.md in which every key is explained, for a task called `name`. It is
    /// valid as it stands when `name` is a task's name, and runs on its synthetic cohort.
    pub fn template(name: &str) -> String {
        TASK.replace(PLACEHOLDER, name)
    }
}

impl Launch {
    /// The text of a LAUNCH.md in which every key is explained, for a task called `name`. It
    /// goes with [`Task::template`].
    pub fn template(name: &str) -> String {
        LAUNCH.replace(PLACEHOLDER, name)
    }
}
