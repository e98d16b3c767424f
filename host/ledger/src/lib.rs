//! Hash-chained, append-only audit records: what a run touched, released and refused.
//!
//! The design decision: a record's hash covers the *bytes* of its line, and each line carries the
//! hash of the one before it. A line is
//!
//! ```text
//! {"seq":2,"at":"2026-01-31T09:00:00.000001Z","prev":"<hash of record 1>","entry":{…},"hash":"…"}
//! ```
//!
//! and `hash` is the SHA-256, in lower-case hexadecimal, of everything before `,"hash":"`. Anyone
//! can check a record with `sed` and `sha256sum`; no knowledge of the entries is needed.
//!
//! Beside `ledger.jsonl` lies `ledger.head`, replaced atomically by every [`Ledger::sync`], with
//! the number and hash of the last record known to be on disk. Without it, cutting whole records
//! off the end would go unseen. Both files together prove that nothing was changed by anybody who
//! did not rewrite both; a copy of the head elsewhere (a report, a board event) proves it against
//! somebody who did.
//!
//! At the end of a run the head file is signed (`ledger.head.minisig`, by whoever runs the host):
//! then even somebody who rewrites all three files, chain and head and all, is found out by
//! anybody who has the public key.
//!
//! A ledger that cannot be written stops the run: after a failed append every further append
//! fails with [`LedgerError::Stopped`].
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod chain;
mod entry;
mod error;
mod head;
mod kinds;
mod ledger;
mod seal;
mod verify;

pub use entry::Entry;
pub use error::{LedgerError, Reason, Tampered};
pub use head::Head;
pub use kinds::{
    Aggregate, Authority, Coverage, Decision, Fault, KeyAction, KeyKind, Outcome, Recipient, Repair,
};
pub use ledger::Ledger;
pub use seal::{HeadSignature, SealError, seal, signature_path, verify_seal};
pub use verify::{Record, Summary, read, verify};
