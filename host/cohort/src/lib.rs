//! Cohorts of persons from their events.
//!
//! A person's record is a set of [`Event`]s: something (a concept) that happened at a time, with
//! perhaps an end and a value. A [`Definition`] says in whose records, and
//! from when on, a question is asked:
//!
//! 1. every event of the index set is an **index event**, or a person's first or last;
//! 2. those that do not meet the definition go, step by step: dead by then, too little observed
//!    before or after, another index event within the washout, inclusion and exclusion criteria. What each step took
//!    away is the [`Attrition`];
//! 3. of those that stay, the **outcome** is looked for in the time at risk: it happened, something
//!    that competes with it came first, observation ended, or nothing of it ([`Fate`]);
//! 4. **features** are read from windows that end before the index event, so that nothing that came
//!    later can be in them.
//!
//! Time is counted in whole days from the index event (day 0), from date to date as in the cohort
//! definitions of OHDSI (*The Book of OHDSI*, 2019, chapters 10 and 13), or in spans of 24 hours
//! ([`Days`]). Pure functions: no clock, no files, no order but
//! that of the input.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod concepts;
mod definition;
mod error;
mod features;
mod moment;
mod select;
mod store;

pub use concepts::{ConceptId, Concepts, Members};
pub use definition::{
    ConceptSet, Criterion, Definition, Feature, Incomplete, Index, Limits, Observed, Outcome,
    Statistic, Take, Window,
};
pub use error::CohortError;
pub use features::features;
pub use moment::{Days, Moment};
pub use select::{Attrition, Cohort, Fate, Member, Step, completed_years, select};
pub use store::{Event, Events, Period, Person, PersonId};
