//! Cohorts of real files, held against pandas (`reference.py`).

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    missing_docs
)]

use std::collections::{BTreeMap, HashMap};
use std::io::Read;
use std::path::PathBuf;

use autods_cohort::{
    ConceptSet, Concepts, Criterion, Days, Definition, Event, Events, Fate, Feature, Incomplete,
    Index, Limits, Member, Moment, Observed, Outcome, Period, Person, PersonId, Statistic, Take,
    Window, features, select,
};

fn data(file: &str) -> Option<Vec<u8>> {
    let root = std::env::var_os("AUTODS_DATA").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"),
        PathBuf::from,
    );
    let Ok(file) = std::fs::File::open(root.join(file)) else {
        eprintln!("SKIPPED: no {file} under $AUTODS_DATA or ../shared/data");
        return None;
    };
    let mut text = Vec::new();
    flate2::read::MultiGzDecoder::new(file)
        .read_to_end(&mut text)
        .unwrap();
    Some(text)
}

fn reference() -> serde_json::Value {
    serde_json::from_str(include_str!("reference.json")).unwrap()
}

/// Rows of an OMOP table, by column name.
fn table(name: &str) -> Option<Vec<HashMap<String, String>>> {
    let text = data(&format!("omop/gibleed/{name}.csv.gz"))?;
    let mut reader = csv::Reader::from_reader(text.as_slice());
    let header: Vec<String> = reader
        .headers()
        .unwrap()
        .iter()
        .map(str::to_lowercase)
        .collect();
    let rows = reader.records().map(|row| {
        let row = row.unwrap();
        header
            .iter()
            .cloned()
            .zip(row.iter().map(str::to_owned))
            .collect()
    });
    Some(rows.collect())
}

/// Days from 1970-01-01, by counting them.
fn day(date: &str) -> Moment {
    let parts: Vec<i32> = date[..10]
        .split('-')
        .map(|part| part.parse().unwrap())
        .collect();
    let leap = |year: i32| year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let mut days = 0;
    for year in 1970.min(parts[0])..1970.max(parts[0]) {
        let length = if leap(year) { 366 } else { 365 };
        days += if parts[0] > 1970 { length } else { -length };
    }
    let months = [
        31,
        if leap(parts[0]) { 29 } else { 28 },
        31,
        30,
        31,
        30,
        31,
        31,
        30,
        31,
        30,
        31,
    ];
    let before = usize::try_from(parts[1] - 1).unwrap();
    Moment::day(days + months[..before].iter().sum::<i32>() + parts[2] - 1)
}

struct GiBleed {
    events: Events,
    concepts: Concepts,
}

fn gibleed() -> Option<GiBleed> {
    let mut concepts = Concepts::new();
    for row in table("concept_ancestor")? {
        concepts.descends(&row["ancestor_concept_id"], &row["descendant_concept_id"]);
    }
    let persons = table("person")?;
    let place: HashMap<&str, u32> = persons
        .iter()
        .map(|row| row["person_id"].as_str())
        .zip(0..)
        .collect();
    let mut known = vec![Person::default(); persons.len()];
    for row in table("observation_period")? {
        // the file has periods of persons whom the table of persons does not have
        let Some(place) = place.get(row["person_id"].as_str()) else {
            continue;
        };
        known[*place as usize].observed.push(Period {
            start: day(&row["observation_period_start_date"]),
            end: day(&row["observation_period_end_date"]),
        });
    }
    let mut events = Vec::new();
    for (name, concept, start) in [
        (
            "condition_occurrence",
            "condition_concept_id",
            "condition_start_date",
        ),
        ("drug_era", "drug_concept_id", "drug_era_start_date"),
    ] {
        for row in table(name)? {
            events.push(Event {
                person: PersonId(place[row["person_id"].as_str()]),
                concept: concepts.of(&row[concept]),
                start: day(&row[start]),
                end: None,
                value: None,
            });
        }
    }
    let (events, strangers) = Events::new(known, events);
    assert_eq!(strangers, 0);
    Some(GiBleed { events, concepts })
}

fn set(codes: &[&str], descendants: bool) -> ConceptSet {
    ConceptSet {
        codes: codes.iter().map(|code| (*code).to_owned()).collect(),
        descendants,
        except: Vec::new(),
    }
}

fn plain(index: &str, codes: &[&str]) -> Definition {
    Definition {
        concept_sets: BTreeMap::from([(index.to_owned(), set(codes, true))]),
        index: Index {
            events: index.into(),
            take: Take::First,
            at_end: false,
        },
        days: Days::Calendar,
        observed: Observed::default(),
        washout: 0,
        include: Vec::new(),
        exclude: Vec::new(),
        outcome: Outcome {
            events: index.into(),
            at_risk: Window {
                from: Some(1),
                to: 365,
            },
            competing: Vec::new(),
            death_competes: false,
            incomplete: Incomplete::Censor,
        },
        features: Vec::new(),
    }
}

#[test]
fn gibleed_has_the_persons_that_the_sites_of_the_data_count() {
    let Some(data) = gibleed() else { return };
    for (concept, persons) in reference()["persons"].as_object().unwrap() {
        let cohort = select(&data.events, &data.concepts, &plain("set", &[concept])).unwrap();
        assert_eq!(
            cohort.attrition.steps[0].persons,
            persons.as_u64().unwrap(),
            "{concept}"
        );
    }
    // as Eunomia's createCohorts counts them
    let counted = |concept: &str| reference()["persons"][concept].as_u64();
    assert_eq!(
        ["192671", "1118084", "1124300"].map(counted),
        [479, 1844, 850].map(Some)
    );
}

#[test]
fn new_users_and_what_became_of_them_are_those_of_pandas() {
    let Some(data) = gibleed() else { return };
    let mut definition = plain("celecoxib", &["1118084"]);
    definition
        .concept_sets
        .insert("bleed".into(), set(&["192671"], true));
    definition.observed.before = 365;
    definition.exclude = vec![Criterion {
        name: "bled before".into(),
        events: Some("bleed".into()),
        window: None,
        times: Limits::default(),
        age_from: None,
        age_to: None,
    }];
    definition.outcome.events = "bleed".into();
    let conditions = table("condition_occurrence").unwrap();
    let codes: std::collections::BTreeSet<String> = conditions
        .iter()
        .map(|row| row["condition_concept_id"].clone())
        .collect();
    definition.concept_sets.insert(
        "condition".into(),
        ConceptSet {
            codes: codes.into_iter().collect(),
            ..ConceptSet::default()
        },
    );
    definition.features = vec![Feature {
        name: "conditions".into(),
        label: String::new(),
        events: "condition".into(),
        window: Window {
            from: Some(-365),
            to: -1,
        },
        statistic: Statistic::Count,
    }];
    let cohort = select(&data.events, &data.concepts, &definition).unwrap();
    let expected = &reference()["new_users"];
    let steps: Vec<[u64; 2]> = cohort
        .attrition
        .steps
        .iter()
        .map(|s| [s.events, s.persons])
        .collect();
    assert_eq!(serde_json::json!(steps), expected["steps"]);
    let count =
        |wanted: fn(&Fate) -> bool| cohort.members.iter().filter(|m| wanted(&m.fate)).count();
    assert_eq!(
        count(|f| matches!(f, Fate::Outcome(_))),
        expected["fates"]["outcome"]
    );
    assert_eq!(
        count(|f| matches!(f, Fate::Censored(_))),
        expected["fates"]["censored"]
    );
    assert_eq!(
        count(|f| matches!(f, Fate::Free)),
        expected["fates"]["free"]
    );
    let columns = features(&data.events, &data.concepts, &definition, &cohort).unwrap();
    let sum: f64 = columns[0].iter().flatten().sum();
    assert_eq!(
        Some(sum),
        expected["conditions_in_the_year_before"].as_f64()
    );
}

#[test]
fn inpatient_stays_of_the_fhir_sample_are_followed_by_another_as_often_as_pandas_finds() {
    let Some(text) = data("fhir/synthea_cohort/Encounter.ndjson.gz") else {
        return;
    };
    let mut concepts = Concepts::new();
    let mut persons: HashMap<String, u32> = HashMap::new();
    let mut events = Vec::new();
    for line in std::str::from_utf8(&text).unwrap().lines() {
        let encounter: serde_json::Value = serde_json::from_str(line).unwrap();
        let next = u32::try_from(persons.len()).unwrap();
        let who = encounter["subject"]["reference"].as_str().unwrap();
        let instant = |text: &serde_json::Value| {
            let text = text.as_str().unwrap();
            // every time of this file is in UTC
            assert!(text.ends_with("+00:00"), "{text}");
            let part = |at: usize| text[at..at + 2].parse::<i64>().unwrap();
            let seconds = part(11) * 3600 + part(14) * 60 + part(17);
            Moment::instant((day(text).day_number() * 86_400 + seconds) * 1_000_000)
        };
        events.push(Event {
            person: PersonId(*persons.entry(who.to_owned()).or_insert(next)),
            concept: concepts.of(encounter["class"]["code"].as_str().unwrap()),
            start: instant(&encounter["period"]["start"]),
            end: Some(instant(&encounter["period"]["end"])),
            value: None,
        });
    }
    let (events, _) = Events::new(vec![Person::default(); persons.len()], events);
    let mut definition = plain("IMP", &["IMP"]);
    definition.index.take = Take::Every;
    definition.index.at_end = true;
    definition.outcome.at_risk = Window { from: None, to: 30 };
    definition.outcome.incomplete = Incomplete::Negative;
    let expected = &reference()["stays"];
    let again = |definition: &Definition| {
        let cohort = select(&events, &concepts, definition).unwrap();
        let again = |m: &&Member| matches!(m.fate, Fate::Outcome(_));
        cohort.members.iter().filter(again).count()
    };
    assert_eq!(again(&definition), expected["again_by_date"]);
    definition.days = Days::Elapsed;
    let cohort = select(&events, &concepts, &definition).unwrap();
    assert_eq!(cohort.members.len(), expected["inpatient"]);
    assert_eq!(
        cohort.attrition.steps[0].persons,
        expected["persons"].as_u64().unwrap()
    );
    let again = again(&definition);
    assert_eq!(again, expected["again_elapsed"]);
    assert_eq!((cohort.members.len(), again), (286, 83));
}
