//! The bundled task: its files say what they should, without a run.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::{collections::BTreeMap, fs, path::Path, process::Command};

use autods_spec::{Kind, Launch, Role, Task};
use autods_tests::{SmallTask, bundled_task, note};

#[test]
fn it_declares_all_fifty_columns_with_labels() {
    let task = Task::read(&bundled_task()).unwrap();
    Launch::read(&bundled_task()).unwrap();
    let table = task.main_table().unwrap();
    assert_eq!(table.columns.len(), 50);
    assert!(table.columns.iter().all(|column| !column.label.is_empty()));
    assert_eq!(
        table
            .column("discharge_disposition_id")
            .unwrap()
            .codings
            .len(),
        30
    );
    assert_eq!(
        table.column("admission_source_id").unwrap().codings.len(),
        25
    );
    for name in ["diag_1", "diag_2", "diag_3"] {
        assert!(table.column(name).unwrap().label.contains("(ICD-9-CM)"));
    }
    let doses = ["No", "Down", "Steady", "Up"];
    let drugs = table
        .columns
        .iter()
        .filter(|c| c.kind == Kind::Ordinal && c.codings.iter().map(|k| k.code.as_str()).eq(doses));
    assert_eq!(drugs.count(), 23);
    assert_eq!(
        table
            .columns
            .iter()
            .filter(|c| c.role == Role::Predictor)
            .count(),
        47
    );
}

#[test]
fn the_small_task_of_the_other_tests_is_valid_too() {
    let place = tempfile::tempdir().unwrap();
    let small = SmallTask::new(1000, 3);
    let events = small.outcomes.iter().filter(|y| **y).count();
    assert!(
        (130..300).contains(&events),
        "{events} of 1000 rows have the outcome"
    );
    let directory = small.write(place.path());
    let task = Task::read(&directory).unwrap();
    Launch::read(&directory).unwrap();
    let csv = fs::read_to_string(directory.join("data/stays.csv")).unwrap();
    assert_eq!(csv.lines().count(), 1001);
    let columns: Vec<&str> = task
        .main_table()
        .unwrap()
        .columns
        .iter()
        .map(|c| c.name.as_str())
        .collect();
    assert_eq!(csv.lines().next().unwrap(), columns.join(","));
}

#[test]
fn its_dictionary_is_that_of_the_real_file() {
    let Some(data) = autods_tests::data("ehr/diabetes130") else {
        return;
    };
    let unpacked = Command::new("gzip")
        .arg("-dc")
        .arg(data.join("diabetic_data.csv.gz"))
        .output()
        .unwrap();
    let text = String::from_utf8(unpacked.stdout).unwrap();
    let task = Task::read(&bundled_task()).unwrap();
    let table = task.main_table().unwrap();
    let mut lines = text.lines();
    let header: Vec<&str> = lines.next().unwrap().split(',').collect();
    assert_eq!(
        header,
        table
            .columns
            .iter()
            .map(|c| c.name.as_str())
            .collect::<Vec<_>>()
    );
    for (number, line) in lines.enumerate() {
        for (column, value) in table.columns.iter().zip(line.split(',')) {
            let known = column.codings.is_empty()
                || table.missing.iter().any(|m| m == value)
                || column.codings.iter().any(|c| c.code == value);
            assert!(
                known,
                "line {}, column `{}`: a code that is not declared",
                number + 2,
                column.name
            );
        }
    }
}

#[test]
fn its_synthetic_cohort_has_the_shape_of_the_real_one() {
    let task = Task::read(&bundled_task()).unwrap();
    let text = task
        .synthetic
        .as_ref()
        .unwrap()
        .generate(&task, "encounters")
        .unwrap();
    let mut lines = text.lines();
    let header: Vec<&str> = lines.next().unwrap().split(',').collect();
    assert_eq!(header.len(), 50);
    let at = |name: &str| header.iter().position(|h| *h == name).unwrap();
    let (person, disposition, outcome) = (
        at("patient_nbr"),
        at("discharge_disposition_id"),
        at("readmitted"),
    );
    let mut people: BTreeMap<&str, u32> = BTreeMap::new();
    let (mut rows, mut events, mut dead) = (0_u32, 0_u32, 0_u32);
    for line in lines {
        let fields: Vec<&str> = line.split(',').collect();
        rows += 1;
        *people.entry(fields[person]).or_default() += 1;
        let happened = fields[outcome] == "<30";
        events += u32::from(happened);
        if ["11", "19", "20", "21"].contains(&fields[disposition]) {
            dead += 1;
            assert!(!happened, "the dead are not readmitted");
        }
    }
    assert_eq!(rows, 6400);
    assert!(
        (4300..4700).contains(&people.len()),
        "{} people",
        people.len()
    );
    let prevalence = f64::from(events) / f64::from(rows);
    assert!(
        (prevalence - 0.112).abs() < 0.012,
        "prevalence {prevalence}"
    );
    assert!((330..500).contains(&dead), "{dead} dead");
}

/// A ZIP archive with one stored file (APPNOTE 6.3, sections 4.3.7, 4.3.12, 4.3.16).
fn archive(name: &str, bytes: &[u8]) -> Vec<u8> {
    let crc = !bytes.iter().fold(!0_u32, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            (crc >> 1) ^ (0xedb8_8320 * (crc & 1))
        })
    });
    let (size, length) = (
        u32::try_from(bytes.len()).unwrap(),
        u16::try_from(name.len()).unwrap(),
    );
    let mut about = Vec::new();
    about.extend(20_u16.to_le_bytes()); // version needed
    about.extend([0; 8]); // flags, stored, time, date
    about.extend(crc.to_le_bytes());
    about.extend(size.to_le_bytes());
    about.extend(size.to_le_bytes());
    about.extend(length.to_le_bytes());
    about.extend([0; 2]); // no extra field
    let mut zip = b"PK\x03\x04".to_vec();
    zip.extend(&about);
    zip.extend(name.as_bytes());
    zip.extend(bytes);
    let directory = u32::try_from(zip.len()).unwrap();
    zip.extend(b"PK\x01\x02");
    zip.extend(20_u16.to_le_bytes()); // version made by
    zip.extend(&about);
    zip.extend([0; 14]); // no comment, disk 0, no attributes, offset 0
    zip.extend(name.as_bytes());
    let end = u32::try_from(zip.len()).unwrap();
    zip.extend(b"PK\x05\x06\0\0\0\0\x01\0\x01\0");
    zip.extend((end - directory).to_le_bytes());
    zip.extend(directory.to_le_bytes());
    zip.extend([0; 2]);
    zip
}

#[test]
fn its_download_refuses_any_other_file_and_leaves_what_was_there() {
    let place = tempfile::tempdir().unwrap();
    let script = place.path().join("download_data.sh");
    fs::copy(bundled_task().join("download_data.sh"), &script).unwrap();
    let fetch = |from: &Path| {
        let output = Command::new("bash")
            .arg(&script)
            .env("AUTODS_DOWNLOAD_URL", format!("file://{}", from.display()))
            .output()
            .unwrap();
        (
            output.status.success(),
            String::from_utf8(output.stderr).unwrap(),
        )
    };
    let wrong = place.path().join("wrong.zip");
    fs::write(
        &wrong,
        archive("diabetic_data.csv", b"not the published file\n"),
    )
    .unwrap();
    let junk = place.path().join("junk.zip");
    fs::write(&junk, "no archive at all").unwrap();

    if Command::new("curl").arg("--version").output().is_err() {
        note("SKIPPED: curl is not installed, and wget cannot fetch a file");
        return;
    }
    for (from, words) in [
        (&wrong, "not the published file"),
        (&junk, "there is no readable"),
        (&place.path().join("none.zip"), "the download failed"),
    ] {
        let (done, said) = fetch(from);
        assert!(!done && said.contains(words), "{said}");
        assert!(
            !place.path().join("data").exists(),
            "something was left behind"
        );
    }
    let data = place.path().join("data/diabetic_data.csv");
    fs::create_dir(place.path().join("data")).unwrap();
    fs::write(&data, "what was there\n").unwrap();
    assert!(!fetch(&wrong).0);
    assert_eq!(fs::read_to_string(&data).unwrap(), "what was there\n");
    assert_eq!(fs::read_dir(place.path().join("data")).unwrap().count(), 1);
}
