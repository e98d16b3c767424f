//! The words that entries are made of.

use serde::{Deserialize, Serialize};

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

/// Kinds of aggregates that leave the row zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Aggregate {
    /// The catalogue: counts of levels, shares without a value, quantiles, means.
    Catalogue,
    /// The profile behind the catalogue, with histograms.
    Profile,
    /// How many rows had an identifier, by column.
    Identifiers,
    /// How many rows and subjects there are.
    Counts,
    /// A check: one statistic, rates of levels.
    Check,
    /// How well a plan predicts out of fold.
    Experiment,
    /// How well a model predicts in a population or subgroup, or in the lock-box.
    Evaluation,
    /// ROC, precision-recall, calibration and decision curves.
    Curves,
    /// Mean attributions of a model's columns.
    Attributions,
    /// Rows of Table 1.
    TableOne,
}

/// Who gets an aggregate.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Recipient {
    /// An agent, in a briefing.
    Agent {
        /// Its instance name.
        instance: String,
        /// The plugin that plays it.
        plugin: String,
        /// SHA-256 of the component.
        sha256: String,
    },
    /// Whoever reads the report.
    Report,
}

/// Decisions of agents, and of the host by rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Decision {
    /// Made a proposal.
    Propose,
    /// Endorsed one.
    Endorse,
    /// Objected to one.
    Object,
    /// Withdrew or answered an objection.
    Answer,
    /// Found a proposal accepted, by rule.
    Accept,
    /// Opened a hypothesis.
    Hypothesise,
    /// Found a hypothesis falsified, by rule.
    Falsify,
    /// Asked for a result's promotion, or signed the champion off.
    Promote,
    /// Kept a result in mind.
    Hold,
    /// Asked for a revision.
    Revise,
    /// Closed a direction.
    DeadEnd,
    /// Made a result the champion, by rule.
    Champion,
    /// Refused an action, by rule.
    Refuse,
    /// Locked the protocol, by rule.
    LockProtocol,
}

/// What denied something. The effective grant is what all of them give.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Authority {
    /// The plugin's own manifest does not ask for it.
    Manifest,
    /// The site policy does not give it.
    Policy,
    /// The task has no use for it.
    Task,
    /// The role may not have it.
    Role,
}

/// How much of something is in force.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Coverage {
    /// All that the host asked for.
    Full,
    /// Some of it.
    Partial,
    /// Nothing.
    None,
}

/// Which key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum KeyKind {
    /// The run's: pseudonyms and date shifts.
    Run,
    /// The host's: signs the head of the ledger.
    Host,
}

/// What was done with a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum KeyAction {
    /// It was made.
    Made,
    /// It was read.
    Read,
    /// It was destroyed.
    Destroyed,
}
