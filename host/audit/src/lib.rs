//! What plugins can and can never do, said in four ways: a table for a terminal, JSON for programs,
//! SARIF for a build server, and a page that a compliance officer files.
//!
//! The design decision: nothing here decides anything. The verdict, its reasons and the evidence are
//! those of [`autods_sandbox::Audit`], which the sandbox itself goes by when it admits a plugin; this
//! crate words them. What a page says a plugin can never do is derived from the imports that the
//! component has and from what the host links, never from what the plugin says about itself.
//!
//! What a run *did* is another question, answered from its ledger alone: [`run`].

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod base64;
mod examination;
mod html;
mod json;
mod language;
mod limits;
mod rules;
pub mod run;
mod sarif;
mod table;
mod words;

pub use examination::{Examination, Finding, Occasion, Subject, Verdict, Wanted};
pub use html::{PageError, html};
pub use json::json;
pub use language::{Made, made};
pub use limits::{LimitLine, Origin, limits};
pub use rules::{Rule, rule};
pub use sarif::sarif;
pub use table::table;
pub use words::{Statement, can, never, unsaid};
