//! A column of the model.

use super::{Datatype, Versions};

/// A column.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Column {
    /// Its name, in lower case.
    pub name: &'static str,
    /// What its values are.
    pub datatype: Datatype,
    /// The versions that have it.
    pub versions: Versions,
    /// The versions in which it is never null.
    required: Versions,
    /// Whether it is the primary key.
    pub is_key: bool,
    /// The table whose primary key it holds.
    pub references: Option<&'static str>,
    /// The domain that a standard concept in it is of.
    pub domain: Option<&'static str>,
    /// The least and the largest plausible value.
    pub plausible: Option<Plausible>,
}

/// What a number plausibly is, as the Data Quality Dashboard has it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Plausible {
    /// Between these two.
    Between(f64, f64),
    /// A year of birth: 1850 to the year after the data's.
    YearOfBirth,
}

pub(super) const fn integer(name: &'static str) -> Column {
    Column::new(name, Datatype::Integer)
}

pub(super) const fn float(name: &'static str) -> Column {
    Column::new(name, Datatype::Float)
}

pub(super) const fn date(name: &'static str) -> Column {
    Column::new(name, Datatype::Date)
}

pub(super) const fn datetime(name: &'static str) -> Column {
    Column::new(name, Datatype::Datetime)
}

pub(super) const fn text(name: &'static str) -> Column {
    Column::new(name, Datatype::Text)
}

impl Column {
    const fn new(name: &'static str, datatype: Datatype) -> Self {
        Self {
            name,
            datatype,
            versions: Versions::BOTH,
            required: Versions::NONE,
            is_key: false,
            references: None,
            domain: None,
            plausible: None,
        }
    }

    /// Only in these versions.
    pub(super) const fn only(mut self, versions: Versions) -> Self {
        self.versions = versions;
        self
    }

    /// Never null, in every version that has it.
    pub(super) const fn required(self) -> Self {
        self.required_in(Versions::BOTH)
    }

    /// Never null in these versions.
    pub(super) const fn required_in(mut self, versions: Versions) -> Self {
        self.required = versions;
        self
    }

    /// The primary key.
    pub(super) const fn key(mut self) -> Self {
        self.is_key = true;
        self
    }

    /// Holds the key of that table.
    pub(super) const fn refers(mut self, table: &'static str) -> Self {
        self.references = Some(table);
        self
    }

    /// Holds a standard concept of that domain.
    pub(super) const fn concept(mut self, domain: &'static str) -> Self {
        self.domain = Some(domain);
        self.refers("concept")
    }

    /// Plausibly between these two.
    pub(super) const fn between(mut self, low: f64, high: f64) -> Self {
        self.plausible = Some(Plausible::Between(low, high));
        self
    }

    /// A year of birth.
    pub(super) const fn born(mut self) -> Self {
        self.plausible = Some(Plausible::YearOfBirth);
        self
    }

    /// Whether all of these versions, of those that have it, require it.
    #[must_use]
    pub const fn is_required(&self, versions: Versions) -> bool {
        let versions = self.versions.and(versions);
        versions.meets(Versions::BOTH) && self.required.contains(versions)
    }

    /// Whether it holds a concept.
    #[must_use]
    pub fn is_concept(&self) -> bool {
        self.references == Some("concept")
    }

    /// Whether it holds the concept that a source code stands for, standard or not.
    #[must_use]
    pub fn is_source_concept(&self) -> bool {
        self.is_concept() && self.name.ends_with("_source_concept_id")
    }

    /// What its name begins with, where it ends with that.
    #[must_use]
    pub fn stem(&self, ending: &str) -> Option<&'static str> {
        self.name.strip_suffix(ending)
    }
}
