//! What can go wrong between the board and the page.

use std::path::PathBuf;

use autods_board::EventId;

/// Why a report was not written. Nothing half-written is left behind.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// The board has no `Started` event.
    #[error(
        "the board has no Started event: there is no run to report; pass every event of the run"
    )]
    NotStarted,
    /// A number or word was asked of an event that is not there.
    #[error("event {event} is not on the board (wanted {pointer}); pass every event of the run")]
    NoSuchEvent {
        /// The event asked for.
        event: EventId,
        /// The JSON pointer into its body.
        pointer: String,
    },
    /// An event has nothing at that pointer.
    #[error("event {event} has nothing at {pointer}; correct the reference")]
    NothingThere {
        /// The event.
        event: EventId,
        /// The JSON pointer into its body.
        pointer: String,
    },
    /// What stands there is of another kind than the report needs there.
    #[error("event {event}, {pointer}: expected {expected}, found {found}")]
    WrongKind {
        /// The event.
        event: EventId,
        /// The JSON pointer into its body.
        pointer: String,
        /// What the report needs there.
        expected: &'static str,
        /// The JSON kind found, never its value.
        found: &'static str,
    },
    /// A statement's placeholder has no reference.
    #[error(
        "event {event}, /Stated/text: placeholder {{{placeholder}}} has no reference ({references} given); number placeholders from 0"
    )]
    Placeholder {
        /// The statement's event.
        event: EventId,
        /// What stands between the braces.
        placeholder: String,
        /// How many references the statement has.
        references: usize,
    },
    /// A statement types a digit itself.
    #[error(
        "event {event}, /Stated/text: a digit outside a placeholder; refer to the event that holds the number"
    )]
    TypedDigit {
        /// The statement's event.
        event: EventId,
    },
    /// Two events have the same number.
    #[error("event {event} is on the board twice")]
    Twice {
        /// The event.
        event: EventId,
    },
    /// An event could not be turned into JSON.
    #[error("event {event} cannot be written as JSON: {source}")]
    Unserialisable {
        /// The event.
        event: EventId,
        /// Why.
        source: serde_json::Error,
    },
    /// A template could not be rendered.
    #[error("the {what} template cannot be rendered: {source}")]
    Template {
        /// Which.
        what: &'static str,
        /// Why.
        source: askama::Error,
    },
    /// A file could not be written.
    #[error("{}: cannot be written: {source}; check the folder, its rights and the space left", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
}
