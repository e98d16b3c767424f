//! The tasks of this repository are valid, and their synthetic cohorts can be made.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use autods_spec::{Launch, Role, Task};
use std::path::PathBuf;

fn tasks() -> Vec<PathBuf> {
    let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../tasks"));
    let entries = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    entries
        .filter(|path| path.join("TASK.md").is_file())
        .collect()
}

#[test]
fn every_task_is_valid_and_is_called_like_its_directory() {
    assert!(!tasks().is_empty());
    for path in tasks() {
        let task = Task::read(&path).unwrap_or_else(|e| panic!("{e}"));
        Launch::read(&path).unwrap_or_else(|e| panic!("{e}"));
        assert_eq!(task.name, path.file_name().unwrap().to_str().unwrap());
    }
}

#[test]
fn every_synthetic_cohort_has_both_outcomes_and_codes_of_its_dictionary_only() {
    for path in tasks() {
        let task = Task::read(&path).unwrap();
        let Some(synthetic) = &task.synthetic else {
            continue;
        };
        let text = synthetic.generate(&task, &task.endpoint.table).unwrap();
        let mut lines = text.lines();
        let header = lines.next().unwrap().split(',').count();
        let source = task.main_table().unwrap();
        assert_eq!(header, source.columns.len());
        let outcome = source
            .columns
            .iter()
            .position(|column| column.role == Role::Outcome)
            .unwrap();
        let (mut rows, mut events) = (0, 0);
        for line in lines {
            // no code of these tasks holds a comma inside quotes but bands, which are quoted whole
            let fields: Vec<&str> = line.split(',').collect();
            assert_eq!(fields.len(), header, "{line}");
            rows += 1;
            events += u32::from(
                task.endpoint
                    .positive
                    .iter()
                    .any(|code| code == fields[outcome]),
            );
        }
        assert_eq!(rows, synthetic.rows);
        let share = f64::from(events) / f64::from(rows);
        assert!((share - synthetic.prevalence).abs() < 0.02, "{share}");
    }
}

#[test]
fn the_readmission_task_declares_the_published_columns() {
    let path = PathBuf::from(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../tasks/task-readmission-risk"
    ));
    let task = Task::read(&path).unwrap();
    assert_eq!(task.main_table().unwrap().columns.len(), 50);
    assert_eq!(
        task.column("discharge_disposition_id")
            .unwrap()
            .label_of("11"),
        "Expired"
    );
    let codes = |name: &str| -> Vec<String> {
        let codings = &task.column(name).unwrap().codings;
        codings.iter().map(|coding| coding.code.clone()).collect()
    };
    // words that YAML 1.1 took for truth values and for nothing
    assert!(codes("insulin").contains(&"No".to_owned()));
    assert!(codes("max_glu_serum").contains(&"None".to_owned()));
    assert!(
        task.population.exclude.is_empty(),
        "the agents have to find the dead themselves"
    );
}
