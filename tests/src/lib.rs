//! What the whole-program tests share.
//!
//! The tests under `tests/` run the built `autods-host` as a person would: with a command line,
//! files and an exit code. Nothing of the host is linked in; what a run did is read from its run
//! directory. This crate finds the program, makes small tasks and hostile plugins, and reads boards.
//!
//! A finished synthetic run of the bundled task is expensive, so it is made once for each build of
//! host, plugins and task, and kept under the target directory ([`baseline`]).

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "only tests use this crate, and a test that cannot go on has to say so loudly"
)]

mod baseline;
mod board;
mod chance;
mod cohort;
mod disk;
mod evil;
mod host;
mod module;
mod places;
mod run;

pub use baseline::{Baseline, baseline};
pub use board::{Board, Event};
pub use chance::Chance;
pub use cohort::{Column, SmallTask};
pub use disk::{SmallDisk, half_written};
pub use evil::{Evil, pin, plugins_with, plugins_with_component};
pub use host::{Host, Spoken};
pub use module::{DATA, Module, RESULT, WASI, with_inner, with_inner_bytes};
pub use places::{
    bundled_task, contract, copy_tree, data, host_program, kept, note, plugins, shipped_data,
};
pub use run::{Run, Watched};
