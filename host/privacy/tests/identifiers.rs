//! Identifiers are found, treated and gone; what is none is left alone.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::unimplemented
)]

mod common;

use std::collections::{BTreeMap, BTreeSet};

use arrow_array::cast::AsArray;
use arrow_array::types::{Date32Type, Int64Type};
use autods_privacy::{
    Action, Class, Deidentified, Evidence, Finding, Key, Policy, PrivacyError, deidentify, rescan,
    scan,
};
use autods_table::{Column, Kind, Role, Table};
use common::{column, data, read, role, single, table};
use proptest::prelude::*;

fn classes(findings: &[Finding]) -> Vec<(&str, Class)> {
    findings
        .iter()
        .map(|finding| (finding.column.as_str(), finding.class))
        .collect()
}

fn treated(table: Table, subject: &str) -> Deidentified {
    let findings = scan(&table).unwrap();
    let done = deidentify(
        table,
        subject,
        &findings,
        &Policy::default(),
        &Key::generate().unwrap(),
    )
    .unwrap();
    let left = rescan(&done.table, &done.transforms, &Policy::default()).unwrap();
    assert_eq!(left, [], "identifiers are left");
    done
}

fn texts(table: &Table, column: &str) -> Vec<Option<String>> {
    table
        .texts(column)
        .unwrap()
        .map(|text| text.map(str::to_owned))
        .collect()
}

/// How somebody who knows the data would declare the file with planted identifiers.
fn declared(name: &str) -> Column {
    match name {
        "subject" => role(name, Kind::Identifier, Role::Subject),
        "full_name" | "phone" | "ssn" | "free_text" => column(name, Kind::Text),
        "dob" => column(name, Kind::Date),
        "age" => column(name, Kind::Integer),
        "hba1c" => column(name, Kind::Number),
        "readmitted" => role(name, Kind::Boolean, Role::Outcome),
        _ => column(name, Kind::Category),
    }
}

#[test]
fn every_planted_identifier_is_found_and_gone_afterwards() {
    let Some(csv) = data("phi/table_with_phi.csv") else {
        return;
    };
    let table = read(&csv, "", declared);
    let findings = scan(&table).unwrap();
    let columns: BTreeSet<&str> = findings
        .iter()
        .map(|finding| finding.column.as_str())
        .collect();
    let planted = [
        "subject",
        "full_name",
        "dob",
        "zip",
        "phone",
        "ssn",
        "free_text",
        "age",
    ];
    assert_eq!(columns, BTreeSet::from(planted));
    for expected in [
        ("full_name", Class::Name),
        ("dob", Class::Date),
        ("zip", Class::ZipCode),
        ("phone", Class::TelephoneNumber),
        ("ssn", Class::SocialSecurityNumber),
        ("free_text", Class::FreeText),
        ("age", Class::AgeOver89),
    ] {
        assert!(classes(&findings).contains(&expected), "{expected:?}");
    }

    let raw: Vec<String> = csv
        .lines()
        .skip(1)
        .map(|line| line.split(',').nth(1).unwrap().trim_matches('"').to_owned())
        .collect();
    let done = treated(table, "subject");
    let kept: Vec<&str> = done
        .table
        .columns()
        .iter()
        .map(|column| column.name.as_str())
        .collect();
    assert_eq!(
        kept,
        ["subject", "dob", "zip", "age", "hba1c", "readmitted"]
    );
    assert!(
        texts(&done.table, "zip")
            .iter()
            .flatten()
            .all(|zip| zip.len() == 3)
    );
    let ages = done.table.array("age").unwrap().as_primitive::<Int64Type>();
    assert!(
        ages.iter().flatten().all(|age| age <= 90) && ages.iter().flatten().any(|age| age == 90)
    );
    let report = format!("{:?} {:?}", findings, done.transforms);
    assert!(
        raw.iter().all(|name| !report.contains(name)),
        "a finding or transform holds a value"
    );
}

#[test]
fn planted_identifiers_are_found_even_if_nothing_is_declared() {
    let Some(csv) = data("phi/table_with_phi.csv") else {
        return;
    };
    let table = read(&csv, "", |name| column(name, Kind::Category));
    let findings = scan(&table).unwrap();
    let columns: BTreeSet<&str> = findings
        .iter()
        .map(|finding| finding.column.as_str())
        .collect();
    let planted = [
        "subject",
        "full_name",
        "dob",
        "zip",
        "phone",
        "ssn",
        "free_text",
        "age",
    ];
    assert_eq!(columns, BTreeSet::from(planted));
    treated(table, "subject");
}

#[test]
fn planted_identifiers_are_found_under_meaningless_names() {
    let Some(csv) = data("phi/table_with_phi.csv") else {
        return;
    };
    let (header, rows) = csv.split_once('\n').unwrap();
    let renamed: Vec<String> = (0..header.split(',').count())
        .map(|field| format!("v{field}"))
        .collect();
    let table = read(&format!("{}\n{rows}", renamed.join(",")), "", |name| {
        column(name, Kind::Category)
    });
    let findings = scan(&table).unwrap();
    // v3 is a ZIP code and v7 an age: five and two digits say nothing by themselves.
    for expected in [
        ("v0", Class::UniqueIdentifier),
        ("v1", Class::Name),
        ("v2", Class::Date),
        ("v4", Class::TelephoneNumber),
        ("v5", Class::SocialSecurityNumber),
        ("v6", Class::Name),
    ] {
        assert!(
            classes(&findings).contains(&expected),
            "{expected:?} in {findings:?}"
        );
    }
}

/// The columns of Diabetes 130 that hold whole numbers to count or measure.
const COUNTS: [&str; 8] = [
    "time_in_hospital",
    "num_lab_procedures",
    "num_procedures",
    "num_medications",
    "number_outpatient",
    "number_emergency",
    "number_inpatient",
    "number_diagnoses",
];

#[test]
fn diabetes_130_has_two_identifiers_and_no_others() {
    let Some(csv) = data("ehr/diabetes130/diabetic_data.csv.gz") else {
        return;
    };
    let ids = [
        ("encounter_id", Class::UniqueIdentifier),
        ("patient_nbr", Class::MedicalRecordNumber),
    ];
    let counts = |name: &str| {
        if COUNTS.contains(&name) {
            Kind::Integer
        } else {
            Kind::Category
        }
    };
    let with_roles = read(&csv, "?", |name| match name {
        "encounter_id" => role(name, Kind::Identifier, Role::RecordId),
        "patient_nbr" => role(name, Kind::Identifier, Role::Subject),
        "readmitted" => role(name, Kind::Category, Role::Outcome),
        _ => column(name, counts(name)),
    });
    assert_eq!(with_roles.rows(), 101_766);
    let start = std::time::Instant::now();
    assert_eq!(classes(&scan(&with_roles).unwrap()), ids);
    println!("scanned in {:?}", start.elapsed());

    let numbers = read(&csv, "?", |name| match name {
        "encounter_id" | "patient_nbr" => column(name, Kind::Integer),
        "admission_type_id" | "discharge_disposition_id" | "admission_source_id" => {
            column(name, Kind::Integer)
        }
        "diag_1" | "diag_2" | "diag_3" => column(name, Kind::Text),
        _ => column(name, counts(name)),
    });
    assert_eq!(
        classes(&scan(&numbers).unwrap()),
        ids,
        "without roles, with codes as numbers and text"
    );

    let rows = with_roles.rows();
    let start = std::time::Instant::now();
    let done = treated(with_roles, "patient_nbr");
    println!("treated in {:?}", start.elapsed());
    assert_eq!(done.table.columns().len(), 50);
    assert!(
        done.transforms
            .iter()
            .all(|transform| transform.action == Action::Pseudonymise
                && transform.rows == rows as u64)
    );
    assert_eq!(
        autods_table::subject_index(&done.table, "patient_nbr")
            .unwrap()
            .iter()
            .max(),
        Some(&71_517)
    );
}

#[test]
fn one_address_among_many_codes_is_found() {
    for (value, class) in [
        ("mary@example.org", Class::EmailAddress),
        ("https://example.org/mary", Class::Url),
        ("192.0.2.77", Class::IpAddress),
        ("call (555) 978-4581", Class::TelephoneNumber),
        ("078-05-1120", Class::SocialSecurityNumber),
        ("2001-02-03", Class::Date),
        ("per Dr. House", Class::Name),
        ("00:1B:44:11:3A:B7", Class::DeviceIdentifier),
    ] {
        let mut values = ["Up", "Down", "Steady", "No"].repeat(100);
        values.push(value);
        let findings = scan(&single(column("insulin", Kind::Category), &values)).unwrap();
        assert_eq!(classes(&findings), [("insulin", class)], "{value}");
        assert_eq!(findings[0].rows, 1);
    }
}

#[test]
fn a_name_counts_unless_the_values_contradict_it() {
    let flags = single(
        column("email", Kind::Category),
        &["yes", "no", "yes"].repeat(20),
    );
    assert_eq!(scan(&flags).unwrap(), []);
    let general = single(column("zip", Kind::Category), &["021", "019"].repeat(20));
    assert_eq!(scan(&general).unwrap(), []);
    let numbers = single(
        column("phone", Kind::Integer),
        &["5559784581", "5558569091"].repeat(20),
    );
    assert_eq!(
        classes(&scan(&numbers).unwrap()),
        [("phone", Class::TelephoneNumber)]
    );
    let labelled = single(
        Column {
            label: "Patient's home address".to_owned(),
            ..column("v17", Kind::Category)
        },
        &["Elm 1", "Oak 2"].repeat(20),
    );
    let findings = scan(&labelled).unwrap();
    assert_eq!(classes(&findings), [("v17", Class::GeographicSubdivision)]);
    assert_eq!(findings[0].evidence, [Evidence::Label]);
}

#[test]
fn numbers_with_check_digits_are_told_from_numbers_without() {
    let npi: Vec<String> = (100_000_000_u32..100_000_040)
        .map(|stem| {
            let stem = stem.to_string();
            (0..10)
                .map(|digit| format!("{stem}{digit}"))
                .find(|number| luhn(&format!("80840{number}")))
                .unwrap()
        })
        .collect();
    let values: Vec<&str> = npi.iter().map(String::as_str).collect();
    let findings = scan(&single(column("v1", Kind::Integer), &values)).unwrap();
    assert_eq!(classes(&findings), [("v1", Class::LicenceNumber)]);
    let plain: Vec<String> = (0..40)
        .map(|row| (1_000_000_000_u64 + row * 7_919).to_string())
        .collect();
    let values: Vec<&str> = plain.iter().map(String::as_str).collect();
    assert_eq!(
        scan(&single(column("platelets", Kind::Integer), &values)).unwrap(),
        []
    );
}

fn luhn(digits: &str) -> bool {
    let sum: u32 = digits
        .chars()
        .rev()
        .map(|digit| digit.to_digit(10).unwrap())
        .enumerate()
        .map(|(place, digit)| {
            if place % 2 == 0 {
                digit
            } else {
                digit * 2 / 10 + digit * 2 % 10
            }
        })
        .sum();
    sum.is_multiple_of(10)
}

#[test]
fn row_numbers_are_identifiers_and_measurements_are_not() {
    let numbers: Vec<String> = (1..=50).map(|row| row.to_string()).collect();
    let values: Vec<&str> = numbers.iter().map(String::as_str).collect();
    assert_eq!(
        classes(&scan(&single(column("v1", Kind::Integer), &values)).unwrap()),
        [("v1", Class::UniqueIdentifier)]
    );
    let measured: Vec<String> = (1..=50).map(|row| (row * row).to_string()).collect();
    let values: Vec<&str> = measured.iter().map(String::as_str).collect();
    assert_eq!(
        scan(&single(column("platelets", Kind::Integer), &values)).unwrap(),
        []
    );
    assert_eq!(
        classes(&scan(&single(column("kit_nbr", Kind::Integer), &values)).unwrap()),
        [("kit_nbr", Class::UniqueIdentifier)]
    );
}

#[test]
fn ages_over_89_become_90_and_bands_stay() {
    let whole = table(
        vec![
            role("subject", Kind::Identifier, Role::Subject),
            column("age", Kind::Integer),
            column("age_years", Kind::Number),
            Column {
                unit: Some("mo".to_owned()),
                ..column("age_at_visit", Kind::Integer)
            },
            column("age_band", Kind::Ordinal),
            column("gestational_age", Kind::Integer),
            column("dosage", Kind::Integer),
        ],
        &[
            vec!["a", "b", "c"],
            vec!["95", "89", "90"],
            vec!["94.5", "89.0", ""],
            vec!["1140", "1068", "1080"],
            vec!["[90-100)", "95-99", "[80-90)"],
            vec!["280", "270", "260"],
            vec!["500", "100", "95"],
        ],
    );
    let findings = scan(&whole).unwrap();
    assert_eq!(
        classes(&findings),
        [
            ("subject", Class::UniqueIdentifier),
            ("age", Class::AgeOver89),
            ("age_years", Class::AgeOver89),
            ("age_at_visit", Class::AgeOver89),
            ("age_band", Class::AgeOver89),
        ]
    );
    assert!(
        findings[1..].iter().all(|finding| finding.rows == 1),
        "{findings:?}"
    );
    let done = treated(whole, "subject");
    assert_eq!(done.table.numbers("age").unwrap(), [90.0, 89.0, 90.0]);
    assert_eq!(done.table.numbers("age_years").unwrap()[0], 90.0);
    assert_eq!(
        done.table.numbers("age_at_visit").unwrap(),
        [1080.0, 1068.0, 1080.0]
    );
    assert_eq!(
        texts(&done.table, "age_band"),
        ["[90-100)", "90+", "[80-90)"].map(|band| Some(band.to_owned()))
    );
    assert_eq!(done.table.numbers("dosage").unwrap(), [500.0, 100.0, 95.0]);
}

#[test]
fn subjects_keep_their_pseudonym_across_tables_and_lose_it_with_the_key() {
    let key = Key::generate().unwrap();
    let visits = table(
        vec![
            role("patient", Kind::Integer, Role::Subject),
            column("x", Kind::Integer),
        ],
        &[vec!["17", "18", "17", ""], vec!["1", "2", "3", "4"]],
    );
    let labs = table(
        vec![role("mrn", Kind::Identifier, Role::Subject)],
        &[vec!["18", "17"]],
    );
    let done = |table: &Table, subject: &str, key: &Key| {
        let findings = scan(table).unwrap();
        texts(
            &deidentify(table.clone(), subject, &findings, &Policy::default(), key)
                .unwrap()
                .table,
            subject,
        )
    };
    let (visits_, labs_) = (done(&visits, "patient", &key), done(&labs, "mrn", &key));
    assert_eq!(visits_[0], labs_[1]);
    assert_eq!(visits_[1], labs_[0]);
    assert_eq!(visits_[0], visits_[2]);
    assert_eq!(visits_[3], None);
    assert_ne!(visits_, done(&visits, "patient", &Key::generate().unwrap()));
}

#[test]
fn the_subject_is_pseudonymised_even_if_it_is_an_address_or_nothing_was_found() {
    let emails = table(
        vec![
            role("email", Kind::Category, Role::Subject),
            column("x", Kind::Integer),
        ],
        &[vec!["a@example.org", "b@example.org"], vec!["1", "2"]],
    );
    let done = treated(emails.clone(), "email");
    assert_eq!(done.table.columns().len(), 2);
    assert_eq!(done.transforms[0].class, Class::EmailAddress);
    let unasked = deidentify(
        emails,
        "email",
        &[],
        &Policy::default(),
        &Key::generate().unwrap(),
    )
    .unwrap();
    assert_eq!(unasked.transforms[0].action, Action::Pseudonymise);
}

#[test]
fn what_merely_looks_like_a_pseudonym_is_not_taken_for_one() {
    let fake = format!("p_{}", "0123456789abcdef".repeat(2));
    let values: Vec<String> = (0..30)
        .map(|row| format!("{}{row:02}", &fake[..32]))
        .collect();
    let values: Vec<&str> = values.iter().map(String::as_str).collect();
    let table = single(column("v1", Kind::Category), &values);
    assert_eq!(
        classes(&scan(&table).unwrap()),
        [("v1", Class::UniqueIdentifier)]
    );
    assert_eq!(rescan(&table, &[], &Policy::default()).unwrap().len(), 1);
}

#[test]
fn the_second_scan_finds_what_the_first_treatment_left() {
    let table = table(
        vec![
            role("subject", Kind::Identifier, Role::Subject),
            column("note", Kind::Text),
        ],
        &[vec!["a", "b"], vec!["call 555-978-4581", "fine"]],
    );
    let findings: Vec<Finding> = scan(&table)
        .unwrap()
        .into_iter()
        .filter(|finding| finding.column == "subject")
        .collect();
    let done = deidentify(
        table,
        "subject",
        &findings,
        &Policy::default(),
        &Key::generate().unwrap(),
    )
    .unwrap();
    let left = rescan(&done.table, &done.transforms, &Policy::default()).unwrap();
    assert_eq!(
        classes(&left),
        [("note", Class::TelephoneNumber), ("note", Class::FreeText)]
    );
}

#[test]
fn dates_written_as_text_keep_their_form_and_intervals() {
    let table = table(
        vec![
            role("subject", Kind::Identifier, Role::Subject),
            column("seen", Kind::Category),
            column("admitted", Kind::Date),
        ],
        &[
            vec!["a", "a", "b"],
            vec!["03/01/2020", "03/05/2020", "someday"],
            vec!["2020-03-01", "2020-03-05", "2020-03-09"],
        ],
    );
    let done = treated(table.clone(), "subject");
    let days = done
        .table
        .array("admitted")
        .unwrap()
        .as_primitive::<Date32Type>()
        .clone();
    assert_eq!(days.value(1) - days.value(0), 4);
    let before = table
        .array("admitted")
        .unwrap()
        .as_primitive::<Date32Type>()
        .value(0);
    assert!((1..=365).contains(&(days.value(0) - before).abs()));
    let seen = texts(&done.table, "seen");
    assert!(
        seen[0]
            .as_ref()
            .is_some_and(|text| text.len() == 10 && text.contains('/'))
    );
    assert_eq!(seen[2], None, "what cannot be read cannot be shifted");
    let transform = done
        .transforms
        .iter()
        .find(|transform| transform.column == "seen")
        .unwrap();
    assert_eq!(
        (transform.action, transform.rows, transform.emptied),
        (Action::Shift, 3, 1)
    );
}

#[test]
fn a_year_of_birth_goes_because_it_cannot_be_shifted() {
    let table = table(
        vec![
            role("subject", Kind::Identifier, Role::Subject),
            column("birth_year", Kind::Integer),
        ],
        &[vec!["a", "b"], vec!["1920", "1990"]],
    );
    let done = treated(table, "subject");
    assert_eq!(done.table.columns().len(), 1);
    assert_eq!(done.transforms[1].action, Action::Remove);
}

#[test]
fn policies_that_leave_a_class_readable_are_refused() {
    let mut policy = Policy::default();
    policy.actions.insert(Class::Name, Action::Cap);
    assert!(matches!(
        policy.check(),
        Err(PrivacyError::Policy { key: "actions", .. })
    ));
    policy.actions = BTreeMap::from([
        (Class::Date, Action::Remove),
        (Class::EmailAddress, Action::Pseudonymise),
    ]);
    policy.check().unwrap();
    for policy in [
        Policy {
            age_cap: 120,
            ..Policy::default()
        },
        Policy {
            date_shift_days: 0,
            ..Policy::default()
        },
        Policy {
            threshold: 1,
            ..Policy::default()
        },
        Policy {
            unique_share: f64::NAN,
            ..Policy::default()
        },
    ] {
        assert!(policy.check().is_err());
    }
}

#[test]
fn a_table_of_nothing_but_names_is_an_error() {
    let names = single(column("full_name", Kind::Text), &["A B", "C D"]);
    let findings = scan(&names).unwrap();
    assert!(findings.iter().all(|finding| finding.column == "full_name"));
    let unknown = deidentify(
        names,
        "subject",
        &findings,
        &Policy::default(),
        &Key::generate().unwrap(),
    );
    assert!(matches!(unknown, Err(PrivacyError::Table(_))));
}

#[test]
fn tables_without_rows_are_no_trouble() {
    let empty = table(
        vec![
            role("subject", Kind::Identifier, Role::Subject),
            column("age", Kind::Integer),
            column("dob", Kind::Date),
        ],
        &[vec![], vec![], vec![]],
    );
    assert_eq!(treated(empty, "subject").table.rows(), 0);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn shifting_keeps_the_intervals_of_each_subject(
        rows in prop::collection::vec((0_u32..5, -30_000_i64..30_000, -30_000_i64..30_000), 1..60),
        days in 1_u32..2000,
    ) {
        let epoch = jiff::civil::date(1970, 1, 1);
        let date = |day: i64| epoch.checked_add(jiff::Span::new().days(day)).unwrap().to_string();
        let subjects: Vec<String> = rows.iter().map(|row| row.0.to_string()).collect();
        let (first, second): (Vec<String>, Vec<String>) = rows.iter().map(|row| (date(row.1), date(row.2))).unzip();
        let owned = [subjects, first, second];
        let texts: Vec<Vec<&str>> = owned.iter().map(|texts| texts.iter().map(String::as_str).collect()).collect();
        let table = table(
            vec![role("s", Kind::Identifier, Role::Subject), column("a", Kind::Date), column("b", Kind::Date)],
            &texts,
        );
        let policy = Policy { date_shift_days: days, ..Policy::default() };
        let findings = scan(&table).unwrap();
        let done = deidentify(table, "s", &findings, &policy, &Key::generate().unwrap()).unwrap();
        let (a, b) = (done.table.numbers("a").unwrap(), done.table.numbers("b").unwrap());
        let mut offsets: BTreeMap<u32, f64> = BTreeMap::new();
        for (row, (a, b)) in rows.iter().zip(a.iter().zip(b)) {
            prop_assert_eq!(b - a, (row.2 - row.1) as f64);
            let offset = a - row.1 as f64;
            prop_assert!(offset != 0.0 && offset.abs() <= f64::from(days));
            prop_assert_eq!(*offsets.entry(row.0).or_insert(offset), offset);
        }
    }

    #[test]
    fn any_table_of_text_can_be_scanned_and_treated(
        rows in prop::collection::vec((0_u32..9, "\\PC{0,12}", "[0-9/@.:+-]{0,14}"), 1..40),
    ) {
        let owned: [Vec<String>; 3] = [
            rows.iter().map(|row| row.0.to_string()).collect(),
            rows.iter().map(|row| row.1.clone()).collect(),
            rows.iter().map(|row| row.2.clone()).collect(),
        ];
        let texts: Vec<Vec<&str>> = owned.iter().map(|texts| texts.iter().map(String::as_str).collect()).collect();
        let table = table(
            vec![role("s", Kind::Identifier, Role::Subject), column("age", Kind::Category), column("zip", Kind::Text)],
            &texts,
        );
        let findings = scan(&table).unwrap();
        let done = deidentify(table, "s", &findings, &Policy::default(), &Key::generate().unwrap()).unwrap();
        prop_assert_eq!(rescan(&done.table, &done.transforms, &Policy::default()).unwrap(), []);
    }
}
