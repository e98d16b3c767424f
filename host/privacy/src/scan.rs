//! Finding the columns that identify people.

use std::collections::BTreeMap;

use autods_table::{Codes, Column, Kind, Role, Table};
use serde::{Deserialize, Serialize};

use crate::class::{Action, Class, Evidence};
use crate::deidentify::Transform;
use crate::detect::shape::{Shape, shape};
use crate::detect::{age, name, postcode, when};
use crate::error::PrivacyError;
use crate::policy::Policy;
use crate::pseudonym::is_pseudonym;

/// A column that identifies people; never a value of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// The column.
    pub column: String,
    /// What kind of identifier it holds.
    pub class: Class,
    /// What says so, in a fixed order, each once.
    pub evidence: Vec<Evidence>,
    /// Rows concerned.
    pub rows: u64,
}

/// Find the identifiers of a table under the default policy.
///
/// # Errors
/// None that a sound table could cause.
pub fn scan(table: &Table) -> Result<Vec<Finding>, PrivacyError> {
    scan_with(table, &Policy::default())
}

/// Find the identifiers of a table. Every value of every column is looked at, not a sample.
/// Findings come in the order of columns, then of classes; a column may have several.
///
/// Some forms are proof wherever they stand, even once: e-mail, web, internet and hardware
/// addresses, telephone and social security numbers with their separators, dates, a title with a
/// name. Others (a bare number with a check digit, capitalised words) only count when nearly all
/// values have them. A name or label counts unless the values contradict it.
///
/// # Errors
/// None that a sound table could cause.
pub fn scan_with(table: &Table, policy: &Policy) -> Result<Vec<Finding>, PrivacyError> {
    let mut findings = Vec::new();
    for column in table.columns() {
        let cells = Cells::of(table, column)?;
        let mut found = Found {
            cells: &cells,
            classes: BTreeMap::new(),
        };
        declared(column, &mut found);
        named(column, &mut found);
        formed(column, &mut found);
        aged(column, policy, &mut found);
        unique(column, policy, &mut found);
        findings.extend(
            found
                .classes
                .into_iter()
                .map(|(class, (mut evidence, rows))| {
                    evidence.sort_unstable();
                    evidence.dedup();
                    Finding {
                        column: column.name.clone(),
                        class,
                        evidence,
                        rows,
                    }
                }),
        );
    }
    Ok(findings)
}

/// Find what is left of the identifiers of a table after its de-identification. A column that was
/// pseudonymised is accepted if every value has the form of a pseudonym, one whose dates were
/// shifted as far as its dates go. Everything else is found as in [`scan_with`]: the gate wants
/// nothing.
///
/// # Errors
/// None that a sound table could cause.
pub fn rescan(
    table: &Table,
    transforms: &[Transform],
    policy: &Policy,
) -> Result<Vec<Finding>, PrivacyError> {
    let mut findings = scan_with(table, policy)?;
    let mut settled: Vec<(&str, Option<Class>)> = Vec::new();
    for transform in transforms {
        match transform.action {
            Action::Pseudonymise => {
                let whole = table
                    .texts(&transform.column)
                    .is_ok_and(|mut texts| texts.all(|text| text.is_none_or(is_pseudonym)));
                if whole {
                    settled.push((&transform.column, None));
                }
            }
            Action::Shift => settled.push((&transform.column, Some(Class::Date))),
            Action::Cap | Action::Generalise | Action::Remove => {}
        }
    }
    findings.retain(|finding| {
        !settled.iter().any(|(column, class)| {
            *column == finding.column && class.is_none_or(|class| class == finding.class)
        })
    });
    Ok(findings)
}

/// The distinct values of a column and how many rows have each.
struct Cells {
    codes: Codes,
    counts: Vec<u64>,
    present: u64,
    distinct: u64,
    /// The form of each level; of columns stored as text only.
    shapes: Vec<Shape>,
    textual: bool,
}

impl Cells {
    fn of(table: &Table, column: &Column) -> Result<Self, PrivacyError> {
        let codes = table.codes(&column.name)?;
        let (counts, missing) = codes.counts();
        let textual = matches!(
            column.kind,
            Kind::Category | Kind::Ordinal | Kind::Text | Kind::Identifier
        );
        let shapes = if textual {
            codes.levels.iter().map(|level| shape(level)).collect()
        } else {
            Vec::new()
        };
        Ok(Self {
            present: table.rows() as u64 - missing,
            distinct: counts.iter().filter(|&&count| count > 0).count() as u64,
            codes,
            counts,
            shapes,
            textual,
        })
    }

    /// Rows whose form answers a question with yes.
    fn rows_shaped(&self, question: impl Fn(&Shape) -> bool) -> u64 {
        self.shapes
            .iter()
            .zip(&self.counts)
            .filter(|(shape, _)| question(shape))
            .map(|(_, count)| count)
            .sum()
    }

    /// Rows whose text answers a question with yes.
    fn rows_where(&self, question: impl Fn(&str) -> bool) -> u64 {
        self.codes
            .levels
            .iter()
            .zip(&self.counts)
            .filter(|(level, count)| **count > 0 && question(level))
            .map(|(_, count)| count)
            .sum()
    }

    fn share(&self, rows: u64) -> f64 {
        if self.present == 0 {
            0.0
        } else {
            rows as f64 / self.present as f64
        }
    }
}

struct Found<'a> {
    cells: &'a Cells,
    classes: BTreeMap<Class, (Vec<Evidence>, u64)>,
}

impl Found<'_> {
    fn add(&mut self, class: Class, evidence: Evidence, rows: u64) {
        let entry = self.classes.entry(class).or_default();
        entry.0.push(evidence);
        entry.1 = entry.1.max(rows);
    }
}

/// What the dictionary says outright.
fn declared(column: &Column, found: &mut Found<'_>) {
    let rows = found.cells.present;
    let own = name::class(&column.name)
        .or_else(|| name::class(&column.label))
        .filter(|class| !matches!(class, Class::FreeText | Class::Date | Class::ZipCode))
        .unwrap_or(Class::UniqueIdentifier);
    if matches!(column.role, Role::Subject | Role::RecordId) {
        found.add(own, Evidence::Role, rows);
    }
    match column.kind {
        Kind::Identifier => found.add(own, Evidence::Kind, rows),
        Kind::Date | Kind::Datetime => found.add(Class::Date, Evidence::Kind, rows),
        Kind::Text if !is_coded(found.cells) => found.add(Class::FreeText, Evidence::Kind, rows),
        _ => {}
    }
}

/// A text column that holds short codes, each of many rows: `text` was declared for want of a list
/// of codes, and nothing in it is free.
fn is_coded(cells: &Cells) -> bool {
    const LONGEST_CODE: usize = 16;
    const ROWS_PER_CODE: u64 = 20;
    cells.distinct * ROWS_PER_CODE <= cells.present
        && cells
            .codes
            .levels
            .iter()
            .zip(&cells.shapes)
            .all(|(level, shape)| level.len() <= LONGEST_CODE && shape.words <= 1)
}

/// What the name and the label say, unless the values contradict it.
fn named(column: &Column, found: &mut Found<'_>) {
    const LABEL_WORDS: usize = 4;
    let by_name = name::class(&column.name);
    let by_label = Some(&column.label)
        .filter(|label| **label != column.name && name::words(label).len() <= LABEL_WORDS)
        .and_then(|label| name::class(label));
    for (class, evidence) in [(by_name, Evidence::Name), (by_label, Evidence::Label)] {
        if let Some(class) = class {
            let rows = rows_that_bear(class, column, found.cells);
            if rows > 0 {
                found.add(class, evidence, rows);
            }
        }
    }
}

/// Rows whose values can be what the name says that they are.
fn rows_that_bear(class: Class, column: &Column, cells: &Cells) -> u64 {
    let whole = |text: &str| {
        text.parse::<f64>()
            .is_ok_and(|number| number.fract() == 0.0)
    };
    let by_kind = match column.kind {
        Kind::Boolean => 0,
        // A measurement, unless it says where somebody lives, or is a number that lost its kind.
        Kind::Number
            if class != Class::GeographicSubdivision && cells.rows_where(whole) < cells.present =>
        {
            0
        }
        _ => cells.present,
    };
    match class {
        _ if by_kind == 0 => 0,
        Class::ZipCode => cells.rows_where(|text| !postcode::is_general(text)),
        Class::Date if column.kind == Kind::Number => 0,
        // Yes and no to a question about it.
        _ if cells.textual && cells.distinct <= 3 && is_answer(cells) => 0,
        // A date of birth that is a band or a word is none.
        Class::Date if cells.textual => {
            let rows =
                cells.rows_where(|text| text.bytes().filter(u8::is_ascii_digit).count() >= 4);
            if cells.share(rows) >= 0.5 { rows } else { 0 }
        }
        _ => by_kind,
    }
}

fn is_answer(cells: &Cells) -> bool {
    cells.rows_where(|text| {
        !matches!(
            text.trim().to_ascii_lowercase().as_str(),
            "yes"
                | "no"
                | "y"
                | "n"
                | "true"
                | "false"
                | "0"
                | "1"
                | "unknown"
                | "none"
                | "t"
                | "f"
        )
    }) == 0
}

/// Asks something of the form of a value.
type Question = fn(&Shape) -> bool;

/// What the values look like.
fn formed(column: &Column, found: &mut Found<'_>) {
    const NEARLY_ALL: f64 = 0.95;
    const MOST: f64 = 0.8;
    /// Fewer values than this may have a form by chance.
    const ENOUGH: u64 = 5;
    let cells = found.cells;
    if !cells.textual {
        if column.kind == Kind::Integer && cells.present >= ENOUGH {
            let npi = cells.rows_where(crate::detect::checksum::npi);
            if cells.share(npi) >= NEARLY_ALL {
                found.add(Class::LicenceNumber, Evidence::Checksum, npi);
            }
            let card = cells.rows_where(crate::detect::checksum::card);
            if cells.share(card) >= NEARLY_ALL {
                found.add(Class::AccountNumber, Evidence::Checksum, card);
            }
        }
        return;
    }
    let proof: [(Class, Question); 7] = [
        (Class::EmailAddress, |shape| shape.email),
        (Class::Url, |shape| shape.url),
        (Class::IpAddress, |shape| shape.ip),
        (Class::DeviceIdentifier, |shape| shape.mac),
        (Class::TelephoneNumber, |shape| shape.phone),
        (Class::SocialSecurityNumber, |shape| shape.ssn),
        (Class::Name, |shape| shape.titled_name),
    ];
    for (class, question) in proof {
        let rows = cells.rows_shaped(question);
        if rows > 0 {
            found.add(class, Evidence::Pattern, rows);
        }
    }
    if cells.rows_shaped(|shape| shape.ssn_in_range) > 0 {
        found.add(Class::SocialSecurityNumber, Evidence::Checksum, 0);
    }
    let dates = cells.rows_where(|text| when::parse(text).is_some());
    if dates > 0 {
        found.add(Class::Date, Evidence::Pattern, dates);
    }
    if cells.present < ENOUGH {
        return;
    }
    let (npi, card) = (
        cells.rows_shaped(|shape| shape.npi),
        cells.rows_shaped(|shape| shape.card),
    );
    if cells.share(npi) >= NEARLY_ALL {
        found.add(Class::LicenceNumber, Evidence::Checksum, npi);
    }
    if cells.share(card) >= NEARLY_ALL {
        found.add(Class::AccountNumber, Evidence::Checksum, card);
    }
    let uuid = cells.rows_shaped(|shape| shape.uuid);
    if cells.share(uuid) >= MOST {
        found.add(Class::UniqueIdentifier, Evidence::Pattern, uuid);
    }
    let zip = cells.rows_shaped(|shape| shape.zip_plus_four);
    if cells.share(zip) >= MOST {
        found.add(Class::ZipCode, Evidence::Pattern, zip);
    }
    let people = cells.rows_shaped(|shape| shape.person);
    let undeclared = cells.codes.declared == 0;
    if undeclared
        && cells.share(people) >= MOST
        && cells.distinct >= 20
        && cells.distinct * 2 >= cells.present
    {
        found.add(Class::Name, Evidence::Pattern, people);
    }
    let wordy = cells.rows_shaped(|shape| shape.words >= 8);
    if undeclared && cells.share(wordy) >= 0.5 {
        found.add(Class::FreeText, Evidence::Pattern, wordy);
    }
}

/// Ages above the cap.
fn aged(column: &Column, policy: &Policy, found: &mut Found<'_>) {
    let Some(per_year) = age::units_per_year(column) else {
        return;
    };
    let cap = f64::from(policy.age_cap);
    let over = |text: &str| match age::lower_end(text) {
        Some((age, false)) => age::is_over(age / per_year, cap),
        Some((lower, true)) => age::is_band_over(lower / per_year, cap),
        None => false,
    };
    let rows = match column.kind {
        Kind::Boolean | Kind::Date | Kind::Datetime => 0,
        _ => found.cells.rows_where(over),
    };
    if rows > 0 {
        found.add(Class::AgeOver89, Evidence::Range, rows);
    }
}

/// Columns in which (almost) every row has a value of its own.
fn unique(column: &Column, policy: &Policy, found: &mut Found<'_>) {
    /// Fewer rows than this may differ by chance.
    const ENOUGH: u64 = 20;
    let cells = found.cells;
    if cells.present < ENOUGH || !found.classes.keys().all(|class| *class == Class::AgeOver89) {
        return;
    }
    let share = cells.share(cells.distinct);
    let is_unique = match column.kind {
        Kind::Category | Kind::Ordinal | Kind::Text | Kind::Identifier => {
            // Numbers that were declared as codes are measurements more often than names.
            let numbers =
                cells.rows_where(|text| text.contains('.') && text.parse::<f64>().is_ok());
            share >= policy.unique_share && cells.share(numbers) < 0.5
        }
        Kind::Integer => {
            share >= policy.unique_share.max(0.95)
                && (name::ends_like_an_identifier(&column.name) || is_numbering(cells))
        }
        _ => false,
    };
    if is_unique {
        found.add(Class::UniqueIdentifier, Evidence::Uniqueness, cells.present);
    }
}

/// Whole numbers without gap or repetition: rows that were numbered.
fn is_numbering(cells: &Cells) -> bool {
    let numbers: Vec<i64> = cells
        .codes
        .levels
        .iter()
        .filter_map(|level| level.parse().ok())
        .collect();
    match (numbers.iter().min(), numbers.iter().max()) {
        (Some(least), Some(most)) => {
            cells.distinct == cells.present
                && most
                    .checked_sub(*least)
                    .and_then(|span| u64::try_from(span).ok())
                    == Some(cells.distinct - 1)
        }
        _ => false,
    }
}
