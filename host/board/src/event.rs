//! Events: what the board remembers.

use autods_science::{Attribution, CalibrationBin, CurvePoint, NetBenefit};
use serde::{Deserialize, Serialize};

use crate::vocabulary::{
    CheckResult, Estimate, EventBody, EventId, Protocol, Sample, Stage, Statement,
};

/// One event: numbered, written once, never changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// Its number, from 1 without gaps.
    pub id: EventId,
    /// The stage it happened in.
    pub stage: Stage,
    /// An agent's instance name, or `host`.
    pub author: String,
    /// What happened.
    pub body: Body,
}

/// What happened: something agents may read word for word, or the host's own record.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
#[expect(
    clippy::large_enum_variant,
    reason = "most events are of the agents' vocabulary"
)]
pub enum Body {
    /// Part of the agents' vocabulary.
    Agent(EventBody),
    /// The host's own.
    Host(Box<HostBody>),
}

/// The host's own records. All numbers in them have passed disclosure control where they
/// describe rows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum HostBody {
    /// The run began.
    Started(Started),
    /// A gate opened.
    Entered(Transition),
    /// A gate stayed shut.
    Held(Transition),
    /// A table was loaded.
    Loaded(Loaded),
    /// The main table was made of events.
    Selected(Selected),
    /// The profile of a table (`autods_table::Profile`), disclosure-controlled.
    Profiled(serde_json::Value),
    /// An identifier was found (`class`, column, rows), never its value.
    Identified(Identified),
    /// Columns were transformed and scanned again.
    Deidentified(Deidentified),
    /// The protocol was locked under its digest.
    Locked(Locked),
    /// The lock-box was cut.
    LockboxCut(LockboxCut),
    /// The lock-box was opened, for the n-th time.
    LockboxOpened(LockboxOpened),
    /// A plan was claimed for execution.
    Claimed(Claimed),
    /// Curves of an evaluated model.
    Curves(Curves),
    /// Attributions of an evaluated model.
    Attributed(Attributed),
    /// A row of the leakage ledger.
    Leakage(LeakageRow),
    /// A row of Table 1.
    TableOne(TableOneRow),
    /// A sentence for the report.
    Stated(Statement),
    /// An agent failed; the rest of the team goes on.
    AgentFailed(AgentFailed),
    /// The orchestrator's schedule for a round.
    Scheduled(Vec<String>),
    /// The run ended.
    Closed(Closed),
}

/// The run began.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Started {
    /// Name of the run.
    pub run: String,
    /// Name of the task.
    pub task: String,
    /// One line about what is asked.
    pub title: String,
    /// The question.
    pub question: String,
    /// Host version.
    pub host: String,
    /// SHA-256 of the task directory's TASK.md and LAUNCH.md.
    pub task_digest: String,
    /// SHA-256 of the data files, in order of name.
    pub data: Vec<FileDigest>,
    /// Plugins by id and digest.
    pub plugins: Vec<FileDigest>,
    /// Whether the data are synthetic.
    pub synthetic: bool,
    /// Licence and citation of the data, as the task states them.
    pub licence: String,
    /// Citation of the data.
    pub citation: String,
    /// The command that starts the run again.
    pub command: String,
    /// The intended use, as the task states it.
    pub intended_use: String,
}

/// A file or plugin and its digest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileDigest {
    /// Base name or plugin id.
    pub name: String,
    /// SHA-256, hex.
    pub sha256: String,
    /// Bytes.
    pub bytes: u64,
}

/// A move from one stage to the next, with what its gate saw.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Transition {
    /// From.
    pub from: Stage,
    /// To.
    pub to: Stage,
    /// Conditions of the gate.
    pub conditions: Vec<Condition>,
}

/// A condition of a gate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Condition {
    /// Its name in runbook.md.
    pub name: String,
    /// Whether it held.
    pub met: bool,
    /// What it saw.
    pub because: String,
}

/// A table was loaded.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Loaded {
    /// Its name.
    pub table: String,
    /// Rows.
    pub rows: u64,
    /// Columns.
    pub columns: u32,
    /// Columns in the files that the dictionary does not declare.
    pub undeclared: u32,
    /// Shards it was loaded in.
    pub shards: u32,
    /// Plugin that loaded it.
    pub loader: String,
}

/// A cohort was selected.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Selected {
    /// The table that was made.
    pub table: String,
    /// What each step left.
    pub steps: Vec<SelectedStep>,
}

/// What a step of a selection left. Numbers are absent where the step, together with those after
/// it that are not shown either, took away fewer than may be shown.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SelectedStep {
    /// What the step asks for.
    pub name: String,
    /// Rows left.
    pub rows: Option<u64>,
    /// Persons left.
    pub persons: Option<u64>,
}

/// An identifier was found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Identified {
    /// Table.
    pub table: String,
    /// Column.
    pub column: String,
    /// HIPAA Safe Harbor class, such as `medical-record-number`.
    pub class: String,
    /// What the finding rests on, such as `name`, `pattern`, `role`, `uniqueness`.
    pub evidence: Vec<String>,
    /// Rows concerned.
    pub rows: u64,
    /// What was done: `pseudonymised`, `removed`, `shifted`, `capped`.
    pub action: String,
}

/// Columns were transformed and scanned again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Deidentified {
    /// Columns transformed.
    pub columns: u32,
    /// Findings of the second scan; the gate wants 0.
    pub remaining: u32,
    /// The key's fingerprint (first 8 bytes of SHA-256, hex); the key itself is elsewhere.
    pub key: String,
}

/// The protocol was locked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Locked {
    /// The accepted proposal.
    pub proposal: EventId,
    /// SHA-256 of its canonical JSON.
    pub digest: String,
    /// A copy, for the report.
    pub protocol: Protocol,
}

/// The lock-box was cut.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LockboxCut {
    /// Subjects in it.
    pub subjects: u64,
    /// Rows in it.
    pub rows: u64,
    /// Rows outside it.
    pub development_rows: u64,
    /// Subjects outside it.
    pub development_subjects: u64,
}

/// The lock-box was opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LockboxOpened {
    /// How often by now.
    pub count: u32,
    /// For which experiment.
    pub experiment: EventId,
    /// Who asked.
    pub by: String,
}

/// A plan was claimed for execution.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claimed {
    /// The plan.
    pub plan: EventId,
    /// Canonical fingerprint of the plan (SHA-256, hex).
    pub fingerprint: String,
    /// Who holds the claim.
    pub holder: String,
    /// Attempt, from 1; a claim whose lease ran out is taken anew.
    pub attempt: u32,
}

/// Curves of an evaluated model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Curves {
    /// The experiment; 0 for a baseline.
    pub experiment: EventId,
    /// The model.
    pub model: String,
    /// The population.
    pub population: String,
    /// Which rows.
    pub sample: Sample,
    /// Area under the ROC curve with DeLong's interval, which takes rows for independent; the
    /// evaluation's own interval resamples subjects. Mean over seeds, end by end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub auroc_delong: Option<Estimate>,
    /// ROC.
    pub roc: Vec<CurvePoint>,
    /// Precision–recall.
    pub precision_recall: Vec<CurvePoint>,
    /// Calibration; every bin holds at least the disclosure threshold of rows and of events.
    pub calibration: Vec<CalibrationBin>,
    /// Decision curve.
    pub decision: Vec<NetBenefit>,
}

/// Attributions of an evaluated model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Attributed {
    /// The experiment.
    pub experiment: EventId,
    /// The method: `tree-shap` or `linear-shap`.
    pub method: String,
    /// Rows explained.
    pub rows: u64,
    /// Largest |Σφ + φ₀ − f(x)| over those rows, log-odds.
    pub additivity_error: f64,
    /// Design columns, largest first.
    pub columns: Vec<Attribution>,
}

/// A row of the leakage ledger.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LeakageRow {
    /// Number in the leakage taxonomy, such as `L2.1`.
    pub id: String,
    /// In words.
    pub title: String,
    /// The check behind it.
    pub check: CheckResult,
    /// The event that stands for it, where it was computed earlier; 0 otherwise.
    pub evidence: EventId,
}

/// A row of Table 1. Counts under the disclosure threshold are absent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TableOneRow {
    /// Population's id.
    pub population: String,
    /// The column.
    pub column: String,
    /// Its label.
    pub label: String,
    /// The code of a category; absent for a number.
    pub code: Option<String>,
    /// The code's label.
    pub code_label: Option<String>,
    /// Rows without the outcome: count of the code.
    pub n_without: Option<u64>,
    /// Rows with the outcome: count of the code.
    pub n_with: Option<u64>,
    /// Mean and standard deviation without the outcome.
    pub mean_without: Option<(f64, f64)>,
    /// Mean and standard deviation with the outcome.
    pub mean_with: Option<(f64, f64)>,
    /// Share without a value, 0 to 1.
    pub missing: f64,
    /// Standardised mean difference.
    pub smd: Option<f64>,
}

/// An agent failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgentFailed {
    /// Which.
    pub instance: String,
    /// The sandbox's error code, such as `out-of-time`.
    pub code: String,
}

/// The run ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Closed {
    /// Why, in one word of the runbook: `complete`, `no-champion`, `stopped`.
    pub outcome: String,
    /// The champion, if any.
    pub champion: Option<EventId>,
    /// Its out-of-fold metric.
    pub primary: Option<Estimate>,
}
