//! The specification of the OMOP Common Data Model, versions 5.3 and 5.4: every table, its columns,
//! their datatypes, which are required, which are keys, and the domain that a concept is of.
//!
//! After the tables `OMOP_CDMv5.3_Field_Level.csv` and `OMOP_CDMv5.4_Field_Level.csv` of OHDSI's
//! CommonDataModel (Apache-2.0). Both versions stand in one list; a column that only one of them
//! has says so. Where 5.3 and 5.3.1 differ, in `death.death_type_concept_id`, the laxer holds.

mod clinical;
mod column;
mod datatype;
mod derived;
mod economics;
mod health_system;
mod metadata;
mod table;
mod version;
mod vocabulary;

pub use column::{Column, Plausible};
pub use datatype::{Datatype, iso};
pub use table::Table;
pub use version::Versions;

/// The tables of the specification, by kind.
const TABLES: [&[Table]; 6] = [
    clinical::TABLES,
    health_system::TABLES,
    economics::TABLES,
    derived::TABLES,
    vocabulary::TABLES,
    metadata::TABLES,
];

/// All tables.
pub fn tables() -> impl Iterator<Item = &'static Table> {
    TABLES.into_iter().flatten()
}

/// The table of that name, in any case.
#[must_use]
pub fn table(name: &str) -> Option<&'static Table> {
    tables().find(|table| table.name.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn references_lead_to_keys() {
        for table in tables() {
            for column in table.columns {
                let Some(other) = column.references else {
                    continue;
                };
                let other = super::table(other).unwrap();
                assert!(other.key().is_some(), "{} {}", table.name, column.name);
            }
        }
    }

    #[test]
    fn names_are_in_lower_case_and_stand_once() {
        let names: BTreeSet<&str> = tables().map(|table| table.name).collect();
        assert_eq!(names.len(), tables().count());
        for table in tables() {
            let columns: BTreeSet<&str> = table.columns.iter().map(|column| column.name).collect();
            assert_eq!(columns.len(), table.columns.len(), "{}", table.name);
            assert!(columns.iter().all(|name| *name == name.to_lowercase()));
        }
    }

    #[test]
    fn the_versions_have_their_own_columns() {
        let visit = table("VISIT_OCCURRENCE").unwrap();
        let has = |name, versions| visit.column(name, versions).is_some();
        assert!(has("admitting_source_concept_id", Versions::V53));
        assert!(!has("admitting_source_concept_id", Versions::V54));
        assert!(has("Admitted_From_Concept_Id", Versions::V54));
        assert!(!has("admitted_from_concept_id", Versions::V53));
        let source = table("cdm_source").unwrap();
        let holder = source.column("cdm_holder", Versions::BOTH).unwrap();
        assert!(holder.is_required(Versions::V54));
        assert!(!holder.is_required(Versions::V53));
        assert!(!holder.is_required(Versions::BOTH));
    }
}
