//! Columns of text as codes of a dictionary.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use arrow_array::{Array, StringArray};

/// The code of a missing value.
pub(crate) const MISSING: u32 = u32::MAX;

/// What stands for a missing value in names.
pub(crate) const MISSING_WORD: &str = "missing";

/// A column of text: every distinct level once, in order of first appearance, and a code for each
/// row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Texts {
    pub(crate) levels: Vec<String>,
    pub(crate) codes: Vec<u32>,
}

impl Texts {
    pub(crate) fn read(column: &StringArray) -> Self {
        let mut known: HashMap<&str, u32, BuildHasherDefault<Fnv>> = HashMap::default();
        let mut levels = Vec::new();
        let mut codes = Vec::with_capacity(column.len());
        // rows are often like the row before
        let mut last: Option<(&str, u32)> = None;
        for text in column {
            let Some(text) = text else {
                codes.push(MISSING);
                continue;
            };
            if let Some((_, code)) = last.filter(|(known, _)| *known == text) {
                codes.push(code);
                continue;
            }
            let code = *known.entry(text).or_insert_with(|| {
                levels.push(text.to_owned());
                code_of(levels.len() - 1)
            });
            last = Some((text, code));
            codes.push(code);
        }
        Self { levels, codes }
    }

    /// The column with every level replaced by another; levels that become equal are one.
    pub(crate) fn map(&self, replace: impl Fn(&str) -> String) -> Self {
        let mut known: HashMap<String, u32> = HashMap::new();
        let mut levels = Vec::new();
        let new: Vec<u32> = self
            .levels
            .iter()
            .map(|level| {
                let level = replace(level);
                *known.entry(level).or_insert_with_key(|level| {
                    levels.push(level.clone());
                    code_of(levels.len() - 1)
                })
            })
            .collect();
        let codes = self
            .codes
            .iter()
            .map(|code| at(&new, *code).unwrap_or(MISSING));
        Self {
            codes: codes.collect(),
            levels,
        }
    }

    /// Two columns of equal length as one: `a|b`; a part without a value is `missing`, and a row
    /// without any is missing itself.
    pub(crate) fn pair(&self, other: &Self) -> Self {
        let mut known: HashMap<(u32, u32), u32> = HashMap::new();
        // different parts can make one text, such as `a|` and `b`, `a` and `|b`
        let mut named: HashMap<String, u32> = HashMap::new();
        let mut levels = Vec::new();
        let codes = self.codes.iter().zip(&other.codes).map(|(&left, &right)| {
            if left == MISSING && right == MISSING {
                return MISSING;
            }
            *known.entry((left, right)).or_insert_with(|| {
                let left = self.level(left).unwrap_or(MISSING_WORD);
                let right = other.level(right).unwrap_or(MISSING_WORD);
                *named
                    .entry(format!("{left}|{right}"))
                    .or_insert_with_key(|name| {
                        levels.push(name.clone());
                        code_of(levels.len() - 1)
                    })
            })
        });
        Self {
            codes: codes.collect(),
            levels,
        }
    }

    /// The text behind a code.
    pub(crate) fn level(&self, code: u32) -> Option<&str> {
        self.levels.get(code as usize).map(String::as_str)
    }

    /// A value for every row: `of_level` of its level, `of_missing` where it has none.
    pub(crate) fn values(&self, of_level: impl Fn(&str) -> f64, of_missing: f64) -> Vec<f64> {
        let table: Vec<f64> = self.levels.iter().map(|level| of_level(level)).collect();
        let values = self
            .codes
            .iter()
            .map(|code| at(&table, *code).unwrap_or(of_missing));
        values.collect()
    }

    /// Rows of every level, and rows without one.
    pub(crate) fn counts(&self) -> (Vec<u64>, u64) {
        let mut counts = vec![0; self.levels.len()];
        let mut missing = 0;
        for code in &self.codes {
            match counts.get_mut(*code as usize) {
                Some(count) => *count += 1,
                None => missing += 1,
            }
        }
        (counts, missing)
    }
}

/// FNV-1a (Fowler, Noll, Vo): short codes hash in a few cycles. A file made to collide would cost
/// its own sandbox time and nobody else's.
struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Hasher for Fnv {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

fn at<T: Copy>(table: &[T], code: u32) -> Option<T> {
    table.get(code as usize).copied()
}

/// A column has fewer levels than `u32::MAX`: more would not fit into a 32-bit address space.
fn code_of(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(MISSING)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_are_kept_once_in_order_of_appearance() {
        let column = StringArray::from(vec![Some("b"), None, Some("a"), Some("b"), Some("b")]);
        let texts = Texts::read(&column);
        assert_eq!(texts.levels, ["b", "a"]);
        assert_eq!(texts.codes, [0, MISSING, 1, 0, 0]);
        assert_eq!(texts.counts(), (vec![3, 1], 1));
        let same = texts.map(|_| "x".to_owned());
        assert_eq!((same.levels.len(), same.codes[1]), (1, MISSING));
    }

    #[test]
    fn a_pair_is_missing_only_where_both_parts_are() {
        let left = Texts::read(&StringArray::from(vec![Some("a"), None, None, Some("a")]));
        let right = Texts::read(&StringArray::from(vec![Some("x"), Some("y"), None, None]));
        let pair = left.pair(&right);
        assert_eq!(pair.levels, ["a|x", "missing|y", "a|missing"]);
        assert_eq!(pair.codes, [0, 1, MISSING, 2]);
        let left = Texts::read(&StringArray::from(vec!["a|b", "a"]));
        let right = Texts::read(&StringArray::from(vec!["c", "b|c"]));
        assert_eq!(left.pair(&right).levels, ["a|b|c"]);
    }
}
