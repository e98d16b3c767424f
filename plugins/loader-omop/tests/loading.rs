//! What small tables give, however they are cut, and how bad ones are reported.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use autods_sdk::loader::{Fault, FaultCode, Job, Loader, ValueKind};
use autods_sdk::params::{param_flag, param_integer, param_text};
use autods_sdk::testkit::MemoryHost;
use common::{EVENT, METRICS, cells, host, job, load, table};
use loader_omop::OmopLoader;
use proptest::prelude::*;

const CONDITIONS: &str = concat!(
    "Condition_Occurrence_Id,PERSON_ID,condition_concept_id,condition_start_date,",
    "condition_start_datetime,condition_end_date,condition_type_concept_id,condition_source_value\r\n",
    "1,10,192671,2010-02-28,2010-02-28 23:59:59,2010-02-27,32020,K92.2\r\n",
    "\r\n",
    "2,10,0,20100301,,,32020,\"a \"\"b\"\",\nc\"\n",
    "2,11,77,,,,0,",
);

const CONCEPTS: &str = "concept_id\tconcept_name\tdomain_id\tvocabulary_id\tconcept_class_id\t\
    standard_concept\tconcept_code\tvalid_start_date\tvalid_end_date\tinvalid_reason\n\
    0\tNo matching concept\tMetadata\tNone\tUndefined\t\tNo matching concept\t19700101\t20991231\t\n\
    192671\tGastrointestinal \"hemorrhage\"\tCondition\tSNOMED\tClinical Finding\tS\t74474003\t20020131\t20991231\t\n\
    32020\tEHR encounter diagnosis\tType Concept\tCondition Type\tCondition Type\tS\tOMOP4822159\t19700101\t20991231\tD\n\
    8840\tmilligram per deciliter\tUnit\tUCUM\tUnit\tS\tmg/dL\t19700101\t20991231\t\n\
    77\tSomething\tObservation\tSNOMED\tClinical Finding\tS\t1\t20020131\t20991231\t\n";

const COLUMNS: [(&str, ValueKind); 6] = [
    ("person_id", ValueKind::Identifier),
    ("condition_start_date", ValueKind::Date),
    ("condition_start_datetime", ValueKind::Datetime),
    ("condition_source_value", ValueKind::Text),
    ("condition_concept_name", ValueKind::Text),
    ("condition_domain", ValueKind::Category),
];

fn conditions(columns: &[(&str, ValueKind)]) -> Job {
    job("condition_occurrence", columns, Vec::new())
}

fn sources(text: &str) -> Vec<(&'static str, Vec<u8>)> {
    vec![
        ("condition_occurrence.csv", text.into()),
        ("CONCEPT.csv", CONCEPTS.into()),
    ]
}

fn rows(host: &MemoryHost, name: &str) -> Vec<Vec<String>> {
    let rows = cells(&host.table(name).unwrap()).into_iter();
    rows.map(|row| {
        let cells = row.into_iter();
        cells.map(|cell| cell.unwrap_or("-".to_owned())).collect()
    })
    .collect()
}

fn fault(job: &Job, sources: &[(&str, Vec<u8>)]) -> Fault {
    load(job, 1, sources).0.unwrap_err()
}

#[test]
fn records_have_the_vocabulary_beside_them() {
    let (loaded, host) = load(&conditions(&COLUMNS), u64::MAX, &sources(CONDITIONS));
    loaded.unwrap();
    assert_eq!(
        rows(&host, "condition_occurrence"),
        [
            [
                "10",
                "day 14668",
                "second 1267401599",
                "K92.2",
                "Gastrointestinal \"hemorrhage\"",
                "Condition"
            ],
            [
                "10",
                "day 14669",
                "-",
                "a \"b\",\nc",
                "No matching concept",
                "Metadata"
            ],
            ["11", "-", "-", "-", "Something", "Observation"],
        ]
    );
    let found = METRICS.map(|name| (name, host.total(name)));
    let expected = [
        ("records", 3.0),
        ("is-required", 1.0),
        ("cdm-datatype", 0.0),
        ("is-primary-key", 1.0),
        ("primary-key-unchecked", 0.0),
        ("is-foreign-key", 0.0),
        ("fk-domain", 1.0),
        ("is-standard-valid-concept", 2.0),
        ("standard-concept-record-completeness", 2.0),
        ("source-concept-record-completeness", 0.0),
        ("source-value-completeness", 1.0),
        ("plausible-value-low", 0.0),
        ("plausible-value-high", 0.0),
        ("plausible-temporal-after", 1.0),
    ];
    assert_eq!(found, expected);
    // a count is of its column, where the dictionary has it
    let required = host.posted().into_iter().find(|metric| {
        metric.name == "is-required" && metric.column == Some(1) && metric.value > 0.0
    });
    assert!(required.is_some());
}

#[test]
fn what_only_the_vocabulary_can_tell_is_not_posted_without_it() {
    let job = conditions(&COLUMNS[..1]);
    let of_vocabulary = ["is-foreign-key", "fk-domain", "is-standard-valid-concept"];
    for (files, expected) in [(1, 0), (2, 3)] {
        let (loaded, host) = load(&job, u64::MAX, &sources(CONDITIONS)[..files]);
        loaded.unwrap();
        let posted = host.posted().into_iter();
        let posted = posted.filter(|metric| of_vocabulary.contains(&metric.name.as_str()));
        assert_eq!(posted.count(), expected);
    }
}

#[test]
fn several_tables_and_several_files_of_one_are_read_together() {
    let person = "person_id,gender_concept_id,year_of_birth,race_concept_id,ethnicity_concept_id\n";
    let tables = ["person", "condition_occurrence"];
    let job = Job {
        tables: tables.map(|name| table(name, &COLUMNS[..1])).to_vec(),
        params: vec![param_integer("latest-year", 2010)],
    };
    let mut all = sources(CONDITIONS);
    all.push(("person_1.csv", person.into()));
    all.push(("person_2.csv", format!("{person}1,0,1849,0,0\n").into()));
    all.push(("PERSON_3.CSV", format!("{person}1,0,2011,0,0\n").into()));
    let (loaded, host) = load(&job, 1, &all);
    loaded.unwrap();
    assert_eq!(rows(&host, "person"), [["1"], ["1"]]);
    assert_eq!(
        rows(&host, "condition_occurrence"),
        [["10"], ["10"], ["11"]]
    );
    // one in each table, in other files and other shards
    assert_eq!(host.total("is-primary-key"), 2.0);
    assert_eq!(host.total("plausible-value-low"), 1.0);
    assert_eq!(host.total("plausible-value-high"), 1.0);
}

#[test]
fn a_table_may_have_another_name_in_the_task() {
    let mut job = job("diagnoses", &COLUMNS[..1], Vec::new());
    assert_eq!(
        fault(&job, &sources(CONDITIONS)).code,
        FaultCode::MissingInput
    );
    job.params.push(param_text("table", "condition_occurrence"));
    let (loaded, host) = load(&job, 1, &sources(CONDITIONS));
    loaded.unwrap();
    assert_eq!(rows(&host, "diagnoses").len(), 3);
}

#[test]
fn measurements_become_events_with_ucum_units() {
    let text = "measurement_id,person_id,measurement_concept_id,measurement_date,\
                measurement_type_concept_id,operator_concept_id,value_as_number,\
                value_as_concept_id,unit_concept_id,unit_source_value,visit_occurrence_id\n\
                5,10,192671,2010-03-01,32020,4171756,1.5,0,8840,mgdl,7\n\
                6,10,0,2010-03-01,32020,4172703,,77,0,mgdl,\n";
    let job = job("t", &EVENT, vec![param_text("rows", "events")]);
    let sources = [
        ("measurement.csv", text.into()),
        ("concept.csv", CONCEPTS.into()),
    ];
    let (loaded, host) = load(&job, u64::MAX, &sources);
    loaded.unwrap();
    let system = "https://fhir-terminology.ohdsi.org";
    let time = "second 1267401600";
    assert_eq!(
        rows(&host, "t"),
        [
            [
                "measurement/5",
                "observation",
                "10",
                "7",
                time,
                "-",
                system,
                "192671",
                "Gastrointestinal \"hemorrhage\"",
                "1.5",
                "<",
                "-",
                "mg/dL",
                "-"
            ],
            [
                "measurement/6",
                "observation",
                "10",
                "-",
                time,
                "-",
                "-",
                "-",
                "-",
                "-",
                "-",
                "77",
                "mgdl",
                "-"
            ],
        ]
    );
}

#[test]
fn a_header_is_held_to_the_model() {
    let job = conditions(&[("condition_start_date", ValueKind::Date)]);
    let with = |from: &str, to: &str| sources(&CONDITIONS.replacen(from, to, 1));
    let found = fault(
        &job,
        &with("condition_start_date,", "condition_strat_date,"),
    );
    assert_eq!(found.code, FaultCode::MissingColumn);
    assert_eq!((found.source, found.line), (Some(0), Some(1)));
    assert_eq!((found.column, found.found), (Some(0), Some(4)));
    let found = fault(&job, &with("PERSON_ID", "condition_start_date"));
    assert_eq!(found.code, FaultCode::DuplicateColumn);
    assert_eq!((found.column, found.found), (Some(0), Some(4)));
    let unknown = with("condition_source_value", "favourite_colour");
    let found = fault(&job, &unknown);
    assert_eq!((found.code, found.found), (FaultCode::Malformed, Some(8)));
    let mut lenient = job.clone();
    lenient.params.push(param_text("header", "lenient"));
    assert!(load(&lenient, 1, &unknown).0.is_ok());
    lenient.params = vec![param_text("header", "suggested")];
    assert_eq!(fault(&lenient, &unknown).code, FaultCode::Malformed);
    let renamed = with("condition_start_date,", "condition_strat_date,");
    let (loaded, host) = load(&lenient, 1, &renamed);
    loaded.unwrap();
    assert_eq!(rows(&host, "condition_occurrence").len(), 3);
    let found = fault(
        &conditions(&[("nothing", ValueKind::Text)]),
        &sources(CONDITIONS),
    );
    assert_eq!(
        (found.code, found.column),
        (FaultCode::MissingColumn, Some(0))
    );
    assert_eq!(fault(&job, &sources("")).code, FaultCode::EmptyInput);
    let found = fault(&job, &[("patients.csv", CONDITIONS.into())]);
    assert_eq!(
        (found.code, found.source),
        (FaultCode::MissingInput, Some(0))
    );
    let found = fault(&conditions(&COLUMNS), &sources(CONDITIONS)[..1]);
    assert_eq!(
        (found.code, found.column),
        (FaultCode::MissingInput, Some(4))
    );
    let mut of_54 = job.clone();
    of_54.params = vec![param_text("cdm", "6.0")];
    let found = fault(&of_54, &sources(CONDITIONS));
    assert_eq!(found.code, FaultCode::ParameterOutOfRange);
}

#[test]
fn faults_in_records_name_line_and_column_and_no_value() {
    let job = conditions(&[
        ("condition_concept_id", ValueKind::Integer),
        ("condition_start_date", ValueKind::Date),
    ]);
    let with = |from: &str, to: &str| sources(&CONDITIONS.replacen(from, to, 1));
    for (from, to, code, line, column) in [
        (",77,", ",7.7,", FaultCode::InvalidValue, 6, Some(0)),
        ("20100301", "20100231", FaultCode::InvalidValue, 4, Some(1)),
        (",77,", ",77,,", FaultCode::RaggedRecord, 6, None),
        ("c\"\n", "c\n", FaultCode::UnterminatedQuote, 4, None),
    ] {
        let found = fault(&job, &with(from, to));
        let place = (found.code, found.source, found.line, found.column);
        assert_eq!(place, (code, Some(0), Some(line), column), "{to}");
    }
    let mut strict = job.clone();
    strict.params.push(param_flag("strict", true));
    let found = fault(&strict, &sources(CONDITIONS));
    let place = (found.code, found.line, found.column);
    assert_eq!(place, (FaultCode::InvalidValue, Some(6), Some(1)));
    let of_type = with("2010-02-27", "27.02.2010");
    let (loaded, host) = load(&job, 1, &of_type);
    loaded.unwrap();
    assert_eq!(host.total("cdm-datatype"), 1.0);
    let found = fault(&strict, &of_type);
    assert_eq!((found.line, found.column), (Some(2), None));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn any_cutting_gives_the_same_rows_and_counts(
        records in prop::collection::vec(
            (0..9_u8, 0..3_u8, prop_oneof!["[a-z\"\n,é]{0,6}", Just(String::new())], any::<bool>()),
            0..30,
        ),
        shard_bytes in prop_oneof![Just(1_u64), 1..400_u64],
    ) {
        let mut text = CONDITIONS.lines().next().unwrap().to_owned();
        for (id, concept, source, carriage) in records {
            let quoted = source.replace('"', "\"\"");
            let end = if carriage { "\r\n" } else { "\n\n" };
            let concept = ["0", "77", "192671"][concept as usize];
            text += &format!("{end}{id},1,{concept},2010-01-0{id},,2010-01-05,0,\"{quoted}\"");
        }
        let mut job = conditions(&COLUMNS);
        job.tables[0].columns.remove(1);
        let (whole, all) = load(&job, u64::MAX, &sources(&text));
        let (cut, parts) = load(&job, shard_bytes, &sources(&text));
        prop_assert_eq!(whole, cut);
        prop_assert_eq!(all.table("condition_occurrence"), parts.table("condition_occurrence"));
        for name in METRICS {
            prop_assert_eq!(all.total(name), parts.total(name), "{}", name);
        }
    }

    #[test]
    fn damaged_files_give_rows_or_a_fault_but_no_panic(
        changes in prop::collection::vec((0..2000_usize, any::<u8>(), 0..3_u8), 1..8),
        in_concepts in any::<bool>(),
        events in any::<bool>(),
        shard_bytes in 1..500_u64,
    ) {
        let mut bytes = [CONDITIONS, CONCEPTS].map(|text| text.as_bytes().to_vec());
        let damaged = &mut bytes[usize::from(in_concepts)];
        for (at, byte, how) in changes {
            let at = at % damaged.len();
            match how {
                0 => damaged[at] = byte,
                1 => damaged.insert(at, byte),
                _ => drop(damaged.remove(at)),
            }
        }
        let [conditions, concepts] = bytes;
        let mut job = job("condition_occurrence", if events { &EVENT } else { &COLUMNS }, Vec::new());
        job.params.push(param_text("rows", if events { "events" } else { "records" }));
        let sources = [("condition_occurrence.csv", conditions), ("concept.csv", concepts)];
        if let Err(fault) = load(&job, shard_bytes, &sources).0 {
            prop_assert!(fault.source.is_some());
        }
    }

    #[test]
    fn random_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..300), shard_bytes in 1..99_u64) {
        for name in ["person.csv", "person.tsv"] {
            let job = job("person", &[("person_id", ValueKind::Integer)], Vec::new());
            let host = host(&job).source(name, bytes.clone());
            if let Ok(shards) = OmopLoader::plan(&job, shard_bytes, &host) {
                for shard in shards {
                    let _ = OmopLoader::load(&job, &shard, &host);
                }
            }
        }
    }
}
