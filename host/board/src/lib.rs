//! The board: a typed event log with one writer.
//!
//! Agents propose, critique and judge; the host refuses what breaks a rule and remembers
//! everything, refusals included. The crate has three parts:
//!
//! - the words: [`Action`] is what an agent can do, [`Body`] what the log remembers;
//! - the rules: [`decide`] turns an action into events or into a [`Refusal`] that names its
//!   [`Rule`]; [`settle`] says what follows from the log by itself; [`open_tickets`] says what is
//!   owed. All of them are pure functions of the log ([`State::of`]), so a run that was killed goes
//!   on where its log ends, and a replay decides the same;
//! - the log: [`Board`], an SQLite file that can only be appended to, chained by SHA-256.
//!
//! **No plan is run that was not accepted**: [`Board::append`] refuses a claim or an experiment for
//! any other, whoever asks.

#![cfg_attr(
    test,
    allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)
)]

mod canonical;
#[cfg(test)]
mod chaos;
mod claim;
mod dead_end;
mod event;
mod evidence;
mod facts;
mod fingerprint;
mod invariant;
mod lint;
mod pointer;
mod proposal;
mod rule;
mod rules;
#[cfg(test)]
mod scene;
mod settle;
mod state;
mod store;
mod ticket;
mod vocabulary;

pub use canonical::canonical;
pub use claim::Claim;
pub use event::*;
pub use evidence::unanswered_blocks;
pub use facts::{Facts, MethodFacts, ParamFact, ParamKind, Rules};
pub use fingerprint::{features_fingerprint, plan_fingerprint};
pub use invariant::Invariant;
pub use lint::{Violation, lint, violations};
pub use pointer::resolve;
pub use proposal::columns_of;
pub use rule::{Refusal, Rule};
pub use rules::decide;
pub use settle::settle;
pub use state::{Hypothesised, Objected, Proposed, State};
pub use store::{Board, BoardError};
pub use ticket::open_tickets;
pub use vocabulary::*;
