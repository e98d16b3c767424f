//! A small task with a cohort that has signal, for tests that need whole runs in seconds.

use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

use crate::chance::Chance;

/// A column: what the dictionary says about it, and its values.
#[derive(Clone, Debug)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// The rest of its dictionary entry, in YAML flow style, such as `type: integer, unit: d`.
    pub dictionary: String,
    /// A value for each row.
    pub values: Vec<String>,
}

/// A task directory and its data, not written yet. Tests change what they want to be wrong.
#[derive(Clone, Debug)]
pub struct SmallTask {
    /// Columns, in the order of the file.
    pub columns: Vec<Column>,
    /// Whether the outcome happened, for each row.
    pub outcomes: Vec<bool>,
    /// TASK.md but for the dictionary, which stands where `COLUMNS` is.
    pub task: String,
    /// LAUNCH.md.
    pub launch: String,
}

const TASK: &str = "\
---
name: task-small
title: A small task
task_type: ehr-risk
question: Which stays are followed by the outcome?
licence: Synthetic data, no licence needed
citation: Made by a test
intended_use: Testing.
data:
  - table: stays
    loader: loader-table
    files: [stays.csv]
    missing: [NA]
    columns:
COLUMNS
endpoint:
  name: outcome within 30 days
  type: binary
  table: stays
  column: outcome
  positive: [\"yes\"]
  negative: [\"no\"]
  horizon: 30 days
population: {title: All stays}
index_date: discharge
unit: stay_id
groups: [person_id]
validation: patient-grouped-cv
primary_metric: auroc
secondary: [brier]
decision_thresholds: [0.2, 0.3]
---

A task made by a test.
";

const LAUNCH: &str = "\
---
launch_command: autods-host run --task task-small --name small
cv_strategy: {kind: stratified-group-kfold, folds: 3, lockbox: 0.2, inner_folds: 3}
fairness_subgroups: [sex]
leakage_checks:
  [duplicates, group-overlap, target-proxy, missingness-proxy, identifier, post-index, impossible-outcome]
promotion_criteria:
  {metric: auroc, min_delta: 0.001, slope_within: [0.5, 2.0], max_group_loss: 0.1, replicates: 200}
exit_condition: {stagnation: 3}
budget: {wall: 10m, experiments: 4, lockbox_opens: 1, rounds: 40}
critique_policy: {quorum: 2, max_rounds: 8}
seeds: [11, 23]
teams:
  - {name: linear, agent: agent-modeler, params: {family: elastic-net-logistic}}
  - {name: boosting, agent: agent-modeler, params: {family: gradient-boosting}}
---

How a test runs it.
";

impl SmallTask {
    /// Rows of about 1.4 stays a person; one in five has the outcome, and five columns tell a
    /// little about it, none of them much by itself.
    pub fn new(rows: usize, seed: u64) -> Self {
        let mut chance = Chance::new(seed);
        let (mut person, mut people) = (0, Vec::with_capacity(rows));
        while people.len() < rows {
            people.push(person);
            person += usize::from(chance.happens(0.7));
        }
        let pick =
            |chance: &mut Chance, codes: &[&str]| codes[chance.below(codes.len())].to_owned();
        let mut made: [Vec<String>; 7] = Default::default();
        let mut outcomes = Vec::with_capacity(rows);
        for _ in 0..rows {
            let sex = pick(&mut chance, &["F", "M"]);
            let age = pick(&mut chance, &["[18-40)", "[40-65)", "[65-90)"]);
            let days = 1 + chance.below(14);
            let earlier = (0..4).filter(|_| chance.happens(0.2)).count();
            let creatinine = (1.1 + 0.3 * chance.normal()).max(0.3);
            let to = pick(&mut chance, &["home", "home", "home", "nursing", "rehab"]);
            let ward = pick(&mut chance, &["A", "B", "C", "D"]);
            let log_odds = -2.3
                + 0.4 * earlier as f64
                + 0.05 * (days as f64 - 7.5)
                + 0.7 * (creatinine - 1.1)
                + if age == "[65-90)" { 0.4 } else { 0.0 }
                + if to == "nursing" { 0.5 } else { 0.0 };
            outcomes.push(chance.happens(1.0 / (1.0 + f64::exp(-log_odds))));
            let row = [
                sex,
                age,
                days.to_string(),
                earlier.to_string(),
                format!("{creatinine:.2}"),
                to,
                ward,
            ];
            for (column, value) in made.iter_mut().zip(row) {
                column.push(value);
            }
        }
        let [sex, age, days, earlier, creatinine, to, ward] = made;
        let numbered = |from: usize, step: usize, of: &[usize]| {
            of.iter().map(|i| (from + step * i).to_string()).collect()
        };
        let rows: Vec<usize> = (0..rows).collect();
        let mut task = Self {
            columns: Vec::new(),
            outcomes,
            task: TASK.to_owned(),
            launch: LAUNCH.to_owned(),
        };
        for (name, dictionary, values) in [
            (
                "stay_id",
                "type: identifier, role: record-id",
                numbered(700_001, 3, &rows),
            ),
            (
                "person_id",
                "type: identifier, role: subject",
                numbered(300_001, 7, &people),
            ),
            (
                "sex",
                "label: Sex, type: category, available: before-index, sensitive: true, codings: {F: Female, M: Male}",
                sex,
            ),
            (
                "age_band",
                r#"label: Age, type: ordinal, available: before-index, codings: ["[18-40)", "[40-65)", "[65-90)"]"#,
                age,
            ),
            (
                "days",
                "label: Days in hospital, type: integer, unit: d, available: at-index",
                days,
            ),
            (
                "earlier",
                "label: Stays in the year before, type: integer, available: before-index",
                earlier,
            ),
            (
                "creatinine",
                "label: Creatinine, type: number, unit: mg/dL, available: before-index",
                creatinine,
            ),
            (
                "discharge",
                "label: Where to, type: category, available: at-index, codings: [home, nursing, rehab]",
                to,
            ),
            (
                "ward",
                "label: Ward, type: category, available: at-index",
                ward,
            ),
        ] {
            task.plant(name, dictionary, values);
        }
        let outcome = task
            .outcomes
            .iter()
            .map(|&y| if y { "yes" } else { "no" }.to_owned())
            .collect();
        task.plant(
            "outcome",
            r#"label: Outcome, type: category, role: outcome, available: after-index, codings: ["yes", "no"]"#,
            outcome,
        );
        task
    }

    /// Add a column.
    pub fn plant(&mut self, name: &str, dictionary: &str, values: Vec<String>) {
        self.columns.push(Column {
            name: name.to_owned(),
            dictionary: dictionary.to_owned(),
            values,
        });
    }

    /// A column.
    ///
    /// # Panics
    /// If there is none of that name.
    pub fn column(&mut self, name: &str) -> &mut Column {
        self.columns
            .iter_mut()
            .find(|column| column.name == name)
            .unwrap()
    }

    /// Replace a text of TASK.md.
    ///
    /// # Panics
    /// If it is not there.
    #[must_use]
    pub fn with_task(mut self, from: &str, to: &str) -> Self {
        assert!(self.task.contains(from), "`{from}` is not in TASK.md");
        self.task = self.task.replace(from, to);
        self
    }

    /// Replace a text of LAUNCH.md.
    ///
    /// # Panics
    /// If it is not there.
    #[must_use]
    pub fn with_launch(mut self, from: &str, to: &str) -> Self {
        assert!(self.launch.contains(from), "`{from}` is not in LAUNCH.md");
        self.launch = self.launch.replace(from, to);
        self
    }

    /// The data as CSV.
    pub fn csv(&self) -> String {
        let line = |fields: Vec<&str>| fields.join(",") + "\n";
        let mut text = line(self.columns.iter().map(|c| c.name.as_str()).collect());
        for row in 0..self.outcomes.len() {
            text += &line(
                self.columns
                    .iter()
                    .map(|c| c.values[row].as_str())
                    .collect(),
            );
        }
        text
    }

    /// TASK.md.
    pub fn task_md(&self) -> String {
        let mut dictionary = String::new();
        for column in &self.columns {
            writeln!(
                dictionary,
                "      - {{name: {}, {}}}",
                column.name, column.dictionary
            )
            .unwrap();
        }
        self.task.replace("COLUMNS\n", &dictionary)
    }

    /// Write the task directory and, in its `data`, the file.
    pub fn write(&self, place: &Path) -> PathBuf {
        let task = self.write_without_data(place);
        fs::create_dir(task.join("data")).unwrap();
        fs::write(task.join("data/stays.csv"), self.csv()).unwrap();
        task
    }

    /// Write the task directory alone.
    pub fn write_without_data(&self, place: &Path) -> PathBuf {
        let task = place.join("task-small");
        fs::create_dir(&task).unwrap();
        fs::write(task.join("TASK.md"), self.task_md()).unwrap();
        fs::write(task.join("LAUNCH.md"), &self.launch).unwrap();
        task
    }
}
