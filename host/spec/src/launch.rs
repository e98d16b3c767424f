//! LAUNCH.md: how a run goes about it.

mod validity;

use crate::error::SpecError;
use crate::option_value::OptionValue;
use crate::reading;
use crate::task::{Metric, Task};
use crate::wall::Wall;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::Path;

/// LAUNCH.md: policies, budgets and teams of a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Launch {
    /// The command that starts the run; the report repeats it.
    pub launch_command: String,
    /// How identifiers are treated before anything is stored.
    #[serde(default)]
    pub deident_policy: DeidentPolicy,
    /// How rows are split.
    pub cv_strategy: CvStrategy,
    /// Columns whose groups are compared. Each must be in the main table's dictionary.
    pub fairness_subgroups: Vec<String>,
    /// Checks that every promotion needs; the report lists each with its number and threshold.
    pub leakage_checks: Vec<LeakageCheck>,
    /// What a result must show to become the champion.
    pub promotion_criteria: PromotionCriteria,
    /// When to stop before the budget is spent.
    pub exit_condition: ExitCondition,
    /// What a run may spend.
    pub budget: Budget,
    /// How many must agree.
    pub critique_policy: CritiquePolicy,
    /// Preset seeds, 1 to 20, distinct. A score is the mean over all of them, never the best.
    pub seeds: Vec<u64>,
    /// Plugins that prepare columns, by id: `method-` and words in `kebab-case`. Default:
    /// `method-impute-encode-scale`.
    #[serde(default = "own_method")]
    pub methods: Vec<String>,
    /// Capabilities that no plugin gets in this run, by name, although manifest and policy agree on
    /// them; `log`, for instance. Default: none.
    #[serde(default)]
    pub withhold: Vec<String>,
    /// The competing teams, at least one.
    pub teams: Vec<Team>,
    /// Who plays the other roles, or with which parameters. A role that is not named here is played
    /// by the agent that comes with the host. Default: none.
    #[serde(default)]
    pub agents: Vec<Cast>,
}

fn own_method() -> Vec<String> {
    vec!["method-impute-encode-scale".to_owned()]
}

/// How identifiers are treated before anything is stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DeidentPolicy {
    /// The rule set.
    pub profile: DeidentProfile,
    /// Ages above this become one group, 89 under Safe Harbor; 18 to 89.
    pub age_cap: u32,
    /// Dates move by up to this many days either way, the same for all dates of a person;
    /// 1 to 3650.
    pub date_shift_days: u32,
    /// Counts below this are never shown to an agent or in a report; 5 to 100.
    pub threshold: u32,
}

impl Default for DeidentPolicy {
    fn default() -> Self {
        Self {
            profile: DeidentProfile::SafeHarbor,
            age_cap: 89,
            date_shift_days: 365,
            threshold: 11,
        }
    }
}

/// A rule set for de-identification.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DeidentProfile {
    /// HIPAA Safe Harbor, 45 CFR 164.514(b)(2).
    SafeHarbor,
}

/// How rows are split.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CvStrategy {
    /// The method.
    pub kind: CvKind,
    /// Folds, 2 to 20.
    pub folds: u32,
    /// Share of persons in the lock-box, 0 to 0.5. It is opened once, at the end; 0 means none.
    pub lockbox: f64,
    /// Folds inside a training fold, for cross-fitted encodings, 2 to 20. Default: 5.
    #[serde(default = "five")]
    pub inner_folds: u32,
}

fn five() -> u32 {
    5
}

/// A method of splitting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CvKind {
    /// Folds that keep a person together and share the outcome evenly.
    StratifiedGroupKfold,
}

/// A check for leakage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LeakageCheck {
    /// Equal rows on both sides of a split.
    Duplicates,
    /// Persons on both sides of a split.
    GroupOverlap,
    /// A column that predicts the outcome too well by itself.
    TargetProxy,
    /// A column whose missingness predicts the outcome too well.
    MissingnessProxy,
    /// A column that names rows rather than describes them.
    Identifier,
    /// A column known only after the index date.
    PostIndex,
    /// Rows that cannot have the outcome.
    ImpossibleOutcome,
}

impl LeakageCheck {
    /// Its name in LAUNCH.md and on the board, such as `target-proxy`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Duplicates => "duplicates",
            Self::GroupOverlap => "group-overlap",
            Self::TargetProxy => "target-proxy",
            Self::MissingnessProxy => "missingness-proxy",
            Self::Identifier => "identifier",
            Self::PostIndex => "post-index",
            Self::ImpossibleOutcome => "impossible-outcome",
        }
    }
}

/// What a result must show to become the champion.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PromotionCriteria {
    /// The deciding metric: that of the task.
    pub metric: Metric,
    /// Smallest gain over the champion that counts, 0 to 0.2; the confidence interval of the
    /// paired difference must also lie above 0.
    pub min_delta: f64,
    /// The confidence interval of the calibration slope must overlap this interval.
    pub slope_within: (f64, f64),
    /// Largest loss of the metric in any subgroup, 0 to 0.5.
    pub max_group_loss: f64,
    /// Rows with the outcome that a subgroup needs for an estimate, 10 to 10000; below, the report
    /// says "insufficient". Default: 100.
    #[serde(default = "hundred")]
    pub min_group_events: u32,
    /// Bootstrap replicates, 200 to 20000; persons are drawn, not rows.
    pub replicates: u32,
}

fn hundred() -> u32 {
    100
}

/// When to stop before the budget is spent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExitCondition {
    /// Stop after this many experiments without a promotion, 1 to 1000.
    pub stagnation: u32,
    /// Stop when the champion's metric reaches this, between 0.5 and 1. Absent: never.
    #[serde(default)]
    pub target: Option<f64>,
}

/// What a run may spend.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Budget {
    /// Wall time such as `30m`, 1 minute to 30 days. When it is spent the run goes on to
    /// validation with the champion it has.
    pub wall: Wall,
    /// Experiments, 1 to 1000.
    pub experiments: u32,
    /// How often the lock-box may be opened. More than 1 invalidates its p-values.
    pub lockbox_opens: u32,
    /// Rounds in any one stage, 1 to 1000.
    pub rounds: u32,
}

/// How many must agree.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CritiquePolicy {
    /// Endorsements by distinct agents that a proposal needs before anything is computed for it,
    /// 1 to 3. The author's own does not count.
    pub quorum: u32,
    /// Rounds that a proposal may stay undecided, 1 to 100.
    pub max_rounds: u32,
}

/// A team that competes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Team {
    /// Its name in `kebab-case`; the agent is called `modeler-<name>`.
    pub name: String,
    /// The plugin, by id: `agent-` and words in `kebab-case`, such as `agent-modeler`.
    pub agent: String,
    /// Parameters, as the plugin's manifest declares them.
    #[serde(default)]
    pub params: BTreeMap<String, OptionValue>,
}

/// A role besides the modelers', and who plays it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cast {
    /// The role.
    pub role: CastRole,
    /// The plugin, by id: `agent-` and words in `kebab-case`, such as `agent-feature`. Its manifest
    /// has to name the role under `[roles]`.
    pub agent: String,
    /// Parameters, as the plugin's manifest declares them.
    #[serde(default)]
    pub params: BTreeMap<String, OptionValue>,
}

/// A role that one agent of a run has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "documented in wit/agent.wit, role")]
pub enum CastRole {
    DataSteward,
    Biostatistician,
    FeatureEngineer,
    Validator,
    Translator,
    Orchestrator,
}

impl Launch {
    /// Who plays a role, if LAUNCH.md says so.
    #[must_use]
    pub fn cast(&self, role: CastRole) -> Option<&Cast> {
        self.agents.iter().find(|cast| cast.role == role)
    }

    /// Read `LAUNCH.md` of a task directory and hold it against the `TASK.md` beside it.
    pub fn read(directory: &Path) -> Result<Self, SpecError> {
        Self::read_for(directory, &Task::read(directory)?)
    }

    /// Read `LAUNCH.md` of a directory and hold it against a task that was read already.
    pub fn read_for(directory: &Path, task: &Task) -> Result<Self, SpecError> {
        let path = directory.join("LAUNCH.md");
        let file = path.display().to_string();
        Self::parse(&file, &reading::text_of(&path)?, task)
    }

    /// Parse the text of a LAUNCH.md and hold it against its task. `file` is only used in errors.
    pub fn parse(file: &str, text: &str, task: &Task) -> Result<Self, SpecError> {
        let reading = reading::front_matter_of::<Self>(file, text)?;
        validity::check(&reading.value, task, &reading.source)?;
        Ok(reading.value)
    }

    /// The prose of a LAUNCH.md, below its front matter.
    pub fn prose(text: &str) -> &str {
        reading::body_of(text).trim()
    }
}
