//! What plugins can and can never do, and what a run did: said for people, for programs, for a
//! build server, and as a page that a compliance officer files.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

pub mod run;
