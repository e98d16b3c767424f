//! One record: `63,F,'St. Mary\'s',?`.

use autods_sdk::loader::{Fault, FaultCode, TableWriter};

use crate::header::Header;
use crate::quoted::{Field, next_field};

/// Writes a record as the next row of the table.
pub(crate) fn write(
    text: &str,
    line: u64,
    header: &Header,
    writer: &mut TableWriter<'_>,
) -> Result<(), Fault> {
    if text.starts_with('{') {
        // the sparse form of the format, which this loader does not read
        return Err(FaultCode::Malformed.into());
    }
    let mut fields: Vec<Option<Field<'_>>> = Vec::new();
    fields.resize_with(header.columns, || None);
    let (mut found, mut rest) = (0, Some(text));
    while let Some(here) = rest {
        let (field, next) = next_field(here).map_err(|()| FaultCode::UnterminatedQuote)?;
        if let Some(Some(column)) = header.attributes.get(found) {
            fields[*column] = Some(field);
        }
        found += 1;
        rest = next;
    }
    if found != header.attributes.len() {
        let (expected, found) = (header.attributes.len() as u64, found as u64);
        return Err(Fault::from(FaultCode::RaggedRecord).expected_found(expected, found));
    }
    let number = line.to_string();
    for (column, field) in fields.iter().enumerate() {
        // the writer reads texts as the dictionary's kinds, and knows what means "missing"
        match field {
            Some(Field::Value(value)) => writer.cell(column, value),
            Some(Field::Missing) => writer.missing(column),
            None if header.numbered.contains(&column) => writer.cell(column, &number),
            None => Err(FaultCode::Internal),
        }
        .map_err(|code| Fault::from(code).in_column(column))?;
    }
    writer.end_row()
}
