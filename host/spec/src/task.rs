//! TASK.md: what is asked, of which data.

pub(crate) mod cohort;
pub(crate) mod validity;

use crate::dictionary::Column;
use crate::error::SpecError;
use crate::option_value::OptionValue;
use crate::reading;
use crate::synthetic::Synthetic;
use crate::task::cohort::CohortSource;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

/// TASK.md: the question, the data, the outcome. Everything in it is settled before a run and
/// never changes during one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Task {
    /// The directory's name: `task-` and words in `kebab-case`.
    pub name: String,
    /// One line for headings.
    pub title: String,
    /// What kind of task it is.
    pub task_type: TaskType,
    /// The question in one sentence. The report opens with it.
    pub question: String,
    /// Licence of the data, such as `CC BY 4.0`. The report repeats it.
    pub licence: String,
    /// How the data want to be cited.
    pub citation: String,
    /// What a model from this task may be used for, and what not.
    pub intended_use: String,
    /// The tables.
    pub data: Vec<TableSource>,
    /// How the main table is made of events, where no file holds it.
    #[serde(default)]
    pub cohort: Option<CohortSource>,
    /// The outcome.
    pub endpoint: Endpoint,
    /// Who is studied.
    pub population: Population,
    /// The moment of prediction in words, such as `discharge`. A column with `available:
    /// after-index` is not known at that moment and is never used as a predictor.
    pub index_date: String,
    /// The column that numbers the rows; its role is `record-id`.
    pub unit: String,
    /// Columns whose rows belong together and never stand on both sides of a split. The first
    /// one is the person; its role is `subject`.
    pub groups: Vec<String>,
    /// How models are validated.
    pub validation: Validation,
    /// The metric that decides.
    pub primary_metric: Metric,
    /// Metrics reported beside it.
    #[serde(default)]
    pub secondary: Vec<Metric>,
    /// Predicted risks at which somebody would act, each above 0 and below 1, ascending. Rates
    /// and net benefit are given at these.
    pub decision_thresholds: Vec<f64>,
    /// How to make a synthetic cohort of the same shape, for a run without data.
    #[serde(default)]
    pub synthetic: Option<Synthetic>,
    /// The main table that `cohort` makes, as if it were declared.
    #[serde(skip)]
    pub(crate) derived: Option<TableSource>,
}

/// What kind of task it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TaskType {
    /// Risk of an event from health records: one row per stay, visit or person.
    EhrRisk,
    /// Any other table with one row per observation and an outcome of two classes.
    Classification,
}

/// A table and the files it comes from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TableSource {
    /// The table's name: letters, digits, `_` and `-`.
    pub table: String,
    /// The plugin that reads it, by id: `loader-` and words in `kebab-case`, such as
    /// `loader-table`.
    pub loader: String,
    /// Names of the files in the data directory; `*` stands for any characters, `?` for one. All
    /// files that match are read, in the order of their names; of `x.csv` and `x.csv.gz` only the
    /// first.
    pub files: Vec<String>,
    /// The character between fields: one ASCII character or `tab`. Absent: the loader's default,
    /// a comma for `loader-table`.
    #[serde(default)]
    pub delimiter: Option<String>,
    /// Texts that mean "missing" in every column. An empty field always does.
    #[serde(default)]
    pub missing: Vec<String>,
    /// SHA-256 of a file as it lies on disk, 64 hexadecimal digits. A run on other data is
    /// refused.
    #[serde(default)]
    pub sha256: Option<String>,
    /// Options of the loader, as its manifest declares them.
    #[serde(default)]
    pub options: BTreeMap<String, OptionValue>,
    /// The data dictionary. A column of the file that is not in it is not loaded.
    pub columns: Vec<Column>,
}

/// The outcome.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Endpoint {
    /// What the report calls it, such as `readmission within 30 days`.
    pub name: String,
    /// Its type.
    #[serde(rename = "type")]
    pub kind: EndpointKind,
    /// The table it is in: the main table.
    pub table: String,
    /// The column; its role is `outcome`.
    pub column: String,
    /// Codes that mean "it happened".
    pub positive: Vec<String>,
    /// Codes that mean "it did not happen". A row with neither is an error, not a guess.
    pub negative: Vec<String>,
    /// Over which span of time, in words, such as `30 days after discharge`.
    #[serde(default)]
    pub horizon: Option<String>,
}

/// Type of an outcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EndpointKind {
    /// It happened or it did not.
    Binary,
}

/// Who is studied.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Population {
    /// In words.
    pub title: String,
    /// Rows left out from the beginning. The team may find further ones; those stand in the
    /// protocol with their evidence.
    #[serde(default)]
    pub exclude: Vec<Exclusion>,
}

/// Rows left out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exclusion {
    /// A column of the main table.
    pub column: String,
    /// Its codes.
    pub codes: Vec<String>,
    /// Why, in one sentence.
    pub reason: String,
}

/// How models are validated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Validation {
    /// Cross-validation whose folds keep the rows of a person together, with a lock-box of
    /// persons that is opened once at the end.
    PatientGroupedCv,
}

/// A measure of a model's predictions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Metric {
    /// Area under the ROC curve.
    Auroc,
    /// Average precision.
    AveragePrecision,
    /// Brier score.
    Brier,
    /// Slope of the logistic recalibration; 1 is right.
    CalibrationSlope,
    /// Calibration in the large; 0 is right.
    CalibrationIntercept,
    /// Net benefit at the decision thresholds.
    NetBenefit,
}

impl Metric {
    /// Its name in TASK.md and on the board, such as `average-precision`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Auroc => "auroc",
            Self::AveragePrecision => "average-precision",
            Self::Brier => "brier",
            Self::CalibrationSlope => "calibration-slope",
            Self::CalibrationIntercept => "calibration-intercept",
            Self::NetBenefit => "net-benefit",
        }
    }
}

impl fmt::Display for Metric {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Task {
    /// Read `TASK.md` of a task directory.
    pub fn read(directory: &Path) -> Result<Self, SpecError> {
        let path = directory.join("TASK.md");
        let file = path.display().to_string();
        Self::parse(&file, &reading::text_of(&path)?)
    }

    /// Parse the text of a TASK.md. `file` is only used in errors.
    pub fn parse(file: &str, text: &str) -> Result<Self, SpecError> {
        let mut reading = reading::front_matter_of::<Self>(file, text)?;
        let task = &reading.value;
        let derived = task.cohort.as_ref().map(|cohort| cohort.derived(task));
        reading.value.derived = derived;
        validity::check(&reading.value, &reading.source)?;
        Ok(reading.value)
    }

    /// The prose of a TASK.md, below its front matter.
    pub fn prose(text: &str) -> &str {
        reading::body_of(text).trim()
    }

    /// The table that holds the outcome.
    pub fn main_table(&self) -> Option<&TableSource> {
        self.table(&self.endpoint.table)
    }

    /// A table by name.
    pub fn table(&self, name: &str) -> Option<&TableSource> {
        self.data
            .iter()
            .chain(&self.derived)
            .find(|source| source.table == name)
    }

    /// A column of the main table by name.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.main_table()?.column(name)
    }

    /// The column that identifies the person.
    pub fn subject(&self) -> &str {
        self.groups.first().map(String::as_str).unwrap_or_default()
    }
}

impl TableSource {
    /// A column by name.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// Whether a file of that name belongs to the table. A pattern that ends in `.gz` also stands
    /// for the inflated file.
    pub fn matches(&self, file: &str) -> bool {
        self.files.iter().any(|pattern| {
            glob(pattern.as_bytes(), file.as_bytes())
                || pattern
                    .strip_suffix(".gz")
                    .is_some_and(|p| glob(p.as_bytes(), file.as_bytes()))
        })
    }

    /// A name, without `.gz`, that [`matches`](Self::matches): that of a synthetic file.
    pub fn plain_file_name(&self) -> String {
        let plain = |pattern: &String| pattern.strip_suffix(".gz").unwrap_or(pattern).to_owned();
        let fixed = self
            .files
            .iter()
            .map(plain)
            .find(|name| !name.contains(['*', '?']));
        fixed.unwrap_or_else(|| {
            let first = self.files.first().map(plain).unwrap_or_default();
            first.replace('*', &self.table).replace('?', "1")
        })
    }

    /// The character between fields; a comma where the task does not say.
    pub fn delimiter_char(&self) -> char {
        match self.delimiter.as_deref() {
            Some("tab") => '\t',
            Some(text) => text.chars().next().unwrap_or(','),
            None => ',',
        }
    }
}

/// Whether `name` fits `pattern`, in which `*` stands for any bytes and `?` for one.
fn glob(pattern: &[u8], name: &[u8]) -> bool {
    let (mut p, mut n) = (0, 0);
    let mut star = None;
    while n < name.len() {
        match pattern.get(p) {
            Some(b'*') => {
                star = Some((p, n));
                p += 1;
            }
            Some(&c) if c == b'?' || c == name[n] => {
                p += 1;
                n += 1;
            }
            _ => match star {
                Some((at, from)) => {
                    star = Some((at, from + 1));
                    p = at + 1;
                    n = from + 1;
                }
                None => return false,
            },
        }
    }
    pattern[p..].iter().all(|&c| c == b'*')
}

impl Column {
    /// What a person calls the column: its label, or its name where it has none.
    pub fn display_name(&self) -> &str {
        if self.label.is_empty() {
            &self.name
        } else {
            &self.label
        }
    }

    /// What a person calls a code of the column: its label, or the code itself.
    pub fn label_of<'a>(&'a self, code: &'a str) -> &'a str {
        self.codings
            .iter()
            .find(|c| c.code == code)
            .map_or(code, |c| &c.label)
    }
}

#[cfg(test)]
mod tests {
    use super::glob;

    #[test]
    fn patterns_match_whole_names() {
        let fits = |pattern: &str, name: &str| glob(pattern.as_bytes(), name.as_bytes());
        assert!(fits("stays.csv", "stays.csv") && !fits("stays.csv", "stays.csv.gz"));
        assert!(fits("stays*.csv", "stays_2001.csv") && fits("*", "") && fits("a*b*c", "aXbXbc"));
        assert!(fits("stays_?.csv", "stays_1.csv") && !fits("stays_?.csv", "stays_.csv"));
        assert!(!fits("", "x") && !fits("*.csv", "x.tsv"));
    }
}
