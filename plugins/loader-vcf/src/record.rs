//! A record: the columns of a site, and those of the samples as they stand.

use autods_sdk::loader::FaultCode;
use memchr::{memchr, memchr_iter};

use crate::alleles::{is_bases, is_bracketed};
use crate::broken::{Broken, Field};
use crate::header::Header;
use crate::values::is_float;

/// The fields of a line.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Record<'l> {
    pub(crate) chrom: &'l str,
    pub(crate) pos: &'l str,
    pub(crate) id: &'l str,
    pub(crate) reference: &'l str,
    pub(crate) alternate: &'l str,
    pub(crate) qual: &'l str,
    pub(crate) filter: &'l str,
    pub(crate) info: &'l str,
    /// Where the file has samples.
    pub(crate) format: Option<&'l str>,
    /// All of them, with the tabulators between them.
    pub(crate) samples: Option<&'l str>,
}

impl<'l> Record<'l> {
    /// Splits a line and checks the columns of the site, ALT, INFO and FORMAT excepted.
    pub(crate) fn read(line: &'l str, header: &Header) -> Result<Self, Broken> {
        let mut rest = Some(line);
        let mut field = || {
            let text = rest?;
            match memchr(b'\t', text.as_bytes()) {
                Some(tab) => {
                    rest = text.get(tab + 1..);
                    text.get(..tab)
                }
                None => rest.take(),
            }
        };
        let site: [Option<&str>; 8] = std::array::from_fn(|_| field());
        let format = if header.has_format { field() } else { None };
        let [
            Some(chrom),
            Some(pos),
            Some(id),
            Some(reference),
            Some(alternate),
            Some(qual),
            Some(filter),
            Some(info),
        ] = site
        else {
            return Err(ragged(line, header));
        };
        let complete =
            format.is_some() == header.has_format && rest.is_some() != header.samples.is_empty();
        if !complete {
            return Err(ragged(line, header));
        }
        let record = Self {
            chrom,
            pos,
            id,
            reference,
            alternate,
            qual,
            filter,
            info,
            format,
            samples: rest,
        };
        record.check(header)?;
        Ok(record)
    }

    fn check(&self, header: &Header) -> Result<(), Broken> {
        let check = |holds: bool, field, rule| {
            if holds {
                Ok(())
            } else {
                Err(Broken::new(field, rule))
            }
        };
        check(
            is_chrom(self.chrom),
            Field::Chrom,
            "CHROM is no name of a contig",
        )?;
        check(
            position(self.pos).is_some(),
            Field::Pos,
            "POS is no position",
        )?;
        check(is_ids(self.id), Field::Id, "ID is no list of identifiers")?;
        let bases = is_bases(self.reference.as_bytes());
        check(bases, Field::Ref, "REF is no sequence of bases")?;
        let qual = self.qual == "." || is_float(self.qual.as_bytes());
        check(qual, Field::Qual, "QUAL is no number")?;
        let filters = is_filters(self.filter, header.version.is_strict());
        check(
            filters,
            Field::Filter,
            "FILTER is neither PASS, nor missing, nor a list",
        )
    }
}

/// The line has another number of columns than the header.
pub(crate) fn ragged(line: &str, header: &Header) -> Broken {
    let expected = 8 + u64::from(header.has_format) + header.samples.len() as u64;
    let found = 1 + memchr_iter(b'\t', line.as_bytes()).count() as u64;
    Broken::new(Field::Line, "another number of columns than the header")
        .code(FaultCode::RaggedRecord)
        .counts(expected, found)
}

/// A name without blanks, commas and angle brackets, or one in angle brackets.
pub(crate) fn is_chrom(text: &str) -> bool {
    let text = text.as_bytes();
    let plain = |byte: &u8| byte.is_ascii_graphic() && !b"<>,".contains(byte);
    (!text.is_empty() && text != b"." && text.iter().all(plain)) || is_bracketed(text)
}

/// A position: 0 is the telomere; integers of the format have 32 bits.
pub(crate) fn position(text: &str) -> Option<u32> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let position = digits.then(|| text.parse().ok()).flatten();
    position.filter(|position| *position < 1 << 31)
}

fn is_ids(text: &str) -> bool {
    let is_id = |id: &str| !id.is_empty() && !id.contains(char::is_whitespace);
    text == "." || text.split(';').all(|id| is_id(id) && id != ".")
}

fn is_filters(text: &str, strict: bool) -> bool {
    if text == "PASS" || text == "." {
        return true;
    }
    let mut before = 0;
    text.split(';').all(|filter| {
        let earlier = text.get(..before).unwrap_or_default();
        before += filter.len() + 1;
        let repeated = strict && earlier.split(';').any(|other| other == filter);
        // earlier versions did not say that PASS stands alone
        let reserved = matches!(filter, "" | ".") || (strict && filter == "PASS");
        !repeated && !reserved && !filter.contains(char::is_whitespace)
    })
}
