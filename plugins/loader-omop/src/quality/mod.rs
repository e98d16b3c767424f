//! Check types of OHDSI's Data Quality Dashboard that one pass over a table can compute, as counts
//! of violations. Each is of one record alone, so that the counts of all shards add up; only
//! duplicate keys are looked for in all of a table, by the shard that begins it.

mod check;
mod field;
mod keys;

use autods_sdk::loader::{Fault, FaultCode, LoaderHost, TableSpec};

pub(crate) use keys::Keys;

use crate::concepts::Concepts;
use crate::header::Header;
use crate::options::Options;
use crate::rows::Row;
use check::CHECKS;
use field::Field;

/// The checks of one file's records.
pub(crate) struct Quality<'j> {
    fields: Vec<Field<'j>>,
    options: Options,
    records: u64,
}

impl<'j> Quality<'j> {
    pub(crate) fn new(spec: &'j TableSpec, header: &Header, options: Options) -> Self {
        let columns = header.columns.iter().enumerate();
        let fields = columns.filter_map(|(place, column)| {
            Some(Field::new(place, (*column)?, spec, header, options))
        });
        Self {
            fields: fields.collect(),
            options,
            records: 0,
        }
    }

    /// Checks a record. With `strict` the first null in a required column, or value of another
    /// datatype, is a fault.
    pub(crate) fn check(&mut self, row: Row<'_>, concepts: Option<&Concepts>) -> Result<(), Fault> {
        self.records += 1;
        for field in &mut self.fields {
            let is_broken = field.check(row, concepts);
            if is_broken && self.options.strict {
                let fault = Fault::from(FaultCode::InvalidValue).at_line(row.line);
                return Err(match field.declared {
                    Some(column) => fault.in_column(column as usize),
                    None => fault,
                });
            }
        }
        Ok(())
    }

    /// Posts the counts: of the dictionary's columns with their index, of all others without. What
    /// only the vocabulary can tell is not posted where there is none: 0 would say that all is well.
    pub(crate) fn post(&self, host: &dyn LoaderHost, has_concepts: bool) -> Result<(), Fault> {
        #[allow(clippy::cast_precision_loss, reason = "counts are below 2^53")]
        let post = |name, column, count: u64| host.metric(name, column, count as f64);
        post("records", None, self.records)?;
        let checks = CHECKS.into_iter();
        for check in checks.filter(|check| has_concepts || !check.needs_concepts()) {
            let mut others = 0;
            for field in &self.fields {
                match (field.declared, field.count(check)) {
                    (None, count) => others += count,
                    (Some(_), 0) => {}
                    (column, count) => post(check.name(), column, count)?,
                }
            }
            post(check.name(), None, others)?;
        }
        Ok(())
    }
}
