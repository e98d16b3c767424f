//! GiBleed, beside what pandas reads in it (`reference/reference.py`).
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::cast_precision_loss
)]

mod common;

use std::collections::BTreeSet;

use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int64Type};
use arrow_array::{Array, RecordBatch};
use autods_sdk::loader::{Fault, FaultCode, Job, Param, ValueKind};
use autods_sdk::params::param_text;
use autods_sdk::testkit::MemoryHost;
use common::{EVENT, METRICS, columns_of, file, gibleed, job, load};
use loader_omop::cdm::{self, Datatype, Versions};
use serde_json::Value;

fn reference() -> Value {
    serde_json::from_str(include_str!("reference/reference.json")).unwrap()
}

fn whole(rows: &RecordBatch, name: &str) -> Vec<Option<i64>> {
    let column = rows.column_by_name(name).unwrap();
    column.as_primitive::<Int64Type>().iter().collect()
}

fn texts<'r>(rows: &'r RecordBatch, name: &str) -> Vec<Option<&'r str>> {
    let column = rows.column_by_name(name).unwrap();
    column.as_string::<i32>().iter().collect()
}

/// A table with all of its columns and more, and the vocabulary beside it.
fn read(name: &str, more: &[&str], shard_bytes: u64) -> Option<(MemoryHost, RecordBatch)> {
    let text = gibleed(name)?;
    let concept = gibleed("concept")?;
    let mut columns = columns_of(name, std::str::from_utf8(&text).unwrap());
    columns.extend(
        more.iter()
            .map(|name| ((*name).to_owned(), ValueKind::Text)),
    );
    let columns: Vec<_> = columns
        .iter()
        .map(|(name, kind)| (name.as_str(), *kind))
        .collect();
    let job = job(name, &columns, Vec::new());
    let file = format!("{}.csv", name.to_uppercase());
    let (loaded, host) = load(
        &job,
        shard_bytes,
        &[("concept.csv", concept), (&file, text)],
    );
    loaded.unwrap();
    let rows = host.table(name).unwrap();
    Some((host, rows))
}

#[test]
fn tables_and_their_quality_are_those_of_the_reference() {
    for (name, expected) in reference()["tables"].as_object().unwrap() {
        let Some((host, rows)) = read(name, &[], 500_000) else {
            return;
        };
        assert_eq!(rows.num_rows() as u64, expected["rows"].as_u64().unwrap());
        for (column, expected) in expected["columns"].as_object().unwrap() {
            let found = rows.column_by_name(column).unwrap();
            let nulls = expected["nulls"].as_u64().unwrap();
            assert_eq!(found.null_count() as u64, nulls, "{name} {column}");
            let Some(sum) = expected.get("sum").and_then(Value::as_f64) else {
                continue;
            };
            let found = match found.as_primitive_opt::<Int64Type>() {
                Some(whole) => whole.iter().flatten().sum::<i64>() as f64,
                None => found.as_primitive::<Float64Type>().iter().flatten().sum(),
            };
            assert!((found - sum).abs() <= 1e-9 * sum.abs(), "{name} {column}");
        }
        for (metric, expected) in expected["quality"].as_object().unwrap() {
            assert!(METRICS.contains(&metric.as_str()));
            let found = host.total(metric);
            assert_eq!(found, expected.as_f64().unwrap(), "{name} {metric}");
        }
        assert_eq!(host.total("records"), rows.num_rows() as f64);
    }
}

#[test]
fn the_vocabulary_names_as_many_concepts_as_in_the_reference() {
    for (name, prefix) in [
        ("condition_occurrence", "condition"),
        ("drug_era", "drug"),
        ("measurement", "measurement"),
    ] {
        let more = [
            format!("{prefix}_concept_name"),
            format!("{prefix}_domain"),
            format!("{prefix}_vocabulary"),
            format!("{prefix}_concept_code"),
        ];
        let more: Vec<&str> = more.iter().map(String::as_str).collect();
        let Some((_, rows)) = read(name, &more, 1 << 20) else {
            return;
        };
        let expected = reference()["tables"][name]["concepts-with-name"].as_u64();
        for column in &more {
            let there = rows.num_rows() - rows.column_by_name(column).unwrap().null_count();
            assert_eq!(Some(there as u64), expected, "{column}");
        }
        let ids = whole(&rows, &format!("{prefix}_concept_id"));
        let celecoxib = ids.iter().position(|id| *id == Some(1_118_084));
        if let Some(row) = celecoxib {
            let row: Vec<_> = more.iter().map(|name| texts(&rows, name)[row]).collect();
            let expected = ["celecoxib", "Drug", "RxNorm", "140587"].map(Some);
            assert_eq!(row, expected);
        }
    }
}

/// Persons with a concept or a descendant of it, told by the rows of two tables of one job.
fn persons(table: &str, column: &str, concept: i64) -> Option<usize> {
    let columns = [
        ("person_id", ValueKind::Integer),
        (column, ValueKind::Integer),
    ];
    let ancestors = [
        ("ancestor_concept_id", ValueKind::Integer),
        ("descendant_concept_id", ValueKind::Integer),
    ];
    let job = Job {
        tables: vec![
            common::table(table, &columns),
            common::table("concept_ancestor", &ancestors),
        ],
        params: Vec::new(),
    };
    let file = format!("{table}.csv");
    let sources = [
        (file.as_str(), gibleed(table)?),
        ("concept_ancestor.csv", gibleed("concept_ancestor")?),
    ];
    let (loaded, host) = load(&job, 1 << 20, &sources);
    loaded.unwrap();
    let ancestors = host.table("concept_ancestor").unwrap();
    let pairs = whole(&ancestors, "ancestor_concept_id")
        .into_iter()
        .zip(whole(&ancestors, "descendant_concept_id"));
    let below: BTreeSet<_> = pairs
        .filter_map(|(above, below)| (above == Some(concept)).then_some(below))
        .collect();
    let rows = host.table(table).unwrap();
    let rows = whole(&rows, "person_id")
        .into_iter()
        .zip(whole(&rows, column));
    let persons: BTreeSet<_> = rows
        .filter_map(|(person, id)| below.contains(&id).then_some(person))
        .collect();
    Some(persons.len())
}

#[test]
fn cohorts_by_descendants_have_their_known_sizes() {
    for (table, column, concept, known) in [
        ("condition_occurrence", "condition_concept_id", 192_671, 479),
        ("drug_era", "drug_concept_id", 1_118_084, 1844),
        ("drug_era", "drug_concept_id", 1_124_300, 850),
    ] {
        let Some(found) = persons(table, column, concept) else {
            return;
        };
        assert_eq!(found, known);
        let expected = reference()["cohorts"][format!("{table} {concept}")].as_u64();
        assert_eq!(Some(found as u64), expected);
    }
}

#[test]
fn events_are_the_records_of_their_tables() {
    let names = [
        "condition_occurrence",
        "drug_exposure",
        "procedure_occurrence",
        "measurement",
        "observation",
    ];
    let reference = reference();
    let mut sources = Vec::new();
    for name in names {
        let Some(text) = gibleed(name) else { return };
        sources.push((format!("{name}.csv"), text));
    }
    let sources: Vec<_> = sources
        .iter()
        .map(|(name, text)| (name.as_str(), text.clone()))
        .collect();
    let job = job("timeline", &EVENT, vec![param_text("rows", "events")]);
    let (loaded, host) = load(&job, 1 << 20, &sources);
    loaded.unwrap();
    let rows = host.table("timeline").unwrap();
    let count = |name: &str| reference["tables"][name]["rows"].as_u64().unwrap();
    let kinds = texts(&rows, "kind");
    let of_kind = |kind| kinds.iter().filter(|found| **found == Some(kind)).count() as u64;
    assert_eq!(of_kind("condition"), count("condition_occurrence"));
    assert_eq!(of_kind("medication-statement"), count("drug_exposure"));
    assert_eq!(of_kind("procedure"), count("procedure_occurrence"));
    assert_eq!(
        of_kind("observation"),
        count("measurement") + count("observation")
    );
    let ids: BTreeSet<_> = texts(&rows, "id").into_iter().collect();
    assert_eq!(ids.len(), rows.num_rows());
    for column in ["id", "person", "time", "code"] {
        assert_eq!(
            rows.column_by_name(column).unwrap().null_count(),
            0,
            "{column}"
        );
    }
}

/// What a file with that table's published header gives.
fn broken(table: &str, name: &str, params: Vec<Param>) -> Option<(Result<(), Fault>, MemoryHost)> {
    let text = file(&format!("omop/{table}.csv.gz"))?;
    let kind = if name.ends_with("datetime") {
        ValueKind::Datetime
    } else {
        ValueKind::Date
    };
    let (_, table) = table.split_once('/').unwrap();
    let job = job(table, &[(name, kind)], params);
    Some(load(&job, 100_000, &[(&format!("{table}.csv"), text)]))
}

#[test]
fn broken_headers_are_faults_that_say_where_and_the_log_what_they_may_mean() {
    let path = "gibleed_raw_header/person";
    let Some((loaded, host)) = broken(path, "birth_datetime", Vec::new()) else {
        return;
    };
    let fault = loaded.unwrap_err();
    assert_eq!(fault.code, FaultCode::Malformed);
    assert_eq!((fault.source, fault.line), (Some(0), Some(1)));
    assert_eq!((fault.column, fault.found), (Some(0), Some(6)));
    let expected = "person: field 6 of the header is no column of the model; \
                    it may mean birth_datetime";
    assert_eq!(host.messages(), [expected]);

    let path = "gibleed_raw_header/visit_occurrence";
    let (loaded, host) = broken(path, "visit_start_date", Vec::new()).unwrap();
    let fault = loaded.unwrap_err();
    assert_eq!(fault.code, FaultCode::MissingColumn);
    assert_eq!(
        (fault.line, fault.column, fault.found),
        (Some(1), Some(0), Some(4))
    );
    let messages = host.messages();
    let meant = [
        "visit_start_date",
        "visit_start_datetime",
        "visit_end_date",
        "visit_end_datetime",
    ];
    for (field, (message, meant)) in (4..).zip(messages.iter().zip(meant)) {
        assert!(message.contains(&format!("field {field} ")), "{message}");
        assert!(message.ends_with(&format!("may mean {meant}")), "{message}");
    }
    assert_eq!(messages.len(), 4);
}

#[test]
fn every_file_is_read_or_refused_at_its_header() {
    let Ok(files) = std::fs::read_dir(common::data().join("omop/gibleed")) else {
        // says so
        assert!(gibleed("person").is_none());
        return;
    };
    let mut refused = BTreeSet::new();
    let mut read = 0;
    for path in files {
        let name = path.unwrap().file_name().into_string().unwrap();
        let table = name.strip_suffix(".csv.gz").unwrap();
        let text = gibleed(table).unwrap();
        let known = cdm::table(table).and_then(|table| table.columns.first());
        let column = known.map_or("", |column| column.name);
        let job = job(table, &[(column, ValueKind::Identifier)], Vec::new());
        match load(&job, 1 << 20, &[(&name, text)]).0 {
            Ok(()) => read += 1,
            Err(fault) => {
                refused.insert((table.to_owned(), format!("{:?}", fault.code), fault.found));
            }
        }
    }
    let refused: Vec<_> = refused
        .iter()
        .map(|(table, code, at)| (&**table, &**code, *at))
        .collect();
    let expected = [
        ("cohort_attribute", "FaultCode::MissingInput", None),
        ("concept_hierarchy", "FaultCode::MissingInput", None),
        ("cost", "FaultCode::Malformed", Some(20)),
        ("vocabulary", "FaultCode::Malformed", Some(3)),
    ];
    assert_eq!(refused, expected);
    assert_eq!(read, 34);
}

#[test]
fn suggested_names_give_the_rows_of_the_mended_file() {
    for (table, name) in [
        ("person", "birth_datetime"),
        ("visit_occurrence", "visit_start_date"),
        ("visit_occurrence", "visit_end_datetime"),
    ] {
        let params = vec![param_text("header", "suggested")];
        let path = format!("gibleed_raw_header/{table}");
        let Some((loaded, host)) = broken(&path, name, params) else {
            return;
        };
        loaded.unwrap();
        let path = format!("gibleed/{table}");
        let (mended, other) = broken(&path, name, Vec::new()).unwrap();
        mended.unwrap();
        assert!(host.table(table).unwrap().num_rows() > 1000);
        assert_eq!(host.table(table), other.table(table));
    }
}

#[test]
fn the_vocabulary_of_another_distribution_is_read() {
    for name in [
        "concept_ancestor",
        "concept_relationship",
        "relationship",
        "concept_class",
    ] {
        let path = format!("terminology/omop_vocab_synthea/{name}_seed.csv.gz");
        let Some(text) = file(&path) else { return };
        let header = std::str::from_utf8(&text).unwrap();
        let records = header.trim_end().lines().count() - 1;
        let columns = columns_of(name, header);
        let columns: Vec<_> = columns
            .iter()
            .map(|(name, kind)| (name.as_str(), *kind))
            .collect();
        let job = job(name, &columns, Vec::new());
        let (loaded, host) = load(&job, 1 << 20, &[(&format!("{name}.csv"), text)]);
        loaded.unwrap();
        assert_eq!(host.table(name).unwrap().num_rows(), records, "{name}");
    }
}

#[test]
fn the_specification_is_that_of_another_implementation() {
    let mut found = Vec::new();
    for (version, name) in [(Versions::V53, "5.3"), (Versions::V54, "5.4")] {
        for table in cdm::tables().filter(|table| table.versions.meets(version)) {
            for column in table.columns(version) {
                let kind = match column.datatype {
                    Datatype::Integer => "integer",
                    Datatype::Float => "float",
                    Datatype::Date => "date",
                    Datatype::Datetime => "datetime",
                    Datatype::Text => "text",
                };
                let required = if table.requires(column, version) {
                    " required"
                } else {
                    ""
                };
                found.push(format!(
                    "{name} {} {} {kind}{required}",
                    table.name, column.name
                ));
            }
        }
    }
    let found: BTreeSet<&str> = found.iter().map(String::as_str).collect();
    let reference = reference();
    let expected = reference["specification"].as_array().unwrap();
    let expected: BTreeSet<&str> = expected.iter().map(|line| line.as_str().unwrap()).collect();
    // where 5.3.1, which it follows, is not 5.3: the type of a death, and the dates of eras
    let missing = expected.difference(&found);
    let missing: Vec<_> = missing
        .filter(|line| !line.starts_with("5.3 ") || !line.ends_with("_date datetime required"))
        .collect();
    assert_eq!(
        missing,
        [&"5.3 death death_type_concept_id integer required"]
    );
    let more: BTreeSet<_> = found
        .difference(&expected)
        .map(|line| line.split(' ').nth(1).unwrap())
        .collect();
    let own = [
        "attribute_definition",
        "cohort",
        "cohort_definition",
        "condition_era",
        "death",
        "dose_era",
        "drug_era",
    ];
    assert_eq!(more.into_iter().collect::<Vec<_>>(), own);
}
