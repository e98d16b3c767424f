//! The types and numbers of values that INFO and FORMAT lines declare.

use crate::version::Version;

/// `Type` of a definition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Integer,
    Float,
    Flag,
    Character,
    String,
}

impl Kind {
    pub(crate) fn read(text: &str) -> Option<Self> {
        match text {
            "Integer" => Some(Self::Integer),
            "Float" => Some(Self::Float),
            "Flag" => Some(Self::Flag),
            "Character" => Some(Self::Character),
            "String" => Some(Self::String),
            _ => None,
        }
    }

    /// How many values a list of them holds; `None` where one of them is not of the type.
    pub(crate) fn count(self, text: &str) -> Option<u64> {
        let text_bytes = text.as_bytes();
        match self {
            Self::Integer => integers(text_bytes),
            Self::Float => count(text_bytes, is_float),
            Self::Character => {
                let one = |value: &str| value.chars().count() == 1 || value.starts_with('%');
                text.split(',').all(one).then(|| values(text_bytes))
            }
            // a text in quotes is one value, commas and all
            Self::String | Self::Flag => match text_bytes {
                [b'"', .., b'"'] => Some(1),
                _ => Some(values(text_bytes)),
            },
        }
    }
}

/// `Number` of a definition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Number {
    /// That many.
    Exactly(u32),
    /// One for each alternate allele.
    Alternates,
    /// One for each allele, the reference first.
    Alleles,
    /// One for each possible genotype.
    Genotypes,
    /// One for each allele of the genotype.
    Ploidy,
    /// Any.
    Unknown,
}

impl Number {
    /// `R` is taken in 4.1 too, where callers wrote it before the specification did.
    pub(crate) fn read(text: &str, version: Version) -> Option<Self> {
        match text {
            "A" => Some(Self::Alternates),
            "R" => Some(Self::Alleles),
            "G" => Some(Self::Genotypes),
            "." => Some(Self::Unknown),
            "P" if version >= Version::V4_4 => Some(Self::Ploidy),
            // alleles and bases that the sample's own record lists: nothing to count here
            "LA" | "LR" | "LG" | "M" if version >= Version::V4_5 => Some(Self::Unknown),
            _ if text.bytes().all(|byte| byte.is_ascii_digit()) => {
                text.parse().ok().map(Self::Exactly)
            }
            _ => None,
        }
    }

    /// How many values there must be, where that can be told: in a record without alternate
    /// alleles, nothing that depends on them; for a genotype that is missing, nothing that
    /// depends on its ploidy.
    pub(crate) fn expected(self, alternates: Option<usize>, ploidy: Option<usize>) -> Option<u64> {
        match self {
            Self::Exactly(number) => Some(u64::from(number)),
            Self::Alternates => alternates.map(|number| number as u64),
            Self::Alleles => alternates.map(|number| number as u64 + 1),
            Self::Genotypes => genotypes(alternates? as u64 + 1, ploidy? as u64),
            Self::Ploidy => ploidy.map(|number| number as u64),
            Self::Unknown => None,
        }
    }
}

/// Unordered genotypes of `ploidy` alleles out of `alleles`: C(alleles + ploidy − 1, ploidy).
fn genotypes(alleles: u64, ploidy: u64) -> Option<u64> {
    match ploidy {
        1 => return Some(alleles),
        2 => return Some(alleles * (alleles + 1) / 2),
        _ => {}
    }
    let (total, fewer) = (alleles + ploidy - 1, ploidy.min(alleles - 1));
    (0..fewer).try_fold(1u64, |product, step| {
        Some(product.checked_mul(total - step)? / (step + 1))
    })
}

/// Values in a list.
fn values(text: &[u8]) -> u64 {
    1 + memchr::memchr_iter(b',', text).count() as u64
}

fn count(text: &[u8], is_value: impl Fn(&[u8]) -> bool) -> Option<u64> {
    let mut found = 0;
    for value in text.split(|byte| *byte == b',') {
        if value != b"." && !is_value(value) {
            return None;
        }
        found += 1;
    }
    Some(found)
}

/// Counts whole numbers in one pass: most of what a caller writes about a sample is these.
fn integers(text: &[u8]) -> Option<u64> {
    let (mut found, mut digits) = (1, 0);
    let mut previous = b',';
    for byte in text {
        match byte {
            b'0'..=b'9' if previous != b'.' => digits += 1,
            b',' if digits > 0 || previous == b'.' => {
                found += 1;
                digits = 0;
            }
            b'-' | b'+' | b'.' if previous == b',' => {}
            _ => return None,
        }
        previous = *byte;
    }
    (digits > 0 || previous == b'.').then_some(found)
}

/// A number, `Inf` or `NaN` in any case.
pub(crate) fn is_float(text: &[u8]) -> bool {
    let rest = match text {
        [b'-' | b'+', rest @ ..] => rest,
        _ => text,
    };
    let mut digits = 0;
    let mut point = false;
    for (at, byte) in rest.iter().enumerate() {
        match byte {
            b'0'..=b'9' => digits += 1,
            b'.' if !point => point = true,
            b'e' | b'E' if digits > 0 => {
                return is_exponent(rest.get(at + 1..).unwrap_or_default());
            }
            _ => {
                let word = |word: &[u8]| rest.eq_ignore_ascii_case(word);
                return word(b"inf") || word(b"infinity") || word(b"nan");
            }
        }
    }
    digits > 0
}

fn is_exponent(text: &[u8]) -> bool {
    let digits = match text {
        [b'-' | b'+', rest @ ..] => rest,
        _ => text,
    };
    !digits.is_empty() && digits.iter().all(u8::is_ascii_digit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_counted_and_their_values_of_the_type() {
        for (text, expected) in [
            ("1", Some(1)),
            ("-1,.,30", Some(3)),
            (".,.", Some(2)),
            ("", None),
            ("1,", None),
            (",1", None),
            ("1.5", None),
            (".5", None),
            ("5.", None),
            ("--5", None),
            ("1-", None),
            ("a", None),
        ] {
            assert_eq!(Kind::Integer.count(text), expected, "{text}");
        }
        for (text, expected) in [
            ("1,-.5,2e+1,1.1e-123,.,Inf,-inf,NaN", Some(8)),
            ("", None),
            ("1e", None),
            ("e5", None),
            ("1.2.3", None),
            ("-", None),
            ("infinite", None),
        ] {
            assert_eq!(Kind::Float.count(text), expected, "{text}");
        }
        assert_eq!(Kind::Character.count("a,é"), Some(2));
        assert_eq!(Kind::Character.count("ab"), None);
    }

    #[test]
    fn genotypes_are_counted_as_the_specification_does() {
        for (alleles, ploidy, expected) in [
            (2, 2, 3),
            (3, 2, 6),
            (3, 3, 10),
            (2, 1, 2),
            (4, 3, 20),
            (1, 5, 1),
            (2, 4, 5),
        ] {
            assert_eq!(genotypes(alleles, ploidy), Some(expected));
        }
        assert_eq!(genotypes(1 << 20, 1 << 20), None);
    }
}
