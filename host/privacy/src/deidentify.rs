//! Making people unrecognisable.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{Date32Type, Float64Type, Int64Type, TimestampMicrosecondType};
use arrow_array::{
    Array, ArrayRef, Date32Array, Float64Array, Int64Array, StringArray, TimestampMicrosecondArray,
};
use autods_table::{Codes, Column, Kind, Role, Table};
use serde::{Deserialize, Serialize};

use crate::class::{Action, Class};
use crate::detect::{age, postcode, when};
use crate::error::PrivacyError;
use crate::key::Key;
use crate::policy::Policy;
use crate::pseudonym::{offset, pseudonym};
use crate::scan::Finding;

/// What was done with a column.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transform {
    /// The column.
    pub column: String,
    /// The class of identifier that called for it; of several, the one with the strongest action.
    pub class: Class,
    /// What was done.
    pub action: Action,
    /// Rows whose value was changed or dropped.
    pub rows: u64,
    /// Of these, rows that have no value now because theirs could not be read as what it was
    /// taken for. A removed column counts none.
    pub emptied: u64,
}

/// A table without identifiers and what was done to it.
#[derive(Clone, Debug)]
pub struct Deidentified {
    /// The table; removed columns are gone, pseudonymised ones are identifiers stored as text.
    pub table: Table,
    /// One for each column that was treated, in the table's order.
    pub transforms: Vec<Transform>,
}

/// Treat every finding as the policy says. `subject` is the column that says whose row it is:
/// dates move by one offset for each subject, so that intervals between the dates of one person
/// stay what they were, in this table and in every other that is treated with the same key.
/// Subjects get the same pseudonym in every table too. Rows without a subject get an offset of
/// their own.
///
/// The subject's column, and every other with the role of a subject or record, is pseudonymised
/// whether or not there is a finding.
///
/// # Errors
/// [`PrivacyError::Policy`]; [`PrivacyError::NothingLeft`]; [`PrivacyError::Table`] if `subject` or
/// a finding names a column that the table does not have.
pub fn deidentify(
    table: Table,
    subject: &str,
    findings: &[Finding],
    policy: &Policy,
    key: &Key,
) -> Result<Deidentified, PrivacyError> {
    policy.check()?;
    let role = |column: &Column| {
        if column.name == subject {
            Role::Subject
        } else {
            column.role
        }
    };
    table.position(subject)?;
    let mut plan: BTreeMap<usize, (Action, Class)> = BTreeMap::new();
    for (position, column) in table.columns().iter().enumerate() {
        if matches!(role(column), Role::Subject | Role::RecordId) {
            plan.insert(position, (Action::Pseudonymise, Class::UniqueIdentifier));
        }
    }
    for finding in findings {
        let position = table.position(&finding.column)?;
        let column = &table.columns()[position];
        let own = matches!(role(column), Role::Subject | Role::RecordId);
        let action = fitting(policy.action_for(finding.class, role(column)), column.kind);
        match plan.get_mut(&position) {
            Some(planned) if own && planned.1 == Class::UniqueIdentifier => {
                planned.1 = finding.class
            }
            Some(planned) if own || planned.0 >= action => {}
            _ => drop(plan.insert(position, (action, finding.class))),
        }
    }
    if plan.len() == table.columns().len()
        && plan.values().all(|(action, _)| *action == Action::Remove)
    {
        return Err(PrivacyError::NothingLeft {
            table: table.name().to_owned(),
        });
    }

    let offsets = Offsets::of(&table, subject, policy, key)?;
    let mut transforms = Vec::with_capacity(plan.len());
    let mut removed = Vec::new();
    let mut columns = table.columns().to_vec();
    let mut arrays = table.batch().columns().to_vec();
    for (position, (action, class)) in plan {
        let column = columns[position].clone();
        let array = Arc::clone(&arrays[position]);
        let changed = match action {
            Action::Remove => {
                removed.push(column.name.clone());
                Changed {
                    rows: (array.len() - array.null_count()) as u64,
                    emptied: 0,
                    column,
                    array,
                }
            }
            Action::Pseudonymise => {
                pseudonymised(&table, column.clone(), purpose(role(&column), class), key)?
            }
            Action::Generalise => generalised(&table, column)?,
            Action::Shift => shifted(column, array, &offsets),
            Action::Cap => capped(column, array, policy),
        };
        transforms.push(Transform {
            column: changed.column.name.clone(),
            class,
            action,
            rows: changed.rows,
            emptied: changed.emptied,
        });
        columns[position] = changed.column;
        arrays[position] = changed.array;
    }
    let treated = Table::new(table.name(), columns, arrays)?;
    let table = if removed.is_empty() {
        treated
    } else {
        treated.without(&removed)?
    };
    Ok(Deidentified { table, transforms })
}

/// Subjects and records have one code each wherever they turn up; everything else is kept apart
/// by class.
fn purpose(role: Role, class: Class) -> &'static str {
    match role {
        Role::Subject => "subject",
        Role::RecordId => "record-id",
        _ => class.as_str(),
    }
}

/// An action that the column's kind allows; where it does not, the column goes.
fn fitting(action: Action, kind: Kind) -> Action {
    match (action, kind) {
        (Action::Shift, Kind::Boolean | Kind::Integer | Kind::Number)
        | (Action::Cap | Action::Generalise, Kind::Boolean | Kind::Date | Kind::Datetime) => {
            Action::Remove
        }
        _ => action,
    }
}

struct Changed {
    column: Column,
    array: ArrayRef,
    rows: u64,
    emptied: u64,
}

/// By how many days the dates of each row move.
struct Offsets(Vec<i32>);

impl Offsets {
    fn of(table: &Table, subject: &str, policy: &Policy, key: &Key) -> Result<Self, PrivacyError> {
        let codes = table.codes(subject)?;
        let days = policy.date_shift_days;
        let by_level: Vec<i32> = codes
            .levels
            .iter()
            .map(|level| offset(key, level, days))
            .collect();
        let nobody = |row: usize| offset(key, &format!("\0row {row}"), days);
        let rows = codes.rows.iter().enumerate();
        Ok(Self(
            rows.map(|(row, &code)| {
                by_level
                    .get(code as usize)
                    .copied()
                    .unwrap_or_else(|| nobody(row))
            })
            .collect(),
        ))
    }
}

/// Another text for each level of a column; nothing where there is none.
fn by_level(codes: &Codes, text: impl Fn(&str) -> Option<String>) -> (StringArray, u64) {
    let levels: Vec<Option<String>> = codes.levels.iter().map(|level| text(level)).collect();
    let mut emptied = 0;
    let rows = codes
        .rows
        .iter()
        .map(|&code| {
            let level = levels.get(code as usize)?;
            emptied += u64::from(level.is_none());
            level.as_deref()
        })
        .collect();
    (rows, emptied)
}

fn pseudonymised(
    table: &Table,
    column: Column,
    purpose: &str,
    key: &Key,
) -> Result<Changed, PrivacyError> {
    let codes = table.codes(&column.name)?;
    let (texts, _) = by_level(&codes, |level| Some(pseudonym(key, purpose, level)));
    Ok(Changed {
        rows: (texts.len() - texts.null_count()) as u64,
        emptied: 0,
        column: Column {
            kind: Kind::Identifier,
            codings: Vec::new(),
            missing: Vec::new(),
            unit: None,
            ..column
        },
        array: Arc::new(texts),
    })
}

fn generalised(table: &Table, column: Column) -> Result<Changed, PrivacyError> {
    let codes = table.codes(&column.name)?;
    let (texts, emptied) = by_level(&codes, postcode::generalised);
    let kept: u64 = codes
        .levels
        .iter()
        .zip(codes.counts().0)
        .filter(|(level, _)| postcode::generalised(level).as_ref() == Some(*level))
        .map(|(_, count)| count)
        .sum();
    Ok(Changed {
        rows: (texts.len() - texts.null_count()) as u64 + emptied - kept,
        emptied,
        column: Column {
            kind: Kind::Category,
            codings: Vec::new(),
            missing: Vec::new(),
            unit: None,
            ..column
        },
        array: Arc::new(texts),
    })
}

fn shifted(column: Column, array: ArrayRef, offsets: &Offsets) -> Changed {
    const MICROS: i64 = 86_400_000_000;
    let days = offsets.0.iter().copied();
    let present = (array.len() - array.null_count()) as u64;
    let array: ArrayRef = match column.kind {
        Kind::Date => Arc::new(
            array
                .as_primitive::<Date32Type>()
                .iter()
                .zip(days)
                .map(|(day, shift)| day?.checked_add(shift))
                .collect::<Date32Array>(),
        ),
        Kind::Datetime => Arc::new(
            array
                .as_primitive::<TimestampMicrosecondType>()
                .iter()
                .zip(days)
                .map(|(moment, shift)| moment?.checked_add(MICROS * i64::from(shift)))
                .collect::<TimestampMicrosecondArray>(),
        ),
        _ => Arc::new(
            array
                .as_string::<i32>()
                .iter()
                .zip(days)
                .map(|(text, shift)| when::shift(text?, shift))
                .collect::<StringArray>(),
        ),
    };
    let emptied = present - (array.len() - array.null_count()) as u64;
    // A list of dates as codes would say what they were.
    let codings = Vec::new();
    Changed {
        column: Column { codings, ..column },
        array,
        rows: present,
        emptied,
    }
}

fn capped(column: Column, array: ArrayRef, policy: &Policy) -> Changed {
    let per_year = age::units_per_year(&column).unwrap_or(1.0);
    let (cap, instead) = (f64::from(policy.age_cap), f64::from(policy.age_cap + 1));
    let mut rows = 0;
    let mut over = |age: f64, band: bool| {
        let over = if band {
            age::is_band_over(age / per_year, cap)
        } else {
            age::is_over(age / per_year, cap)
        };
        rows += u64::from(over);
        over
    };
    let array: ArrayRef = match column.kind {
        Kind::Integer => {
            let instead = (instead * per_year).ceil() as i64;
            Arc::new(
                array
                    .as_primitive::<Int64Type>()
                    .iter()
                    .map(|age| {
                        age.map(|age| {
                            if over(age as f64, false) {
                                instead
                            } else {
                                age
                            }
                        })
                    })
                    .collect::<Int64Array>(),
            )
        }
        Kind::Number => Arc::new(
            array
                .as_primitive::<Float64Type>()
                .iter()
                .map(|age| {
                    age.map(|age| {
                        if over(age, false) {
                            instead * per_year
                        } else {
                            age
                        }
                    })
                })
                .collect::<Float64Array>(),
        ),
        _ => Arc::new(
            array
                .as_string::<i32>()
                .iter()
                .map(|text| {
                    let text = text?;
                    Some(match age::lower_end(text) {
                        Some((age, false)) if over(age, false) => (instead * per_year).to_string(),
                        Some((lower, true)) if over(lower, true) => {
                            format!("{}+", instead * per_year)
                        }
                        _ => text.to_owned(),
                    })
                })
                .collect::<StringArray>(),
        ),
    };
    Changed {
        column,
        array,
        rows,
        emptied: 0,
    }
}
