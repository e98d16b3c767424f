//! TASK.md, LAUNCH.md and runbook.md as typed values.
//!
//! A task author writes YAML between two `---` lines at the top of a Markdown file. This crate
//! turns it into [`Task`], [`Launch`] and [`Runbook`], or into a [`SpecError`] that names the
//! file, the line, the key and, where something was misspelt, the nearest name that is valid
//! there. Nothing is ignored: an unknown key is an error.
//!
//! ```
//! let text = autods_spec::Task::template("task-example");
//! let task = autods_spec::Task::parse("TASK.md", &text)?;
//! assert_eq!(task.name, "task-example");
//!
//! let misspelt = text.replace("primary_metric:", "primary_metrics:");
//! let error = autods_spec::Task::parse("TASK.md", &misspelt).unwrap_err();
//! assert!(error.to_string().contains("did you mean `primary_metric`?"));
//! # Ok::<(), autods_spec::SpecError>(())
//! ```
//!
//! The crate reads those three files and touches nothing else.

#![cfg_attr(
    test,
    allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)
)]

mod codings;
mod dictionary;
mod error;
mod front_matter;
mod launch;
mod nearest;
mod option_value;
mod place;
mod reading;
mod runbook;
mod synthetic;
mod task;
mod template;
mod wall;

pub use dictionary::{Availability, Coding, Column, Kind, Role};
pub use error::{Fault, SpecError};
pub use launch::{
    Budget, Cast, CastRole, CritiquePolicy, CvKind, CvStrategy, DeidentPolicy, DeidentProfile,
    ExitCondition, Launch, LeakageCheck, PromotionCriteria, Team,
};
pub use option_value::OptionValue;
pub use runbook::{GateCondition, Runbook, State, Transition};
pub use synthetic::{Count, Dates, Effect, LevelShape, Normal, Per, Shape, Synthetic};
pub use task::cohort::{AncestorsFrom, CohortSource, EventsFrom, PeriodsFrom, PersonsFrom};
pub use task::{
    Endpoint, EndpointKind, Exclusion, Metric, Population, TableSource, Task, TaskType, Validation,
};
pub use wall::Wall;
