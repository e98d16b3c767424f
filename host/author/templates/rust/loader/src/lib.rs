//! Reads *key=value records*: one record a line, its fields in any order.
//!
//! ```text
//! #keys id age sex weight
//! id=1;age=63;sex=F;weight=71.5
//! sex=M;id=2;age=48
//! ```
//!
//! The first line of a file names its keys. A record need not have all of them: a key that is not
//! there is a missing value. Lines that begin with `#` and blank lines are skipped.
//!
//! `plan` cuts files at the ends of lines; `load` reads one such shard. Both find lines by the same
//! [`lines::Lines`], so they cannot disagree on where one ends.

mod header;
mod lines;
mod record;

use autods_sdk::loader::{
    Fault, FaultCode, Job, Loader, LoaderHost, Shard, Summary, TableSpec, TableWriter,
};
use autods_sdk::params;

use header::Header;
use lines::Lines;

/// The loader.
pub struct KeyValues;

impl Loader for KeyValues {
    fn plan(job: &Job, shard_bytes: u64, host: &dyn LoaderHost) -> Result<Vec<Shard>, Fault> {
        // also says what is wrong with the job before any file is read
        let (table, _) = asked(job)?;
        let mut shards = Vec::new();
        for (source, info) in (0..).zip(host.describe()) {
            let header = Header::read(host, source, info.size, table)?;
            let mut lines = Lines::new(host, source, header.end, info.size, 2);
            let (mut start, mut first_line) = (header.end, 2);
            while let Some(line) = lines.next()? {
                let (end, number) = (line.end, line.number);
                if end - start >= shard_bytes.max(1) || end == info.size {
                    shards.push(Shard { source, start, end, first_line });
                    (start, first_line) = (end, number + 1);
                }
            }
        }
        Ok(shards)
    }

    fn load(job: &Job, shard: &Shard, host: &dyn LoaderHost) -> Result<Summary, Fault> {
        let (table, separator) = asked(job)?;
        let sources = host.describe();
        let info = sources.get(shard.source as usize).ok_or(FaultCode::MissingInput)?;
        let header = Header::read(host, shard.source, info.size, table)?;
        let mut lines = Lines::new(host, shard.source, shard.start, shard.end, shard.first_line);
        let mut writer = TableWriter::new(host, table);
        let (mut records, mut skipped) = (0u64, 0u64);
        while let Some(line) = lines.next()? {
            let here = |fault: Fault| fault.in_source(shard.source).at_line(line.number);
            let text = std::str::from_utf8(line.text).map_err(|_| here(FaultCode::InvalidUtf8.into()))?;
            if text.is_empty() || text.starts_with('#') {
                skipped += 1;
                continue;
            }
            record::write(text, separator, &header, &mut writer).map_err(here)?;
            records += 1;
        }
        let emitted = writer.finish()?;
        // names of metrics are declared in plugin.toml
        host.metric("records", None, records as f64)?;
        host.metric("skipped-lines", None, skipped as f64)?;
        Ok(Summary { records, emitted, undeclared_columns: header.undeclared })
    }
}

autods_sdk::export_loader!(KeyValues);

/// The only table of the job, and what stands between two fields.
fn asked(job: &Job) -> Result<(&TableSpec, char), Fault> {
    params::only(&job.params, &["separator"])?;
    let mut separator = params::text(&job.params, "separator", ";")?.chars();
    let separator = match (separator.next(), separator.next()) {
        (Some(one), None) if one != '=' => one,
        _ => return Err(FaultCode::ParameterOutOfRange.into()),
    };
    match job.tables.as_slice() {
        [table] => Ok((table, separator)),
        tables => Err(Fault::from(FaultCode::MissingInput).expected_found(1, tables.len() as u64)),
    }
}
