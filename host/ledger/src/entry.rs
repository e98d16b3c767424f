//! What can be recorded. Identifiers, codes, digests and numbers; nothing that a plugin worded.

use serde::{Deserialize, Serialize};

use crate::kinds::{
    Aggregate, Authority, Coverage, Decision, Fault, KeyAction, KeyKind, Outcome, Recipient, Repair,
};

/// One audited fact.
///
/// Strings are names that the host checked (stages, plugin ids, agent instances, rules, tables,
/// columns of the task's dictionary), base names of files, or SHA-256 digests in hexadecimal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Entry {
    /// The run began; everything that decides its outcome, by digest.
    RunStarted {
        /// The run's name.
        run: String,
        /// Version of the host.
        host: String,
        /// Version of the WebAssembly runtime.
        runtime: String,
        /// SHA-256 of TASK.md.
        task: String,
        /// SHA-256 of LAUNCH.md.
        launch: String,
        /// SHA-256 of runbook.md.
        runbook: String,
        /// SHA-256 of the site policy.
        policy: String,
        /// Preset seeds.
        seeds: Vec<u64>,
    },
    /// The run was taken up again after an interruption.
    RunResumed {
        /// Version of the host.
        host: String,
        /// Version of the WebAssembly runtime.
        runtime: String,
        /// SHA-256 of the site policy.
        policy: String,
        /// Events on the board at that moment.
        events: u64,
    },
    /// A gate opened.
    StageEntered {
        /// Stage left.
        from: String,
        /// Stage entered.
        to: String,
    },
    /// A gate stayed shut.
    GateShut {
        /// The stage that was not left.
        from: String,
        /// The stage that was not entered.
        to: String,
        /// Names of the conditions that were not met.
        unmet: Vec<String>,
    },
    /// What the operating system now refuses to the host itself.
    Confined {
        /// Version of Landlock in force; absent where there is none.
        landlock_abi: Option<u8>,
        /// Whether files outside the run's are out of reach.
        file_system: Coverage,
        /// Whether the network is out of reach.
        network: Coverage,
        /// Whether the filter of system calls is on.
        seccomp: bool,
        /// Names of what the kernel could not give.
        missing: Vec<String>,
    },
    /// A plugin passed the import audit and was compiled.
    PluginAdmitted {
        /// Its id.
        id: String,
        /// SHA-256 of the component.
        sha256: String,
        /// Its world.
        world: String,
        /// The interfaces it imports: its whole authority.
        imports: Vec<String>,
    },
    /// A plugin was refused before anything of it ran.
    PluginRefused {
        /// Its id.
        id: String,
        /// SHA-256 of the component.
        sha256: String,
        /// Name of the rule.
        rule: String,
    },
    /// A plugin was given a capability.
    Granted {
        /// Its id.
        plugin: String,
        /// SHA-256 of the component.
        sha256: String,
        /// The capability, such as `read-sources`.
        capability: String,
        /// Whether the component imports what it needs to use it.
        used: bool,
    },
    /// A plugin was denied something.
    Denied {
        /// Its id.
        plugin: String,
        /// SHA-256 of the component.
        sha256: String,
        /// The capability, if it is about one.
        capability: Option<String>,
        /// Name of the rule.
        rule: String,
        /// Who denied it.
        by: Authority,
    },
    /// A data file was opened for a plugin to read.
    SourceOpened {
        /// The plugin that may read it.
        plugin: String,
        /// SHA-256 of the component.
        component: String,
        /// The table it belongs to.
        table: String,
        /// Its base name.
        file: String,
        /// SHA-256 of its bytes.
        sha256: String,
        /// Its size in bytes.
        bytes: u64,
    },
    /// Rows were handed to a plugin of the row zone, which has no way to tell anybody.
    RowsGiven {
        /// Its id.
        plugin: String,
        /// SHA-256 of the component.
        sha256: String,
        /// The exported function.
        export: String,
        /// The table they are of.
        table: String,
        /// Its columns that were handed over.
        columns: Vec<String>,
        /// Rows.
        rows: u64,
        /// Whether the outcome was with them.
        outcome: bool,
    },
    /// A plugin was called and returned.
    Call {
        /// Its id.
        plugin: String,
        /// SHA-256 of the component.
        sha256: String,
        /// The exported function.
        export: String,
        /// Wall time, microseconds.
        micros: u64,
        /// Bytes handed in.
        bytes_in: u64,
        /// Bytes handed back.
        bytes_out: u64,
        /// Calls into the host.
        host_calls: u64,
        /// Bytes written to the log.
        log_bytes: u64,
    },
    /// A plugin was called and failed.
    CallFailed {
        /// Its id.
        plugin: String,
        /// SHA-256 of the component.
        sha256: String,
        /// The exported function.
        export: String,
        /// Why, in kind.
        fault: Fault,
        /// Why, as the sandbox's code, such as `trap-unreachable`.
        code: String,
        /// Wall time, microseconds.
        micros: u64,
        /// Bytes handed in.
        bytes_in: u64,
        /// Bytes handed back; all of them were thrown away.
        bytes_out: u64,
        /// Calls into the host.
        host_calls: u64,
        /// Bytes written to the log.
        log_bytes: u64,
    },
    /// A plugin asked for more than a limit allows, whether its call failed of it or not.
    LimitHit {
        /// Its id.
        plugin: String,
        /// SHA-256 of the component.
        sha256: String,
        /// The exported function.
        export: String,
        /// The limit's key in the site policy, such as `limits.memory-mib`.
        limit: String,
        /// What it allows, in the unit that is counted: bytes, milliseconds, rows, calls.
        allowed: u64,
        /// What would have been needed, where that is known.
        requested: Option<u64>,
    },
    /// An aggregate passed disclosure control and left the row zone.
    Released {
        /// What kind.
        aggregate: Aggregate,
        /// To whom.
        to: Recipient,
        /// The table it was computed from.
        table: String,
        /// The table's columns that it was computed from; none where it is about rows as such.
        columns: Vec<String>,
        /// Numbers shown.
        cells: u64,
        /// Numbers that disclosure control withheld.
        suppressed: u64,
        /// The board's events that hold it; none for the catalogue, which no event holds.
        events: Vec<u64>,
    },
    /// Somebody decided something, and the board's rules allowed it.
    Decided {
        /// An agent's instance name, or `host`.
        by: String,
        /// What.
        decision: Decision,
        /// The board's event that says so.
        event: u64,
    },
    /// An action was refused.
    Refused {
        /// Name of the rule.
        rule: String,
        /// The agent's instance name.
        agent: String,
    },
    /// The lock-box was opened.
    LockboxOpened {
        /// For the how-manieth time.
        count: u32,
    },
    /// A key was made, read or destroyed.
    KeyUsed {
        /// Which.
        key: KeyKind,
        /// What was done.
        action: KeyAction,
        /// Its fingerprint or id; never the key.
        fingerprint: String,
    },
    /// A file of the run was written.
    Wrote {
        /// Path relative to the run directory.
        path: String,
        /// SHA-256 of its bytes.
        sha256: String,
    },
    /// Something was put right after a crash.
    Recovered {
        /// What.
        repair: Repair,
        /// Bytes cut off or removed.
        bytes: u64,
    },
    /// The board stood at this event; ties the two logs together.
    BoardHead {
        /// Number of its last event.
        event: u64,
        /// Its content hash.
        hash: String,
    },
    /// The run ended.
    RunClosed {
        /// How.
        outcome: Outcome,
    },
}

impl Entry {
    /// Whether it changes what the run is, may or has done, so that it must be on disk before the
    /// run goes on. The rest (calls, releases, files, decisions that the board holds as well)
    /// reaches the disk with the next one that does.
    #[must_use]
    pub fn is_state_change(&self) -> bool {
        !matches!(
            self,
            Self::Granted { .. }
                | Self::RowsGiven { .. }
                | Self::Call { .. }
                | Self::Released { .. }
                | Self::Decided { .. }
                | Self::Wrote { .. }
                | Self::BoardHead { .. }
        )
    }
}
