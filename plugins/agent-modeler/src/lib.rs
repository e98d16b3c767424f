//! The modeler: one team, one family of learners, one hypothesis at a time.
//!
//! A team climbs a ladder of plans (`ladder`): a sensible start, then variations of the best so
//! far, one direction each, skipping what the board has declared dead. It opens a hypothesis
//! before the plans that test it (`next`), gives a verdict on every result (`verdict`), answers
//! objections with something simpler (`revision`) and may critique the other team's plans
//! (`critique`). It decides by rule, from the board.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod critique;
mod dead_end;
mod family;
mod features;
mod ladder;
mod modeler;
mod next;
mod numbers;
mod plan;
mod record;
mod revision;
mod verdict;

pub use modeler::Modeler;

autods_sdk::export_agent!(Modeler);
