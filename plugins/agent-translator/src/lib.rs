//! The translator: puts what is on the board into plain clinical language.
//!
//! One file of `sections` for each section of the report. Every number is a reference to an
//! event (`sentence`), and what a sentence claims about it is decided from the same event
//! (`facts`). Whatever is not on the board is not said.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod facts;
mod sections;
mod sentence;
mod translator;
mod words;

pub use translator::Translator;

autods_sdk::export_agent!(Translator);
