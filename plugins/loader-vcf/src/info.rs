//! INFO: keys and values of a record.

use std::collections::HashSet;

use crate::broken::{Broken, Field};
use crate::definitions::{Definition, Definitions};
use crate::values::Kind;
use crate::version::Version;

/// Where the value of each key stands; keeps its room between records.
#[derive(Debug)]
pub(crate) struct Info {
    /// By the place of the definition: the record that had it last, and start and end in it.
    found: Vec<(u64, usize, usize)>,
    record: u64,
    /// Places of the keys of the record before: those of the next are the same, as a rule.
    order: Vec<usize>,
}

fn broken(rule: &'static str) -> Broken {
    Broken::new(Field::Info, rule)
}

impl Info {
    pub(crate) fn new(definitions: &Definitions) -> Self {
        Self {
            found: vec![(0, 0, 0); definitions.len()],
            record: 0,
            order: Vec::new(),
        }
    }

    /// Takes a field apart and checks its values.
    pub(crate) fn read(
        &mut self,
        text: &str,
        definitions: &Definitions,
        version: Version,
        alternates: Option<usize>,
    ) -> Result<(), Broken> {
        self.record += 1;
        if text == "." {
            return Ok(());
        }
        if !version.is_strict() && memchr::memchr(b' ', text.as_bytes()).is_some() {
            return Err(broken("INFO has a blank"));
        }
        let mut unknown = HashSet::new();
        let mut start = 0;
        for (at, entry) in text.split(';').enumerate() {
            let (key, value) = match memchr::memchr(b'=', entry.as_bytes()) {
                Some(sign) => (entry.get(..sign), entry.get(sign + 1..)),
                None => (Some(entry), None),
            };
            let key = key.unwrap_or_default();
            let from = start + key.len() + usize::from(value.is_some());
            let end = start + entry.len();
            start = end + 1;
            if let Some(place) = self.place(key, at, definitions) {
                if let Some(definition) = definitions.get(place) {
                    check(definition, value, alternates)?;
                }
                if let Some(found) = self.found.get_mut(place) {
                    if found.0 == self.record && version.is_strict() {
                        return Err(broken("a key stands twice"));
                    }
                    *found = (self.record, from, end);
                }
                continue;
            }
            if !is_key(key, version) {
                return Err(broken("a key is no name"));
            }
            if version.is_strict() && !unknown.insert(key) {
                return Err(broken("a key stands twice"));
            }
        }
        Ok(())
    }

    /// The value of a key in the record that was read last: empty for a flag without one, `None`
    /// where the record does not have the key.
    pub(crate) fn get<'l>(&self, text: &'l str, place: usize) -> Option<&'l str> {
        let &(record, start, end) = self.found.get(place)?;
        (record == self.record)
            .then(|| text.get(start..end))
            .flatten()
    }

    fn place(&mut self, key: &str, at: usize, definitions: &Definitions) -> Option<usize> {
        if let Some(place) = self.order.get(at).copied()
            && definitions.get(place).is_some_and(|guess| guess.key == key)
        {
            return Some(place);
        }
        let place = definitions.place(key)?;
        if at >= self.order.len() && at < 1024 {
            self.order.resize(at + 1, place);
        }
        if let Some(order) = self.order.get_mut(at) {
            *order = place;
        }
        Some(place)
    }
}

fn check(
    definition: &Definition,
    value: Option<&str>,
    alternates: Option<usize>,
) -> Result<(), Broken> {
    let Some(value) = value else {
        return match definition.kind {
            Kind::Flag => Ok(()),
            _ => Err(broken("a key has no value")),
        };
    };
    if definition.kind == Kind::Flag {
        return match value {
            "0" | "1" => Ok(()),
            _ => Err(broken("a flag has a value")),
        };
    }
    if value == "." {
        return Ok(());
    }
    let Some(found) = definition.kind.count(value) else {
        return Err(broken("a value is not of the declared Type"));
    };
    // Number=G counts genotypes, which a site has none of: any number will do
    match definition.number.expected(alternates, None) {
        Some(expected) if expected != found => {
            Err(broken("not the declared Number of values").counts(expected, found))
        }
        _ => Ok(()),
    }
}

/// Since 4.3 keys are names; before, whatever has no separator in it.
pub(crate) fn is_key(key: &str, version: Version) -> bool {
    let mut bytes = key.bytes();
    if !version.is_strict() || key == "1000G" {
        return !key.is_empty() && bytes.all(|byte| byte.is_ascii_graphic() && byte != b',');
    }
    bytes
        .next()
        .is_some_and(|first| first.is_ascii_alphabetic() || first == b'_')
        && bytes.all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'.')
}
