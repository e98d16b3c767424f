//! Cutting files at their records.

use autods_sdk::loader::{Fault, FaultCode, LoaderHost, Shard, SourceReader, TableSpec};

use crate::broken::{Broken, Field};
use crate::columns;
use crate::header::Header;
use crate::lines::Lines;
use crate::options::Options;
use crate::order::Order;

/// Splits every source into shards of about `shard_bytes`: as many whole lines as reach that size.
/// Headers belong to no shard. A file without records has none: nothing was found in that sample.
pub(crate) fn plan(
    table: &TableSpec,
    options: Options,
    shard_bytes: u64,
    host: &dyn LoaderHost,
) -> Result<Vec<Shard>, Fault> {
    let sources = host.describe();
    if sources.is_empty() {
        return Err(FaultCode::MissingInput.into());
    }
    let mut shards = Vec::new();
    for (source, info) in (0u32..).zip(sources) {
        let header = Header::read(host, source, info.size)?;
        columns::find(table, &header, options, source)?;
        cut(
            &mut shards,
            &header,
            shard_bytes.max(1),
            host,
            source,
            info.size,
        )?;
    }
    Ok(shards)
}

fn cut(
    shards: &mut Vec<Shard>,
    header: &Header,
    shard_bytes: u64,
    host: &dyn LoaderHost,
    source: u32,
    size: u64,
) -> Result<(), Fault> {
    let reader = SourceReader::new(host, source, header.end, size);
    let mut lines = Lines::new(reader, source, header.line + 1);
    let mut order = Order::default();
    let mut open = (header.end, header.line + 1);
    let mut blank: Option<u64> = None;
    while let Some(line) = lines.next()? {
        if line.bytes.is_empty() {
            blank = blank.or(Some(line.number));
        } else if let Some(blank) = blank {
            let rule = "a line without a record, and records after it";
            return Err(Broken::new(Field::Line, rule).at(host, source, blank));
        } else {
            let taken = order.take(line.bytes);
            taken.map_err(|broken| broken.at(host, source, line.number))?;
        }
        if line.end - open.0 >= shard_bytes {
            shards.push(shard(source, open, line.end));
            open = (line.end, line.number + 1);
        }
    }
    if open.0 < size {
        shards.push(shard(source, open, size));
    }
    Ok(())
}

fn shard(source: u32, (start, first_line): (u64, u64), end: u64) -> Shard {
    Shard {
        source,
        start,
        end,
        first_line,
    }
}
