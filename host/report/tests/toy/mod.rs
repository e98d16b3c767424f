//! A whole run of a toy: every number of its models is computed from a seeded cohort.

mod attribute;
mod cohort;
mod design;
mod evaluate;
mod explore;
mod log;
mod measures;
mod prepare;
mod run;
mod table_one;
mod validate;

pub use run::{timing, whole_run};
