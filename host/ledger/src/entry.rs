//! What can be recorded. Identifiers, codes, digests and numbers; nothing that a plugin worded.

use serde::{Deserialize, Serialize};

/// One audited fact.
///
/// Strings are names that the host checked (stages, plugin ids, agent instances, rules, table
/// names), base names of files, or SHA-256 digests in hexadecimal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Entry {
    /// The run began; everything that decides its outcome, by digest.
    RunStarted {
        /// The run's name.
        run: String,
        /// Version of the host.
        host: String,
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
    /// A data file was opened for reading.
    SourceOpened {
        /// The table it belongs to.
        table: String,
        /// Its base name.
        file: String,
        /// SHA-256 of its bytes.
        sha256: String,
        /// Its size in bytes.
        bytes: u64,
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
        /// Why, as a code.
        fault: Fault,
    },
    /// Something passed disclosure control and was shown to an agent.
    Released {
        /// What, such as `catalogue` or `briefing`.
        what: String,
        /// The agent's instance name.
        agent: String,
        /// Cells shown.
        cells: u64,
        /// Cells suppressed.
        suppressed: u64,
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
    /// The run's key was made, read or destroyed.
    KeyUsed {
        /// What was done: `made`, `read`, `destroyed`.
        action: String,
        /// Its fingerprint; never the key.
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

/// Why a call failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fault {
    /// The plugin returned a typed fault.
    Returned,
    /// It trapped.
    Trapped,
    /// It ran past its time.
    Timeout,
    /// It asked for more memory than the policy gives.
    Memory,
    /// Another limit of the policy.
    Limit,
    /// It broke the contract: malformed output, undeclared names.
    Contract,
    /// The host could not carry out the call.
    Host,
}

/// What was put right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Repair {
    /// The ledger's last line had not been written to its end.
    TornRecord,
    /// A file without its final name was removed.
    PartialFile,
    /// Work claimed before the crash was released.
    StaleClaim,
}

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// All stages were passed.
    Completed,
    /// A gate stayed shut.
    Held,
    /// The person at the terminal stopped it.
    Stopped,
    /// An error stopped it.
    Failed,
}
