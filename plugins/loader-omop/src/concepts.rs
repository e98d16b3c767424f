//! The concepts of the vocabulary that a shard needs.

use std::collections::{HashMap, HashSet};

use autods_sdk::loader::{Fault, FaultCode, LoaderHost, cell};

use crate::header::Header;
use crate::options::Options;
use crate::rows::{Row, Rows};
use crate::sources::Sources;

/// Concepts that one shard may name: more is no table of clinical data.
pub(crate) const MAX_CONCEPTS: usize = 1 << 18;

/// What the vocabulary says of a concept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Concept {
    pub(crate) name: String,
    pub(crate) code: String,
    pub(crate) domain: String,
    pub(crate) vocabulary: String,
    /// Whether it is a standard concept that nothing replaced.
    pub(crate) is_standard_and_valid: bool,
}

/// A part of a concept that a column may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Name,
    Code,
    Domain,
    Vocabulary,
}

impl Concept {
    /// One of its parts.
    pub(crate) fn part(&self, part: Part) -> &str {
        match part {
            Part::Name => &self.name,
            Part::Code => &self.code,
            Part::Domain => &self.domain,
            Part::Vocabulary => &self.vocabulary,
        }
    }
}

/// The ids of the concepts that rows name.
#[derive(Default)]
pub(crate) struct Wanted(HashSet<i64>);

impl Wanted {
    /// Adds those of a row; a fault where they are more than `most`.
    pub(crate) fn add(&mut self, row: Row<'_>, places: &[usize], most: usize) -> Result<(), Fault> {
        for place in places {
            if let Some(id) = cell::integer(row.get(*place))
                && self.0.insert(id)
                && self.0.len() > most
            {
                let (expected, found) = (most as u64, self.0.len() as u64);
                let fault = Fault::from(FaultCode::Malformed).at_line(row.line);
                return Err(fault.expected_found(expected, found));
            }
        }
        Ok(())
    }
}

/// Concepts by their ids.
pub(crate) struct Concepts(HashMap<i64, Concept>);

impl Concepts {
    /// Reads the concepts that are wanted out of the job's `concept` files, row by row.
    pub(crate) fn read(
        wanted: &Wanted,
        sources: &Sources<'_>,
        options: Options,
        host: &dyn LoaderHost,
    ) -> Result<Self, Fault> {
        let mut concepts = HashMap::new();
        for source in sources.of_table("concept") {
            let header = Header::read(host, source, None, options)?;
            let range = (header.end, source.size);
            let mut rows = Rows::new(host, &header, source.index, range, header.next_line);
            let place = |name| header.place(name);
            let id = place("concept_id");
            let parts = ["concept_name", "concept_code", "domain_id", "vocabulary_id"].map(place);
            let (standard, invalid) = (place("standard_concept"), place("invalid_reason"));
            while let Some(row) = rows.next()? {
                let id = row.text(id).and_then(cell::integer);
                let Some(id) = id.filter(|id| wanted.0.contains(id)) else {
                    continue;
                };
                let [name, code, domain, vocabulary] =
                    parts.map(|place| row.text(place).unwrap_or_default().to_owned());
                let concept = Concept {
                    name,
                    code,
                    domain,
                    vocabulary,
                    is_standard_and_valid: row.text(standard) == Some("S")
                        && row.text(invalid).is_none(),
                };
                concepts.insert(id, concept);
            }
        }
        Ok(Self(concepts))
    }

    /// The concept whose id is that text.
    pub(crate) fn get(&self, id: &str) -> Option<&Concept> {
        self.0.get(&cell::integer(id)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fields::Fields;
    use crate::records::Dialect;

    #[test]
    fn too_many_concepts_are_a_fault_at_their_line() {
        let (mut wanted, mut fields) = (Wanted::default(), Fields::default());
        for (line, record) in (1..).zip(["1,2,9", "2,1,8", "3,,7", "4,x,6"]) {
            fields.split(record, Dialect::Csv);
            let added = wanted.add(Row::of_record(record, &fields, line), &[0, 1], 3);
            let fault = added
                .err()
                .map(|fault| (fault.code, fault.line, fault.found));
            let expected = (line == 4).then_some((FaultCode::Malformed, Some(4), Some(4)));
            assert_eq!(fault, expected);
        }
    }
}
