//! What a recipe asks for, read and checked before anything is fitted.

use autods_sdk::method::{ColumnUse, Fault, FaultCode, Step};
use autods_sdk::params;
use serde::{Deserialize, Serialize};

/// Where a pipeline's values come from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) enum Source {
    /// A column of the input.
    Column,
    /// The sum of numeric columns.
    Sum(Vec<String>),
    /// The number of text columns that have another value than this one.
    CountUnlike { value: String, columns: Vec<String> },
    /// Two text columns joined.
    Pair(String, String),
}

/// A step that makes text of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Recode {
    Icd9Chapter,
    Icd9Category,
}

impl Recode {
    /// The word that its levels stand under in names of columns.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Icd9Chapter => "chapter",
            Self::Icd9Category => "category",
        }
    }
}

/// A step that makes numbers of text.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Encode {
    OneHot { min_count: u64 },
    OrdinalCode { levels: Vec<String> },
    BandMidpoint,
    Target { smoothing: f64 },
}

/// A step that makes numbers of numbers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Rework {
    Log1p,
    Winsorise { lower: f64, upper: f64 },
    ImputeMedian,
    MissingIndicator,
    Standardise,
}

/// What is done with one column.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Asked {
    pub(crate) column: String,
    pub(crate) source: Source,
    pub(crate) recode: Vec<Recode>,
    pub(crate) encode: Option<Encode>,
    pub(crate) rework: Vec<Rework>,
}

/// Reads one use of a column. The order is fixed: combine, recode, encode, rework.
pub(crate) fn read(column: &ColumnUse) -> Result<Asked, Fault> {
    let mut asked = Asked {
        column: column.column.clone(),
        source: Source::Column,
        recode: Vec::new(),
        encode: None,
        rework: Vec::new(),
    };
    for (at, step) in column.steps.iter().enumerate() {
        let text_is_over = asked.encode.is_some() || !asked.rework.is_empty();
        if let Some(source) = combine(step)? {
            if at > 0 {
                return Err(FaultCode::UnknownParameter.into());
            }
            asked.source = source;
        } else if let Some(recode) = recode(step)? {
            if text_is_over {
                return Err(FaultCode::InvalidValue.into());
            }
            asked.recode.push(recode);
        } else if let Some(encode) = encode(step)? {
            if text_is_over {
                return Err(FaultCode::InvalidValue.into());
            }
            asked.encode = Some(encode);
        } else if let Some(rework) = rework(step)? {
            // the columns of a one-hot code are no measurement
            if matches!(asked.encode, Some(Encode::OneHot { .. })) {
                return Err(FaultCode::InvalidValue.into());
            }
            asked.rework.push(rework);
        } else {
            return Err(FaultCode::UnknownParameter.into());
        }
    }
    Ok(asked)
}

fn combine(step: &Step) -> Result<Option<Source>, Fault> {
    let columns = || -> Result<Vec<String>, Fault> {
        let columns = params::texts(&step.params, "column")?;
        if columns.is_empty() {
            return Err(FaultCode::UnknownParameter.into());
        }
        Ok(columns.into_iter().map(str::to_owned).collect())
    };
    Ok(Some(match step.name.as_str() {
        "sum" => {
            params::only(&step.params, &["column-*"])?;
            Source::Sum(columns()?)
        }
        "count-unlike" => {
            params::only(&step.params, &["column-*", "value"])?;
            Source::CountUnlike {
                value: params::text(&step.params, "value", "")?.to_owned(),
                columns: columns()?,
            }
        }
        "pair" => {
            params::only(&step.params, &["column-*"])?;
            match columns()?.as_slice() {
                [left, right] => Source::Pair(left.clone(), right.clone()),
                other => {
                    let fault = Fault::from(FaultCode::ParameterOutOfRange);
                    return Err(fault.expected_found(2, other.len() as u64));
                }
            }
        }
        _ => return Ok(None),
    }))
}

fn recode(step: &Step) -> Result<Option<Recode>, Fault> {
    let recode = match step.name.as_str() {
        "icd9-chapter" => Recode::Icd9Chapter,
        "icd9-category" => Recode::Icd9Category,
        _ => return Ok(None),
    };
    params::only(&step.params, &[])?;
    Ok(Some(recode))
}

fn encode(step: &Step) -> Result<Option<Encode>, Fault> {
    Ok(Some(match step.name.as_str() {
        "one-hot" => {
            params::only(&step.params, &["min-count"])?;
            let min_count = params::integer(&step.params, "min-count", 50, 1, 1_000_000)?;
            Encode::OneHot {
                min_count: min_count.unsigned_abs(),
            }
        }
        "ordinal-code" => {
            params::only(&step.params, &["level-*"])?;
            let levels = params::texts(&step.params, "level")?;
            if levels.is_empty() {
                return Err(FaultCode::UnknownParameter.into());
            }
            Encode::OrdinalCode {
                levels: levels.into_iter().map(str::to_owned).collect(),
            }
        }
        "band-midpoint" => {
            params::only(&step.params, &[])?;
            Encode::BandMidpoint
        }
        "target-encode" => {
            params::only(&step.params, &["smoothing"])?;
            Encode::Target {
                smoothing: params::number(&step.params, "smoothing", 20.0, 0.1, 1e6)?,
            }
        }
        _ => return Ok(None),
    }))
}

fn rework(step: &Step) -> Result<Option<Rework>, Fault> {
    let rework = match step.name.as_str() {
        "log1p" => Rework::Log1p,
        "winsorise" => {
            params::only(&step.params, &["lower", "upper"])?;
            let lower = params::number(&step.params, "lower", 0.01, 0.0, 0.5)?;
            let upper = params::number(&step.params, "upper", 0.99, 0.5, 1.0)?;
            return Ok(Some(Rework::Winsorise { lower, upper }));
        }
        "impute-median" => Rework::ImputeMedian,
        "missing-indicator" => Rework::MissingIndicator,
        "standardise" => Rework::Standardise,
        _ => return Ok(None),
    };
    params::only(&step.params, &[])?;
    Ok(Some(rework))
}
