//! Reading one shard.

use autods_sdk::loader::{
    Fault, FaultCode, LoaderHost, Shard, SourceReader, Summary, TableSpec, TableWriter,
};

use crate::Dialect;
use crate::fields::Fields;
use crate::header::Header;
use crate::records::Records;

/// Reads a shard and emits its rows.
pub(crate) fn load(
    table: &TableSpec,
    dialect: Dialect,
    shard: &Shard,
    host: &dyn LoaderHost,
) -> Result<Summary, Fault> {
    let sources = host.describe();
    let info = sources
        .get(shard.source as usize)
        .ok_or(FaultCode::MissingInput)?;
    let header = Header::read(host, shard.source, info.size, table, dialect)?;
    let reader = SourceReader::new(host, shard.source, shard.start, shard.end);
    let mut records = Records::new(reader, shard.source, dialect, shard.first_line);
    let mut writer = TableWriter::new(host, table);
    let mut fields = Fields::default();
    let mut read = 0u64;
    while let Some(record) = records.next()? {
        let fault = |code: FaultCode| {
            Fault::from(code)
                .in_source(shard.source)
                .at_line(record.line)
        };
        // the whole record, whether its columns are declared or not
        let text = std::str::from_utf8(record.bytes).map_err(|_| fault(FaultCode::InvalidUtf8))?;
        fields.split(text, dialect);
        if fields.len() != header.names.len() {
            let (expected, found) = (header.names.len() as u64, fields.len() as u64);
            return Err(fault(FaultCode::RaggedRecord).expected_found(expected, found));
        }
        for (column, place) in header.places.iter().enumerate() {
            let text = fields.get(text, *place).unwrap_or_default();
            writer
                .cell(column, text)
                .map_err(|code| fault(code).in_column(column))?;
        }
        writer
            .end_row()
            .map_err(|refused| refused.in_source(shard.source))?;
        read += 1;
    }
    let emitted = writer
        .finish()
        .map_err(|refused| refused.in_source(shard.source))?;
    #[allow(clippy::cast_precision_loss, reason = "counts of lines are below 2^53")]
    {
        host.metric("records", None, read as f64)?;
        host.metric("blank-lines", None, records.blank_lines() as f64)?;
    }
    Ok(Summary {
        records: read,
        emitted,
        undeclared_columns: header.undeclared(),
    })
}
