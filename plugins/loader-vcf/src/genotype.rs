//! GT: the alleles that a sample has at a site.

use crate::broken::{Broken, Field};
use crate::pair::Pair;

/// An allele that was not called.
const MISSING: u32 = u32::MAX;

/// A genotype; keeps its room from sample to sample.
#[derive(Debug, Default)]
pub(crate) struct Genotype {
    /// The alleles, where two of one digit are all there is.
    pair: Option<Pair>,
    /// The alleles otherwise: 0 is the reference, [`MISSING`] a point.
    alleles: Vec<u32>,
    /// Whether the phase is known, of all alleles.
    pub(crate) phased: bool,
}

impl Genotype {
    /// Takes what was read as a pair.
    pub(crate) fn set(&mut self, pair: Pair, phased: bool) {
        self.pair = Some(pair);
        self.phased = phased;
    }

    /// Reads a genotype; `alternates` is the number of alleles in ALT, where there are any.
    pub(crate) fn read(
        &mut self,
        text: &str,
        alternates: Option<usize>,
        prefix: bool,
    ) -> Result<(), Broken> {
        self.clear();
        self.phased = true;
        let broken = |rule| Err(Broken::new(Field::Samples, rule));
        let mut bytes = text.as_bytes();
        // since 4.4 the first allele may have a sign too; without one, all others must be phased
        if prefix && let [sign @ (b'/' | b'|'), rest @ ..] = bytes {
            self.phased = *sign == b'|';
            bytes = rest;
        }
        let most = alternates.map_or(MISSING - 1, |number| {
            u32::try_from(number).unwrap_or(MISSING - 1)
        });
        loop {
            let (allele, rest) = match bytes {
                [b'.', rest @ ..] => (MISSING, rest),
                [digit @ b'0'..=b'9', rest @ ..] => number(u32::from(digit - b'0'), rest),
                _ => return broken("a genotype is neither alleles nor points"),
            };
            if allele > most && allele != MISSING {
                return broken("a genotype has an allele that ALT does not list");
            }
            self.alleles.push(allele);
            bytes = match rest {
                [] => return Ok(()),
                [b'/', rest @ ..] => {
                    self.phased = false;
                    rest
                }
                [b'|', rest @ ..] => rest,
                _ => return broken("a genotype is neither alleles nor points"),
            };
        }
    }

    /// No genotype at all: the sample has not even points for it.
    pub(crate) fn clear(&mut self) {
        self.pair = None;
        self.alleles.clear();
        self.phased = false;
    }

    /// The alleles, where they are a pair.
    pub(crate) fn pair(&self) -> Option<Pair> {
        self.pair
    }

    /// The alleles; `None` is one that was not called.
    pub(crate) fn alleles(&self) -> impl Iterator<Item = Option<u32>> + Clone {
        let pair = self.pair.map(Pair::alleles).into_iter().flatten();
        let others = if self.pair.is_some() {
            [].iter()
        } else {
            self.alleles.iter()
        };
        pair.chain(others.map(|allele| (*allele != MISSING).then_some(*allele)))
    }

    /// Whether there are alleles, and every one was called.
    pub(crate) fn is_called(&self) -> bool {
        self.ploidy() > 0 && self.alleles().all(|allele| allele.is_some())
    }

    /// Number of alleles, called or not.
    pub(crate) fn ploidy(&self) -> usize {
        match self.pair {
            Some(_) => 2,
            None => self.alleles.len(),
        }
    }

    /// Number of alleles, where any was called: a point alone says nothing about it.
    pub(crate) fn known_ploidy(&self) -> Option<usize> {
        let called = self.alleles().flatten().next();
        called.map(|_| self.ploidy())
    }

    /// How often an allele is there, or any but the reference; `None` where one was not called.
    pub(crate) fn dosage(&self, allele: Option<u32>) -> Option<usize> {
        if self.ploidy() == 0 {
            return None;
        }
        self.alleles().try_fold(0, |dosage, other| {
            let other = other?;
            let counts = allele.map_or(other != 0, |allele| other == allele);
            Some(dosage + usize::from(counts))
        })
    }
}

/// The rest of a number that begins with that digit. Nine digits at most: more are no allele.
fn number(first: u32, bytes: &[u8]) -> (u32, &[u8]) {
    let (mut value, mut rest) = (first, bytes);
    while let [digit @ b'0'..=b'9', after @ ..] = rest {
        value = value
            .saturating_mul(10)
            .saturating_add(u32::from(digit - b'0'))
            .min(MISSING - 1);
        rest = after;
    }
    (value, rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn genotypes_have_alleles_of_the_record_and_a_phase() {
        let mut genotype = Genotype::default();
        for (text, alleles, phased) in [
            ("0/1", vec![Some(0), Some(1)], false),
            ("1|2", vec![Some(1), Some(2)], true),
            ("0|1/2", vec![Some(0), Some(1), Some(2)], false),
            ("1", vec![Some(1)], true),
            (".", vec![None], true),
            ("./1", vec![None, Some(1)], false),
            ("./.", vec![None, None], false),
        ] {
            genotype.read(text, Some(2), false).unwrap();
            let found: Vec<_> = genotype.alleles().collect();
            assert_eq!((found, genotype.phased), (alleles, phased));
            assert_eq!(genotype.ploidy(), genotype.alleles().count());
        }
        for text in [
            "",
            "/",
            "0/",
            "0//1",
            "3",
            "0/99999999999",
            "-1",
            "0:1",
            "A/C",
            "/0/1",
        ] {
            assert!(genotype.read(text, Some(2), false).is_err(), "{text}");
        }
        genotype.read("/0", Some(2), true).unwrap();
        assert!(!genotype.phased);
        genotype.read("|0|1", Some(2), true).unwrap();
        assert!(genotype.phased);
        // without ALT nobody knows how many alleles there are
        genotype.read("0|1", None, false).unwrap();
        assert_eq!(genotype.dosage(None), Some(1));
    }
}
