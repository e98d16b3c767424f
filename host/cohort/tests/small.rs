//! Cohorts small enough to be worked out by hand.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    missing_docs
)]

use std::collections::BTreeMap;

use autods_cohort::{
    Cohort, CohortError, ConceptSet, Concepts, Criterion, Days, Definition, Event, Events, Fate,
    Feature, Incomplete, Index, Limits, Moment, Observed, Outcome, Period, Person, PersonId,
    Statistic, Take, Window, features, select,
};

/// Days from 1970-01-01; what happens is written `(person, code, day, end, value)`.
type Told<'t> = (u32, &'t str, i32, Option<i32>, Option<f64>);

struct Records {
    events: Events,
    concepts: Concepts,
}

fn records(persons: Vec<Person>, told: &[Told<'_>]) -> Records {
    let mut concepts = Concepts::new();
    let events = told.iter().map(|(person, code, start, end, value)| Event {
        person: PersonId(*person),
        concept: concepts.of(code),
        start: Moment::day(*start),
        end: end.map(Moment::day),
        value: *value,
    });
    let events: Vec<Event> = events.collect();
    let (events, strangers) = Events::new(persons, events);
    assert_eq!(strangers, 0);
    Records { events, concepts }
}

fn observed(days: std::ops::RangeInclusive<i32>) -> Person {
    Person {
        observed: vec![Period {
            start: Moment::day(*days.start()),
            end: Moment::day(*days.end()),
        }],
        ..Person::default()
    }
}

fn definition() -> Definition {
    let set = |code: &str| ConceptSet {
        codes: vec![code.to_owned()],
        ..ConceptSet::default()
    };
    Definition {
        concept_sets: BTreeMap::from(
            ["stay", "bleed", "transplant", "lab", "drug"].map(|name| (name.to_owned(), set(name))),
        ),
        index: Index {
            events: "stay".into(),
            take: Take::Every,
            at_end: true,
        },
        days: Days::Calendar,
        observed: Observed::default(),
        washout: 0,
        include: Vec::new(),
        exclude: Vec::new(),
        outcome: Outcome {
            events: "stay".into(),
            at_risk: Window { from: None, to: 30 },
            competing: vec!["transplant".into()],
            death_competes: true,
            incomplete: Incomplete::Censor,
        },
        features: Vec::new(),
    }
}

fn fates(cohort: &Cohort) -> Vec<(u32, i64, Fate)> {
    let members = cohort.members.iter();
    members
        .map(|m| (m.person.0, m.index.day_number(), m.fate))
        .collect()
}

#[test]
fn outcomes_competing_events_and_the_end_of_observation_are_told_apart() {
    let mut dead = observed(0..=1000);
    dead.death = Some(Moment::day(115));
    let persons = vec![
        observed(0..=1000),
        observed(0..=120),
        dead,
        observed(0..=1000),
        observed(0..=1000),
    ];
    let all = records(
        persons,
        &[
            // again on day 30 after discharge, then on day 31
            (0, "stay", 100, Some(110), None),
            (0, "stay", 140, Some(150), None),
            (0, "stay", 181, Some(182), None),
            // lost after 10 days; a stay after that was not observed
            (1, "stay", 100, Some(110), None),
            (1, "stay", 125, Some(125), None),
            // a stay that has not ended has no discharge
            (1, "stay", 126, None, None),
            // died on day 5
            (2, "stay", 100, Some(110), None),
            // a transplant on day 3, a stay on day 4
            (3, "stay", 100, Some(110), None),
            (3, "transplant", 113, None, None),
            (3, "stay", 114, Some(115), None),
            // the stay on the day of discharge: nobody knows which came first
            (4, "stay", 100, Some(110), None),
            (4, "stay", 110, Some(111), None),
        ],
    );
    let cohort = select(&all.events, &all.concepts, &definition()).unwrap();
    assert_eq!(
        fates(&cohort),
        [
            (0, 110, Fate::Outcome(30)),
            (0, 150, Fate::Free),
            (0, 182, Fate::Free),
            (1, 110, Fate::Censored(10)),
            (2, 110, Fate::Competing(5)),
            (3, 110, Fate::Competing(3)),
            (3, 115, Fate::Free),
            (4, 110, Fate::Free),
            (4, 111, Fate::Free),
        ]
    );
    let mut without = definition();
    without.outcome.competing.clear();
    without.outcome.death_competes = false;
    without.outcome.incomplete = Incomplete::LeaveOut;
    let cohort = select(&all.events, &all.concepts, &without).unwrap();
    assert_eq!(fates(&cohort)[3], (2, 110, Fate::Free));
    assert_eq!(fates(&cohort)[4], (3, 110, Fate::Outcome(4)));
    let steps: Vec<_> = cohort
        .attrition
        .steps
        .iter()
        .map(|s| (s.events, s.persons))
        .collect();
    assert_eq!(steps, [(10, 5), (10, 5), (9, 5), (8, 4)]);
}

#[test]
fn hours_decide_within_a_day_where_they_are_known() {
    let hour = |day: i64, hour: i64| Moment::instant((day * 24 + hour) * 3_600_000_000);
    let mut concepts = Concepts::new();
    let (stay, lab) = (concepts.of("stay"), concepts.of("lab"));
    let event = |concept, start, end| Event {
        person: PersonId(0),
        concept,
        start,
        end,
        value: Some(1.0),
    };
    let events = vec![
        event(stay, hour(10, 8), Some(hour(12, 12))),
        event(stay, hour(12, 18), Some(hour(13, 0))),
        event(lab, hour(12, 11), None),
        event(lab, hour(12, 13), None),
    ];
    let (events, _) = Events::new(vec![Person::default()], events);
    let mut definition = definition();
    definition.features.push(Feature {
        name: "labs".into(),
        label: String::new(),
        events: "lab".into(),
        window: Window {
            from: Some(-1),
            to: 0,
        },
        statistic: Statistic::Count,
    });
    let cohort = select(&events, &concepts, &definition).unwrap();
    assert_eq!(cohort.members[0].fate, Fate::Outcome(0));
    let columns = features(&events, &concepts, &definition, &cohort).unwrap();
    assert_eq!(
        columns[0][0],
        Some(1.0),
        "the one at 13 h came after discharge at 12 h"
    );
}

#[test]
fn each_step_says_what_it_left() {
    let born = |year: i32| Person {
        birth: Some(Moment::day((year - 1970) * 365)),
        ..observed(0..=2000)
    };
    let all = records(
        vec![
            born(1950),
            born(1960),
            born(1965),
            observed(990..=2000),
            born(1950),
        ],
        &[
            (0, "drug", 900, None, None),
            (0, "stay", 1000, Some(1005), None),
            (0, "stay", 1020, Some(1025), None),
            (0, "stay", 1500, Some(1505), None),
            (1, "stay", 1000, Some(1005), None),
            (2, "stay", 1000, Some(1005), None),
            (3, "stay", 1000, Some(1005), None),
            (4, "drug", 900, None, None),
            (4, "bleed", 950, None, None),
            (4, "stay", 1000, Some(1005), None),
        ],
    );
    let mut definition = definition();
    definition.observed.before = 365;
    definition.washout = 30;
    definition.include = vec![
        Criterion {
            name: "10 to 24 years old".into(),
            events: None,
            window: None,
            times: Limits::default(),
            age_from: Some(10),
            age_to: Some(24),
        },
        Criterion {
            name: "drug in the year before".into(),
            events: Some("drug".into()),
            window: Some(Window {
                from: Some(-365),
                to: -1,
            }),
            times: Limits {
                at_least: 1,
                at_most: Some(1),
            },
            age_from: None,
            age_to: None,
        },
    ];
    definition.exclude = vec![Criterion {
        name: "bled before".into(),
        events: Some("bleed".into()),
        window: None,
        times: Limits::default(),
        age_from: None,
        age_to: None,
    }];
    let steps = |definition: &Definition| -> Vec<(String, u64, u64)> {
        let cohort = select(&all.events, &all.concepts, definition).unwrap();
        let steps = cohort.attrition.steps.into_iter();
        steps
            .map(|step| (step.name, step.events, step.persons))
            .collect()
    };
    let told = |expected: &[(&str, u64, u64)]| -> Vec<(String, u64, u64)> {
        let steps = expected.iter();
        steps
            .map(|(name, events, persons)| ((*name).to_owned(), *events, *persons))
            .collect()
    };
    assert_eq!(
        steps(&definition),
        told(&[
            ("stay: all events", 7, 5),
            ("observed for 365 days before", 6, 4),
            ("no other in the 30 days before", 5, 4),
            // the one born in 1965 is 7, of the one born in 1950 both stays are left
            ("10 to 24 years old", 4, 3),
            // of person 0 only the first has the drug in the year before
            ("drug in the year before", 2, 2),
            ("not: bled before", 1, 1),
        ])
    );
    definition.index.take = Take::First;
    assert_eq!(
        steps(&definition)[..4],
        told(&[
            ("stay: all events", 7, 5),
            ("the first of a person", 5, 5),
            ("observed for 365 days before", 4, 4),
            ("no other in the 30 days before", 4, 4),
        ])
    );
    definition.include.truncate(1);
    definition.exclude.clear();
    definition.index.take = Take::Last;
    let cohort = select(&all.events, &all.concepts, &definition).unwrap();
    assert_eq!(fates(&cohort)[0], (0, 1505, Fate::Free));
}

#[test]
fn features_are_read_from_their_windows() {
    let all = records(
        vec![observed(0..=2000)],
        &[
            (0, "lab", 10, None, Some(100.0)),
            (0, "lab", 90, None, Some(4.0)),
            (0, "lab", 96, None, Some(7.0)),
            (0, "lab", 96, None, None),
            (0, "lab", 98, None, Some(10.0)),
            (0, "stay", 95, Some(100), None),
            (0, "lab", 100, None, Some(50.0)),
            (0, "lab", 101, None, Some(50.0)),
        ],
    );
    let told = [
        (Statistic::Count, Some(4.0)),
        (Statistic::Any, Some(1.0)),
        (Statistic::Days, Some(3.0)),
        (Statistic::Distinct, Some(1.0)),
        (Statistic::DaysSinceLast, Some(2.0)),
        (Statistic::DaysSinceFirst, Some(10.0)),
        (Statistic::Last, Some(10.0)),
        (Statistic::First, Some(4.0)),
        (Statistic::Mean, Some(7.0)),
        (Statistic::Min, Some(4.0)),
        (Statistic::Max, Some(10.0)),
        (Statistic::Sd, Some(3.0)),
        // days −10, −4, −2 and values 4, 7, 10: numpy.polyfit gives 0.6923076923076923
        (Statistic::Slope, Some(0.692_307_692_307_692_3)),
    ];
    let mut definition = definition();
    let feature = |name: String, events: &str, statistic| Feature {
        name,
        label: String::new(),
        events: events.into(),
        window: Window {
            from: Some(-30),
            to: 0,
        },
        statistic,
    };
    for (statistic, _) in told {
        definition
            .features
            .push(feature(format!("{statistic:?}"), "lab", statistic));
        definition
            .features
            .push(feature(format!("no {statistic:?}"), "drug", statistic));
    }
    let cohort = select(&all.events, &all.concepts, &definition).unwrap();
    let columns = features(&all.events, &all.concepts, &definition, &cohort).unwrap();
    for ((statistic, expected), pair) in told.iter().zip(columns.chunks(2)) {
        let found = pair[0][0];
        let near = match (found, expected) {
            (Some(found), Some(expected)) => (found - expected).abs() < 1e-12,
            (found, expected) => found == *expected,
        };
        assert!(near, "{statistic:?}: {found:?} for {expected:?}");
        let none = match statistic {
            Statistic::Count | Statistic::Any | Statistic::Days | Statistic::Distinct => Some(0.0),
            _ => None,
        };
        assert_eq!(pair[1][0], none, "{statistic:?} of nothing");
    }
}

#[test]
fn what_looks_ahead_is_refused() {
    let all = records(vec![observed(0..=10)], &[]);
    let refused = |change: &dyn Fn(&mut Definition)| {
        let mut definition = definition();
        change(&mut definition);
        select(&all.events, &all.concepts, &definition).unwrap_err()
    };
    let ahead = refused(&|d| {
        d.features.push(Feature {
            name: "x".into(),
            label: String::new(),
            events: "lab".into(),
            window: Window { from: None, to: 1 },
            statistic: Statistic::Count,
        });
    });
    assert!(
        matches!(&ahead, CohortError::LooksAhead { place, to: 1 } if place == "features[0].window")
    );
    let unknown = refused(&|d| d.index.events = "stays".into());
    assert_eq!(
        unknown.to_string(),
        "there is no concept set `stays`; did you mean `stay`?"
    );
    assert_eq!(unknown.place(), "index.events");
    let before = refused(&|d| d.outcome.at_risk.from = Some(-1));
    assert!(matches!(before, CohortError::RiskBefore { from: -1, .. }));
    let empty = refused(&|d| d.outcome.at_risk.from = Some(31));
    assert!(matches!(
        empty,
        CohortError::EmptyWindow {
            from: 31,
            to: 30,
            ..
        }
    ));
}

#[test]
fn the_dead_are_not_at_risk_and_what_competes_counts_from_the_index_event_on() {
    let hour = |day: i64, hour: i64| Moment::instant((day * 24 + hour) * 3_600_000_000);
    let died = |death: Moment| Person {
        death: Some(death),
        ..observed(0..=1000)
    };
    let mut concepts = Concepts::new();
    let (stay, transplant) = (concepts.of("stay"), concepts.of("transplant"));
    let event = |person, concept, start, end| Event {
        person: PersonId(person),
        concept,
        start,
        end,
        value: None,
    };
    let discharge = hour(110, 12);
    let mut events: Vec<Event> = (0..6)
        .map(|p| event(p, stay, hour(100, 0), Some(discharge)))
        .collect();
    // a transplant before the time at risk begins, an outcome within it
    events.push(event(4, transplant, hour(113, 0), None));
    events.push(event(4, stay, hour(120, 0), Some(hour(121, 0))));
    // died on a day that is known, had a transplant at 8 h and came back at 12 h of the same day
    events.push(event(5, transplant, hour(115, 8), None));
    events.push(event(5, stay, hour(115, 12), Some(hour(116, 0))));
    let persons = vec![
        died(hour(110, 11)),
        died(hour(110, 13)),
        died(Moment::day(110)),
        // observation ends long before the death that is known of
        Person {
            death: Some(Moment::day(130)),
            ..observed(0..=115)
        },
        observed(0..=1000),
        died(Moment::day(115)),
    ];
    let (events, _) = Events::new(persons, events);
    let mut definition = definition();
    definition.outcome.at_risk.from = Some(5);
    let cohort = select(&events, &concepts, &definition).unwrap();
    let of = |person: u32| -> Vec<Fate> {
        let own = cohort.members.iter().filter(|m| m.person.0 == person);
        own.map(|m| m.fate).collect()
    };
    assert_eq!(of(0), [], "dead at discharge");
    assert_eq!(of(1), [Fate::Competing(0)]);
    assert_eq!(of(2), [], "dead on the day of discharge, nobody knows when");
    assert_eq!(of(3), [Fate::Censored(5)]);
    assert_eq!(of(4)[0], Fate::Competing(3));
    assert_eq!(of(5)[0], Fate::Competing(5));
    assert_eq!(
        cohort.attrition.steps[1].name,
        "alive after the index event"
    );
}
