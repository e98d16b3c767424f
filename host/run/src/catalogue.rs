//! The catalogue: what agents may know about the data.

use autods_board::{Availability, Catalogue, Column, ColumnRole, Level, ValueKind};
use autods_privacy::{DisclosedProfile, Disclosure};
use autods_spec as spec;

use crate::cohort::Cohort;

/// The catalogue of a cohort, from its disclosure-controlled profile.
pub(crate) fn catalogue(
    cohort: &Cohort,
    profile: &DisclosedProfile,
    disclosure: &Disclosure,
) -> Catalogue {
    let columns = cohort
        .table
        .columns()
        .iter()
        .map(|column| {
            let seen = profile
                .columns
                .iter()
                .find(|c| c.column.name == column.name);
            let counted = |code: &str| {
                seen.and_then(|c| c.levels.iter().find(|l| l.code == code))
                    .and_then(|l| l.n)
            };
            let mut levels: Vec<Level> = column
                .codings
                .iter()
                .map(|c| Level {
                    code: c.code.clone(),
                    label: if c.label.is_empty() {
                        c.code.clone()
                    } else {
                        c.label.clone()
                    },
                    n: counted(&c.code),
                })
                .collect();
            // of the codes that the dictionary does not list, the profile names those that enough
            // rows have, even where their count is hidden
            if let Some(seen) = seen {
                for level in &seen.levels {
                    if !levels.iter().any(|l| l.code == level.code) {
                        levels.push(Level {
                            code: level.code.clone(),
                            label: level.label.clone(),
                            n: level.n,
                        });
                    }
                }
            }
            if !matches!(
                column.kind,
                spec::Kind::Category | spec::Kind::Ordinal | spec::Kind::Boolean
            ) {
                levels.clear();
            }
            Column {
                table: cohort.table.name().to_owned(),
                name: column.name.clone(),
                label: if column.label.is_empty() {
                    column.name.clone()
                } else {
                    column.label.clone()
                },
                kind: kind(column.kind),
                role: role(column.role),
                available: available(column.available),
                sensitive: column.sensitive,
                unit: column.unit.clone(),
                missing: seen.map_or(0.0, |c| c.missing),
                distinct: seen.and_then(|c| c.distinct),
                levels,
                quantiles: seen
                    .and_then(|c| c.quantiles)
                    .map(|q| q.to_vec())
                    .unwrap_or_default(),
                mean: seen.and_then(|c| c.mean),
                sd: seen.and_then(|c| c.sd),
            }
        })
        .collect();
    let subjects = cohort.subject.iter().max().map_or(0, |m| u64::from(*m) + 1);
    let events = cohort.outcome.iter().filter(|&&y| y).count() as u64;
    let shown = |n: u64| disclosure.count(n).unwrap_or(0);
    Catalogue {
        columns,
        rows: shown(cohort.outcome.len() as u64),
        subjects: shown(subjects),
        events: shown(events),
    }
}

fn kind(kind: spec::Kind) -> ValueKind {
    match kind {
        spec::Kind::Boolean => ValueKind::Boolean,
        spec::Kind::Integer => ValueKind::Integer,
        spec::Kind::Number => ValueKind::Number,
        spec::Kind::Category => ValueKind::Category,
        spec::Kind::Ordinal => ValueKind::Ordinal,
        spec::Kind::Date => ValueKind::Date,
        spec::Kind::Datetime => ValueKind::Datetime,
        spec::Kind::Text => ValueKind::Text,
        spec::Kind::Identifier => ValueKind::Identifier,
    }
}

pub(crate) fn role(role: spec::Role) -> ColumnRole {
    match role {
        spec::Role::Predictor => ColumnRole::Predictor,
        spec::Role::Outcome => ColumnRole::Outcome,
        spec::Role::Subject => ColumnRole::Subject,
        spec::Role::RecordId => ColumnRole::RecordId,
        spec::Role::Site => ColumnRole::Site,
        spec::Role::Time => ColumnRole::Time,
        spec::Role::Ignored => ColumnRole::Ignored,
    }
}

fn available(available: spec::Availability) -> Availability {
    match available {
        spec::Availability::BeforeIndex => Availability::BeforeIndex,
        spec::Availability::AtIndex => Availability::AtIndex,
        spec::Availability::AfterIndex => Availability::AfterIndex,
        spec::Availability::Unknown => Availability::Unknown,
    }
}
