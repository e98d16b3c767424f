//! What a table looks like, exactly; for the host's eyes only.

use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int64Type};
use arrow_array::{Array, ArrayRef};
use arrow_schema::DataType;
use autods_spec::{Column, Kind};
use serde::{Deserialize, Serialize};

use crate::cells::Cells;
use crate::error::TableError;
use crate::histogram::Histogram;
use crate::table::Table;

/// The shares at which quantiles are taken.
pub const QUANTILES: [f64; 5] = [0.05, 0.25, 0.50, 0.75, 0.95];

/// The profile of a table. **Not disclosure-controlled**: `autods-privacy` makes it so.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Profile {
    /// The table.
    pub table: String,
    /// Its rows.
    pub rows: u64,
    /// Its columns, in order.
    pub columns: Vec<ColumnProfile>,
}

/// The profile of a column.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ColumnProfile {
    /// What the dictionary says about it.
    pub column: Column,
    /// Rows without a value.
    pub missing: u64,
    /// Distinct values.
    pub distinct: u64,
    /// Rows of the value that fewest rows have; absent where no row has one.
    pub rarest: Option<u64>,
    /// Of boolean, category and ordinal columns: first the levels that the dictionary lists, in
    /// its order, then the others by falling number of rows, equal ones by code.
    pub levels: Vec<Level>,
    /// Of integer and number columns: the [`QUANTILES`], interpolated linearly (Hyndman and Fan
    /// 1996, type 7).
    pub quantiles: Option<[f64; 5]>,
    /// Of integer and number columns: the mean.
    pub mean: Option<f64>,
    /// Of integer and number columns with two values or more: the standard deviation, with n − 1.
    pub sd: Option<f64>,
    /// Of integer and number columns: rows by bins with round edges.
    pub histogram: Option<Histogram>,
}

/// A level of a category.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Level {
    /// The code.
    pub code: String,
    /// What a person calls it; the code itself where the dictionary has no label.
    pub label: String,
    /// Rows.
    pub n: u64,
    /// Whether the dictionary lists it.
    pub declared: bool,
}

/// Describe every column of a table.
///
/// # Errors
/// None that a sound table could cause.
pub fn profile(table: &Table) -> Result<Profile, TableError> {
    let mut columns = Vec::with_capacity(table.columns().len());
    for (column, array) in table.columns().iter().zip(table.batch().columns()) {
        columns.push(match column.kind {
            Kind::Integer | Kind::Number => numeric(column, array),
            Kind::Boolean | Kind::Category | Kind::Ordinal => coded(table, column)?,
            Kind::Date | Kind::Datetime | Kind::Text | Kind::Identifier => counted(column, array),
        });
    }
    Ok(Profile {
        table: table.name().to_owned(),
        rows: table.rows() as u64,
        columns,
    })
}

fn counted(column: &Column, array: &ArrayRef) -> ColumnProfile {
    let (counts, missing) = Cells::of(array).counts();
    ColumnProfile {
        column: column.clone(),
        missing,
        distinct: counts.len() as u64,
        rarest: counts.iter().copied().min(),
        levels: Vec::new(),
        quantiles: None,
        mean: None,
        sd: None,
        histogram: None,
    }
}

fn coded(table: &Table, column: &Column) -> Result<ColumnProfile, TableError> {
    let codes = table.codes(&column.name)?;
    let (counts, missing) = codes.counts();
    let mut levels: Vec<Level> = codes
        .levels
        .into_iter()
        .zip(&counts)
        .enumerate()
        .map(|(place, (code, &n))| {
            let label = column.codings.get(place).map(|coding| coding.label.clone());
            let label = label
                .filter(|text| !text.is_empty())
                .unwrap_or_else(|| code.clone());
            Level {
                code,
                label,
                n,
                declared: place < codes.declared,
            }
        })
        .collect();
    levels[codes.declared..].sort_by(|a, b| b.n.cmp(&a.n).then_with(|| a.code.cmp(&b.code)));
    Ok(ColumnProfile {
        column: column.clone(),
        missing,
        distinct: counts.iter().filter(|&&n| n > 0).count() as u64,
        rarest: counts.iter().copied().filter(|&n| n > 0).min(),
        levels,
        quantiles: None,
        mean: None,
        sd: None,
        histogram: None,
    })
}

fn numeric(column: &Column, array: &ArrayRef) -> ColumnProfile {
    // Sums run in row order, so that they are the same bits in every run.
    let (values, distinct, rarest) = if *array.data_type() == DataType::Int64 {
        let mut whole: Vec<i64> = array.as_primitive::<Int64Type>().iter().flatten().collect();
        let values: Vec<f64> = whole.iter().map(|&value| value as f64).collect();
        whole.sort_unstable();
        let (distinct, rarest) = runs(&whole);
        (values, distinct, rarest)
    } else {
        let values: Vec<f64> = array
            .as_primitive::<Float64Type>()
            .iter()
            .flatten()
            .map(|value| value + 0.0)
            .collect();
        (values, 0, None)
    };
    let mut sorted = values.clone();
    sorted.sort_unstable_by(f64::total_cmp);
    let (distinct, rarest) = if *array.data_type() == DataType::Int64 {
        (distinct, rarest)
    } else {
        runs(&sorted)
    };

    let n = values.len() as f64;
    let mean = (!values.is_empty())
        .then(|| values.iter().sum::<f64>() / n)
        .filter(|mean| mean.is_finite());
    let sd = mean
        .filter(|_| values.len() > 1)
        .map(|mean| {
            (values
                .iter()
                .map(|value| (value - mean).powi(2))
                .sum::<f64>()
                / (n - 1.0))
                .sqrt()
        })
        .filter(|sd| sd.is_finite());
    let quantiles = (!sorted.is_empty()).then(|| QUANTILES.map(|share| quantile(&sorted, share)));
    let histogram = quantiles
        .and_then(|q| Histogram::of_sorted(&sorted, q[0], q[4], column.kind == Kind::Integer));
    ColumnProfile {
        column: column.clone(),
        missing: (array.len() - values.len()) as u64,
        distinct,
        rarest,
        levels: Vec::new(),
        quantiles,
        mean,
        sd,
        histogram,
    }
}

/// Distinct values of an ascending list, and how often the rarest stands in it.
fn runs<T: PartialEq>(sorted: &[T]) -> (u64, Option<u64>) {
    let lengths = sorted.chunk_by(|a, b| a == b).map(|run| run.len() as u64);
    lengths.fold((0, None), |(distinct, rarest), length| {
        (
            distinct + 1,
            Some(rarest.map_or(length, |least: u64| least.min(length))),
        )
    })
}

/// Type 7 of Hyndman and Fan (1996), as in R and NumPy.
fn quantile(sorted: &[f64], share: f64) -> f64 {
    let place = share * (sorted.len() - 1) as f64;
    let (low, high) = (
        sorted[place.floor() as usize],
        sorted[place.ceil() as usize],
    );
    let part = place.fract();
    if part == 0.0 {
        low
    } else {
        low * (1.0 - part) + high * part
    }
}
