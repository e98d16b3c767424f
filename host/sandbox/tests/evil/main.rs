//! Hostile plugins, one attack each, and what the host makes of it.
//!
//! Each is hand-written WebAssembly text, encoded as a component of one of our worlds, or a
//! component that the encoder would never make.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

mod accounts;
mod admission;
mod agents;
mod build;
mod cache;
mod calls;
mod fuzz;
mod output;
mod pool;
mod standard_library;
mod wasi;
