//! Cutting sources at their records.

use autods_sdk::loader::{Fault, Job, LoaderHost, Shard, SourceReader};

use crate::dictionary;
use crate::header::{Form, Header};
use crate::options::Options;
use crate::parquet::File;
use crate::records::Records;
use crate::sources::{Source, Sources};

/// Splits every source that rows are read from into shards of about `shard_bytes`. A header
/// belongs to no shard, and a table without records has none.
pub(crate) fn plan(
    job: &Job,
    options: Options,
    shard_bytes: u64,
    host: &dyn LoaderHost,
) -> Result<Vec<Shard>, Fault> {
    let sources = Sources::new(job, options, host)?;
    let mut shards = Vec::new();
    for (source, spec) in sources.read() {
        let header = Header::read(host, source, Some(spec), options)?;
        dictionary::cells(spec, &header, &sources, options)
            .map_err(|fault| fault.in_source(source.index))?;
        cut(&mut shards, host, source, &header, shard_bytes.max(1))?;
    }
    for source in sources.of_table("concept") {
        Header::read(host, source, None, options)?;
    }
    Ok(shards)
}

/// Cuts one source.
fn cut(
    shards: &mut Vec<Shard>,
    host: &dyn LoaderHost,
    source: &Source,
    header: &Header,
    shard_bytes: u64,
) -> Result<(), Fault> {
    let dialect = match &header.form {
        Form::Text(dialect) => *dialect,
        Form::Parquet(file) => {
            gather(shards, source, file, shard_bytes);
            return Ok(());
        }
    };
    let reader = SourceReader::new(host, source.index, header.end, source.size);
    let mut records = Records::new(reader, source.index, dialect, header.next_line);
    let mut open = Shard {
        source: source.index,
        start: header.end,
        end: header.end,
        first_line: header.next_line,
    };
    while let Some(record) = records.next()? {
        open.end = record.end;
        if open.end - open.start >= shard_bytes {
            let next = Shard {
                source: source.index,
                start: open.end,
                end: open.end,
                first_line: record.next_line,
            };
            shards.push(std::mem::replace(&mut open, next));
        }
    }
    if open.start < open.end {
        shards.push(open);
    }
    Ok(())
}

/// Puts row groups together.
fn gather(shards: &mut Vec<Shard>, source: &Source, file: &File, shard_bytes: u64) {
    let mut open: Option<Shard> = None;
    for group in &file.groups {
        let mut shard = open.take().unwrap_or(Shard {
            source: source.index,
            start: group.start,
            end: group.end,
            first_line: group.first_row,
        });
        shard.end = group.end;
        if shard.end - shard.start >= shard_bytes {
            shards.push(shard);
        } else {
            open = Some(shard);
        }
    }
    shards.extend(open);
}
