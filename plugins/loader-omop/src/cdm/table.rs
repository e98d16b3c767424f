//! A table of the model.

use super::{Column, Versions};

/// A table.
#[derive(Debug, PartialEq)]
pub struct Table {
    /// Its name, in lower case.
    pub name: &'static str,
    /// The versions that have it.
    pub versions: Versions,
    /// Its columns, in the order of the specification.
    pub columns: &'static [Column],
}

impl Table {
    /// The column of that name, in any case, if one of the versions has it.
    #[must_use]
    pub fn column(&self, name: &str, versions: Versions) -> Option<&'static Column> {
        self.columns(versions)
            .find(|column| column.name.eq_ignore_ascii_case(name))
    }

    /// The columns that one of the versions has.
    pub fn columns(&self, versions: Versions) -> impl Iterator<Item = &'static Column> + use<> {
        let columns = self.columns.iter();
        columns.filter(move |column| column.versions.meets(versions))
    }

    /// Whether all of the versions that have this table require the column.
    #[must_use]
    pub fn requires(&self, column: &Column, versions: Versions) -> bool {
        column.is_required(self.versions.and(versions))
    }

    /// The primary key.
    #[must_use]
    pub fn key(&self) -> Option<&'static Column> {
        self.columns.iter().find(|column| column.is_key)
    }
}
