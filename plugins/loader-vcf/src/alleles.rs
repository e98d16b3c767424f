//! REF and ALT: what an allele may look like, and what it is.

use crate::broken::{Broken, Field};

/// What an alternate allele is, beside its reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Variation {
    /// One base for another: a transition (A↔G, C↔T) or a transversion; `None` where one is N.
    Snv(Option<Change>),
    /// Bases of another number.
    Indel,
    /// `<…>`, or a breakend.
    Symbolic,
    /// As many bases, but several; `*`.
    Other,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Change {
    Transition,
    Transversion,
}

/// The alternate alleles of a record; keeps its room between records.
#[derive(Debug, Default)]
pub(crate) struct Alternates {
    /// Start and end of each in the field.
    bounds: Vec<(usize, usize)>,
}

impl Alternates {
    /// Takes the field ALT apart. A point alone is no allele.
    pub(crate) fn read(&mut self, text: &str) -> Result<(), Broken> {
        self.bounds.clear();
        if text == "." {
            return Ok(());
        }
        let mut start = 0;
        for allele in text.split(',') {
            if !is_alternate(allele.as_bytes()) {
                return Err(Broken::new(
                    Field::Alt,
                    "an allele is of no form that ALT may have",
                ));
            }
            let end = start + allele.len();
            self.bounds.push((start, end));
            start = end + 1;
        }
        Ok(())
    }

    pub(crate) fn len(&self) -> usize {
        self.bounds.len()
    }

    /// Their number, where the record has any.
    pub(crate) fn number(&self) -> Option<usize> {
        (!self.bounds.is_empty()).then_some(self.bounds.len())
    }

    /// One of them, out of the field that was read.
    pub(crate) fn get<'l>(&self, text: &'l str, allele: usize) -> Option<&'l str> {
        let &(start, end) = self.bounds.get(allele)?;
        text.get(start..end)
    }
}

/// A, C, G, T and N in either case, at least one.
pub(crate) fn is_bases(text: &[u8]) -> bool {
    let base = |byte: &u8| matches!(byte | 0x20, b'a' | b'c' | b'g' | b't' | b'n');
    !text.is_empty() && text.iter().all(base)
}

fn is_alternate(text: &[u8]) -> bool {
    match text {
        b"*" => true,
        // single breakends
        [b'.', bases @ ..] | [bases @ .., b'.'] if is_bases(bases) => true,
        [.., b'>'] => is_symbolic(text),
        _ if is_bases(text) => true,
        _ => is_breakend(text),
    }
}

/// `<ID>`, and `C<contig>`, a contig of the assembly file put in after a base.
fn is_symbolic(text: &[u8]) -> bool {
    let Some(open) = memchr::memchr(b'<', text) else {
        return false;
    };
    let (bases, name) = text.split_at(open);
    (bases.is_empty() || is_bases(bases)) && is_bracketed(name)
}

/// A name in angle brackets.
pub(crate) fn is_bracketed(text: &[u8]) -> bool {
    let Some(name) = text
        .strip_prefix(b"<")
        .and_then(|text| text.strip_suffix(b">"))
    else {
        return false;
    };
    !name.is_empty()
        && name
            .iter()
            .all(|byte| byte.is_ascii_graphic() && !b"<>,".contains(byte))
}

/// `t[p[`, `t]p]`, `]p]t` and `[p[t`: bases and the place of the mate.
fn is_breakend(text: &[u8]) -> bool {
    let Some(open) = memchr::memchr2(b'[', b']', text) else {
        return false;
    };
    let Some(close) = memchr::memrchr2(b'[', b']', text) else {
        return false;
    };
    let (Some(before), Some(place), Some(after)) = (
        text.get(..open),
        text.get(open + 1..close),
        text.get(close + 1..),
    ) else {
        return false;
    };
    let bases = |text: &[u8]| text == b"." || is_bases(text);
    let sides = (bases(before) && after.is_empty()) || (before.is_empty() && bases(after));
    text.get(open) == text.get(close) && sides && is_place(place)
}

/// `contig:position`, where the contig may have colons itself, or stand in angle brackets.
fn is_place(text: &[u8]) -> bool {
    if is_bracketed(text) {
        return true;
    }
    let Some(colon) = memchr::memrchr(b':', text) else {
        return false;
    };
    let (contig, position) = text.split_at(colon);
    let position = position.get(1..).unwrap_or_default();
    let plain = |byte: &u8| byte.is_ascii_graphic() && !b"<>[],".contains(byte);
    let named = is_bracketed(contig) || (!contig.is_empty() && contig.iter().all(plain));
    named && !position.is_empty() && position.iter().all(u8::is_ascii_digit)
}

/// What an allele is beside its reference; both are of forms that they may have.
pub(crate) fn variation(reference: &str, alternate: &str) -> Variation {
    let (reference, alternate) = (reference.as_bytes(), alternate.as_bytes());
    match (reference, alternate) {
        (_, b"*") => Variation::Other,
        (_, other) if !is_bases(other) => Variation::Symbolic,
        ([from], [to]) => {
            Variation::Snv(change(from.to_ascii_uppercase(), to.to_ascii_uppercase()))
        }
        _ if reference.len() == alternate.len() => Variation::Other,
        _ => Variation::Indel,
    }
}

fn change(from: u8, to: u8) -> Option<Change> {
    match (from, to) {
        (b'N', _) | (_, b'N') => None,
        _ if from == to => None,
        (b'A', b'G') | (b'G', b'A') | (b'C', b'T') | (b'T', b'C') => Some(Change::Transition),
        _ => Some(Change::Transversion),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alleles_have_the_forms_of_the_specification() {
        for good in [
            "A",
            "acgtN",
            "*",
            "<*>",
            "<DEL>",
            "<DUP:TANDEM>",
            "C<ctg1>",
            ".A",
            "A.",
            "G]17:198982]",
            "]13:123456]T",
            "[<ctg1>:7[T",
            "C[<ctg1>:1[",
            ".[13:123457[",
            "]HLA-A*01:01:5]AGT",
        ] {
            assert!(is_alternate(good.as_bytes()), "{good}");
        }
        for bad in [
            "", "R", "A-", ".", "..", "<>", "<DEL", "DEL>", "<A B>", "<A><B>", "G]17]", "G]17:a]",
            "G]17:1[", "]17:1]", "G]17:1]T", "[:1[T", "1",
        ] {
            assert!(!is_alternate(bad.as_bytes()), "{bad}");
        }
    }

    #[test]
    fn alleles_are_counted_as_what_they_are() {
        let is = |alternate| variation("A", alternate);
        assert_eq!(is("g"), Variation::Snv(Some(Change::Transition)));
        assert_eq!(is("C"), Variation::Snv(Some(Change::Transversion)));
        assert_eq!(is("N"), Variation::Snv(None));
        assert_eq!(is("AC"), Variation::Indel);
        assert_eq!(is("*"), Variation::Other);
        assert_eq!(is("<*>"), Variation::Symbolic);
        assert_eq!(is("A[1:5["), Variation::Symbolic);
        assert_eq!(variation("AC", "GT"), Variation::Other);
        assert_eq!(variation("AC", "G"), Variation::Indel);
    }
}
