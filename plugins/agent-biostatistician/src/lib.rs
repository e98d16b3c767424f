//! The biostatistician.
//!
//! Writes the protocol from the task (`protocol`), revises it after objections (`revision`), and
//! judges feature sets and plans by lint and by the events that carry their parameters
//! (`critique`). It decides by rule, from the task and the board.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod biostatistician;
mod critique;
mod protocol;
mod revision;

pub use biostatistician::Biostatistician;

autods_sdk::export_agent!(Biostatistician);
