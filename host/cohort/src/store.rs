//! The events of all persons, in order.

use std::ops::Range;

use crate::concepts::ConceptId;
use crate::moment::Moment;

/// A person, by a number of its own: the place in the list of persons.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PersonId(pub u32);

/// Something that happened to a person.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Event {
    /// To whom.
    pub person: PersonId,
    /// What.
    pub concept: ConceptId,
    /// When it began.
    pub start: Moment,
    /// When it ended, if it lasted.
    pub end: Option<Moment>,
    /// A number, such as the result of a measurement, in the concept's own unit.
    pub value: Option<f64>,
}

impl Event {
    /// When it ended: where it did not last, when it began.
    #[must_use]
    pub fn finish(&self) -> Moment {
        self.end.unwrap_or(self.start)
    }
}

/// A span of time in which whatever happened to a person would have been recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    /// Its first moment.
    pub start: Moment,
    /// Its last moment.
    pub end: Moment,
}

/// What is known of a person besides events.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Person {
    /// Day of birth.
    pub birth: Option<Moment>,
    /// Death.
    pub death: Option<Moment>,
    /// Observation periods; none: from the first event to the last, or to death.
    pub observed: Vec<Period>,
}

/// All events, by person and time.
#[derive(Clone, Debug, Default)]
pub struct Events {
    persons: Vec<Person>,
    events: Vec<Event>,
    /// Where each person's events are.
    ranges: Vec<Range<usize>>,
}

impl Events {
    /// Puts events in order: by person, then by time; those of one moment stay as they were given.
    ///
    /// Observation periods that overlap or follow each other by a day become one. Events of persons who
    /// are not in the list are left out, and counted.
    #[must_use]
    pub fn new(mut persons: Vec<Person>, mut events: Vec<Event>) -> (Self, u64) {
        for person in &mut persons {
            person.observed = joined(std::mem::take(&mut person.observed));
        }
        let given = events.len();
        events.retain(|event| (event.person.0 as usize) < persons.len());
        let strangers = (given - events.len()) as u64;
        events.sort_by_key(|event| (event.person, event.start));
        let mut ranges = Vec::with_capacity(persons.len());
        let mut at = 0;
        for person in 0..persons.len() {
            let from = at;
            while events
                .get(at)
                .is_some_and(|e| e.person.0 as usize == person)
            {
                at += 1;
            }
            ranges.push(from..at);
        }
        let all = Self {
            persons,
            events,
            ranges,
        };
        (all, strangers)
    }

    /// All persons, with their events in order of time.
    pub fn by_person(&self) -> impl Iterator<Item = (PersonId, &Person, &[Event])> {
        self.persons
            .iter()
            .zip(&self.ranges)
            .zip(0_u32..)
            .map(|((person, range), id)| (PersonId(id), person, self.slice(range)))
    }

    /// A person's events in order of time.
    #[must_use]
    pub fn of(&self, person: PersonId) -> &[Event] {
        let range = self.ranges.get(person.0 as usize);
        range.map_or(&[], |range| self.slice(range))
    }

    /// What is known of a person.
    #[must_use]
    pub fn person(&self, person: PersonId) -> Option<&Person> {
        self.persons.get(person.0 as usize)
    }

    /// Number of persons.
    #[must_use]
    pub fn persons(&self) -> usize {
        self.persons.len()
    }

    fn slice(&self, range: &Range<usize>) -> &[Event] {
        self.events.get(range.clone()).unwrap_or_default()
    }
}

/// Periods in order, those that touch as one.
fn joined(mut periods: Vec<Period>) -> Vec<Period> {
    periods.sort_by_key(|period| (period.start, period.end));
    let mut all: Vec<Period> = Vec::with_capacity(periods.len());
    for period in periods {
        match all.last_mut() {
            Some(last) if period.start.day_number() - last.end.day_number() <= 1 => {
                last.end = last.end.max(period.end);
            }
            _ => all.push(period),
        }
    }
    all
}

impl Person {
    /// The observation period that a moment is in. A person without periods has one, from the first
    /// event to the end of the last or to death, whichever is later.
    #[must_use]
    pub fn period_at(&self, moment: Moment, events: &[Event]) -> Option<Period> {
        let holds = |period: &Period| {
            moment.day_number() >= period.start.day_number()
                && period.end.day_number() >= moment.day_number()
        };
        if self.observed.is_empty() {
            let start = events.first()?.start;
            let last = events.iter().map(Event::finish).chain(self.death).max()?;
            return Some(Period { start, end: last }).filter(holds);
        }
        self.observed.iter().copied().find(holds)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_takes_as_much_as_the_documents_say() {
        assert_eq!(size_of::<Event>(), 56);
    }

    #[test]
    fn periods_that_touch_are_one() {
        let period = |start, end| Period {
            start: Moment::day(start),
            end: Moment::day(end),
        };
        let given = vec![
            period(50, 60),
            period(0, 10),
            period(0, 10),
            period(5, 8),
            period(11, 20),
        ];
        assert_eq!(joined(given), [period(0, 20), period(50, 60)]);
    }

    #[test]
    fn events_of_nobody_are_counted_and_the_others_stand_in_order() {
        let event = |person, day| Event {
            person: PersonId(person),
            concept: ConceptId(0),
            start: Moment::day(day),
            end: None,
            value: Some(f64::from(day)),
        };
        let given = vec![
            event(1, 3),
            event(0, 2),
            event(7, 0),
            event(1, 1),
            event(1, 3),
        ];
        let (events, strangers) = Events::new(vec![Person::default(); 3], given);
        assert_eq!((events.persons(), strangers), (3, 1));
        let days: Vec<Vec<i64>> = events
            .by_person()
            .map(|(_, _, own)| own.iter().map(|e| e.start.day_number()).collect())
            .collect();
        assert_eq!(days, [vec![2], vec![1, 3, 3], vec![]]);
        assert!(events.of(PersonId(9)).is_empty());
    }
}
