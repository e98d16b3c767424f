//! The checks of one field.

use autods_sdk::loader::{TableSpec, cell};

use super::check::{CHECKS, Check};
use crate::cdm::{Column, Plausible, iso};
use crate::concepts::Concepts;
use crate::header::Header;
use crate::options::Options;
use crate::rows::Row;

/// A field of the file and what was found in it.
pub(crate) struct Field<'j> {
    place: usize,
    column: &'static Column,
    /// Its index in the dictionary.
    pub(crate) declared: Option<u32>,
    /// Texts that mean "missing" in it, besides none.
    missing: Vec<&'j str>,
    is_required: bool,
    plausible: Option<(f64, f64)>,
    /// The field of the start whose end this is.
    start: Option<usize>,
    /// The field of the standard concept that this is the source value of.
    concept: Option<usize>,
    counts: [u64; CHECKS.len()],
}

impl<'j> Field<'j> {
    pub(crate) fn new(
        place: usize,
        column: &'static Column,
        spec: &'j TableSpec,
        header: &Header,
        options: Options,
    ) -> Self {
        let mut columns = spec.columns.iter();
        let declared = columns.position(|wanted| wanted.name.eq_ignore_ascii_case(column.name));
        let own = declared.and_then(|at| spec.columns.get(at));
        let own = own.map_or(&[][..], |wanted| &wanted.missing);
        #[allow(clippy::cast_precision_loss, reason = "a year")]
        let latest_year = options.latest_year as f64;
        let start = column
            .datatype
            .is_time()
            .then(|| column.name.replace("_end_", "_start_"));
        let value_of = column.stem("_source_value");
        Self {
            place,
            column,
            declared: declared.and_then(|at| u32::try_from(at).ok()),
            missing: spec.missing.iter().chain(own).map(String::as_str).collect(),
            is_required: header.table.requires(column, options.versions),
            plausible: column.plausible.map(|plausible| match plausible {
                Plausible::Between(low, high) => (low, high),
                Plausible::YearOfBirth => (1850.0, latest_year),
            }),
            start: start
                .filter(|start| start != column.name)
                .and_then(|start| header.place(&start)),
            concept: value_of.and_then(|stem| header.place(&format!("{stem}_concept_id"))),
            counts: [0; CHECKS.len()],
        }
    }

    /// Violations of a check so far.
    pub(crate) fn count(&self, check: Check) -> u64 {
        self.counts.get(check as usize).copied().unwrap_or_default()
    }

    /// Checks the field in a record; whether it is null where it must not be, or of another
    /// datatype.
    pub(crate) fn check(&mut self, row: Row<'_>, concepts: Option<&Concepts>) -> bool {
        let text = row.get(self.place);
        if text.is_empty() || self.missing.contains(&text) {
            self.add(Check::IsRequired, self.is_required);
            return self.is_required;
        }
        if !self.column.datatype.takes(text) {
            self.add(Check::CdmDatatype, true);
            return true;
        }
        if let Some((low, high)) = self.plausible
            && let Some(value) = cell::number(text)
        {
            self.add(Check::PlausibleValueLow, value < low);
            self.add(Check::PlausibleValueHigh, value > high);
        }
        if let Some(start) = self.start.map(|start| row.get(start)) {
            let ends_before = match (cell::datetime(&iso(start)), cell::datetime(&iso(text))) {
                (Some(start), Some(end)) => end < start,
                _ => false,
            };
            self.add(Check::PlausibleTemporalAfter, ends_before);
        }
        if let Some(concept) = self.concept {
            let is_unmapped = cell::integer(row.get(concept)) == Some(0);
            self.add(Check::SourceValueCompleteness, is_unmapped);
        }
        if self.column.is_concept() {
            self.check_concept(text, concepts);
        }
        false
    }

    fn check_concept(&mut self, text: &str, concepts: Option<&Concepts>) {
        let is_source = self.column.is_source_concept();
        let is_zero = cell::integer(text) == Some(0);
        self.add(Check::SourceConceptRecordCompleteness, is_source && is_zero);
        let is_incomplete = !is_source && self.is_required && is_zero;
        self.add(Check::StandardConceptRecordCompleteness, is_incomplete);
        let Some(concepts) = concepts else { return };
        let Some(concept) = concepts.get(text) else {
            self.add(Check::IsForeignKey, true);
            return;
        };
        // a standard concept's place, and not that it is none
        if !is_source && !is_zero {
            let is_other = self
                .column
                .domain
                .is_some_and(|domain| domain != concept.domain);
            self.add(Check::FkDomain, is_other);
            let is_wanted = self.column.domain.is_some();
            let is_wrong = is_wanted && !concept.is_standard_and_valid;
            self.add(Check::IsStandardValidConcept, is_wrong);
        }
    }

    fn add(&mut self, check: Check, is_violated: bool) {
        if let Some(count) = self.counts.get_mut(check as usize) {
            *count += u64::from(is_violated);
        }
    }
}
