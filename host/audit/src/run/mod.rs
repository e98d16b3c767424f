//! What a run did, answered from its ledger alone.
//!
//! The design decision: nothing but the ledger is asked, and it is verified before it is believed:
//! whoever has `ledger.jsonl`, `ledger.head`, `ledger.head.minisig` and the host's public key gets
//! the same answers, without the data, the board or the run's other files.

mod answers;
mod html;
mod read;
mod sarif;
mod table;
mod words;

pub use answers::{
    CallTotals, Confinement, DecisionMade, Denial, FailedCall, FileRead, FileWritten, Grant,
    KeyUse, LimitMet, LockboxOpening, Moment, PluginUse, ReleaseTotals, ReleasedColumn, Repaired,
    RowsSeen, RunAudit, Session, StageChange,
};
pub use html::html;
pub use sarif::sarif;
pub use table::table;

/// A run's audit for programs: pretty-printed JSON.
///
/// # Errors
/// None that is known; serialising may fail in principle.
pub fn json(audit: &RunAudit) -> serde_json::Result<String> {
    serde_json::to_string_pretty(audit)
}
