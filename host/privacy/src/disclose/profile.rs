//! What agents and reports may know about a table.

use autods_table::{Column, ColumnProfile, Kind, Level, Profile, QUANTILES};
use serde::{Deserialize, Serialize};

use super::Disclosure;
use super::rates::{coarse, rounded};

/// The profile of a table, disclosure-controlled. Holds no count from 1 to below the threshold,
/// nothing from which one could be computed, and no extreme value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DisclosedProfile {
    /// The table.
    pub table: String,
    /// Its rows; absent below the threshold.
    pub rows: Option<u64>,
    /// The threshold.
    pub threshold: u64,
    /// Its columns, in order.
    pub columns: Vec<DisclosedColumn>,
    /// Counts that are shown.
    pub shown: u64,
    /// Counts that are hidden.
    pub hidden: u64,
}

/// The profile of a column, disclosure-controlled.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DisclosedColumn {
    /// What the dictionary says about it.
    pub column: Column,
    /// Share of rows without a value, 0 to 1, rounded to 0.001; where that is hidden, 0 or 1,
    /// whichever is nearer.
    pub missing: f64,
    /// Whether the share is hidden.
    pub missing_hidden: bool,
    /// Distinct values; absent for identifiers, free text and dates, and in tables below the
    /// threshold.
    pub distinct: Option<u64>,
    /// Levels of a category: those that the dictionary lists, and others of which enough rows are.
    pub levels: Vec<DisclosedLevel>,
    /// Further levels, which are not named because too few rows have them.
    pub unnamed_levels: u64,
    /// 5th, 25th, 50th, 75th, 95th percentile of a number, to four digits; absent where too few
    /// rows lie beyond one of them.
    pub quantiles: Option<[f64; 5]>,
    /// Mean of a number, to four digits.
    pub mean: Option<f64>,
    /// Standard deviation of a number, to four digits.
    pub sd: Option<f64>,
    /// Distribution of a number.
    pub histogram: Option<DisclosedHistogram>,
}

/// A level of a category.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DisclosedLevel {
    /// The code.
    pub code: String,
    /// What a person calls it.
    pub label: String,
    /// Rows; absent where hidden.
    pub n: Option<u64>,
}

/// Rows by bins, joined until none is small.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DisclosedHistogram {
    /// Ascending edges, at least one.
    pub edges: Vec<f64>,
    /// Rows below the first edge, between the edges, from the last edge on; absent where hidden.
    pub counts: Vec<Option<u64>>,
}

impl Disclosure {
    /// The part of a profile that may be shown.
    #[must_use]
    pub fn profile(&self, profile: &Profile) -> DisclosedProfile {
        let mut columns: Vec<DisclosedColumn> = profile
            .columns
            .iter()
            .map(|column| self.column(column, profile.rows))
            .collect();
        if self.count(profile.rows).is_none() {
            // Too few people for any number at all.
            columns.iter_mut().for_each(withhold);
        }
        let counts = |column: &DisclosedColumn, wanted: bool| -> u64 {
            let levels = column.levels.iter().map(|level| level.n.is_some());
            let bins = column
                .histogram
                .iter()
                .flat_map(|histogram| histogram.counts.iter().map(Option::is_some));
            let named = levels
                .chain(bins)
                .chain([!column.missing_hidden])
                .filter(|shown| *shown == wanted)
                .count() as u64;
            if wanted {
                named
            } else {
                named + column.unnamed_levels
            }
        };
        DisclosedProfile {
            table: profile.table.clone(),
            rows: self.count(profile.rows),
            threshold: self.threshold,
            shown: columns.iter().map(|column| counts(column, true)).sum(),
            hidden: columns.iter().map(|column| counts(column, false)).sum(),
            columns,
        }
    }

    fn column(&self, column: &ColumnProfile, rows: u64) -> DisclosedColumn {
        let present = rows.saturating_sub(column.missing);
        let kind = column.column.kind;
        let (levels, unnamed_levels, histogram, missing_hidden) = match kind {
            Kind::Boolean | Kind::Category | Kind::Ordinal => {
                let (levels, unnamed, missing_hidden) = self.levels(&column.levels, column.missing);
                (levels, unnamed, None, missing_hidden)
            }
            Kind::Integer | Kind::Number => {
                let (histogram, missing_hidden) = self.histogram(column, present);
                (Vec::new(), 0, histogram, missing_hidden)
            }
            Kind::Date | Kind::Datetime | Kind::Text | Kind::Identifier => (
                Vec::new(),
                0,
                None,
                self.counts(&[column.missing, present])[0].is_none(),
            ),
        };
        let share = if rows == 0 {
            0.0
        } else {
            column.missing as f64 / rows as f64
        };
        // With two values, mean and standard deviation are a share in other words.
        let tells =
            column.distinct <= 2 && column.rarest.is_some_and(|rarest| self.is_small(rarest));
        let moments = present >= self.threshold.max(2) && !tells;
        let quantiles = column.quantiles.filter(|_| {
            QUANTILES
                .iter()
                .all(|&share| self.allows_quantile(share, present))
        });
        DisclosedColumn {
            column: column.column.clone(),
            missing: if missing_hidden {
                share.round()
            } else {
                rounded(share)
            },
            missing_hidden,
            distinct: (!matches!(
                kind,
                Kind::Identifier | Kind::Text | Kind::Date | Kind::Datetime
            ))
            .then_some(column.distinct),
            levels,
            unnamed_levels,
            quantiles: quantiles.map(|quantiles| quantiles.map(coarse)),
            mean: column.mean.filter(|_| moments).map(coarse),
            sd: column.sd.filter(|_| moments).map(coarse),
            histogram,
        }
    }

    /// Levels and missing rows are one partition of the rows.
    fn levels(&self, levels: &[Level], missing: u64) -> (Vec<DisclosedLevel>, u64, bool) {
        let mut counts: Vec<u64> = levels.iter().map(|level| level.n).collect();
        counts.push(missing);
        let shown = self.counts(&counts);
        let mut unnamed = 0;
        let mut disclosed = Vec::new();
        for (level, &n) in levels.iter().zip(&shown) {
            // A code that few rows have may itself say who they are.
            if !level.declared && self.is_small(level.n) {
                unnamed += 1;
            } else {
                disclosed.push(DisclosedLevel {
                    code: level.code.clone(),
                    label: level.label.clone(),
                    n,
                });
            }
        }
        (
            disclosed,
            unnamed,
            shown.last().is_some_and(Option::is_none),
        )
    }

    /// Neighbouring bins are joined until none is small; they and the missing rows are one
    /// partition.
    fn histogram(
        &self,
        column: &ColumnProfile,
        present: u64,
    ) -> (Option<DisclosedHistogram>, bool) {
        let alone = || self.counts(&[column.missing, present])[0].is_none();
        let Some(histogram) = &column.histogram else {
            return (None, alone());
        };
        let (mut edges, mut counts) = (histogram.edges.clone(), histogram.counts.clone());
        while counts.len() > 1 {
            let Some(small) = counts.iter().position(|&count| self.is_small(count)) else {
                break;
            };
            // Towards the smaller neighbour, to keep the shape.
            let left =
                small > 0 && (small + 1 == counts.len() || counts[small - 1] <= counts[small + 1]);
            let edge = if left { small - 1 } else { small };
            edges.remove(edge);
            let joined = counts.remove(edge + 1);
            counts[edge] = counts[edge].saturating_add(joined);
        }
        if edges.is_empty() || counts.iter().any(|&count| self.is_small(count)) {
            return (None, alone());
        }
        let mut partition = counts;
        partition.push(column.missing);
        let mut shown = self.counts(&partition);
        let missing_hidden = shown.pop().is_some_and(|missing| missing.is_none());
        (
            Some(DisclosedHistogram {
                edges,
                counts: shown,
            }),
            missing_hidden,
        )
    }
}

fn withhold(column: &mut DisclosedColumn) {
    column.missing = 0.0;
    column.missing_hidden = true;
    column.distinct = None;
    column.unnamed_levels = 0;
    column.levels.iter_mut().for_each(|level| level.n = None);
    column.quantiles = None;
    column.mean = None;
    column.sd = None;
    column.histogram = None;
}
