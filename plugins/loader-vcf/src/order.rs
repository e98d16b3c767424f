//! What only the file as a whole can show: records in order, and none twice.

use std::collections::HashSet;

use autods_sdk::loader::FaultCode;
use memchr::memchr;

use crate::broken::{Broken, Field};
use crate::record::position;

/// Different records at one position that are told apart; what comes after is taken on trust.
const MOST: usize = 1 << 16;

/// Looks at record after record.
#[derive(Debug, Default)]
pub(crate) struct Order {
    chrom: Vec<u8>,
    position: u32,
    over: HashSet<Vec<u8>>,
    /// REF and ALT of the first record at the position, and of others.
    first: Vec<u8>,
    others: HashSet<Vec<u8>>,
}

impl Order {
    /// Takes the next record.
    pub(crate) fn take(&mut self, line: &[u8]) -> Result<(), Broken> {
        let Some((chrom, rest)) = field(line) else {
            return Ok(()); // ragged: whoever reads the record says so
        };
        let Some((pos, rest)) = field(rest) else {
            return Ok(());
        };
        let position = std::str::from_utf8(pos).ok().and_then(position);
        let position = position.ok_or_else(|| Broken::new(Field::Pos, "POS is no position"))?;
        let alleles = alleles(rest);
        // in brackets, the same contig out of the assembly file
        let named = chrom
            .strip_prefix(b"<")
            .and_then(|name| name.strip_suffix(b">"));
        let chrom = named.unwrap_or(chrom);
        if self.chrom != chrom {
            if self.over.contains(chrom) {
                let rule = "records of a contig do not stand together";
                return Err(Broken::new(Field::Chrom, rule));
            }
            self.over.insert(std::mem::take(&mut self.chrom));
            self.chrom.extend_from_slice(chrom);
        } else if position < self.position {
            return Err(Broken::new(
                Field::Pos,
                "positions of a contig are not in order",
            ));
        } else if position == self.position {
            return self.take_another(alleles);
        }
        self.position = position;
        self.first.clear();
        self.first.extend_from_slice(alleles.unwrap_or_default());
        self.others.clear();
        Ok(())
    }

    fn take_another(&mut self, alleles: Option<&[u8]>) -> Result<(), Broken> {
        // two events of a symbolic kind may begin at one place
        let Some(alleles) = alleles.filter(|alleles| memchr(b'<', alleles).is_none()) else {
            return Ok(());
        };
        let twice = self.first == alleles || self.others.contains(alleles);
        if twice {
            return Err(
                Broken::new(Field::Line, "a variant stands twice").code(FaultCode::Malformed)
            );
        }
        if self.others.len() < MOST {
            self.others.insert(alleles.to_vec());
        }
        Ok(())
    }
}

/// A field and what follows its tabulator.
fn field(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let tab = memchr(b'\t', line)?;
    Some((line.get(..tab)?, line.get(tab + 1..)?))
}

/// REF and ALT with the tabulator between them, out of what follows POS.
fn alleles(rest: &[u8]) -> Option<&[u8]> {
    let (_, rest) = field(rest)?;
    let reference = memchr(b'\t', rest)?;
    let alternate = memchr(b'\t', rest.get(reference + 1..)?)?;
    rest.get(..reference + 1 + alternate)
}
