//! What stands before the data: comments, `@relation`, one `@attribute` a line, `@data`.

use autods_sdk::loader::{Fault, FaultCode, LoaderHost, TableSpec};

use crate::lines::Lines;
use crate::quoted;

/// The attributes of a file, and where the dictionary wants them.
pub(crate) struct Header {
    /// For every attribute of the file the index of its column in the dictionary, if it has one.
    pub(crate) attributes: Vec<Option<usize>>,
    /// Columns that get the number of the record's line; no attribute of the file has their name.
    pub(crate) numbered: Vec<usize>,
    /// Columns in the dictionary.
    pub(crate) columns: usize,
    /// Attributes that the dictionary does not declare.
    pub(crate) undeclared: u32,
    /// First byte behind the line `@data`, and the number of the line that begins there.
    pub(crate) end: u64,
    pub(crate) next_line: u64,
}

impl Header {
    /// Reads the header of a source. `numbered` names columns that the file does not have.
    pub(crate) fn read(
        host: &dyn LoaderHost,
        source: u32,
        size: u64,
        table: &TableSpec,
        numbered: &[&str],
    ) -> Result<Self, Fault> {
        let mut lines = Lines::new(host, source, 0, size, 1);
        let mut names: Vec<String> = Vec::new();
        let mut related = false;
        while let Some(line) = lines.next()? {
            let fault = |code: FaultCode| Fault::from(code).in_source(source).at_line(line.number);
            let text = std::str::from_utf8(line.text).map_err(|_| fault(FaultCode::InvalidUtf8))?;
            let text = text.trim();
            if text.is_empty() || text.starts_with('%') {
                continue;
            }
            // keywords are not case-sensitive
            let (word, rest) = text.split_once([' ', '\t']).unwrap_or((text, ""));
            if word.eq_ignore_ascii_case("@relation") && !related && names.is_empty() {
                related = true;
            } else if word.eq_ignore_ascii_case("@attribute") && related {
                let (name, kind) =
                    quoted::first_word(rest).ok_or_else(|| fault(FaultCode::Malformed))?;
                if kind.trim().is_empty() {
                    return Err(fault(FaultCode::Malformed));
                }
                if names.contains(&name) {
                    // a fault is codes and numbers: the column's index, never its text
                    let fault = fault(FaultCode::DuplicateColumn);
                    return Err(match position(table, &name) {
                        Some(column) => fault.in_column(column),
                        None => fault,
                    });
                }
                names.push(name);
            } else if word.eq_ignore_ascii_case("@data") && !names.is_empty() {
                return Self::of(&names, table, numbered, (line.end, line.number + 1))
                    .map_err(|fault| fault.in_source(source).at_line(line.number));
            } else {
                return Err(fault(FaultCode::Malformed));
            }
        }
        let code = if size == 0 { FaultCode::EmptyInput } else { FaultCode::Malformed };
        Err(Fault::from(code).in_source(source))
    }

    fn of(
        names: &[String],
        table: &TableSpec,
        numbered: &[&str],
        (end, next_line): (u64, u64),
    ) -> Result<Self, Fault> {
        let attributes: Vec<Option<usize>> =
            names.iter().map(|name| position(table, name)).collect();
        let mut lines = Vec::new();
        for name in numbered {
            // the dictionary has no such column, or the file has it already
            let column = position(table, name).filter(|column| !attributes.contains(&Some(*column)));
            lines.push(column.ok_or(FaultCode::ParameterOutOfRange)?);
        }
        for column in 0..table.columns.len() {
            if !attributes.contains(&Some(column)) && !lines.contains(&column) {
                return Err(Fault::from(FaultCode::MissingColumn).in_column(column));
            }
        }
        let undeclared = attributes.iter().filter(|column| column.is_none()).count();
        Ok(Self {
            attributes,
            numbered: lines,
            columns: table.columns.len(),
            undeclared: u32::try_from(undeclared).unwrap_or(u32::MAX),
            end,
            next_line,
        })
    }
}

fn position(table: &TableSpec, name: &str) -> Option<usize> {
    table.columns.iter().position(|column| column.name == name)
}
