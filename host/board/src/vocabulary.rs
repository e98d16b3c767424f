//! The vocabulary of the board: what agents and host say to each other.
//!
//! These types mirror `wit/types.wit` and `wit/agent.wit` name for name, so that a value crosses
//! the plugin border by its serialised form; `autods-run` has the test that both stay the same.

pub use autods_science::Estimate;
use serde::{Deserialize, Serialize};

/// One value of a parameter.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Scalar {
    /// Present, but without a value.
    Missing,
    /// True or false.
    Flag(bool),
    /// A whole number.
    Integer(i64),
    /// A finite floating-point number.
    Number(f64),
    /// A short text; at most 256 bytes.
    Text(String),
}

/// A named parameter. Names are `kebab-case`; a list of parameters never repeats a name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Param {
    /// The parameter's name as the plugin's manifest declares it.
    pub name: String,
    /// Its value.
    pub value: Scalar,
}

/// How the values of a column are to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum ValueKind {
    /// `true`/`false`, `yes`/`no`, `1`/`0`.
    Boolean,
    /// Whole numbers, stored as 64-bit integers.
    Integer,
    /// Real numbers, stored as 64-bit floats.
    Number,
    /// One of a set of codes without an order.
    Category,
    /// One of a set of codes whose order the dictionary gives.
    Ordinal,
    /// A calendar date, ISO 8601.
    Date,
    /// A date and time, ISO 8601.
    Datetime,
    /// Free text. Never leaves the row zone.
    Text,
    /// A code that identifies a person, a visit or a thing. Never leaves the row zone.
    Identifier,
}

/// Number of an event on the board; 0 is never used.
pub type EventId = u64;

/// Where a run stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the names are the vocabulary")]
pub enum Stage {
    Ingest,
    Govern,
    Design,
    Prepare,
    Explore,
    Validate,
    Report,
    Closed,
}

/// The seven roles.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the names are the vocabulary")]
pub enum Role {
    DataSteward,
    Biostatistician,
    FeatureEngineer,
    Modeler,
    Validator,
    Translator,
    Orchestrator,
}

impl Role {
    /// Its name in the contract and in manifests.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::DataSteward => "data-steward",
            Self::Biostatistician => "biostatistician",
            Self::FeatureEngineer => "feature-engineer",
            Self::Modeler => "modeler",
            Self::Validator => "validator",
            Self::Translator => "translator",
            Self::Orchestrator => "orchestrator",
        }
    }
}

/// Who an agent is in this run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RoleCard {
    /// Its role.
    pub role: Role,
    /// Its name in this run, such as `modeler-linear`.
    pub instance: String,
    /// The team it works in; modelers only.
    pub team: Option<String>,
    /// What LAUNCH.md gives this agent.
    pub params: Vec<Param>,
    /// Seed for choices that the agent makes.
    pub seed: u64,
}

/// Role of a column in the analysis, from the task's dictionary.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the names are the vocabulary")]
pub enum ColumnRole {
    Predictor,
    Outcome,
    Subject,
    RecordId,
    Site,
    Time,
    Ignored,
}

/// When a column's value becomes known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the names are the vocabulary")]
pub enum Availability {
    BeforeIndex,
    AtIndex,
    AfterIndex,
    Unknown,
}

/// One code of a category. Counts below the disclosure threshold are absent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Level {
    /// The code.
    pub code: String,
    /// Its label in the dictionary; the code itself where it has none.
    pub label: String,
    /// Rows with that code.
    pub n: Option<u64>,
}

/// A column as an agent may know it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Column {
    /// Table and name.
    pub table: String,
    /// Its name.
    pub name: String,
    /// The dictionary's label.
    pub label: String,
    /// How its values are read.
    pub kind: ValueKind,
    /// Its role.
    pub role: ColumnRole,
    /// When it is known.
    pub available: Availability,
    /// Whether groups of it must be compared (fairness).
    pub sensitive: bool,
    /// Unit, for numbers.
    pub unit: Option<String>,
    /// Share of rows without a value, 0 to 1, rounded to 0.001.
    pub missing: f64,
    /// Distinct values; absent for identifiers and free text.
    pub distinct: Option<u64>,
    /// The codes of a category that may be disclosed.
    pub levels: Vec<Level>,
    /// 5th, 25th, 50th, 75th, 95th percentile of a number; empty where too few rows.
    pub quantiles: Vec<f64>,
    /// Mean of a number.
    pub mean: Option<f64>,
    /// Standard deviation of a number.
    pub sd: Option<f64>,
}

/// What may be known about the data.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Catalogue {
    /// Every column of every table.
    pub columns: Vec<Column>,
    /// Rows of the main table.
    pub rows: u64,
    /// Subjects.
    pub subjects: u64,
    /// Rows with the outcome.
    pub events: u64,
}

/// What the task asks; from TASK.md.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TaskCard {
    /// The task's name.
    pub name: String,
    /// The question in one sentence.
    pub question: String,
    /// The main table.
    pub table: String,
    /// The outcome's name.
    pub outcome: String,
    /// The metric that decides, such as `auroc`.
    pub primary_metric: String,
    /// Folds of cross-validation.
    pub folds: u32,
    /// Share of subjects in the lock-box, 0 to 0.5.
    pub lockbox: f64,
    /// Decision thresholds on the predicted risk.
    pub thresholds: Vec<f64>,
    /// Columns whose groups are compared.
    pub subgroups: Vec<String>,
    /// Smallest improvement of the primary metric that counts.
    pub min_delta: f64,
    /// Critiques from distinct roles that a plan needs.
    pub quorum: u32,
    /// Preset seeds.
    pub seeds: Vec<u64>,
}

/// Rows left out of a population.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Exclusion {
    /// A column.
    pub column: String,
    /// Its codes.
    pub codes: Vec<String>,
    /// Why, in one sentence.
    pub reason: String,
    /// The check that backs it.
    pub evidence: EventId,
}

/// Who is studied.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Population {
    /// Short name, `kebab-case`.
    pub id: String,
    /// In words.
    pub title: String,
    /// Who is left out.
    pub exclude: Vec<Exclusion>,
}

/// What will be done, fixed before any model is fitted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Protocol {
    /// Populations; the first one decides, the others are reported beside it.
    pub populations: Vec<Population>,
    /// The outcome.
    pub outcome: String,
    /// The deciding metric.
    pub metric: String,
    /// Folds.
    pub folds: u32,
    /// Share of subjects in the lock-box.
    pub lockbox: f64,
    /// Decision thresholds.
    pub thresholds: Vec<f64>,
    /// Fairness columns.
    pub subgroups: Vec<String>,
    /// Seeds; a score is the mean over all of them.
    pub seeds: Vec<u64>,
}

/// One operation on a column.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// Its name in the method's manifest.
    pub name: String,
    /// Its parameters.
    pub params: Vec<Param>,
}

/// A column and what is done with it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ColumnUse {
    /// The column; for a combining step a new name.
    pub column: String,
    /// The steps, in order.
    pub steps: Vec<Step>,
}

/// A way to turn rows into a design matrix.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FeatureSet {
    /// Short name, `kebab-case`.
    pub name: String,
    /// The columns.
    pub columns: Vec<ColumnUse>,
    /// The method that prepares them, by plugin id.
    pub method: String,
    /// Why, in one sentence.
    pub rationale: String,
}

/// An expectation that can be wrong.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Hypothesis {
    /// Short name.
    pub name: String,
    /// In one sentence.
    pub statement: String,
    /// The predicted gain in the primary metric over the champion.
    pub prediction: f64,
    /// The hypothesis is closed when the observed gain stays below this ...
    pub falsified_below: f64,
    /// ... after this many experiments.
    pub after_experiments: u32,
}

/// An analysis: features × preparation × method × parameters.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// The hypothesis it tests.
    pub hypothesis: EventId,
    /// The accepted feature set.
    pub features: EventId,
    /// The learner, by id, such as `elastic-net-logistic` or `gradient-boosting`.
    pub method: String,
    /// Its parameters.
    pub params: Vec<Param>,
    /// Parameter count or effective degrees of freedom; the simpler plan wins ties.
    pub complexity: u32,
    /// Why, in one sentence.
    pub rationale: String,
}

/// What is proposed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum ProposalBody {
    /// The study.
    Protocol(Protocol),
    /// A feature set.
    Features(FeatureSet),
    /// An analysis.
    Analysis(Plan),
}

/// A proposal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Proposal {
    /// What.
    pub body: ProposalBody,
    /// The proposal that this one replaces, after an objection.
    pub supersedes: Option<EventId>,
}

/// What the host can compute for an agent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum CheckKind {
    /// Levels of a column whose rows can hardly have the outcome.
    ImpossibleOutcome,
    /// Whether events suffice (Riley's criteria) for the protocol.
    SampleSize,
    /// Equal rows that could stand on both sides of a split.
    Duplicates,
    /// Subjects on both sides of a split.
    GroupOverlap,
    /// A column that predicts the outcome too well by itself.
    TargetProxy,
    /// Whether missingness of a column predicts the outcome too well.
    MissingnessProxy,
    /// A column that names rows rather than describes them.
    Identifier,
    /// A column known only after the index date.
    PostIndex,
    /// A column that (almost) never varies.
    NearConstant,
    /// Whether a proposal keeps to the protocol, its columns and declared ranges.
    Lint,
    /// Events for each parameter of a plan.
    EventsPerParameter,
    /// Difference of two results on identical rows.
    PairedDifference,
    /// Spread of a result over seeds.
    SeedSpread,
    /// Calibration of a result.
    Calibration,
    /// A result by subgroup.
    Subgroups,
}

/// What a check is about.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum CheckTarget {
    /// The data as a whole.
    Data,
    /// A column of the main table.
    Column(String),
    /// A proposal or a result.
    Event(EventId),
}

/// What a check says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the names are the vocabulary")]
pub enum OutcomeVerdict {
    Pass,
    Warn,
    Block,
}

/// A level and its outcome rate; only where the count may be disclosed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LevelRate {
    /// The code.
    pub code: String,
    /// Its label.
    pub label: String,
    /// Rows.
    pub n: u64,
    /// Share of rows with the outcome, rounded to 0.001.
    pub rate: f64,
    /// Upper end of the 95 % Wilson interval of the rate, rounded to 0.001.
    pub upper: f64,
}

/// A computed check.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CheckResult {
    /// Which.
    pub kind: CheckKind,
    /// Of what.
    pub target: CheckTarget,
    /// What it says.
    pub verdict: OutcomeVerdict,
    /// The number that decided.
    pub statistic: f64,
    /// What it was held against.
    pub threshold: f64,
    /// Levels, for `impossible-outcome`.
    pub levels: Vec<LevelRate>,
    /// Further numbers by name.
    pub numbers: Vec<Param>,
}

/// The rubric: what a critique can be about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the names are the vocabulary")]
pub enum RubricItem {
    Leakage,
    Population,
    OutcomeDefinition,
    SampleSize,
    ValidationDesign,
    Features,
    Complexity,
    Calibration,
    Fairness,
    Duplication,
    Interpretability,
}

/// A judgement with its evidence. One that cites no check is refused.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Critique {
    /// The proposal or result judged.
    pub target: EventId,
    /// Which item of the rubric.
    pub item: RubricItem,
    /// The check that backs it.
    pub evidence: EventId,
    /// In one sentence.
    pub remark: String,
}

/// An objection: blocks its target until a successor answers it or it is withdrawn.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Objection {
    /// What is objected to, and on what evidence.
    pub critique: Critique,
    /// What would answer it: columns to leave out.
    pub drop_columns: Vec<String>,
    /// What would answer it: rows to leave out.
    pub exclude: Vec<Exclusion>,
}

/// How much was spent on an experiment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Fidelity {
    /// One seed: enough to drop what is hopeless.
    Screen,
    /// All preset seeds: what a decision needs.
    Full,
}

/// What an experiment showed. Means over the seeds used; never the best seed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Experiment {
    /// The plan.
    pub plan: EventId,
    /// How much was spent.
    pub fidelity: Fidelity,
    /// Seeds used.
    pub seeds: u32,
    /// Out-of-fold area under the ROC curve.
    pub auroc: Estimate,
    /// Average precision.
    pub average_precision: f64,
    /// Brier score.
    pub brier: f64,
    /// Calibration slope; 0 where every row has the same prediction.
    pub slope: Estimate,
    /// Calibration intercept (calibration in the large).
    pub intercept: Estimate,
    /// Standard deviation of the AUROC over seeds.
    pub seed_sd: f64,
    /// Difference to the champion of that moment on the same rows, if there was one.
    pub gain: Option<Estimate>,
    /// The champion it was compared with.
    pub against: Option<EventId>,
}

/// What is to become of a result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Decision {
    /// Ask the host to make it the champion.
    Promote,
    /// Keep it in mind.
    Hold,
    /// Try it differently.
    Revise,
    /// Never again in that direction.
    DeadEnd,
}

/// Which way a dead end lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the names are the vocabulary")]
pub enum Direction {
    Equal,
    AtOrAbove,
    AtOrBelow,
}

/// A direction in which nothing is to be found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DeadEnd {
    /// The learner.
    pub method: String,
    /// The parameter, or `method` for the learner as such.
    pub axis: String,
    /// Which way.
    pub direction: Direction,
    /// From where.
    pub value: Scalar,
}

/// A decision on a result.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Verdict {
    /// The result.
    pub result: EventId,
    /// The decision.
    pub decision: Decision,
    /// The check or result that backs it.
    pub evidence: EventId,
    /// With `dead-end`: what is dead.
    pub dead_end: Option<DeadEnd>,
    /// In one sentence.
    pub remark: String,
}

/// On which rows a result was evaluated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Sample {
    /// Out-of-fold predictions of the development rows, mean over seeds.
    OutOfFold,
    /// The lock-box, opened once.
    LockBox,
}

/// A group of rows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Group {
    /// The column.
    pub column: String,
    /// The code.
    pub code: String,
    /// Its label.
    pub label: String,
}

/// An evaluation beside the deciding one: another population, the lock-box, a subgroup, a
/// baseline. Groups with too few events carry no estimates and say so.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Evaluation {
    /// The experiment whose plan was evaluated; 0 for a baseline.
    pub experiment: EventId,
    /// The model: a plan's learner or a baseline's name.
    pub model: String,
    /// The population's id.
    pub population: String,
    /// Which rows.
    pub sample: Sample,
    /// The subgroup, if it is one.
    pub group: Option<Group>,
    /// Whether there are too few events for estimates.
    pub insufficient: bool,
    /// Rows; absent below the disclosure threshold.
    pub n: Option<u64>,
    /// Rows with the outcome; absent below the disclosure threshold.
    pub events: Option<u64>,
    /// Area under the ROC curve.
    pub auroc: Option<Estimate>,
    /// Average precision.
    pub average_precision: Option<f64>,
    /// Brier score.
    pub brier: Option<f64>,
    /// Calibration slope.
    pub slope: Option<Estimate>,
    /// Calibration in the large.
    pub intercept: Option<Estimate>,
    /// Rates at the declared thresholds.
    pub rates: Vec<RateRow>,
}

/// Rates at a decision threshold, with 95 % Wilson intervals.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RateRow {
    /// The threshold on the predicted risk.
    pub threshold: f64,
    /// Share of rows flagged.
    pub flagged: Estimate,
    /// True positive rate (sensitivity).
    pub tpr: Option<Estimate>,
    /// False positive rate (1 − specificity).
    pub fpr: Option<Estimate>,
    /// Positive predictive value.
    pub ppv: Option<Estimate>,
    /// Negative predictive value.
    pub npv: Option<Estimate>,
    /// Net benefit.
    pub net_benefit: f64,
}

/// Part of the report that a statement belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the names are the vocabulary")]
pub enum Section {
    Question,
    Data,
    Protocol,
    Exploration,
    Performance,
    Subgroups,
    Leakage,
    Attributions,
    Limitations,
}

/// A sentence of the report. Numbers are not typed: `{0}`, `{1}` … stand for the references,
/// which the host resolves from events.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Statement {
    /// Where it stands.
    pub section: Section,
    /// The sentence; a digit in it outside a placeholder is refused.
    pub text: String,
    /// What the placeholders stand for.
    pub refs: Vec<Reference>,
}

/// A number on the board.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reference {
    /// The event.
    pub event: EventId,
    /// Where in the event's body, as a JSON pointer such as `/Experiment/auroc/value`.
    pub pointer: String,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum EventBody {
    /// A proposal was made.
    Proposed(Proposal),
    /// A critique without objection: an endorsement.
    Endorsed(Critique),
    /// An objection was raised.
    Objected(Objection),
    /// An objection was withdrawn or answered.
    Answered(EventId),
    /// A proposal has its quorum and no open objection.
    Accepted(EventId),
    /// A check was computed.
    Checked(CheckResult),
    /// A hypothesis was opened.
    Hypothesis(Hypothesis),
    /// A hypothesis met its own falsification rule.
    Falsified(EventId),
    /// An experiment ended.
    Experiment(Experiment),
    /// A model was evaluated beside the deciding experiments.
    Evaluated(Evaluation),
    /// A verdict was given.
    Verdict(Verdict),
    /// A result became the champion.
    Promoted(EventId),
    /// An action was refused; the rule's name.
    Refused(String),
    /// Something an agent need not read: the kind's name.
    Other(String),
}

/// One event.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BriefEvent {
    /// Its number.
    pub id: EventId,
    /// When in the run.
    pub stage: Stage,
    /// Who: an agent's instance name, or `host`.
    pub author: String,
    /// What.
    pub body: EventBody,
}

/// Something that somebody owes the run. Tickets are derived from the log by the host.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum TicketKind {
    /// The biostatistician owes a protocol.
    Protocol,
    /// The feature engineer owes feature sets.
    FeatureSets,
    /// A critique of `about` is owed.
    Critique,
    /// A successor to `about`, which met an objection, is owed.
    Revision,
    /// A team owes a hypothesis or a plan.
    Plan,
    /// A verdict on the result `about` is owed.
    Verdict,
    /// The validator owes its judgement of the champion.
    SignOff,
    /// The translator owes the words of the report.
    Narrative,
    /// Requests for checks wait for the stage's steward.
    Review,
}

/// An open ticket.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ticket {
    /// What is owed.
    pub kind: TicketKind,
    /// By whom: an instance name.
    pub owner: String,
    /// About which event; 0 where about none.
    pub about: EventId,
}

/// What is left of the budget.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Budget {
    /// Experiments.
    pub experiments: u32,
    /// Rounds of this stage.
    pub rounds: u32,
    /// Experiments since the last promotion.
    pub since_promotion: u32,
}

/// Everything an agent knows when it acts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Briefing {
    /// Who it is.
    pub card: RoleCard,
    /// The task.
    pub task: TaskCard,
    /// Where the run stands.
    pub stage: Stage,
    /// The locked protocol, once there is one.
    pub protocol: Option<EventId>,
    /// The champion's result, once there is one.
    pub champion: Option<EventId>,
    /// The data; absent for the orchestrator, which has no data capability.
    pub catalogue: Option<Catalogue>,
    /// The board so far; empty for the orchestrator.
    pub events: Vec<BriefEvent>,
    /// What is owed: an agent sees its own tickets, the orchestrator sees all.
    pub tickets: Vec<Ticket>,
    /// What is left.
    pub budget: Budget,
    /// The agents of this run.
    pub roster: Vec<String>,
}

/// What an agent can do. Anything against a rule is answered with a refusal that names it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Action {
    /// Ask the host to compute something.
    RequestCheck((CheckKind, CheckTarget)),
    /// Open a hypothesis.
    OpenHypothesis(Hypothesis),
    /// Propose.
    Propose(Proposal),
    /// Endorse, with evidence.
    Endorse(Critique),
    /// Object, with evidence.
    Object(Objection),
    /// Withdraw an objection of one's own.
    Withdraw(EventId),
    /// Decide on a result.
    GiveVerdict(Verdict),
    /// A sentence for the report.
    State(Statement),
    /// Orchestrator only: who acts next, in order.
    Schedule(Vec<String>),
    /// Orchestrator only: ask the gate to open.
    Advance,
}
