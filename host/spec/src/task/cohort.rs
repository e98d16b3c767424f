//! `cohort`: a main table that is made of events.

use autods_cohort::{Definition, Incomplete, Statistic};
use serde::{Deserialize, Serialize};

use super::validity::{column, contradiction, known_column};
use super::{TableSource, Task};
use crate::dictionary::{Availability, Coding, Column, Kind, Role};
use crate::error::SpecError;
use crate::reading::Source;

/// Where persons and their events stand in the tables of `data`, and which of them are studied.
///
/// The table that is made of them has a row for each member of the cohort and the columns `member`
/// (record-id), `person` (subject), those kept of the persons, `age` (completed years) where births
/// are known, a column for each feature, and `outcome` with the codes `yes` and `no`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CohortSource {
    /// Name of the table that is made.
    pub table: String,
    /// The persons.
    pub persons: PersonsFrom,
    /// Their observation periods; absent: each person's is from the first event to the end of the last,
    /// or to death.
    #[serde(default)]
    pub observed: Option<PeriodsFrom>,
    /// The tables of events.
    pub events: Vec<EventsFrom>,
    /// Which concepts descend from which.
    #[serde(default)]
    pub ancestors: Option<AncestorsFrom>,
    /// Who is studied, what is predicted, what is known before.
    pub definition: Definition,
}

/// A table with a row for each person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PersonsFrom {
    /// The table.
    pub table: String,
    /// Column of the person's id.
    pub id: String,
    /// Column of the date of birth.
    #[serde(default)]
    pub birth: Option<String>,
    /// Column of the date of death.
    #[serde(default)]
    pub death: Option<String>,
    /// Columns that the table which is made takes over.
    #[serde(default)]
    pub keep: Vec<String>,
}

/// A table of observation periods.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PeriodsFrom {
    /// The table.
    pub table: String,
    /// Column of the person's id.
    pub person: String,
    /// Column of the first day.
    pub start: String,
    /// Column of the last day.
    pub end: String,
}

/// A table with a row for each event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EventsFrom {
    /// The table.
    pub table: String,
    /// Column of the person's id.
    pub person: String,
    /// Column of the concept's code.
    pub concept: String,
    /// What is put before each code, so that two code systems do not share one: the codes of
    /// concept sets then begin with it.
    #[serde(default)]
    pub prefix: String,
    /// Column of the date, or date and time, at which it began.
    pub start: String,
    /// Column of its end.
    #[serde(default)]
    pub end: Option<String>,
    /// Column of its value, a number.
    #[serde(default)]
    pub value: Option<String>,
}

/// A table of pairs of concepts, such as `concept_ancestor` of OMOP.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AncestorsFrom {
    /// The table.
    pub table: String,
    /// Column of the ancestor's code.
    pub ancestor: String,
    /// Column of the descendant's code.
    pub descendant: String,
}

impl CohortSource {
    /// The table that is made, as if a file held it.
    pub(super) fn derived(&self, task: &Task) -> TableSource {
        let persons = task
            .data
            .iter()
            .find(|source| source.table == self.persons.table);
        let mut columns = vec![
            plain(
                "member",
                Kind::Identifier,
                Role::RecordId,
                Availability::AtIndex,
            ),
            plain(
                "person",
                Kind::Identifier,
                Role::Subject,
                Availability::BeforeIndex,
            ),
        ];
        let kept = self.persons.keep.iter();
        columns.extend(kept.filter_map(|name| persons?.column(name).cloned()));
        if self.persons.birth.is_some() {
            let mut age = plain("age", Kind::Integer, Role::Predictor, Availability::AtIndex);
            age.label = "Age in years".to_owned();
            age.unit = Some("a".to_owned());
            columns.push(age);
        }
        for feature in &self.definition.features {
            let kind = match feature.statistic {
                Statistic::Count
                | Statistic::Any
                | Statistic::Days
                | Statistic::Distinct
                | Statistic::DaysSinceLast
                | Statistic::DaysSinceFirst => Kind::Integer,
                _ => Kind::Number,
            };
            let mut made = plain(
                &feature.name,
                kind,
                Role::Predictor,
                Availability::BeforeIndex,
            );
            made.label.clone_from(&feature.label);
            columns.push(made);
        }
        let mut outcome = plain(
            "outcome",
            Kind::Category,
            Role::Outcome,
            Availability::AfterIndex,
        );
        outcome.codings = ["no", "yes"]
            .map(|code| Coding {
                code: code.to_owned(),
                label: code.to_owned(),
            })
            .into();
        columns.push(outcome);
        TableSource {
            table: self.table.clone(),
            loader: String::new(),
            files: Vec::new(),
            delimiter: None,
            missing: Vec::new(),
            sha256: None,
            options: std::collections::BTreeMap::new(),
            columns,
        }
    }
}

fn plain(name: &str, kind: Kind, role: Role, available: Availability) -> Column {
    Column {
        name: name.to_owned(),
        label: String::new(),
        kind,
        role,
        available,
        sensitive: false,
        unit: None,
        codings: Vec::new(),
        missing: Vec::new(),
    }
}

const TIMES: &[Kind] = &[Kind::Date, Kind::Datetime];
const TEXTS: &[Kind] = &[Kind::Identifier, Kind::Category, Kind::Ordinal, Kind::Text];
const NUMBERS: &[Kind] = &[Kind::Number, Kind::Integer];

/// What must hold of it beyond its types.
pub(super) fn check(cohort: &CohortSource, task: &Task, at: &Source) -> Result<(), SpecError> {
    if task.data.iter().any(|source| source.table == cohort.table) {
        let words = format!("`{}` is a table of `data` already", cohort.table);
        return Err(at.error("cohort.table", contradiction(words)));
    }
    if task.endpoint.table != cohort.table {
        let words = format!(
            "the outcome is in the table that `cohort` makes, `{}`",
            cohort.table
        );
        return Err(at.error("endpoint.table", contradiction(words)));
    }
    let source = |path: &str, name: &str| -> Result<_, SpecError> {
        let tables = task.data.iter().map(|source| source.table.as_str());
        at.known(&format!("cohort.{path}.table"), "table", name, tables)?;
        Ok(task.data.iter().find(|source| source.table == name))
    };
    let of_kind = |path: &str, source: Option<&TableSource>, name: &str, kinds: &[Kind]| {
        let Some(source) = source else { return Ok(()) };
        let path = format!("cohort.{path}");
        match known_column(name, &path, source, at)? {
            Some(column) if !kinds.contains(&column.kind) => {
                let words: Vec<String> = kinds
                    .iter()
                    .map(|kind| format!("{kind:?}").to_lowercase())
                    .collect();
                let words = format!(
                    "the column `{name}` must have the type {}",
                    words.join(" or ")
                );
                Err(at.error(&path, contradiction(words)))
            }
            _ => Ok(()),
        }
    };
    let persons = source("persons", &cohort.persons.table)?;
    of_kind("persons.id", persons, &cohort.persons.id, TEXTS)?;
    for (name, column) in [
        ("birth", &cohort.persons.birth),
        ("death", &cohort.persons.death),
    ] {
        if let Some(column) = column {
            of_kind(&format!("persons.{name}"), persons, column, TIMES)?;
        }
    }
    for (i, name) in cohort.persons.keep.iter().enumerate() {
        if let Some(persons) = persons {
            known_column(name, &format!("cohort.persons.keep[{i}]"), persons, at)?;
        }
    }
    if let Some(observed) = &cohort.observed {
        let periods = source("observed", &observed.table)?;
        of_kind("observed.person", periods, &observed.person, TEXTS)?;
        of_kind("observed.start", periods, &observed.start, TIMES)?;
        of_kind("observed.end", periods, &observed.end, TIMES)?;
    }
    for (i, events) in cohort.events.iter().enumerate() {
        let path = format!("events[{i}]");
        let table = source(&path, &events.table)?;
        of_kind(&format!("{path}.person"), table, &events.person, TEXTS)?;
        of_kind(&format!("{path}.concept"), table, &events.concept, TEXTS)?;
        of_kind(&format!("{path}.start"), table, &events.start, TIMES)?;
        if let Some(end) = &events.end {
            of_kind(&format!("{path}.end"), table, end, TIMES)?;
        }
        if let Some(value) = &events.value {
            of_kind(&format!("{path}.value"), table, value, NUMBERS)?;
        }
    }
    if let Some(ancestors) = &cohort.ancestors {
        let pairs = source("ancestors", &ancestors.table)?;
        of_kind("ancestors.ancestor", pairs, &ancestors.ancestor, TEXTS)?;
        of_kind("ancestors.descendant", pairs, &ancestors.descendant, TEXTS)?;
    }
    definition(cohort, task, at)
}

fn definition(cohort: &CohortSource, task: &Task, at: &Source) -> Result<(), SpecError> {
    cohort.definition.check().map_err(|wrong| {
        let path = format!("cohort.definition.{}", wrong.place());
        at.error(&path, contradiction(wrong.to_string()))
    })?;
    if cohort.definition.outcome.incomplete == Incomplete::Censor {
        let words = "an outcome that happened or did not has no place for a censored one; `leave-out` or `negative`";
        return Err(at.error("cohort.definition.outcome.incomplete", contradiction(words)));
    }
    // a person's last event is not the end of observation: those who stay would be those who came back
    let to_the_end = cohort.definition.outcome.incomplete == Incomplete::LeaveOut;
    if cohort.observed.is_none() && (to_the_end || cohort.definition.observed.after > 0) {
        let words = "without a table of observation periods nobody knows who was observed to the end; `incomplete: negative`, and no `observed.after`";
        return Err(at.error("cohort.observed", contradiction(words)));
    }
    let Some(derived) = &task.derived else {
        return Ok(());
    };
    for (i, made) in derived.columns.iter().enumerate() {
        if derived
            .columns
            .iter()
            .take(i)
            .any(|other| other.name == made.name)
        {
            let words = format!(
                "the table that is made would have two columns `{}`; `member`, `person`, `age` and `outcome` are its own",
                made.name
            );
            return Err(at.error("cohort", contradiction(words)));
        }
    }
    for (i, feature) in cohort.definition.features.iter().enumerate() {
        if let Some(made) = derived.column(&feature.name) {
            column(made, &format!("cohort.definition.features[{i}]"), at)?;
        }
    }
    Ok(())
}
