//! Reads *ARFF*, the attribute-relation file format of Weka: a header that names and types the
//! attributes, and one record a line.
//!
//! ```text
//! @relation ward
//! @attribute age numeric
//! @attribute sex {F,M}
//! @data
//! 63,F
//! ?,M
//! ```
//!
//! A question mark is a missing value; names and values may stand in quotes; lines that begin with
//! `%` are comments. The sparse form (`{1 X, 3 Y}`) is refused. What a column is, the task's
//! dictionary says; the types in the header are not needed.
//!
//! `plan` cuts files at the ends of lines; `load` reads one such shard. Both find lines by the same
//! [`lines::Lines`], so they cannot disagree on where one ends.

mod header;
mod lines;
mod quoted;
mod record;

use autods_sdk::loader::{
    Fault, FaultCode, Job, Loader, LoaderHost, Shard, Summary, TableSpec, TableWriter,
};
use autods_sdk::params;

use header::Header;
use lines::Lines;

/// The loader.
pub struct Arff;

impl Loader for Arff {
    fn plan(job: &Job, shard_bytes: u64, host: &dyn LoaderHost) -> Result<Vec<Shard>, Fault> {
        // also says what is wrong with the job before any file is read
        let (table, numbered) = asked(job)?;
        let mut shards = Vec::new();
        for (source, info) in (0..).zip(host.describe()) {
            let header = Header::read(host, source, info.size, table, &numbered)?;
            let mut lines = Lines::new(host, source, header.end, info.size, header.next_line);
            let (mut start, mut first_line) = (header.end, header.next_line);
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
        let (table, numbered) = asked(job)?;
        let sources = host.describe();
        let info = sources.get(shard.source as usize).ok_or(FaultCode::MissingInput)?;
        let header = Header::read(host, shard.source, info.size, table, &numbered)?;
        let mut lines = Lines::new(host, shard.source, shard.start, shard.end, shard.first_line);
        let mut writer = TableWriter::new(host, table);
        let (mut records, mut skipped) = (0u64, 0u64);
        while let Some(line) = lines.next()? {
            let here = |fault: Fault| fault.in_source(shard.source).at_line(line.number);
            let text = std::str::from_utf8(line.text).map_err(|_| here(FaultCode::InvalidUtf8.into()))?;
            let text = text.trim();
            if text.is_empty() || text.starts_with('%') {
                skipped += 1;
                continue;
            }
            record::write(text, line.number, &header, &mut writer).map_err(here)?;
            records += 1;
        }
        let emitted = writer.finish()?;
        // names of metrics are declared in plugin.toml
        host.metric("records", None, records as f64)?;
        host.metric("skipped-lines", None, skipped as f64)?;
        Ok(Summary { records, emitted, undeclared_columns: header.undeclared })
    }
}

autods_sdk::export_loader!(Arff);

/// The only table of the job, and its columns that get the numbers of lines.
fn asked(job: &Job) -> Result<(&TableSpec, Vec<&str>), Fault> {
    params::only(&job.params, &["numbered"])?;
    let numbered = params::text(&job.params, "numbered", "")?;
    match job.tables.as_slice() {
        [table] => Ok((table, numbered.split_whitespace().collect())),
        tables => Err(Fault::from(FaultCode::MissingInput).expected_found(1, tables.len() as u64)),
    }
}
