//! A synthetic cohort has the shape that the task describes.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use autods_spec::Task;
use std::collections::BTreeMap;

fn cohort(task: &Task) -> Vec<BTreeMap<String, String>> {
    let text = task
        .synthetic
        .as_ref()
        .unwrap()
        .generate(task, &task.endpoint.table)
        .unwrap();
    let mut lines = text.lines();
    let header: Vec<String> = lines
        .next()
        .unwrap()
        .split(',')
        .map(str::to_owned)
        .collect();
    lines
        .map(|line| {
            header
                .iter()
                .cloned()
                .zip(line.split(',').map(str::to_owned))
                .collect()
        })
        .collect()
}

fn template() -> Task {
    // no commas inside values, so that a plain split reads it
    Task::parse(
        "TASK.md",
        &Task::template("task-example")
            .replace("-40)", "_40)")
            .replace("[18_40)", "a")
            .replace("[40-65)", "b")
            .replace("[65-90)", "c"),
    )
    .unwrap()
}

#[test]
fn the_cohort_has_the_rows_the_prevalence_and_the_columns_declared() {
    let task = template();
    let rows = cohort(&task);
    assert_eq!(rows.len(), 3000);
    let share = |test: &dyn Fn(&BTreeMap<String, String>) -> bool| {
        rows.iter().filter(|row| test(row)).count() as f64 / rows.len() as f64
    };
    assert!((share(&|row| row["outcome"] == "yes") - 0.15).abs() < 0.025);
    assert!((share(&|row| row["creatinine"] == "?") - 0.1).abs() < 0.02);
    assert!((share(&|row| row["discharge"] == "nursing") - 0.2).abs() < 0.03);
    let days: Vec<u32> = rows
        .iter()
        .map(|row| row["days"].parse().unwrap())
        .collect();
    assert!(days.iter().all(|d| (1..=30).contains(d)));
    let people: std::collections::BTreeSet<_> = rows.iter().map(|row| &row["person_id"]).collect();
    assert!((rows.len() as f64 / people.len() as f64 - 1.4).abs() < 0.1);
    let stays: std::collections::BTreeSet<_> = rows.iter().map(|row| &row["stay_id"]).collect();
    assert_eq!(stays.len(), rows.len());
}

#[test]
fn a_code_declared_never_never_has_the_outcome() {
    let rows = cohort(&template());
    let dead: Vec<_> = rows
        .iter()
        .filter(|row| row["discharge"] == "expired")
        .collect();
    assert!(dead.len() > 80);
    assert!(dead.iter().all(|row| row["outcome"] == "no"));
}

#[test]
fn effects_go_the_way_they_are_declared() {
    let rows = cohort(&template());
    let rate = |test: &dyn Fn(&BTreeMap<String, String>) -> bool| {
        let chosen: Vec<_> = rows.iter().filter(|row| test(row)).collect();
        chosen.iter().filter(|row| row["outcome"] == "yes").count() as f64 / chosen.len() as f64
    };
    let often = rate(&|row| row["earlier_stays"].parse::<u32>().unwrap() >= 3);
    let never = rate(&|row| row["earlier_stays"] == "0");
    assert!(often > never + 0.05, "{often} {never}");
}

#[test]
fn a_value_of_the_person_is_the_same_in_every_row() {
    let rows = cohort(&template());
    let mut sex = BTreeMap::new();
    for row in &rows {
        assert_eq!(
            sex.entry(&row["person_id"]).or_insert(&row["sex"]),
            &&row["sex"]
        );
    }
}

#[test]
fn the_same_seed_gives_the_same_text_and_another_seed_another() {
    let task = template();
    let synthetic = task.synthetic.clone().unwrap();
    let once = synthetic.generate(&task, "stays").unwrap();
    assert_eq!(once, synthetic.generate(&task, "stays").unwrap());
    let mut other = synthetic.clone();
    other.seed += 1;
    assert_ne!(once, other.generate(&task, "stays").unwrap());
    assert!(synthetic.generate(&task, "nothing").is_err());
}

#[test]
fn a_further_column_does_not_change_the_others() {
    let task = template();
    let mut wider = task.clone();
    let mut column = wider.data[0].columns[5].clone();
    column.name = "further".to_owned();
    wider.data[0].columns.insert(3, column);
    let (before, after) = (cohort(&task), cohort(&wider));
    for (before, after) in before.iter().zip(&after) {
        assert!(before.iter().all(|(name, value)| after[name] == *value));
    }
}
