//! One record: `id=1;age=63;sex=F`.

use autods_sdk::loader::{Fault, FaultCode, TableWriter};

use crate::header::Header;

/// Writes a record as the next row of the table.
pub(crate) fn write(
    text: &str,
    separator: char,
    header: &Header,
    writer: &mut TableWriter<'_>,
) -> Result<(), Fault> {
    let mut values: Vec<Option<&str>> = vec![None; header.columns];
    for field in text.split(separator) {
        let (key, value) = field.split_once('=').ok_or(FaultCode::Malformed)?;
        match header.column(key.trim()) {
            None => return Err(FaultCode::Malformed.into()),
            Some(None) => {}
            Some(Some(column)) => {
                if values[column].replace(value.trim()).is_some() {
                    return Err(Fault::from(FaultCode::DuplicateColumn).in_column(column));
                }
            }
        }
    }
    for (column, value) in values.into_iter().enumerate() {
        // the writer reads texts as the dictionary's kinds, and knows what means "missing"
        match value {
            Some(value) => writer.cell(column, value),
            None => writer.missing(column),
        }
        .map_err(|code| Fault::from(code).in_column(column))?;
    }
    writer.end_row()
}
