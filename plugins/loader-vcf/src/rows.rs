//! Rows: sites and genotypes as the dictionary wants them.

use std::fmt::Write;

use autods_sdk::loader::{Fault, FaultCode, LoaderHost, TableSpec, TableWriter};

use crate::alleles::Alternates;
use crate::columns::{CallColumn, Column, SiteColumn};
use crate::counts::Counts;
use crate::definitions::{Definition, Definitions};
use crate::header::Header;
use crate::info::Info;
use crate::percent::decoded;
use crate::record::Record;
use crate::samples::{Format, Sample};
use crate::values::{Kind, Number};

/// A record with what was found in it.
pub(crate) struct Site<'l> {
    pub(crate) header: &'l Header,
    pub(crate) record: Record<'l>,
    pub(crate) alternates: &'l Alternates,
    pub(crate) info: &'l Info,
    pub(crate) format: &'l Format,
}

/// One sample of a record.
pub(crate) struct Call<'l> {
    pub(crate) name: &'l str,
    pub(crate) text: &'l str,
    pub(crate) sample: &'l Sample,
}

/// Whose row it is, besides the site's.
enum Of<'l> {
    AllSamples(&'l Counts),
    One(&'l Call<'l>),
}

/// Writes rows.
pub(crate) struct RowWriter<'j> {
    writer: TableWriter<'j>,
    columns: Vec<Column>,
    split: bool,
    room: String,
    /// The names of the site's variants, by allele: the same for all of its samples. Empty where
    /// they were not made yet.
    variants: Vec<String>,
}

/// What the writer refused, and in which column.
pub(crate) type Refused = (FaultCode, Option<usize>);

impl<'j> RowWriter<'j> {
    pub(crate) fn new(
        host: &'j dyn LoaderHost,
        table: &'j TableSpec,
        columns: Vec<Column>,
        split: bool,
    ) -> Self {
        Self {
            writer: TableWriter::new(host, table),
            columns,
            split,
            room: String::new(),
            variants: Vec::new(),
        }
    }

    /// Begins with the next site.
    pub(crate) fn begin(&mut self) {
        self.variants.iter_mut().for_each(String::clear);
    }

    /// The row of a site, or the rows of its alleles.
    pub(crate) fn site(&mut self, site: &Site<'_>, counts: &Counts) -> Result<(), Refused> {
        self.rows(site, &Of::AllSamples(counts))
    }

    /// The row of a sample at a site, or the rows of its alleles.
    pub(crate) fn call(&mut self, site: &Site<'_>, call: &Call<'_>) -> Result<(), Refused> {
        self.rows(site, &Of::One(call))
    }

    /// Emits what is left; gives the number of rows.
    pub(crate) fn finish(self) -> Result<u64, Fault> {
        self.writer.finish()
    }

    fn rows(&mut self, site: &Site<'_>, of: &Of<'_>) -> Result<(), Refused> {
        if !self.split || site.alternates.len() < 2 {
            let only = (self.split && site.alternates.len() == 1).then_some(0);
            return self.row(site, of, only);
        }
        (0..site.alternates.len()).try_for_each(|allele| self.row(site, of, Some(allele)))
    }

    /// A row; `allele` is the one of ALT that it is about, all of them otherwise.
    fn row(&mut self, site: &Site<'_>, of: &Of<'_>, allele: Option<usize>) -> Result<(), Refused> {
        for (at, column) in self.columns.iter().enumerate() {
            self.room.clear();
            let text = if *column == Column::Variant {
                variant(site, allele, &mut self.variants)
            } else {
                text(*column, site, of, allele, &mut self.room)
            };
            let written = match text {
                None | Some(".") => self.writer.missing(at),
                Some(text) => self.writer.cell(at, text),
            };
            written.map_err(|code| (code, Some(at)))?;
        }
        self.writer.end_row().map_err(|fault| (fault.code, None))
    }
}

/// The name of a site's variant, or of all that ALT lists.
fn variant<'v>(
    site: &Site<'_>,
    allele: Option<usize>,
    made: &'v mut Vec<String>,
) -> Option<&'v str> {
    let alternate = alternate(site, allele)?;
    let place = allele.unwrap_or_default();
    if made.len() <= place {
        made.resize_with(place + 1, String::new);
    }
    let name = made.get_mut(place)?;
    if name.is_empty() {
        let record = &site.record;
        let parts = [record.chrom, record.pos, record.reference, alternate];
        for (at, part) in parts.into_iter().enumerate() {
            if at > 0 {
                name.push('-');
            }
            name.push_str(part);
        }
    }
    Some(name)
}

/// ALT, or one of its alleles.
fn alternate<'a>(site: &Site<'a>, allele: Option<usize>) -> Option<&'a str> {
    let text = site.record.alternate;
    match allele {
        Some(allele) => site.alternates.get(text, allele),
        None => Some(text),
    }
}

/// What stands in a column; `None` where nothing does.
fn text<'a>(
    column: Column,
    site: &Site<'a>,
    of: &Of<'a>,
    allele: Option<usize>,
    room: &'a mut String,
) -> Option<&'a str> {
    let record = &site.record;
    match column {
        // made once for a site
        Column::Variant => None,
        Column::Chrom => Some(record.chrom),
        Column::Pos => Some(record.pos),
        Column::Id => Some(record.id),
        Column::Ref => Some(record.reference),
        Column::Alt => alternate(site, allele),
        Column::Qual => Some(record.qual),
        Column::Filter => Some(record.filter),
        Column::Info(place) => {
            let value = site.info.get(record.info, place);
            value_of(&site.header.info, place, value, allele, site, room)
        }
        Column::Site(column) => match of {
            Of::AllSamples(counts) if site.format.has_genotypes() => {
                number_of(column, counts, allele, room)
            }
            _ => None,
        },
        Column::Call(column) => match of {
            Of::One(call) => call_of(column, call, allele, site, room),
            Of::AllSamples(_) => None,
        },
    }
}

/// A value of INFO or FORMAT, or the part of it that is about an allele.
fn value_of<'a>(
    definitions: &Definitions,
    place: usize,
    value: Option<&'a str>,
    allele: Option<usize>,
    site: &Site<'a>,
    room: &'a mut String,
) -> Option<&'a str> {
    let definition = definitions.get(place)?;
    if definition.kind == Kind::Flag {
        return Some(if matches!(value, None | Some("0")) {
            "false"
        } else {
            "true"
        });
    }
    let value = of_allele(definition, value?, allele)?;
    if site.header.version.is_strict() && value != "." {
        return Some(decoded(value, room));
    }
    Some(value)
}

/// Of a list with a value for each allele, the one of that allele.
fn of_allele<'a>(
    definition: &Definition,
    value: &'a str,
    allele: Option<usize>,
) -> Option<&'a str> {
    match (definition.number, allele) {
        (Number::Alternates, Some(allele)) => value.split(',').nth(allele),
        (Number::Alleles, Some(allele)) => value.split(',').nth(allele + 1),
        _ => Some(value),
    }
}

#[allow(
    clippy::cast_precision_loss,
    reason = "counts of samples are below 2^53"
)]
fn number_of<'a>(
    column: SiteColumn,
    counts: &Counts,
    allele: Option<usize>,
    room: &'a mut String,
) -> Option<&'a str> {
    let allele = allele.map(|allele| allele + 1);
    let (part, whole) = match column {
        SiteColumn::AlleleFrequency => (counts.allele_count(allele), Some(counts.alleles)),
        SiteColumn::CallRate => (counts.called, Some(counts.samples)),
        SiteColumn::Heterozygosity => (counts.heterozygous(allele), Some(counts.polyploid)),
        SiteColumn::AlleleCount => (counts.allele_count(allele), None),
        SiteColumn::AlleleNumber => (counts.alleles, None),
        SiteColumn::Called => (counts.called, None),
        SiteColumn::Samples => (counts.samples, None),
    };
    match whole {
        None => written(room, format_args!("{part}")),
        Some(0) => None,
        Some(whole) => written(room, format_args!("{}", part as f64 / whole as f64)),
    }
}

fn call_of<'a>(
    column: CallColumn,
    call: &Call<'a>,
    allele: Option<usize>,
    site: &Site<'a>,
    room: &'a mut String,
) -> Option<&'a str> {
    let genotype = &call.sample.genotype;
    match column {
        CallColumn::Sample => Some(call.name),
        CallColumn::Dosage => {
            let allele = allele.map(|allele| u32::try_from(allele + 1).unwrap_or(u32::MAX - 1));
            count(genotype.dosage(allele)?, room)
        }
        CallColumn::Phased => {
            let called = genotype.known_ploidy().is_some();
            called.then_some(if genotype.phased { "true" } else { "false" })
        }
        CallColumn::Ploidy => {
            let ploidy = Some(genotype.ploidy()).filter(|ploidy| *ploidy > 0);
            count(ploidy?, room)
        }
        CallColumn::Format(place) => {
            let position = site.format.position(place)?;
            let value = call.sample.get(call.text, position)?;
            value_of(&site.header.format, place, Some(value), allele, site, room)
        }
    }
}

/// A small number, without writing it as a rule.
fn count(number: usize, room: &mut String) -> Option<&str> {
    match number {
        0 => Some("0"),
        1 => Some("1"),
        2 => Some("2"),
        _ => written(room, format_args!("{number}")),
    }
}

fn written<'a>(room: &'a mut String, text: std::fmt::Arguments<'_>) -> Option<&'a str> {
    room.write_fmt(text).ok()?;
    Some(room)
}
