//! Which table of the model a file holds, and which tables are wanted.

use autods_sdk::loader::{Fault, FaultCode, Job, LoaderHost, LogLevel, SourceInfo, TableSpec};

use crate::cdm::{self, Table};
use crate::event;
use crate::options::{Options, Rows};

/// A source and the table that it holds.
#[derive(Clone, Debug)]
pub(crate) struct Source {
    /// Its index.
    pub(crate) index: u32,
    /// Its readable bytes.
    pub(crate) size: u64,
    /// Whether it is Parquet, by its name.
    pub(crate) is_parquet: bool,
    /// The table that it holds, by its name.
    pub(crate) table: Option<&'static Table>,
}

/// The sources of a job.
pub(crate) struct Sources<'j> {
    all: Vec<Source>,
    job: &'j Job,
    options: Options,
}

impl<'j> Sources<'j> {
    /// Tells the sources' tables by their names, and that every table that is wanted has one.
    pub(crate) fn new(
        job: &'j Job,
        options: Options,
        host: &dyn LoaderHost,
    ) -> Result<Self, Fault> {
        let described = (0u32..).zip(host.describe());
        let all = described.map(|(index, info)| Source {
            index,
            size: info.size,
            is_parquet: info.name.to_ascii_lowercase().ends_with(".parquet"),
            table: table_of(&info),
        });
        let sources = Self {
            all: all.collect(),
            job,
            options,
        };
        sources.check(host)?;
        Ok(sources)
    }

    fn check(&self, host: &dyn LoaderHost) -> Result<(), Fault> {
        if let Some(unknown) = self.all.iter().find(|source| source.table.is_none()) {
            host.log(LogLevel::Warn, "a file is named like no table of the model");
            return Err(Fault::from(FaultCode::MissingInput).in_source(unknown.index));
        }
        let wanted = self.job.tables.len() as u64;
        let is_single = self.options.rows == Rows::Events || self.options.table.is_some();
        if wanted == 0 || is_single && wanted > 1 {
            return Err(Fault::from(FaultCode::MissingInput).expected_found(1, wanted));
        }
        let has_source = |spec| self.all.iter().any(|source| self.is_read(source, spec));
        if !self.job.tables.iter().all(has_source) {
            host.log(LogLevel::Warn, "no file is named like a table of the job");
            return Err(FaultCode::MissingInput.into());
        }
        Ok(())
    }

    /// Whether the rows of that table of the job are read from the source.
    fn is_read(&self, source: &Source, spec: &TableSpec) -> bool {
        let Some(table) = source.table else {
            return false;
        };
        match self.options.rows {
            Rows::Events => event::view(table).is_some(),
            Rows::Records => self
                .options
                .table
                .map_or(table.name.eq_ignore_ascii_case(&spec.name), |wanted| {
                    wanted.name == table.name
                }),
        }
    }

    /// The sources that rows are read from, and the job's table that each one fills.
    pub(crate) fn read(&self) -> impl Iterator<Item = (&Source, &'j TableSpec)> {
        self.all
            .iter()
            .filter_map(|source| Some((source, self.spec(source)?)))
    }

    /// The job's table that a source fills.
    pub(crate) fn spec(&self, source: &Source) -> Option<&'j TableSpec> {
        let mut tables = self.job.tables.iter();
        tables.find(|spec| self.is_read(source, spec))
    }

    /// The source with that index.
    pub(crate) fn get(&self, index: u32) -> Option<&Source> {
        self.all.get(index as usize)
    }

    /// The sources that hold a table.
    pub(crate) fn of_table(&self, name: &str) -> impl Iterator<Item = &Source> {
        let all = self.all.iter();
        all.filter(move |source| source.table.is_some_and(|table| table.name == name))
    }
}

/// The table that a file is named for: `person.csv`, `PERSON.csv.gz`, `measurement_0003.csv`.
fn table_of(info: &SourceInfo) -> Option<&'static Table> {
    let name = info.name.to_ascii_lowercase();
    let name = name.strip_suffix(".gz").unwrap_or(&name);
    let stem = ENDINGS
        .iter()
        .find_map(|ending| name.strip_suffix(ending))?;
    let whole = stem.trim_end_matches(|c: char| c.is_ascii_digit());
    let whole = whole.trim_end_matches(['_', '-', '.']);
    cdm::table(stem).or_else(|| cdm::table(whole))
}

const ENDINGS: [&str; 4] = [".csv", ".tsv", ".txt", ".parquet"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_named_for_its_table() {
        let table = |name: &str| {
            let info = SourceInfo {
                name: name.to_owned(),
                size: 1,
                inflated: false,
            };
            table_of(&info).map(|table| table.name)
        };
        assert_eq!(table("PERSON.CSV.GZ"), Some("person"));
        assert_eq!(table("measurement_0003.csv"), Some("measurement"));
        assert_eq!(table("drug_era.parquet"), Some("drug_era"));
        assert_eq!(table("persons.csv"), None);
        assert_eq!(table("person"), None);
    }
}
