//! A run: stages, gates, scheduling, lab, resume and replay.
//!
//! The design decision of this crate: **a run is a deterministic program whose every effect is an
//! event**. [`Session::record`] appends an event, or, when the board already holds one at that
//! place, returns the recorded one without computing anything. A run that was killed is resumed
//! by running the same program again: agents are asked again (they are pure functions of their
//! briefing), expensive results come from the log, and the first event that would differ stops
//! the run. Nothing but the log is state.
#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        reason = "a test may fail"
    )
)]

mod audited;
mod briefing;
mod calls;
mod catalogue;
mod checks;
mod cohort;
mod confinement;
#[cfg(test)]
mod contract_tests;
mod data;
mod derive;
mod error;
mod gate;
mod host_key;
mod integrity;
mod keys;
mod lab;
mod layout;
mod new_task;
mod options;
mod parameters;
mod plugins;
mod progress;
mod promotion;
mod release;
mod rounds;
mod session;
mod stage;
mod start;
mod status;
mod task_dir;

pub use audited::{Frozen, plugins_of_run, plugins_of_task};
pub use error::RunError;
pub use integrity::{Difference, Verified, compare, verify, verify_with};
pub use layout::RunDir;
pub use new_task::new_task;
pub use options::RunOptions;
pub use plugins::{Purposes, purposes};
pub use progress::{Progress, Update};
pub use start::{Outcome, resume, run, write_report};
pub use status::{Status, status};
pub use task_dir::{find_task, plugins_dir, tasks};
