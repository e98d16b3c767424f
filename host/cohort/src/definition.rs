//! What a cohort is: the `cohort` section of a TASK.md.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::error::CohortError;
use crate::moment::Days;

/// A cohort, its outcome and what is known of its members.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Definition {
    /// Sets of concepts, by a name for each.
    pub concept_sets: BTreeMap<String, ConceptSet>,
    /// The moment from which on the question is asked.
    pub index: Index,
    /// How days are counted from it.
    #[serde(default)]
    pub days: Days,
    /// How long a person must have been observed around it.
    #[serde(default)]
    pub observed: Observed,
    /// Days before an index event in which the person may not have had another one: a stay that
    /// follows one too soon is not a new one. 0: none.
    #[serde(default)]
    pub washout: u32,
    /// Criteria that must all be met.
    #[serde(default)]
    pub include: Vec<Criterion>,
    /// Criteria none of which may be met.
    #[serde(default)]
    pub exclude: Vec<Criterion>,
    /// What is predicted.
    pub outcome: Outcome,
    /// What is known before.
    #[serde(default)]
    pub features: Vec<Feature>,
}

/// A set of concepts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConceptSet {
    /// Codes of the concepts.
    pub codes: Vec<String>,
    /// Whether their descendants in the vocabulary belong to it.
    #[serde(default)]
    pub descendants: bool,
    /// Codes that do not belong to it, with `descendants` theirs neither.
    #[serde(default)]
    pub except: Vec<String>,
}

/// The index event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Index {
    /// The concept set of which each event is an index event.
    pub events: String,
    /// Which of a person's.
    pub take: Take,
    /// Whether the moment of prediction is the event's end, such as a discharge, and not its start. One
    /// without an end is then no index event.
    #[serde(default)]
    pub at_end: bool,
}

/// Which of a person's index events count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Take {
    /// All of them.
    Every,
    /// The first one, if it meets everything else.
    First,
    /// The last one, if it meets everything else.
    Last,
}

/// Days of observation that are asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Observed {
    /// Before the index day.
    pub before: u32,
    /// After it. Asking for it leaves out whoever died or was lost: an outcome that is `incomplete`
    /// says so instead.
    pub after: u32,
}

/// Days relative to the index day, both included; negative ones are before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Window {
    /// The first day; absent: as far back as the record goes.
    #[serde(default)]
    pub from: Option<i64>,
    /// The last day.
    pub to: i64,
}

/// How often something may have happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// At least.
    pub at_least: u64,
    /// At most; absent: any number.
    pub at_most: Option<u64>,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            at_least: 1,
            at_most: None,
        }
    }
}

impl Limits {
    pub(crate) fn hold(self, count: u64) -> bool {
        count >= self.at_least && self.at_most.is_none_or(|most| count <= most)
    }
}

/// Something that is or is not so of an index event, by what happened before it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Criterion {
    /// What the attrition table calls it.
    pub name: String,
    /// Events of a concept set; absent: only the age is asked for.
    #[serde(default)]
    pub events: Option<String>,
    /// When; absent: any time before the index event.
    #[serde(default)]
    pub window: Option<Window>,
    /// How many.
    #[serde(default)]
    pub times: Limits,
    /// Age on the index day in completed years, at least.
    #[serde(default)]
    pub age_from: Option<i64>,
    /// Age on the index day in completed years, at most.
    #[serde(default)]
    pub age_to: Option<i64>,
}

/// The outcome.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outcome {
    /// The concept set whose first event in the time at risk is the outcome.
    pub events: String,
    /// The time at risk, in days from the index day.
    pub at_risk: Window,
    /// Concept sets whose event, when it comes before the outcome, makes it impossible; from the index
    /// event on, even before the time at risk begins.
    #[serde(default)]
    pub competing: Vec<String>,
    /// Whether death competes.
    #[serde(default = "yes")]
    pub death_competes: bool,
    /// What becomes of a person whose observation ended within the time at risk, without an outcome.
    #[serde(default)]
    pub incomplete: Incomplete,
}

fn yes() -> bool {
    true
}

/// What becomes of an index event whose time at risk was not observed to its end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Incomplete {
    /// It stays, as censored.
    #[default]
    Censor,
    /// It is left out, and the attrition table says how many were.
    LeaveOut,
    /// It counts as one without the outcome.
    Negative,
}

/// A column that is computed from the events before the index event.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Feature {
    /// The column's name.
    pub name: String,
    /// What a person calls it; the name where it is empty.
    #[serde(default)]
    pub label: String,
    /// Of which events.
    pub events: String,
    /// When; it ends on day 0 at the latest.
    pub window: Window,
    /// What of them.
    pub statistic: Statistic,
}

/// What is computed of the events in a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Statistic {
    /// How many there are.
    Count,
    /// 1 if there is one, else 0.
    Any,
    /// Days on which there was one.
    Days,
    /// How many different concepts there are.
    Distinct,
    /// Whole days from the last one to the index day; missing where there is none.
    DaysSinceLast,
    /// Whole days from the first one to the index day; missing where there is none.
    DaysSinceFirst,
    /// The last value; of several at one moment, the last given.
    Last,
    /// The first value.
    First,
    /// Mean of the values.
    Mean,
    /// The least value.
    Min,
    /// The greatest value.
    Max,
    /// Sample standard deviation; missing below two values.
    Sd,
    /// Least-squares slope of the values, per day; missing unless on two days at least.
    Slope,
}

impl Definition {
    /// Whether the definition can be carried out at all, whatever the events.
    ///
    /// # Errors
    /// The first thing that is wrong with it.
    pub fn check(&self) -> Result<(), CohortError> {
        self.known("index.events", &self.index.events)?;
        for (list, criteria) in [("include", &self.include), ("exclude", &self.exclude)] {
            for (at, criterion) in criteria.iter().enumerate() {
                self.criterion(&format!("{list}[{at}]"), criterion)?;
            }
        }
        self.outcome()?;
        let mut names = std::collections::BTreeSet::new();
        for (at, feature) in self.features.iter().enumerate() {
            let place = format!("features[{at}]");
            self.known(&format!("{place}.events"), &feature.events)?;
            before(&format!("{place}.window"), feature.window)?;
            if !names.insert(&feature.name) {
                return Err(CohortError::Twice {
                    place: format!("{place}.name"),
                    name: feature.name.clone(),
                });
            }
        }
        Ok(())
    }

    fn criterion(&self, place: &str, criterion: &Criterion) -> Result<(), CohortError> {
        if let Some(events) = &criterion.events {
            self.known(&format!("{place}.events"), events)?;
        }
        if let Some(window) = criterion.window {
            before(&format!("{place}.window"), window)?;
        }
        if let (Some(from), Some(to)) = (criterion.age_from, criterion.age_to)
            && from > to
        {
            return Err(CohortError::Bounds {
                place: format!("{place}.age_to"),
                at_least: from.max(0).unsigned_abs(),
                at_most: to.max(0).unsigned_abs(),
            });
        }
        match criterion.times.at_most {
            Some(at_most) if at_most < criterion.times.at_least => Err(CohortError::Bounds {
                place: format!("{place}.times"),
                at_least: criterion.times.at_least,
                at_most,
            }),
            _ => Ok(()),
        }
    }

    fn outcome(&self) -> Result<(), CohortError> {
        self.known("outcome.events", &self.outcome.events)?;
        for (at, name) in self.outcome.competing.iter().enumerate() {
            self.known(&format!("outcome.competing[{at}]"), name)?;
        }
        let place = "outcome.at_risk";
        let window = self.outcome.at_risk;
        not_empty(place, window)?;
        match window.from {
            Some(from) if from < 0 => Err(CohortError::RiskBefore {
                place: place.to_owned(),
                from,
            }),
            _ => Ok(()),
        }
    }

    fn known(&self, place: &str, name: &str) -> Result<(), CohortError> {
        if self.concept_sets.contains_key(name) {
            return Ok(());
        }
        // the one that shares most of its beginning
        let alike = |other: &&String| {
            let same = other.chars().zip(name.chars()).take_while(|(a, b)| a == b);
            same.count()
        };
        let nearest = self.concept_sets.keys().max_by_key(alike);
        Err(CohortError::UnknownSet {
            place: place.to_owned(),
            name: name.to_owned(),
            nearest: nearest.filter(|other| alike(other) > 1).cloned(),
        })
    }
}

fn not_empty(place: &str, window: Window) -> Result<(), CohortError> {
    match window.from {
        Some(from) if from > window.to => Err(CohortError::EmptyWindow {
            place: place.to_owned(),
            from,
            to: window.to,
        }),
        _ => Ok(()),
    }
}

fn before(place: &str, window: Window) -> Result<(), CohortError> {
    not_empty(place, window)?;
    if window.to > 0 {
        return Err(CohortError::LooksAhead {
            place: place.to_owned(),
            to: window.to,
        });
    }
    Ok(())
}
