//! The answers, as types.

use std::collections::BTreeMap;

use autods_ledger::{
    Aggregate, Authority, Coverage, Decision, Fault, Head, HeadSignature, KeyAction, KeyKind,
    Outcome, Recipient, Repair,
};
use serde::Serialize;

/// Where in the ledger something stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Moment {
    /// Number of the record.
    pub record: u64,
    /// When it was written, RFC 3339, UTC.
    pub at: String,
}

/// What a run did.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RunAudit {
    /// The run's name.
    pub run: String,
    /// Records in the ledger.
    pub records: u64,
    /// The last record.
    pub head: Head,
    /// Whether the head is signed, and by whom.
    pub signature: HeadSignature,
    /// When it began, and each time that it was taken up again.
    pub sessions: Vec<Session>,
    /// SHA-256 of TASK.md.
    pub task: String,
    /// SHA-256 of LAUNCH.md.
    pub launch: String,
    /// SHA-256 of runbook.md.
    pub runbook: String,
    /// Preset seeds.
    pub seeds: Vec<u64>,
    /// How it ended, the last time that it did.
    pub closed: Option<(Moment, Outcome)>,
    /// What the operating system refused to the host, each time that was settled.
    pub confinement: Vec<Confinement>,
    /// Plugins that were admitted or refused.
    pub plugins: Vec<PluginUse>,
    /// Files that plugins could read.
    pub files_read: Vec<FileRead>,
    /// Rows that were handed to plugins of the row zone.
    pub rows_seen: Vec<RowsSeen>,
    /// Columns that left the row zone in aggregates, and in which.
    pub columns_released: Vec<ReleasedColumn>,
    /// Releases, by recipient and kind.
    pub releases: Vec<ReleaseTotals>,
    /// Capabilities that were given.
    pub grants: Vec<Grant>,
    /// What was denied or refused: capabilities, plugins, actions.
    pub denials: Vec<Denial>,
    /// Limits that were met.
    pub limits_met: Vec<LimitMet>,
    /// Calls that failed.
    pub failed_calls: Vec<FailedCall>,
    /// Keys that were made, read or destroyed.
    pub keys: Vec<KeyUse>,
    /// Openings of the lock-box.
    pub lockbox: Vec<LockboxOpening>,
    /// Files of the run that were written; the last digest of each.
    pub files_written: Vec<FileWritten>,
    /// Stages, and gates that stayed shut.
    pub stages: Vec<StageChange>,
    /// Decisions.
    pub decisions: Vec<DecisionMade>,
    /// Repairs after a crash.
    pub repairs: Vec<Repaired>,
}

/// A life of the run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Session {
    /// When it began.
    pub began: Moment,
    /// Whether it took the run up again.
    pub resumed: bool,
    /// Version of the host.
    pub host: String,
    /// Version of the WebAssembly runtime.
    pub runtime: String,
    /// SHA-256 of the site policy.
    pub policy: String,
}

/// Confinement in force.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Confinement {
    /// When it was settled.
    pub moment: Moment,
    /// Version of Landlock.
    pub landlock_abi: Option<u8>,
    /// Files.
    pub file_system: Coverage,
    /// Network.
    pub network: Coverage,
    /// The filter of system calls.
    pub seccomp: bool,
    /// What the kernel could not give.
    pub missing: Vec<String>,
}

/// A plugin of the run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PluginUse {
    /// When it was admitted or refused first.
    pub moment: Moment,
    /// Its id.
    pub id: String,
    /// SHA-256 of the component.
    pub sha256: String,
    /// Its world; empty for one that was refused.
    pub world: String,
    /// The interfaces that it imports: its whole authority.
    pub imports: Vec<String>,
    /// The rule that refused it.
    pub refused: Option<String>,
    /// Its calls by exported function.
    pub calls: BTreeMap<String, CallTotals>,
}

/// Calls of one exported function, added up.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct CallTotals {
    /// Calls that returned.
    pub returned: u64,
    /// Calls that failed.
    pub failed: u64,
    /// Wall time of all, microseconds.
    pub micros: u64,
    /// Bytes handed in.
    pub bytes_in: u64,
    /// Bytes handed back.
    pub bytes_out: u64,
    /// Calls into the host.
    pub host_calls: u64,
    /// Bytes written to the log.
    pub log_bytes: u64,
}

/// A file that a plugin could read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FileRead {
    /// When.
    pub moment: Moment,
    /// The plugin.
    pub plugin: String,
    /// SHA-256 of the component.
    pub component: String,
    /// The table it belongs to.
    pub table: String,
    /// Base name.
    pub file: String,
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// Its size.
    pub bytes: u64,
}

/// Rows of some columns that a plugin was handed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RowsSeen {
    /// The plugin.
    pub plugin: String,
    /// SHA-256 of the component.
    pub sha256: String,
    /// The exported function.
    pub export: String,
    /// The table.
    pub table: String,
    /// Every column that was handed over in at least one call.
    pub columns: Vec<String>,
    /// Calls.
    pub calls: u64,
    /// Rows of the largest.
    pub most_rows: u64,
    /// Whether the outcome was with them in any.
    pub outcome: bool,
}

/// A column that left the row zone in aggregates.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ReleasedColumn {
    /// The table.
    pub table: String,
    /// The column.
    pub column: String,
    /// For each kind of aggregate, who got it: agents' instance names, or `report`.
    pub aggregates: BTreeMap<Aggregate, Vec<String>>,
}

/// Releases of one kind to one recipient.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ReleaseTotals {
    /// To whom.
    pub to: Recipient,
    /// What kind.
    pub aggregate: Aggregate,
    /// The table.
    pub table: String,
    /// Columns that any of them was computed from.
    pub columns: Vec<String>,
    /// How often.
    pub times: u64,
    /// Numbers shown, each time counted.
    pub cells: u64,
    /// Numbers withheld, each time counted.
    pub suppressed: u64,
    /// The first time.
    pub first: Moment,
    /// The last time.
    pub last: Moment,
}

/// A capability that was given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Grant {
    /// When.
    pub moment: Moment,
    /// To which plugin.
    pub plugin: String,
    /// SHA-256 of the component.
    pub sha256: String,
    /// What.
    pub capability: String,
    /// Whether the component imports what it needs to use it.
    pub used: bool,
}

/// Something that was denied.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Denial {
    /// When.
    pub moment: Moment,
    /// The plugin or agent.
    pub to: String,
    /// The capability, if it is about one.
    pub capability: Option<String>,
    /// The rule.
    pub rule: String,
    /// Manifest, policy, task or role; absent where the board or the import audit refused.
    pub by: Option<Authority>,
}

/// A limit that was met.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LimitMet {
    /// When.
    pub moment: Moment,
    /// The plugin.
    pub plugin: String,
    /// SHA-256 of the component.
    pub sha256: String,
    /// The exported function.
    pub export: String,
    /// The limit's key in the policy.
    pub limit: String,
    /// What it allows.
    pub allowed: u64,
    /// What was asked for, where known.
    pub requested: Option<u64>,
}

/// A call that failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FailedCall {
    /// When.
    pub moment: Moment,
    /// The plugin.
    pub plugin: String,
    /// SHA-256 of the component.
    pub sha256: String,
    /// The exported function.
    pub export: String,
    /// In kind.
    pub fault: Fault,
    /// The sandbox's code.
    pub code: String,
    /// Wall time, microseconds.
    pub micros: u64,
}

/// A key that was made, read or destroyed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct KeyUse {
    /// When.
    pub moment: Moment,
    /// Which.
    pub key: KeyKind,
    /// What was done.
    pub action: KeyAction,
    /// Fingerprint or id.
    pub fingerprint: String,
}

/// An opening of the lock-box.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LockboxOpening {
    /// When.
    pub moment: Moment,
    /// For the how-manieth time.
    pub count: u32,
}

/// A file of the run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FileWritten {
    /// When, the last time.
    pub moment: Moment,
    /// Path in the run directory.
    pub path: String,
    /// SHA-256.
    pub sha256: String,
}

/// A stage that was entered, or was not because its gate stayed shut.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StageChange {
    /// When.
    pub moment: Moment,
    /// From.
    pub from: String,
    /// To.
    pub to: String,
    /// Conditions that were not met; empty where the gate opened.
    pub unmet: Vec<String>,
}

/// A decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DecisionMade {
    /// When.
    pub moment: Moment,
    /// By whom.
    pub by: String,
    /// What.
    pub decision: Decision,
    /// The board's event.
    pub event: u64,
}

/// A repair.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Repaired {
    /// When.
    pub moment: Moment,
    /// What.
    pub repair: Repair,
    /// Bytes.
    pub bytes: u64,
}
