//! Reading one shard.

use autods_sdk::loader::{Fault, FaultCode, LoaderHost, Shard, SourceReader, Summary, TableSpec};
use memchr::memchr;

use crate::alleles::Alternates;
use crate::broken::{Broken, Field};
use crate::columns::{self, Column};
use crate::counts::Counts;
use crate::header::Header;
use crate::info::Info;
use crate::lines::Lines;
use crate::options::{Options, Rows};
use crate::pair::{Pair, Pairs};
use crate::quality::Quality;
use crate::record::{Record, ragged};
use crate::rows::{Call, Refused, RowWriter, Site};
use crate::samples::{Format, Sample};

/// Reads a shard and emits its rows.
pub(crate) fn load(
    table: &TableSpec,
    options: Options,
    shard: &Shard,
    host: &dyn LoaderHost,
) -> Result<Summary, Fault> {
    let sources = host.describe();
    let info = sources
        .get(shard.source as usize)
        .ok_or(FaultCode::MissingInput)?;
    let header = Header::read(host, shard.source, info.size)?;
    let columns = columns::find(table, &header, options, shard.source)?;
    let undeclared_columns = columns::undeclared(&columns, &header, options);
    let mut records = Records {
        writer: RowWriter::new(host, table, columns.clone(), options.split),
        rows: options.rows,
        alternates: Alternates::default(),
        info: Info::new(&header.info),
        format: Format::default(),
        sample: Sample::default(),
        pairs: Pairs::default(),
        counts: Counts::default(),
        quality: Quality::default(),
        header: &header,
    };
    let reader = SourceReader::new(host, shard.source, shard.start, shard.end);
    let mut lines = Lines::new(reader, shard.source, shard.first_line);
    while let Some(line) = lines.next()? {
        if line.bytes.is_empty() {
            continue;
        }
        let taken = std::str::from_utf8(line.bytes)
            .map_err(|_| Broken::new(Field::Line, "not UTF-8").code(FaultCode::InvalidUtf8))
            .map_err(Wrong::Record)
            .and_then(|text| records.take(text));
        taken.map_err(|wrong| wrong.at(host, shard.source, line.number, &columns))?;
    }
    let read = records.quality.records;
    records.quality.post(host)?;
    let emitted = records
        .writer
        .finish()
        .map_err(|refused| refused.in_source(shard.source))?;
    Ok(Summary {
        records: read,
        emitted,
        undeclared_columns,
    })
}

/// Why a record was not taken.
enum Wrong {
    /// It does not keep the specification.
    Record(Broken),
    /// It is not as the dictionary has it, or the host refused.
    Row(Refused),
}

impl Wrong {
    fn at(self, host: &dyn LoaderHost, source: u32, line: u64, columns: &[Column]) -> Fault {
        match self {
            Self::Record(broken) => {
                let named =
                    |column: &Column| broken.field != Field::Line && column.field() == broken.field;
                let fault = broken.at(host, source, line);
                match columns.iter().position(named) {
                    Some(column) => fault.in_column(column),
                    None => fault,
                }
            }
            Self::Row((code, None)) => Fault::from(code).in_source(source),
            Self::Row((code, Some(column))) => {
                let fault = Fault::from(code).in_source(source).at_line(line);
                fault.in_column(column)
            }
        }
    }
}

/// What is kept from record to record.
struct Records<'h, 'j> {
    header: &'h Header,
    writer: RowWriter<'j>,
    rows: Rows,
    alternates: Alternates,
    info: Info,
    format: Format,
    sample: Sample,
    pairs: Pairs,
    counts: Counts,
    quality: Quality,
}

impl Records<'_, '_> {
    fn take(&mut self, line: &str) -> Result<(), Wrong> {
        let record = self.check(line).map_err(Wrong::Record)?;
        self.quality.add_record(&record, &self.alternates);
        let site = Site {
            header: self.header,
            record,
            alternates: &self.alternates,
            info: &self.info,
            format: &self.format,
        };
        self.counts.begin(self.alternates.len());
        self.writer.begin();
        if let Some(columns) = record.samples {
            let number = self.alternates.number();
            self.pairs.begin(Pair::most(number));
            let only_counted = self.rows == Rows::Sites && self.format.only_genotypes();
            let mut names = self.header.samples.as_slice();
            let mut start = 0;
            while !names.is_empty() {
                let left = columns.as_bytes().get(start..).unwrap_or_default();
                if only_counted {
                    let counted = self.pairs.add_leading(left, names.len());
                    if counted > 0 {
                        names = names.get(counted..).unwrap_or_default();
                        start += 4 * counted;
                        continue;
                    }
                }
                let end = memchr(b'\t', left).map_or(columns.len(), |tab| start + tab);
                let (Some((name, others)), Some(text)) =
                    (names.split_first(), columns.get(start..end))
                else {
                    return Err(Wrong::Record(ragged(line, self.header)));
                };
                (names, start) = (others, end + 1);
                let Header {
                    format, version, ..
                } = self.header;
                self.sample
                    .read(text, &self.format, format, *version, number)
                    .map_err(Wrong::Record)?;
                let genotype = &self.sample.genotype;
                match genotype.pair() {
                    Some(pair) => self.pairs.add(pair),
                    None => {
                        if self.format.has_genotypes() {
                            self.quality.add_genotype(genotype.is_called());
                        }
                        self.counts.add(genotype.alleles(), 1);
                    }
                }
                if self.rows == Rows::Genotypes {
                    let sample = &self.sample;
                    let call = Call { name, text, sample };
                    self.writer.call(&site, &call).map_err(Wrong::Row)?;
                }
            }
            if start <= columns.len() {
                return Err(Wrong::Record(ragged(line, self.header)));
            }
            self.quality.add_pairs(&self.pairs);
            self.counts.add_pairs(&self.pairs);
        }
        if self.rows == Rows::Sites {
            self.writer.site(&site, &self.counts).map_err(Wrong::Row)?;
        }
        Ok(())
    }

    /// All of a record but its samples.
    fn check<'l>(&mut self, line: &'l str) -> Result<Record<'l>, Broken> {
        let header = self.header;
        let record = Record::read(line, header)?;
        self.alternates.read(record.alternate)?;
        let number = self.alternates.number();
        self.info
            .read(record.info, &header.info, header.version, number)?;
        if let Some(format) = record.format {
            self.format.read(format, &header.format, header.version)?;
        }
        Ok(record)
    }
}
