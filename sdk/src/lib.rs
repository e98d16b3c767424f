//! Write a plugin for AutoDataScientists: its logic and nothing else.
//!
//! A plugin implements one of three traits and names itself in one macro:
//!
//! | feature  | trait                  | macro                | is given                  | gives back                |
//! |----------|------------------------|----------------------|---------------------------|---------------------------|
//! | `loader` | [`Loader`](loader::Loader) | `export_loader!` | files, read-only          | rows, numbers             |
//! | `method` | [`Method`](method::Method) | `export_method!` | the rows of one fold      | a fitted state, rows      |
//! | `agent`  | [`Agent`](agent::Agent)    | `export_agent!`  | aggregates and the board  | typed actions             |
//!
//! ```
//! # #[cfg(feature = "agent")] {
//! use autods_sdk::agent::{Action, Agent, Briefing, TicketKind};
//!
//! /// Advances as soon as nothing is owed.
//! struct Hurried;
//!
//! impl Agent for Hurried {
//!     fn act(briefing: &Briefing) -> Vec<Action> {
//!         if briefing.tickets.is_empty() { vec![Action::Advance] } else { Vec::new() }
//!     }
//! }
//!
//! autods_sdk::export_agent!(Hurried);
//! # }
//! ```
//!
//! The macros emit the component's exports for `wasm32` only. On every other architecture a
//! plugin is an ordinary library, and [`testkit`] stands in for the host, so that `cargo test`
//! needs no runtime.
//!
//! **One feature per plugin.** The feature decides which world's type information is linked into
//! the component; a component built with two of them promises exports that it does not have.
//! `cargo xtask plugins` therefore builds the plugins of each world apart.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod contract;

#[cfg(feature = "agent")]
pub mod agent;
#[cfg(feature = "arrow")]
pub mod ipc;
#[cfg(feature = "loader")]
pub mod loader;
#[cfg(feature = "method")]
pub mod method;
mod panicking;
pub mod params;
pub mod testkit;

/// The Arrow crates that the SDK is built with: a plugin that names these needs no version of its
/// own to keep in step.
#[cfg(feature = "arrow")]
pub mod arrow {
    pub use arrow_array as array;
    pub use arrow_schema as schema;
}

#[doc(hidden)]
pub use panicking::announce_panics;

pub use contract::{Fault, FaultCode, LogLevel, Param, Scalar, ValueKind, log};
