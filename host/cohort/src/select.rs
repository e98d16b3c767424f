//! Who is in a cohort, and what became of them.

use std::collections::BTreeMap;

use crate::concepts::{Concepts, Members};
use crate::definition::{Criterion, Definition, Incomplete, Observed, Take, Window};
use crate::error::CohortError;
use crate::moment::{Days, Moment};
use crate::store::{Event, Events, Period, Person, PersonId};

/// An index event that is in the cohort.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Member {
    /// The person.
    pub person: PersonId,
    /// Which of the person's events, in order of time.
    pub event: usize,
    /// The moment of prediction: the event's start, or its end.
    pub index: Moment,
    /// What became of it.
    pub fate: Fate,
}

/// What became of a member in the time at risk. Days count from the index day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// The outcome happened, on this day.
    Outcome(i64),
    /// Something that makes it impossible came first, on this day.
    Competing(i64),
    /// Observation ended on this day, without either.
    Censored(i64),
    /// Nothing of it, to the end of the time at risk.
    Free,
}

/// What a step left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// What the step asks for.
    pub name: String,
    /// Index events that are left.
    pub events: u64,
    /// Persons who have one.
    pub persons: u64,
}

/// How the cohort came about: what was left after each step, the first being all index events.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Attrition {
    /// The steps, in order.
    pub steps: Vec<Step>,
}

/// A cohort.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cohort {
    /// Its members, by person and time.
    pub members: Vec<Member>,
    /// How they were arrived at.
    pub attrition: Attrition,
}

/// Finds the members of a cohort.
///
/// # Errors
/// As [`Definition::check`].
pub fn select(
    events: &Events,
    concepts: &Concepts,
    definition: &Definition,
) -> Result<Cohort, CohortError> {
    definition.check()?;
    let sets = resolve(concepts, definition);
    let mut left = index_events(events, &sets, definition);
    let mut attrition = Attrition::default();
    attrition.after(format!("{}: all events", definition.index.events), &left);
    take(&mut left, definition.index.take, &mut attrition);
    if events
        .by_person()
        .any(|(_, person, _)| person.death.is_some())
    {
        left.retain(|c| c.is_alive(events));
        attrition.after("alive after the index event".to_owned(), &left);
    }
    let observed = definition.observed;
    let declared = events
        .by_person()
        .any(|(_, person, _)| !person.observed.is_empty());
    if declared && observed == Observed::default() {
        left.retain(|c| c.period(events).is_some());
        attrition.after("observed on the index day".to_owned(), &left);
    }
    if observed.before > 0 {
        let days = i64::from(observed.before);
        left.retain(|c| {
            c.observed_days(events, definition.days)
                .is_some_and(|(before, _)| before >= days)
        });
        attrition.after(format!("observed for {days} days before"), &left);
    }
    if observed.after > 0 {
        let days = i64::from(observed.after);
        left.retain(|c| {
            c.observed_days(events, definition.days)
                .is_some_and(|(_, after)| after >= days)
        });
        attrition.after(format!("observed for {days} days after"), &left);
    }
    if definition.washout > 0 {
        let index = sets.get(&definition.index.events);
        left.retain(|c| !c.follows_too_soon(events, index, definition));
        attrition.after(
            format!("no other in the {} days before", definition.washout),
            &left,
        );
    }
    let criteria = |list: &[Criterion], wanted: bool| {
        let named = list
            .iter()
            .map(move |criterion| (criterion.clone(), wanted));
        named.collect::<Vec<_>>()
    };
    let include = criteria(&definition.include, true);
    for (criterion, wanted) in include
        .into_iter()
        .chain(criteria(&definition.exclude, false))
    {
        left.retain(|c| c.meets(events, &sets, &criterion, definition.days) == wanted);
        let name = &criterion.name;
        attrition.after(
            if wanted {
                name.clone()
            } else {
                format!("not: {name}")
            },
            &left,
        );
    }
    let mut members: Vec<Member> = left
        .iter()
        .map(|candidate| candidate.member(events, &sets, definition))
        .collect();
    match definition.outcome.incomplete {
        Incomplete::Censor => {}
        Incomplete::LeaveOut => {
            members.retain(|member| !matches!(member.fate, Fate::Censored(_)));
            attrition.push("time at risk observed to its end", &members);
        }
        Incomplete::Negative => {
            for member in &mut members {
                if let Fate::Censored(_) = member.fate {
                    member.fate = Fate::Free;
                }
            }
        }
    }
    Ok(Cohort { members, attrition })
}

/// Concept sets by name, resolved.
type Sets = BTreeMap<String, Members>;

fn resolve(concepts: &Concepts, definition: &Definition) -> Sets {
    let sets = definition.concept_sets.iter();
    sets.map(|(name, set)| (name.clone(), concepts.members(set)))
        .collect()
}

/// A person's first or last index event, whatever becomes of it afterwards: the choice depends on
/// nothing that comes later.
fn take(left: &mut Vec<Candidate>, which: Take, attrition: &mut Attrition) {
    let name = match which {
        Take::Every => return,
        Take::First => {
            left.dedup_by_key(|candidate| candidate.person);
            "the first of a person"
        }
        Take::Last => {
            left.reverse();
            left.dedup_by_key(|candidate| candidate.person);
            left.reverse();
            "the last of a person"
        }
    };
    attrition.after(name.to_owned(), left);
}

/// An index event that may become a member.
struct Candidate {
    person: PersonId,
    event: usize,
    index: Moment,
}

fn index_events(events: &Events, sets: &Sets, definition: &Definition) -> Vec<Candidate> {
    let mut found = Vec::new();
    let Some(index) = sets.get(&definition.index.events) else {
        return found;
    };
    for (person, _, own) in events.by_person() {
        let of_set = own
            .iter()
            .enumerate()
            .filter(|(_, e)| index.contain(e.concept));
        found.extend(of_set.filter_map(|(at, event)| {
            // what has not ended has no end to predict from
            let index = if definition.index.at_end {
                event.end?
            } else {
                event.start
            };
            Some(Candidate {
                person,
                event: at,
                index,
            })
        }));
    }
    found
}

impl Candidate {
    fn known<'e>(&self, events: &'e Events) -> Option<(&'e Person, &'e [Event])> {
        Some((events.person(self.person)?, events.of(self.person)))
    }

    fn period(&self, events: &Events) -> Option<Period> {
        let (person, own) = self.known(events)?;
        person.period_at(self.index, own)
    }

    /// Whether the person is known to have lived on: not one who died on the index day, unless the
    /// hours say that it was later.
    fn is_alive(&self, events: &Events) -> bool {
        let death = events.person(self.person).and_then(|person| person.death);
        death.is_none_or(|death| self.index.is_before(death))
    }

    /// Days observed before and after the index day.
    fn observed_days(&self, events: &Events, count: Days) -> Option<(i64, i64)> {
        let period = self.period(events)?;
        Some((
            self.index.days_since(period.start, count),
            period.end.days_since(self.index, count),
        ))
    }

    /// Whether another index event ended in the days before this one began.
    fn follows_too_soon(
        &self,
        events: &Events,
        index: Option<&Members>,
        definition: &Definition,
    ) -> bool {
        let days = i64::from(definition.washout);
        let own = events.of(self.person);
        let Some(this) = own.get(self.event) else {
            return false;
        };
        own.iter().take(self.event).any(|other| {
            index.is_some_and(|set| set.contain(other.concept))
                && this.start.days_since(other.finish(), definition.days) <= days
        })
    }

    fn meets(&self, events: &Events, sets: &Sets, criterion: &Criterion, count: Days) -> bool {
        let Some((person, own)) = self.known(events) else {
            return false;
        };
        if criterion.age_from.is_some() || criterion.age_to.is_some() {
            let Some(age) = person.birth.map(|birth| completed_years(birth, self.index)) else {
                return false;
            };
            let old = criterion.age_from.is_none_or(|from| age >= from);
            let young = criterion.age_to.is_none_or(|to| age <= to);
            if !(old && young) {
                return false;
            }
        }
        let Some(set) = criterion.events.as_ref().and_then(|name| sets.get(name)) else {
            return true;
        };
        let window = criterion.window.unwrap_or(Window { from: None, to: 0 });
        let times = before(own, self.event, self.index, window, count)
            .filter(|event| set.contain(event.concept))
            .count();
        criterion.times.hold(times as u64)
    }

    fn member(&self, events: &Events, sets: &Sets, definition: &Definition) -> Member {
        Member {
            person: self.person,
            event: self.event,
            index: self.index,
            fate: self.fate(events, sets, definition),
        }
    }

    fn fate(&self, events: &Events, sets: &Sets, definition: &Definition) -> Fate {
        let (outcome, count) = (&definition.outcome, definition.days);
        let Some((person, own)) = self.known(events) else {
            return Fate::Censored(0);
        };
        let period = self.period(events);
        let observed = period.map_or(0, |period| period.end.days_since(self.index, count));
        let last = outcome.at_risk.to.min(observed);
        let first_of = |name: &String, from: Option<i64>| {
            let set = sets.get(name)?;
            own.iter()
                .enumerate()
                .filter(|(at, event)| {
                    let day = event.start.days_since(self.index, count);
                    *at != self.event
                        && self.index.is_before(event.start)
                        && from.is_none_or(|from| day >= from)
                        && day <= last
                        && set.contain(event.concept)
                })
                .map(|(_, event)| event.start)
                .min()
        };
        let happened = first_of(&outcome.events, outcome.at_risk.from);
        let death = person
            .death
            .filter(|_| outcome.death_competes)
            .filter(|death| (0..=last).contains(&death.days_since(self.index, count)));
        // from the index event on, also before the time at risk begins
        let others = outcome.competing.iter();
        let competing: Vec<Moment> = others
            .filter_map(|name| first_of(name, None))
            .chain(death)
            .collect();
        let came_first = |happened: Moment| {
            let before = competing.iter().copied();
            before.filter(|other| other.is_before(happened)).min()
        };
        let day = |moment: Moment| moment.days_since(self.index, count);
        match happened {
            Some(happened) => came_first(happened).map_or(Fate::Outcome(day(happened)), |other| {
                Fate::Competing(day(other))
            }),
            None => match competing.iter().copied().min() {
                Some(other) => Fate::Competing(day(other)),
                None if observed < outcome.at_risk.to => Fate::Censored(observed.max(0)),
                None => Fate::Free,
            },
        }
    }
}

/// A person's events in a window before the index event, which is none of them.
pub(crate) fn before(
    own: &[Event],
    index_event: usize,
    index: Moment,
    window: Window,
    count: Days,
) -> impl Iterator<Item = &Event> {
    // where to look at all, a day more on either side; the days themselves are counted below
    let from = window.from.map_or(0, |from| {
        let earliest = index.shifted(from.saturating_sub(1));
        own.partition_point(|event| event.start.micros() < earliest)
    });
    let latest = index.shifted(window.to.saturating_add(1));
    let to = own.partition_point(|event| event.start.micros() <= latest);
    own.iter()
        .enumerate()
        .take(to)
        .skip(from)
        .filter(move |(at, event)| {
            let day = event.start.days_since(index, count);
            *at != index_event
                && window.from.is_none_or(|from| day >= from)
                && day <= window.to
                && event.start.is_before(index)
        })
        .map(|(_, event)| event)
}

/// Completed years from a day of birth to another day.
#[must_use]
pub fn completed_years(birth: Moment, on: Moment) -> i64 {
    let ((year, month, day), (on_year, on_month, on_day)) =
        (civil(birth.day_number()), civil(on.day_number()));
    on_year - year - i64::from((on_month, on_day) < (month, day))
}

/// Year, month and day of a day counted from 1970-01-01, in the proleptic Gregorian calendar
/// (Hinnant, "chrono-compatible low-level date algorithms", `civil_from_days`).
fn civil(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 {
        shifted + 3
    } else {
        shifted - 9
    };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

impl Attrition {
    fn after(&mut self, name: String, left: &[Candidate]) {
        let persons = left.iter().map(|candidate| candidate.person);
        self.step(name, persons);
    }

    fn push(&mut self, name: &str, members: &[Member]) {
        self.step(name.to_owned(), members.iter().map(|member| member.person));
    }

    fn step(&mut self, name: String, persons: impl Iterator<Item = PersonId>) {
        let mut persons: Vec<PersonId> = persons.collect();
        let events = persons.len() as u64;
        // they are in order of persons
        persons.dedup();
        self.steps.push(Step {
            name,
            events,
            persons: persons.len() as u64,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_year_is_completed_on_the_birthday() {
        let day = |year: i64, month: i64, day: i64| {
            // by search, so that nothing of the code under test is used twice
            let from = (year - 1970) * 365;
            (from - 800..from + 800)
                .find(|n| civil(*n) == (year, month, day))
                .unwrap()
        };
        assert_eq!(civil(0), (1970, 1, 1));
        assert_eq!(civil(11_016), (2000, 2, 29));
        let moment = |n: i64| Moment::day(i32::try_from(n).unwrap());
        let birth = moment(day(2000, 2, 29));
        assert_eq!(completed_years(birth, moment(day(2001, 2, 28))), 0);
        assert_eq!(completed_years(birth, moment(day(2001, 3, 1))), 1);
        assert_eq!(completed_years(birth, moment(day(2004, 2, 28))), 3);
        assert_eq!(completed_years(birth, moment(day(2004, 2, 29))), 4);
    }
}
