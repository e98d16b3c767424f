//! Which column of the model a name in a header may mean.

use crate::cdm::{Column, Table, Versions};

/// Bytes of a name that are looked at.
const MAX_NAME: usize = 200;

/// Names of columns that changed from 5.3 to 5.4.
const RENAMED: [(&str, &str); 5] = [
    ("admitting_source_concept_id", "admitted_from_concept_id"),
    ("admitting_source_value", "admitted_from_source_value"),
    ("discharge_to_concept_id", "discharged_to_concept_id"),
    ("discharge_to_source_value", "discharged_to_source_value"),
    ("visit_detail_parent_id", "parent_visit_detail_id"),
];

/// The column that a name may mean, of those that are not taken: one that it contains as a word
/// (`date(birth_datetime,'unixepoch')`), one of another version, or the one that is nearest, if a
/// fifth of its letters or less are others (Damerau and Levenshtein's distance).
pub(crate) fn suggest(
    name: &str,
    table: &Table,
    versions: Versions,
    taken: &[&str],
) -> Option<&'static Column> {
    if name.len() > MAX_NAME {
        return None;
    }
    let name = name.trim().to_ascii_lowercase();
    let free = |column: &&'static Column| !taken.contains(&column.name);
    let named = |name: &str| table.column(name, versions).filter(free);
    words(&name)
        .find_map(named)
        .or_else(|| named(&words(&name).collect::<Vec<_>>().join("_")))
        .or_else(|| renamed(&name).and_then(named))
        .or_else(|| {
            let near = table.columns(versions).filter(free).map(|column| {
                let distance = strsim::osa_distance(&name, column.name);
                (distance, column)
            });
            let (distance, column) = near.min_by_key(|(distance, _)| *distance)?;
            (distance * 5 <= column.name.len()).then_some(column)
        })
}

/// The parts of a name that could be a column's.
fn words(name: &str) -> impl Iterator<Item = &str> {
    name.split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
        .filter(|word| !word.is_empty())
}

fn renamed(name: &str) -> Option<&'static str> {
    RENAMED.iter().find_map(|(old, new)| match name {
        _ if name == *old => Some(*new),
        _ if name == *new => Some(*old),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cdm;

    #[test]
    fn names_mean_the_column_they_contain_or_are_near() {
        let suggested = |table: &str, name: &str, versions, taken: &[&str]| {
            let table = cdm::table(table).unwrap();
            suggest(name, table, versions, taken).map(|column| column.name)
        };
        let any = Versions::BOTH;
        for (table, name, expected) in [
            (
                "person",
                "date(birth_datetime,'unixepoch')",
                Some("birth_datetime"),
            ),
            ("person", "Year of Birth", Some("year_of_birth")),
            ("person", "persn_id", Some("person_id")),
            (
                "cost",
                "REVEUE_CODE_SOURCE_VALUE",
                Some("revenue_code_source_value"),
            ),
            ("person", "favourite_colour", None),
            ("person", "", None),
        ] {
            assert_eq!(suggested(table, name, any, &[]), expected, "{name}");
        }
        let name = "admitting_source_value";
        let expected = Some("admitted_from_source_value");
        assert_eq!(
            suggested("visit_occurrence", name, Versions::V54, &[]),
            expected
        );
        let name = "CASE VOCABULARY_REFERENCE WHEN NULL THEN '' ELSE VOCABULARY_ID END";
        let found = suggested("vocabulary", name, any, &["vocabulary_id"]);
        assert_eq!(found, Some("vocabulary_reference"));
    }
}
