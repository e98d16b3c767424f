//! FORMAT, and what it says of every sample.

use memchr::memchr;

use crate::broken::{Broken, Field};
use crate::definitions::{Definition, Definitions};
use crate::genotype::Genotype;
use crate::info::is_key;
use crate::pair::Pair;
use crate::version::Version;

/// The keys of a record's FORMAT. Records have the same, as a rule: it is read when it changes.
#[derive(Debug, Default)]
pub(crate) struct Format {
    text: String,
    /// By place in FORMAT: the place of the definition.
    keys: Vec<Option<usize>>,
    has_genotypes: bool,
    /// Whether they are all that there is.
    only_genotypes: bool,
}

fn broken(field: Field, rule: &'static str) -> Broken {
    Broken::new(field, rule)
}

impl Format {
    pub(crate) fn read(
        &mut self,
        text: &str,
        definitions: &Definitions,
        version: Version,
    ) -> Result<(), Broken> {
        if self.text == text {
            return Ok(());
        }
        self.text.clear();
        self.keys.clear();
        self.has_genotypes = false;
        self.only_genotypes = false;
        if text == "." {
            self.keys.push(None);
            self.text.push_str(text);
            return Ok(());
        }
        let mut start = 0;
        for (at, key) in text.split(':').enumerate() {
            if !is_key(key, version) {
                return Err(broken(Field::Format, "a key is no name"));
            }
            let earlier = text.get(..start).unwrap_or_default();
            if version.is_strict() && earlier.split(':').any(|other| other == key) {
                return Err(broken(Field::Format, "a key stands twice"));
            }
            start += key.len() + 1;
            if key == "GT" {
                if at > 0 {
                    return Err(broken(Field::Format, "GT is not the first key"));
                }
                self.has_genotypes = true;
            }
            self.keys.push(definitions.place(key));
        }
        self.only_genotypes = text == "GT";
        self.text.push_str(text);
        Ok(())
    }

    /// Where in FORMAT the key of a definition stands.
    pub(crate) fn position(&self, definition: usize) -> Option<usize> {
        self.keys.iter().position(|key| *key == Some(definition))
    }

    pub(crate) fn has_genotypes(&self) -> bool {
        self.has_genotypes
    }

    /// Whether a sample has a genotype and nothing else.
    pub(crate) fn only_genotypes(&self) -> bool {
        self.only_genotypes
    }
}

/// What a record says of one sample; keeps its room from sample to sample.
#[derive(Debug, Default)]
pub(crate) struct Sample {
    pub(crate) genotype: Genotype,
    /// Start and end of every value, in the order of FORMAT; those at the end may be left out.
    bounds: Vec<(usize, usize)>,
}

impl Sample {
    /// Takes the values of a sample apart and checks them.
    pub(crate) fn read(
        &mut self,
        text: &str,
        format: &Format,
        definitions: &Definitions,
        version: Version,
        alternates: Option<usize>,
    ) -> Result<(), Broken> {
        self.bounds.clear();
        self.genotype.clear();
        if text.is_empty() {
            return Err(broken(Field::Samples, "a sample is empty"));
        }
        let (mut start, mut keys) = (0, format.keys.as_slice());
        let mut genotype = format.has_genotypes;
        // a genotype of three bytes, as nearly all are
        if genotype
            && let [first, sign, second, rest @ ..] = text.as_bytes()
            && matches!(rest, [] | [b':', ..])
            && let most = Pair::most(alternates)
            && let Some((pair, phased)) = Pair::read([*first, *sign, *second], most)
        {
            self.genotype.set(pair, phased);
            self.bounds.push((0, 3));
            keys = keys.get(1..).unwrap_or_default();
            (start, genotype) = (4, false);
        }
        for key in keys {
            let Some(rest) = text.get(start..) else { break };
            let end = start + value_length(rest.as_bytes());
            let value = text.get(start..end).unwrap_or_default();
            self.bounds.push((start, end));
            start = end + 1;
            if std::mem::take(&mut genotype) {
                let prefix = version >= Version::V4_4;
                self.genotype.read(value, alternates, prefix)?;
                continue;
            }
            if value == "." {
                continue;
            }
            if let Some(definition) = key.and_then(|place| definitions.get(place)) {
                let ploidy = if format.has_genotypes {
                    self.genotype.known_ploidy()
                } else {
                    Some(2)
                };
                check(definition, value, alternates, ploidy)?;
            }
        }
        if start <= text.len() {
            return Err(broken(
                Field::Samples,
                "a sample has more values than FORMAT has keys",
            ));
        }
        Ok(())
    }

    /// The value at a place in FORMAT.
    pub(crate) fn get<'l>(&self, text: &'l str, position: usize) -> Option<&'l str> {
        let &(start, end) = self.bounds.get(position)?;
        text.get(start..end)
    }
}

/// Bytes up to the next colon. Values are shorter than what a search would need to get going.
fn value_length(bytes: &[u8]) -> usize {
    let near = bytes.iter().take(16).position(|byte| *byte == b':');
    near.or_else(|| memchr(b':', bytes)).unwrap_or(bytes.len())
}

fn check(
    definition: &Definition,
    value: &str,
    alternates: Option<usize>,
    ploidy: Option<usize>,
) -> Result<(), Broken> {
    let Some(found) = definition.kind.count(value) else {
        return Err(broken(
            Field::Samples,
            "a value is not of the declared Type",
        ));
    };
    match definition.number.expected(alternates, ploidy) {
        Some(expected) if expected != found => {
            let rule = "not the declared Number of values";
            Err(broken(Field::Samples, rule).counts(expected, found))
        }
        _ => Ok(()),
    }
}
