//! What is shown of a profile tells nothing of a few.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::unimplemented
)]

mod common;

use autods_privacy::{DisclosedProfile, Disclosure};
use autods_table::{Coding, Column, Kind, profile};
use common::{column, data, read, single};
use proptest::prelude::*;

fn shown(column: Column, values: &[&str]) -> DisclosedProfile {
    Disclosure::default().profile(&profile(&single(column, values)).unwrap())
}

#[test]
fn a_code_of_few_rows_is_not_named_unless_the_dictionary_lists_it() {
    let values: Vec<&str> = ["common"]
        .repeat(80)
        .into_iter()
        .chain(["often"].repeat(30))
        .chain(["the mayor"].repeat(3))
        .collect();
    let open = shown(column("job", Kind::Category), &values);
    let levels: Vec<(&str, Option<u64>)> = open.columns[0]
        .levels
        .iter()
        .map(|level| (level.code.as_str(), level.n))
        .collect();
    assert_eq!(levels, [("common", Some(80)), ("often", None)]);
    assert_eq!(open.columns[0].unnamed_levels, 1);
    assert!(!serde_json_of(&open).contains("mayor"));

    let coding = Coding {
        code: "the mayor".to_owned(),
        label: "Mayor".to_owned(),
    };
    let listed = shown(
        Column {
            codings: vec![coding],
            ..column("job", Kind::Category)
        },
        &values,
    );
    assert_eq!(listed.columns[0].levels[0].label, "Mayor");
    assert_eq!(listed.columns[0].levels[0].n, None);
}

fn serde_json_of(profile: &DisclosedProfile) -> String {
    format!("{profile:?}")
}

#[test]
fn missing_rows_are_part_of_the_sum() {
    // 100 rows, 95 of one level, 5 missing: either number gives the other.
    let values: Vec<&str> = ["a"].repeat(95).into_iter().chain([""].repeat(5)).collect();
    let profile = shown(column("c", Kind::Category), &values);
    let c = &profile.columns[0];
    assert_eq!(c.levels[0].n, None);
    assert!(c.missing_hidden && c.missing == 0.0);
    let numbers: Vec<&str> = ["1", "2", "3", "4"]
        .repeat(25)
        .into_iter()
        .chain([""].repeat(5))
        .collect();
    let profile = shown(column("x", Kind::Integer), &numbers);
    let x = &profile.columns[0];
    assert!(x.missing_hidden);
    assert!(
        x.histogram.as_ref().unwrap().counts.contains(&None),
        "{:?}",
        x.histogram
    );
}

#[test]
fn a_small_table_shows_no_number_at_all() {
    let profile = shown(column("x", Kind::Number), &["1.5", "2.5", "7.25"]);
    let x = &profile.columns[0];
    assert_eq!(
        (profile.rows, x.distinct, x.mean, x.sd, x.quantiles),
        (None, None, None, None, None)
    );
    assert_eq!(x.histogram, None);
}

#[test]
fn the_mean_of_a_rare_yes_is_hidden() {
    let rare: Vec<&str> = ["0"]
        .repeat(500)
        .into_iter()
        .chain(["1"].repeat(3))
        .collect();
    assert_eq!(
        shown(column("x", Kind::Integer), &rare).columns[0].mean,
        None
    );
    let often: Vec<&str> = ["0"]
        .repeat(500)
        .into_iter()
        .chain(["1"].repeat(30))
        .collect();
    assert_eq!(
        shown(column("x", Kind::Integer), &often).columns[0].mean,
        Some(0.0566)
    );
}

#[test]
fn identifiers_text_and_dates_show_nothing_but_whether_they_are_there() {
    let values: Vec<String> = (0..300).map(|row| format!("p{row}")).collect();
    let values: Vec<&str> = values.iter().map(String::as_str).collect();
    for kind in [Kind::Identifier, Kind::Text] {
        let profile = shown(column("id", kind), &values);
        assert!(profile.columns[0].levels.is_empty() && profile.columns[0].distinct.is_none());
    }
}

#[test]
fn the_profile_of_diabetes_130_is_useful_and_shows_no_small_count() {
    let Some(csv) = data("ehr/diabetes130/diabetic_data.csv.gz") else {
        return;
    };
    let table = read(&csv, "?", |name| match name {
        "encounter_id" | "patient_nbr" => column(name, Kind::Identifier),
        _ if name.starts_with("num") || name == "time_in_hospital" => column(name, Kind::Integer),
        _ => column(name, Kind::Category),
    });
    let start = std::time::Instant::now();
    let raw = profile(&table).unwrap();
    println!("profiled in {:?}", start.elapsed());
    let shown = Disclosure::default().profile(&raw);
    assert_eq!(shown.rows, Some(101_766));
    let find = |name: &str| {
        shown
            .columns
            .iter()
            .find(|column| column.column.name == name)
            .unwrap()
    };
    assert_eq!(
        find("race")
            .levels
            .iter()
            .find(|level| level.code == "Caucasian")
            .unwrap()
            .n,
        Some(76_099)
    );
    assert_eq!(find("time_in_hospital").quantiles.unwrap()[2], 4.0);
    assert_eq!(find("time_in_hospital").mean, Some(4.396));
    assert!(find("diag_1").unnamed_levels > 100);
    assert!((find("weight").missing - 0.969).abs() < 1e-9);
    for column in &shown.columns {
        assert!(
            column
                .levels
                .iter()
                .filter_map(|level| level.n)
                .all(|n| n == 0 || n >= 11)
        );
        assert!(
            column
                .histogram
                .iter()
                .flat_map(|histogram| histogram.counts.iter().flatten())
                .all(|&n| n == 0 || n >= 11)
        );
    }
    println!("{} shown, {} hidden", shown.shown, shown.hidden);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_shown_of_a_category_gives_a_small_count_back(counts in prop::collection::vec(0_usize..40, 1..7)) {
        // The last count is that of missing rows.
        let codes = ["a", "b", "c", "d", "e", "f"];
        let missing = counts.len() - 1;
        let values: Vec<&str> = counts.iter().enumerate().flat_map(|(place, &n)| vec![if place == missing { "" } else { codes[place] }; n]).collect();
        let profile = shown(column("c", Kind::Category), &values);
        let Some(rows) = profile.rows.filter(|rows| *rows > 0) else { return Ok(()) };
        let c = &profile.columns[0];
        prop_assert!(c.levels.iter().filter_map(|level| level.n).all(|n| n == 0 || n >= 11));
        let hidden = c.levels.iter().filter(|level| level.n.is_none()).count() as u64 + c.unnamed_levels + u64::from(c.missing_hidden);
        let known: u64 = c.levels.iter().filter_map(|level| level.n).sum();
        let missing_known = if c.missing_hidden { 0 } else { (c.missing * rows as f64).round() as u64 };
        if hidden > 0 {
            prop_assert!(hidden >= 2);
            // What is left over could be one hidden count of eleven or more and the rest at their least.
            let rest = rows - known - missing_known;
            let everything = known == 0 && c.missing_hidden;
            prop_assert!(everything || rest - (hidden - 1) >= 11, "{} {}", rest, hidden);
        }
    }

    #[test]
    fn nothing_shown_of_a_number_is_a_small_count(values in prop::collection::vec(prop::option::weighted(0.9, -50_i64..50), 0..400)) {
        let texts: Vec<String> = values.iter().map(|value| value.map_or_else(String::new, |number| number.to_string())).collect();
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let profile = shown(column("x", Kind::Integer), &texts);
        let x = &profile.columns[0];
        let present = values.iter().flatten().count();
        if present < 220 {
            prop_assert_eq!(x.quantiles, None);
        }
        if let Some(histogram) = &x.histogram {
            prop_assert!(histogram.counts.iter().flatten().all(|&n| n == 0 || n >= 11));
            prop_assert_eq!(histogram.counts.len(), histogram.edges.len() + 1);
            let hidden = histogram.counts.iter().filter(|count| count.is_none()).count() + usize::from(x.missing_hidden);
            prop_assert!(hidden != 1);
        }
    }
}
