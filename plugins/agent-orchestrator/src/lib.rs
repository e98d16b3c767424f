//! The orchestrator: who acts next, and when is a stage over?
//!
//! It sees tickets, roster and budget, and nothing else: no catalogue, no event, no number of any
//! result. `order` says who goes first, `stage_end` when to ask the gate to open.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod orchestrator;
mod order;
mod stage_end;

pub use orchestrator::Orchestrator;

autods_sdk::export_agent!(Orchestrator);
