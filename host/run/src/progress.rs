//! Words about the work while it goes on.

use autods_board::Stage;

/// Something worth telling while a run goes on. Never holds a value of a row.
#[derive(Clone, Debug)]
pub enum Update {
    /// A stage began.
    Stage(Stage),
    /// A step of the stage began; `done` of `total` where that is known.
    Step {
        /// What is being done.
        what: String,
        /// How many are done.
        done: usize,
        /// Out of how many; 0 where unknown.
        total: usize,
    },
    /// Something happened that a person may want to know.
    Note(String),
    /// Something that a person ought to know.
    Warning(String),
}

/// Somebody who wants to be told.
pub trait Progress: Sync {
    /// Be told.
    fn tell(&self, update: Update);
}

impl Progress for () {
    fn tell(&self, _: Update) {}
}
