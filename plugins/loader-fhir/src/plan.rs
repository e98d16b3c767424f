//! Cutting sources at their lines.

use autods_sdk::loader::{Fault, FaultCode, LoaderHost, Shard, SourceReader};

use crate::form::{self, Form};
use crate::lines::{Lines, MAX_LINE};

/// Splits every source of lines into shards of about `shard_bytes`; a document is one shard.
pub(crate) fn plan(shard_bytes: u64, host: &dyn LoaderHost) -> Result<Vec<Shard>, Fault> {
    let sources = host.describe();
    if sources.is_empty() {
        return Err(FaultCode::MissingInput.into());
    }
    let mut shards = Vec::new();
    for (source, info) in (0u32..).zip(sources) {
        let start = form::start(host, source, info.size)?;
        match form::form(host, source, start, info.size)? {
            Form::Document if info.size - start > MAX_LINE as u64 => {
                let fault = Fault::from(FaultCode::Malformed).in_source(source);
                return Err(fault
                    .at_line(1)
                    .expected_found(MAX_LINE as u64, info.size - start));
            }
            Form::Document => shards.push(Shard {
                source,
                start,
                end: info.size,
                first_line: 1,
            }),
            Form::Lines => {
                let reader = SourceReader::new(host, source, start, info.size);
                cut(&mut shards, reader, source, shard_bytes.max(1))?;
            }
        }
    }
    Ok(shards)
}

/// Cuts one source, which `reader` reads from its first line to its end.
fn cut(
    shards: &mut Vec<Shard>,
    reader: SourceReader<'_>,
    source: u32,
    shard_bytes: u64,
) -> Result<(), Fault> {
    let mut open = Shard {
        source,
        start: reader.offset(),
        end: reader.offset(),
        first_line: 1,
    };
    let mut lines = Lines::new(reader, source, 1);
    while let Some(line) = lines.next()? {
        open.end = line.end;
        if open.end - open.start >= shard_bytes {
            let next = Shard {
                source,
                start: open.end,
                end: open.end,
                first_line: line.number + 1,
            };
            shards.push(std::mem::replace(&mut open, next));
        }
    }
    if open.start < open.end {
        shards.push(open);
    }
    Ok(())
}
