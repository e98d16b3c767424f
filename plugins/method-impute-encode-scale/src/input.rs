//! The columns of the table `rows`, decoded once each.

use std::collections::BTreeMap;
use std::rc::Rc;

use arrow_array::cast::AsArray;
use arrow_array::types::{Float32Type, Float64Type, Int64Type};
use arrow_array::{Array, RecordBatch};
use arrow_schema::DataType;
use autods_sdk::method::{Fault, FaultCode};

use crate::texts::Texts;

/// A column on its way through the steps. In numbers, NaN is a missing value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Values {
    Texts(Rc<Texts>),
    Numbers(Vec<f64>),
}

/// Reads columns by name and keeps those of text, whose decoding costs something.
pub(crate) struct Input<'b> {
    batch: &'b RecordBatch,
    texts: BTreeMap<String, Rc<Texts>>,
}

impl<'b> Input<'b> {
    pub(crate) fn new(batch: &'b RecordBatch) -> Self {
        Self {
            batch,
            texts: BTreeMap::new(),
        }
    }

    pub(crate) fn rows(&self) -> usize {
        self.batch.num_rows()
    }

    /// A column as it is.
    pub(crate) fn values(&mut self, name: &str) -> Result<Values, Fault> {
        let column = self
            .batch
            .column_by_name(name)
            .ok_or(FaultCode::MissingInput)?;
        if *column.data_type() == DataType::Utf8 {
            return self.texts(name).map(Values::Texts);
        }
        self.numbers(name).map(Values::Numbers)
    }

    /// A column of text.
    pub(crate) fn texts(&mut self, name: &str) -> Result<Rc<Texts>, Fault> {
        let column = self
            .batch
            .column_by_name(name)
            .ok_or(FaultCode::MissingInput)?;
        let column = column
            .as_string_opt::<i32>()
            .ok_or(FaultCode::InvalidValue)?;
        let texts = self
            .texts
            .entry(name.to_owned())
            .or_insert_with(|| Rc::new(Texts::read(column)));
        Ok(Rc::clone(texts))
    }

    /// A column of numbers, whole numbers or flags.
    pub(crate) fn numbers(&self, name: &str) -> Result<Vec<f64>, Fault> {
        let column = self
            .batch
            .column_by_name(name)
            .ok_or(FaultCode::MissingInput)?;
        #[allow(
            clippy::cast_precision_loss,
            reason = "a count beyond 2^53 is no measurement"
        )]
        Ok(match column.data_type() {
            DataType::Float64 => {
                let values = column.as_primitive::<Float64Type>().iter();
                values.map(|value| value.unwrap_or(f64::NAN)).collect()
            }
            DataType::Float32 => {
                let values = column.as_primitive::<Float32Type>().iter();
                values
                    .map(|value| value.map_or(f64::NAN, f64::from))
                    .collect()
            }
            DataType::Int64 => {
                let values = column.as_primitive::<Int64Type>().iter();
                values
                    .map(|value| value.map_or(f64::NAN, |value| value as f64))
                    .collect()
            }
            DataType::Boolean => {
                let values = column.as_boolean().iter();
                values
                    .map(|value| value.map_or(f64::NAN, |value| f64::from(u8::from(value))))
                    .collect()
            }
            _ => return Err(FaultCode::InvalidValue.into()),
        })
    }

    /// A column of whole numbers without missing values.
    pub(crate) fn integers(&self, name: &str) -> Result<Vec<i64>, Fault> {
        let column = self
            .batch
            .column_by_name(name)
            .ok_or(FaultCode::MissingInput)?;
        match column.as_primitive_opt::<Int64Type>() {
            Some(values) if values.null_count() == 0 => Ok(values.values().to_vec()),
            _ => Err(FaultCode::InvalidValue.into()),
        }
    }
}
