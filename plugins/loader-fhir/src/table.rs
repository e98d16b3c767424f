//! The tables and their columns, and writing a row of one.

use std::borrow::Cow;

use autods_sdk::loader::{Fault, FaultCode, LoaderHost, TableSpec, TableWriter, ValueKind};

use crate::dates;

/// A table that resources are read as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Table {
    /// One row per Patient.
    Patient,
    /// One row per Encounter.
    Encounter,
    /// One row per clinical statement.
    Event,
}

impl Table {
    /// Its columns, in the order of a [`Row`]'s cells.
    pub(crate) fn columns(self) -> &'static [&'static str] {
        match self {
            Self::Patient => crate::patient::COLUMNS,
            Self::Encounter => crate::encounter::COLUMNS,
            Self::Event => crate::event::COLUMNS,
        }
    }

    /// Which of its columns stands at each place of the dictionary.
    pub(crate) fn places(self, spec: &TableSpec) -> Result<Vec<usize>, Fault> {
        let columns = self.columns();
        let place = |(at, name): (usize, &str)| {
            let place = columns.iter().position(|column| *column == name);
            place.ok_or_else(|| Fault::from(FaultCode::MissingColumn).in_column(at))
        };
        let names = spec.columns.iter().map(|column| column.name.as_str());
        names.enumerate().map(place).collect()
    }
}

/// A value on its way into a row.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) enum Cell<'a> {
    /// None.
    #[default]
    Missing,
    /// As it stands.
    Text(Cow<'a, str>),
    /// A date, perhaps partial, or a date and time.
    Time(&'a str),
}

impl<'a> From<Option<&'a str>> for Cell<'a> {
    fn from(text: Option<&'a str>) -> Self {
        text.map_or(Self::Missing, |text| Self::Text(Cow::Borrowed(text)))
    }
}

impl<'a> From<Option<Cow<'a, str>>> for Cell<'a> {
    fn from(text: Option<Cow<'a, str>>) -> Self {
        text.map_or(Self::Missing, Self::Text)
    }
}

impl<'a> Cell<'a> {
    /// A date or a date and time, where there is one.
    pub(crate) fn time(text: Option<&'a str>) -> Self {
        text.map_or(Self::Missing, Self::Time)
    }
}

/// Writes rows into the columns that the dictionary asks for.
pub(crate) struct RowWriter<'j> {
    writer: TableWriter<'j>,
    places: Vec<usize>,
    kinds: Vec<ValueKind>,
    rows: u64,
    partial_dates: u64,
}

impl<'j> RowWriter<'j> {
    pub(crate) fn new(
        host: &'j dyn LoaderHost,
        table: Table,
        spec: &'j TableSpec,
    ) -> Result<Self, Fault> {
        Ok(Self {
            writer: TableWriter::new(host, spec),
            places: table.places(spec)?,
            kinds: spec.columns.iter().map(|column| column.kind).collect(),
            rows: 0,
            partial_dates: 0,
        })
    }

    /// Writes a row: a cell for each of the table's columns.
    pub(crate) fn write(&mut self, row: &[Cell<'_>]) -> Result<(), Fault> {
        for (column, (place, kind)) in self.places.iter().zip(&self.kinds).enumerate() {
            let written = match row.get(*place) {
                None | Some(Cell::Missing) => self.writer.missing(column),
                Some(Cell::Text(text)) => self.writer.cell(column, text),
                Some(Cell::Time(text)) => {
                    let (text, is_partial) = dates::complete(text);
                    self.partial_dates += u64::from(is_partial);
                    // the calendar date as it was written, where no time is asked for
                    let date = text.get(..10).filter(|_| *kind == ValueKind::Date);
                    self.writer.cell(column, date.unwrap_or(&text))
                }
            };
            written.map_err(|code| Fault::from(code).in_column(column))?;
        }
        self.rows += 1;
        self.writer.end_row()
    }

    /// Rows and partial dates written so far.
    pub(crate) fn written(&self) -> (u64, u64) {
        (self.rows, self.partial_dates)
    }

    /// Emits what is left; gives the number of rows emitted.
    pub(crate) fn finish(self) -> Result<u64, Fault> {
        self.writer.finish()
    }
}
