//! The first record of a file.

use autods_sdk::loader::{Fault, FaultCode, LoaderHost, LogLevel, SourceReader, TableSpec};

use crate::cdm::{Column, Table};
use crate::fields::Fields;
use crate::options::{Options, Unknown};
use crate::parquet::File;
use crate::records::{Dialect, Records};
use crate::sources::Source;
use crate::suggest::suggest;

/// A file's header: which column of the model every field holds.
#[derive(Clone, Debug)]
pub(crate) struct Header {
    /// The table.
    pub(crate) table: &'static Table,
    /// The columns, in the file's order; `None` where a field is left alone.
    pub(crate) columns: Vec<Option<&'static Column>>,
    /// What the file is.
    pub(crate) form: Form,
    /// The first byte after it; in Parquet that of the first row group.
    pub(crate) end: u64,
    /// The line after it.
    pub(crate) next_line: u64,
}

/// What a file is.
#[derive(Clone, Debug)]
pub(crate) enum Form {
    /// Delimited text.
    Text(Dialect),
    /// Parquet.
    Parquet(File),
}

/// A name that the model has not: its field, and the column that it may mean.
struct Stranger {
    field: usize,
    meant: Option<&'static Column>,
}

impl Header {
    /// Reads the header of a source. `spec` is the table of the job that it fills, if it fills one.
    pub(crate) fn read(
        host: &dyn LoaderHost,
        source: &Source,
        spec: Option<&TableSpec>,
        options: Options,
    ) -> Result<Self, Fault> {
        let fault = |code: FaultCode| Fault::from(code).in_source(source.index);
        let table = source.table.ok_or_else(|| fault(FaultCode::MissingInput))?;
        let matched =
            |names: &[&str]| Names::read(names, table, options).columns(host, spec, options);
        if source.is_parquet {
            let file = File::open(host, source.index, source.size)?;
            let names: Vec<&str> = file.names.iter().map(String::as_str).collect();
            return Ok(Self {
                table,
                columns: matched(&names).map_err(|found| found.in_source(source.index))?,
                end: file.groups.first().map_or(source.size, |group| group.start),
                next_line: 1,
                form: Form::Parquet(file),
            });
        }
        let dialect = dialect(host, source)?;
        let start = byte_order_mark(host, source)?;
        let reader = SourceReader::new(host, source.index, start, source.size);
        let mut records = Records::new(reader, source.index, dialect, 1);
        let record = records
            .next()?
            .ok_or_else(|| fault(FaultCode::EmptyInput))?;
        let text = std::str::from_utf8(record.bytes)
            .map_err(|_| fault(FaultCode::InvalidUtf8).at_line(record.line))?;
        let mut fields = Fields::default();
        fields.split(text, dialect);
        let names: Vec<&str> = (0..fields.len())
            .map(|at| fields.get(text, at).unwrap_or_default())
            .collect();
        let columns =
            matched(&names).map_err(|found| found.in_source(source.index).at_line(record.line))?;
        Ok(Self {
            table,
            columns,
            form: Form::Text(dialect),
            end: record.end,
            next_line: record.next_line,
        })
    }

    /// The field that holds a column.
    pub(crate) fn place(&self, name: &str) -> Option<usize> {
        self.columns
            .iter()
            .position(|column| column.is_some_and(|column| column.name == name))
    }
}

/// The names of a header, matched with the model.
struct Names {
    table: &'static Table,
    columns: Vec<Option<&'static Column>>,
    strangers: Vec<Stranger>,
    twice: Option<(usize, &'static Column)>,
}

impl Names {
    fn read(names: &[&str], table: &'static Table, options: Options) -> Self {
        let known: Vec<_> = names
            .iter()
            .map(|name| table.column(name, options.versions))
            .collect();
        let twice = known.iter().enumerate().find_map(|(at, column)| {
            let column = (*column)?;
            known
                .get(..at)?
                .contains(&Some(column))
                .then_some((at, column))
        });
        let mut taken: Vec<&str> = known.iter().flatten().map(|column| column.name).collect();
        let mut strangers = Vec::new();
        for (field, name) in names.iter().enumerate() {
            if known.get(field).is_some_and(Option::is_none) {
                let meant = suggest(name, table, options.versions, &taken);
                taken.extend(meant.map(|column| column.name));
                strangers.push(Stranger { field, meant });
            }
        }
        Self {
            table,
            columns: known,
            strangers,
            twice,
        }
    }

    /// The column of every field, or the first fault. The log says what the header's strange names
    /// may mean, by their places: a file without a header has a record there.
    fn columns(
        mut self,
        host: &dyn LoaderHost,
        spec: Option<&TableSpec>,
        options: Options,
    ) -> Result<Vec<Option<&'static Column>>, Fault> {
        let in_dictionary = |fault: Fault, column: &Column| {
            let at = spec.and_then(|spec| {
                let mut columns = spec.columns.iter();
                columns.position(|wanted| wanted.name.eq_ignore_ascii_case(column.name))
            });
            at.map_or(fault, |at| fault.in_column(at))
        };
        let place = |fault: Fault, field: usize| Fault {
            found: Some(field as u64 + 1),
            ..fault
        };
        if let Some((field, column)) = self.twice {
            let fault = place(FaultCode::DuplicateColumn.into(), field);
            return Err(in_dictionary(fault, column));
        }
        self.log(host);
        if options.header == Unknown::Suggested {
            for stranger in &self.strangers {
                if let Some(field) = self.columns.get_mut(stranger.field) {
                    *field = stranger.meant;
                }
            }
            self.strangers.retain(|stranger| stranger.meant.is_none());
        }
        let missing = self.table.columns(options.versions).find(|column| {
            self.table.requires(column, options.versions) && !self.columns.contains(&Some(column))
        });
        if let Some(column) = missing {
            let fault = Fault::from(FaultCode::MissingColumn);
            let meant = |stranger: &&Stranger| stranger.meant == Some(column);
            let fault = match self.strangers.iter().find(meant) {
                Some(stranger) => place(fault, stranger.field),
                None => fault,
            };
            return Err(in_dictionary(fault, column));
        }
        match self.strangers.first() {
            Some(stranger) if options.header != Unknown::Ignored => {
                let fault = place(FaultCode::Malformed.into(), stranger.field);
                Err(stranger
                    .meant
                    .map_or(fault, |column| in_dictionary(fault, column)))
            }
            _ => Ok(self.columns),
        }
    }

    fn log(&self, host: &dyn LoaderHost) {
        for stranger in &self.strangers {
            let (table, field) = (self.table.name, stranger.field + 1);
            let message = match stranger.meant {
                Some(column) => {
                    let name = column.name;
                    format!(
                        "{table}: field {field} of the header is no column of the model; it may mean {name}"
                    )
                }
                None => format!("{table}: field {field} of the header is no column of the model"),
            };
            host.log(LogLevel::Warn, &message);
        }
    }
}

/// Bytes of the byte order mark at the start of a source: 3 or none.
fn byte_order_mark(host: &dyn LoaderHost, source: &Source) -> Result<u64, Fault> {
    let length = u32::try_from(source.size.min(3)).unwrap_or(3);
    let start = host
        .read_at(source.index, 0, length)
        .map_err(|error| Fault::from(error).in_source(source.index))?;
    Ok(if start == b"\xEF\xBB\xBF" { 3 } else { 0 })
}

/// How a source separates its fields, told by its first line: no name has a tabulator.
fn dialect(host: &dyn LoaderHost, source: &Source) -> Result<Dialect, Fault> {
    let length = u32::try_from(source.size.min(64 << 10)).unwrap_or(0);
    let start = host
        .read_at(source.index, 0, length)
        .map_err(|error| Fault::from(error).in_source(source.index))?;
    let line = start.split(|byte| *byte == b'\n').next();
    let has_tab = line.is_some_and(|line| line.contains(&b'\t'));
    Ok(if has_tab { Dialect::Tabs } else { Dialect::Csv })
}
