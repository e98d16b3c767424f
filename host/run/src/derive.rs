//! The main table of a task whose data are events.

use std::collections::HashMap;
use std::sync::Arc;

use arrow_array::cast::AsArray as _;
use arrow_array::types::{Date32Type, TimestampMicrosecondType};
use arrow_array::{Array as _, ArrayRef, Float64Array, Int64Array, StringArray, UInt32Array};
use arrow_schema::DataType;
use autods_board::SelectedStep;
use autods_cohort::{
    Attrition, Concepts, Event, Events, Fate, Member, Moment, Period, Person, PersonId,
    completed_years, features, select,
};
use autods_spec::{CohortSource, Kind, Task};
use autods_table::Table;

use crate::error::{Result, RunError};

/// The table, and how its rows were arrived at.
pub(crate) struct Derived {
    pub(crate) table: Table,
    pub(crate) attrition: Attrition,
}

/// Make it of the tables that were loaded.
pub(crate) fn main_table(task: &Task, cohort: &CohortSource, parts: &[Table]) -> Result<Derived> {
    let wrong = |e: autods_cohort::CohortError| {
        RunError::Data(format!("cohort.definition.{}: {e}", e.place()))
    };
    let people = People::of(cohort, parts)?;
    let mut concepts = ancestors(cohort, parts)?;
    let events = people.events(cohort, parts, &mut concepts)?;
    let definition = &cohort.definition;
    let chosen = select(&events, &concepts, definition).map_err(wrong)?;
    if chosen.members.is_empty() {
        let steps: Vec<String> = chosen
            .attrition
            .steps
            .iter()
            .map(|step| {
                format!(
                    "{} ({})",
                    step.name,
                    if step.events > 0 {
                        "some left"
                    } else {
                        "none left"
                    }
                )
            })
            .collect();
        return Err(RunError::Data(format!(
            "table `{}`: nobody is in the cohort; after each step: {}",
            cohort.table,
            steps.join(", ")
        )));
    }
    let columns = features(&events, &concepts, definition, &chosen).map_err(wrong)?;
    let table = people.table(task, cohort, &events, &chosen.members, columns)?;
    Ok(Derived {
        table,
        attrition: chosen.attrition,
    })
}

/// The steps as they may be shown: backwards from the last one, which is the table's size, each step
/// that took away nobody or as many as the threshold. Sizes that are known besides, of the tables that
/// were loaded, must not tell less than that either.
pub(crate) fn shown(attrition: &Attrition, known: &[u64], threshold: u64) -> Vec<SelectedStep> {
    let mut steps: Vec<SelectedStep> = Vec::new();
    let mut next: Option<(u64, u64)> = None;
    let enough = |one: u64, other: u64| one == other || one.abs_diff(other) >= threshold;
    for step in attrition.steps.iter().rev() {
        let beside = || {
            let sizes = known.iter();
            sizes
                .copied()
                .all(|size| enough(size, step.events) && enough(size, step.persons))
        };
        let may = next.is_none_or(|(events, persons)| {
            enough(step.events, events) && enough(step.persons, persons) && beside()
        });
        if may {
            next = Some((step.events, step.persons));
        }
        steps.push(SelectedStep {
            name: step.name.clone(),
            rows: may.then_some(step.events),
            // how many persons have more than one row is a count of persons too
            persons: (may && step.persons >= threshold && enough(step.events, step.persons))
                .then_some(step.persons),
        });
    }
    steps.reverse();
    steps
}

fn part<'p>(parts: &'p [Table], name: &str) -> Result<&'p Table> {
    parts
        .iter()
        .find(|table| table.name() == name)
        .ok_or_else(|| RunError::internal("a checked cohort names tables that were loaded"))
}

/// The persons, in the order of their table.
struct People<'p> {
    source: &'p Table,
    persons: Vec<Person>,
    by_id: HashMap<String, PersonId>,
    ids: Vec<String>,
    rows: Vec<u32>,
}

impl<'p> People<'p> {
    fn of(cohort: &CohortSource, parts: &'p [Table]) -> Result<Self> {
        let from = &cohort.persons;
        let source = part(parts, &from.table)?;
        let births = from
            .birth
            .as_ref()
            .map(|name| moments(source, name))
            .transpose()?;
        let deaths = from
            .death
            .as_ref()
            .map(|name| moments(source, name))
            .transpose()?;
        let mut people = Self {
            source,
            persons: Vec::new(),
            by_id: HashMap::new(),
            ids: Vec::new(),
            rows: Vec::new(),
        };
        for (row, id) in source.texts(&from.id)?.enumerate() {
            let Some(id) = id else {
                return Err(at_row(
                    source,
                    &from.id,
                    row,
                    "has no value; every person needs an id",
                ));
            };
            let person = PersonId(number(people.persons.len())?);
            if people.by_id.insert(id.to_owned(), person).is_some() {
                return Err(at_row(source, &from.id, row, "stands there a second time"));
            }
            let of = |column: &Option<Vec<Option<Moment>>>| {
                column.as_ref().and_then(|c| c.get(row).copied().flatten())
            };
            people.ids.push(id.to_owned());
            people.rows.push(number(row)?);
            people.persons.push(Person {
                birth: of(&births),
                death: of(&deaths),
                observed: Vec::new(),
            });
        }
        if let Some(from) = &cohort.observed {
            let source = part(parts, &from.table)?;
            let (starts, ends) = (moments(source, &from.start)?, moments(source, &from.end)?);
            for ((id, start), end) in source.texts(&from.person)?.zip(starts).zip(ends) {
                // periods of persons who are not in the table of persons are of no use to anybody
                let person = id.and_then(|id| people.by_id.get(id)).copied();
                if let (Some(person), Some(start), Some(end)) = (person, start, end)
                    && let Some(person) = people.persons.get_mut(person.0 as usize)
                {
                    person.observed.push(Period { start, end });
                }
            }
        }
        Ok(people)
    }

    fn events(
        &self,
        cohort: &CohortSource,
        parts: &[Table],
        concepts: &mut Concepts,
    ) -> Result<Events> {
        let mut all = Vec::new();
        for from in &cohort.events {
            let source = part(parts, &from.table)?;
            let starts = moments(source, &from.start)?;
            let ends = from
                .end
                .as_ref()
                .map(|name| moments(source, name))
                .transpose()?;
            let values = from
                .value
                .as_ref()
                .map(|name| source.numbers(name))
                .transpose()?;
            let persons = source.texts(&from.person)?;
            let codes = source.texts(&from.concept)?;
            for (row, ((person, code), start)) in persons.zip(codes).zip(starts).enumerate() {
                let person = person.and_then(|id| self.by_id.get(id)).copied();
                // without person, concept or time there is no event
                let (Some(person), Some(code), Some(start)) = (person, code, start) else {
                    continue;
                };
                let concept = if from.prefix.is_empty() {
                    concepts.of(code)
                } else {
                    concepts.of(&format!("{}{code}", from.prefix))
                };
                all.push(Event {
                    person,
                    concept,
                    start,
                    end: ends
                        .as_ref()
                        .and_then(|ends| ends.get(row).copied().flatten()),
                    value: values
                        .as_ref()
                        .and_then(|values| values.get(row).copied())
                        .filter(|value| !value.is_nan()),
                });
            }
        }
        Ok(Events::new(self.persons.clone(), all).0)
    }

    /// The rows of the members: the columns that the task's dictionary has for them, in its order.
    fn table(
        &self,
        task: &Task,
        cohort: &CohortSource,
        events: &Events,
        members: &[Member],
        mut features: Vec<Vec<Option<f64>>>,
    ) -> Result<Table> {
        let source = task
            .main_table()
            .ok_or_else(|| RunError::internal("a checked task has a main table"))?;
        let rows: UInt32Array = members
            .iter()
            .filter_map(|member| self.rows.get(member.person.0 as usize).copied())
            .collect();
        let names: Vec<&str> = cohort
            .definition
            .features
            .iter()
            .map(|f| f.name.as_str())
            .collect();
        let mut arrays: Vec<ArrayRef> = Vec::new();
        for column in &source.columns {
            let name = column.name.as_str();
            let feature = names.iter().position(|feature| *feature == name);
            arrays.push(match name {
                "member" => Arc::new(
                    (1..=members.len())
                        .map(|n| Some(n.to_string()))
                        .collect::<StringArray>(),
                ),
                "person" => Arc::new(
                    members
                        .iter()
                        .map(|m| self.ids.get(m.person.0 as usize))
                        .collect::<StringArray>(),
                ),
                "outcome" => Arc::new(
                    members
                        .iter()
                        .map(|m| Some(happened(m.fate)))
                        .collect::<StringArray>(),
                ),
                "age" if cohort.persons.birth.is_some() => {
                    let age = |m: &Member| {
                        Some(completed_years(events.person(m.person)?.birth?, m.index))
                    };
                    Arc::new(members.iter().map(age).collect::<Int64Array>())
                }
                _ => match feature.and_then(|at| features.get_mut(at)) {
                    Some(values) => feature_array(std::mem::take(values), column.kind),
                    None => arrow_select::take::take(self.source.array(name)?, &rows, None)
                        .map_err(RunError::internal)?,
                },
            });
        }
        Ok(Table::new(&cohort.table, source.columns.clone(), arrays)?)
    }
}

/// What a binary outcome makes of a fate: what competes with it did not let it happen.
fn happened(fate: Fate) -> &'static str {
    match fate {
        Fate::Outcome(_) => "yes",
        Fate::Competing(_) | Fate::Censored(_) | Fate::Free => "no",
    }
}

fn feature_array(values: Vec<Option<f64>>, kind: Kind) -> ArrayRef {
    if kind == Kind::Integer {
        #[allow(clippy::cast_possible_truncation, reason = "whole days and counts")]
        let whole = values
            .into_iter()
            .map(|value| value.map(|value| value as i64));
        return Arc::new(whole.collect::<Int64Array>());
    }
    Arc::new(Float64Array::from(values))
}

fn ancestors(cohort: &CohortSource, parts: &[Table]) -> Result<Concepts> {
    let mut concepts = Concepts::new();
    if let Some(from) = &cohort.ancestors {
        let source = part(parts, &from.table)?;
        let pairs = source
            .texts(&from.ancestor)?
            .zip(source.texts(&from.descendant)?);
        for (ancestor, descendant) in pairs {
            if let (Some(ancestor), Some(descendant)) = (ancestor, descendant) {
                concepts.descends(ancestor, descendant);
            }
        }
    }
    Ok(concepts)
}

/// A column of dates, or of dates and times.
fn moments(table: &Table, column: &str) -> Result<Vec<Option<Moment>>> {
    let array = table.array(column)?;
    Ok(match array.data_type() {
        DataType::Date32 => array
            .as_primitive::<Date32Type>()
            .iter()
            .map(|day| day.map(Moment::day))
            .collect(),
        DataType::Timestamp(..) => array
            .as_primitive::<TimestampMicrosecondType>()
            .iter()
            .map(|micros| micros.map(Moment::instant))
            .collect(),
        _ => {
            return Err(RunError::internal(
                "a checked cohort names columns of times",
            ));
        }
    })
}

fn number(whole: usize) -> Result<u32> {
    u32::try_from(whole).map_err(RunError::internal)
}

fn at_row(table: &Table, column: &str, row: usize, what: &str) -> RunError {
    RunError::Data(format!(
        "table `{}`, column `{column}`, row {}: {what}",
        table.name(),
        row + 1
    ))
}

#[cfg(test)]
mod tests {
    use autods_cohort::Step;

    use super::*;

    #[test]
    fn no_two_numbers_that_are_shown_differ_by_fewer_than_the_threshold() {
        let step = |events: u64, persons: u64| Step {
            name: String::new(),
            events,
            persons,
        };
        let rows = |steps: &[(u64, u64)]| -> Vec<Option<u64>> {
            let attrition = Attrition {
                steps: steps.iter().map(|(e, p)| step(*e, *p)).collect(),
            };
            shown(&attrition, &[300], 11)
                .iter()
                .map(|s| s.rows)
                .collect()
        };
        assert_eq!(
            rows(&[(100, 50), (80, 30), (80, 30)]),
            [Some(100), Some(80), Some(80)]
        );
        // 5 left out, then 20
        assert_eq!(
            rows(&[(105, 60), (100, 55), (80, 40)]),
            [None, Some(100), Some(80)]
        );
        // 3 in all: neither step says how many
        assert_eq!(
            rows(&[(83, 43), (81, 41), (80, 40)]),
            [None, None, Some(80)]
        );
        // 4 persons of the 300 that were loaded have no index event
        assert_eq!(rows(&[(500, 296), (400, 200)]), [None, Some(400)]);
        assert_eq!(rows(&[(500, 300), (400, 200)]), [Some(500), Some(400)]);
        // many rows of few persons
        assert_eq!(rows(&[(100, 42), (80, 40)]), [None, Some(80)]);
    }
}
