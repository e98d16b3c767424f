//! The report: what the board remembers, as one page that a person can read and sign.
//!
//! The design decision of this crate: **no number is typed**. Every number, and every word that
//! is not part of the report's own constant text, is looked up in an event by a JSON pointer and
//! carries that address into the page. A number that cannot be looked up is an error, never a
//! blank. [`compose`] builds one document and renders it twice, as HTML and as Markdown; it does
//! no input or output, so the same events give the same bytes. [`write`] puts them in a folder.
//!
//! The page needs nothing but itself: no script, no font, no image from elsewhere; its content
//! security policy admits one style sheet, by hash. What the events do not hold because of
//! disclosure control the report shows as `suppressed`.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod command;
mod compose;
mod document;
mod error;
mod figures;
mod format;
mod reading;
mod render;
mod resolver;
mod sections;
mod statement;
mod svg;
mod words;
mod write;

pub use compose::{Report, StandaloneFigure, compose};
pub use error::ReportError;
pub use write::{Written, WrittenFile, write};

#[cfg(test)]
mod tests;
