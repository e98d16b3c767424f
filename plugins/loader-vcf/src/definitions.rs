//! The keys of INFO and of FORMAT: those that the header declares, and those that the
//! specification reserves.

use std::collections::HashMap;

use crate::values::{Kind, Number};

/// A key and what its values are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Definition {
    pub(crate) key: String,
    pub(crate) number: Number,
    pub(crate) kind: Kind,
    /// Whether the header has it.
    pub(crate) declared: bool,
}

/// All keys of INFO, or all keys of FORMAT.
#[derive(Clone, Debug, Default)]
pub(crate) struct Definitions {
    list: Vec<Definition>,
    places: HashMap<String, usize>,
}

impl Definitions {
    /// Adds a key of the header; `false` where it is there already.
    pub(crate) fn declare(&mut self, key: &str, number: Number, kind: Kind) -> bool {
        self.add(key, number, kind, true)
    }

    /// Adds what the specification reserves, where the header says nothing else.
    pub(crate) fn reserve(&mut self, reserved: &[(&str, Number, Kind)]) {
        for (key, number, kind) in reserved {
            self.add(key, *number, *kind, false);
        }
    }

    fn add(&mut self, key: &str, number: Number, kind: Kind, declared: bool) -> bool {
        if self.places.contains_key(key) {
            return false;
        }
        self.places.insert(key.to_owned(), self.list.len());
        self.list.push(Definition {
            key: key.to_owned(),
            number,
            kind,
            declared,
        });
        true
    }

    pub(crate) fn len(&self) -> usize {
        self.list.len()
    }

    pub(crate) fn get(&self, place: usize) -> Option<&Definition> {
        self.list.get(place)
    }

    pub(crate) fn place(&self, key: &str) -> Option<usize> {
        self.places.get(key).copied()
    }

    /// The place of a key that the header has.
    pub(crate) fn declared(&self, key: &str) -> Option<usize> {
        let place = self.place(key)?;
        self.get(place)?.declared.then_some(place)
    }

    /// How many keys the header has.
    pub(crate) fn count_declared(&self) -> usize {
        self.list.iter().filter(|key| key.declared).count()
    }
}

const ONE: Number = Number::Exactly(1);
const FLAG: Number = Number::Exactly(0);

/// Reserved keys of INFO (section 1.4.1 of 4.1 to 4.2, table 1 of 4.3 to 4.5) whose number and
/// type all versions agree on.
pub(crate) const INFO: &[(&str, Number, Kind)] = &[
    ("AA", ONE, Kind::String),
    ("AC", Number::Alternates, Kind::Integer),
    ("AF", Number::Alternates, Kind::Float),
    ("AN", ONE, Kind::Integer),
    ("BQ", ONE, Kind::Float),
    ("CIGAR", Number::Alternates, Kind::String),
    ("DB", FLAG, Kind::Flag),
    ("DP", ONE, Kind::Integer),
    ("H2", FLAG, Kind::Flag),
    ("H3", FLAG, Kind::Flag),
    ("MQ", ONE, Kind::Float),
    ("MQ0", ONE, Kind::Integer),
    ("NS", ONE, Kind::Integer),
    ("SOMATIC", FLAG, Kind::Flag),
    ("VALIDATED", FLAG, Kind::Flag),
    ("1000G", FLAG, Kind::Flag),
];

/// Reserved keys of FORMAT (section 1.4.2 of 4.1 to 4.2, table 2 of 4.3 to 4.5) whose number and
/// type all versions agree on.
pub(crate) const FORMAT: &[(&str, Number, Kind)] = &[
    ("GT", ONE, Kind::String),
    ("DP", ONE, Kind::Integer),
    ("GL", Number::Genotypes, Kind::Float),
    ("PL", Number::Genotypes, Kind::Integer),
    ("HQ", Number::Exactly(2), Kind::Integer),
    ("MQ", ONE, Kind::Integer),
];
