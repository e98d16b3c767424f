//! Concepts, their ancestors, and sets of them.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::definition::ConceptSet;

/// A concept, by a number of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConceptId(pub u32);

/// The concepts that occur, by their codes, and what is known of their ancestors.
///
/// A code is what a source calls the concept: an OMOP concept id, a code of SNOMED CT. Where two
/// code systems share a code, the caller tells them apart (`system|code`).
#[derive(Clone, Debug, Default)]
pub struct Concepts {
    codes: Vec<String>,
    by_code: HashMap<String, ConceptId>,
    /// Descendants by ancestor, both by code: vocabularies hold more than what occurs.
    descendants: BTreeMap<String, BTreeSet<String>>,
}

impl Concepts {
    /// No concepts.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The concept of a code; a new one where it has not occurred.
    pub fn of(&mut self, code: &str) -> ConceptId {
        if let Some(known) = self.by_code.get(code) {
            return *known;
        }
        let id = ConceptId(u32::try_from(self.codes.len()).unwrap_or(u32::MAX));
        self.codes.push(code.to_owned());
        self.by_code.insert(code.to_owned(), id);
        id
    }

    /// The code of a concept.
    #[must_use]
    pub fn code(&self, concept: ConceptId) -> Option<&str> {
        self.codes.get(concept.0 as usize).map(String::as_str)
    }

    /// That one concept is a descendant of another, at any distance (OMOP `concept_ancestor`).
    pub fn descends(&mut self, ancestor: &str, descendant: &str) {
        self.descendants
            .entry(ancestor.to_owned())
            .or_default()
            .insert(descendant.to_owned());
    }

    /// The concepts of a set that occur.
    #[must_use]
    pub fn members(&self, set: &ConceptSet) -> Members {
        let mut codes: BTreeSet<&str> = self.with_descendants(&set.codes, set.descendants);
        for out in self.with_descendants(&set.except, set.descendants) {
            codes.remove(out);
        }
        let mut is_member = vec![false; self.codes.len()];
        for code in codes {
            if let Some(slot) = self
                .by_code
                .get(code)
                .and_then(|id| is_member.get_mut(id.0 as usize))
            {
                *slot = true;
            }
        }
        Members { is_member }
    }

    fn with_descendants<'c>(&'c self, codes: &'c [String], also: bool) -> BTreeSet<&'c str> {
        let mut all: BTreeSet<&str> = codes.iter().map(String::as_str).collect();
        if also {
            for code in codes {
                let below = self.descendants.get(code).into_iter().flatten();
                all.extend(below.map(String::as_str));
            }
        }
        all
    }
}

/// The concepts of a set, for looking up.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Members {
    is_member: Vec<bool>,
}

impl Members {
    /// Whether a concept is one of them.
    #[must_use]
    pub fn contain(&self, concept: ConceptId) -> bool {
        self.is_member.get(concept.0 as usize) == Some(&true)
    }

    /// How many of them occur.
    #[must_use]
    pub fn count(&self) -> usize {
        self.is_member.iter().filter(|member| **member).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_has_its_descendants_less_what_is_taken_out_with_its_own() {
        let mut concepts = Concepts::new();
        let [bleed, ulcer, acute, other] =
            ["bleed", "ulcer", "acute ulcer", "other"].map(|code| concepts.of(code));
        for (ancestor, descendant) in [
            ("bleed", "ulcer"),
            ("bleed", "acute ulcer"),
            ("bleed", "of no record"),
            ("ulcer", "acute ulcer"),
        ] {
            concepts.descends(ancestor, descendant);
        }
        let set = |descendants, except: &[&str]| ConceptSet {
            codes: vec!["bleed".into()],
            descendants,
            except: except.iter().map(|code| (*code).to_owned()).collect(),
        };
        let members = |set: &ConceptSet| {
            let members = concepts.members(set);
            [bleed, ulcer, acute, other].map(|concept| members.contain(concept))
        };
        assert_eq!(members(&set(true, &[])), [true, true, true, false]);
        assert_eq!(members(&set(false, &[])), [true, false, false, false]);
        assert_eq!(members(&set(true, &["ulcer"])), [true, false, false, false]);
        assert_eq!(concepts.members(&set(true, &[])).count(), 3);
    }
}
