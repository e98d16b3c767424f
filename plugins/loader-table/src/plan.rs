//! Cutting files at their records.

use autods_sdk::loader::{Fault, FaultCode, LoaderHost, Shard, SourceReader, TableSpec};

use crate::Dialect;
use crate::header::{Header, byte_order_mark};
use crate::scanner::Scanner;

/// Splits every source into shards of about `shard_bytes`: as many whole records as reach that
/// size. Headers belong to no shard.
pub(crate) fn plan(
    table: &TableSpec,
    dialect: Dialect,
    shard_bytes: u64,
    host: &dyn LoaderHost,
) -> Result<Vec<Shard>, Fault> {
    let sources = host.describe();
    if sources.is_empty() {
        return Err(FaultCode::MissingInput.into());
    }
    let mut shards = Vec::new();
    let mut first: Option<Header> = None;
    for (source, info) in (0u32..).zip(sources) {
        let header = Header::read(host, source, info.size, table, dialect)?;
        match &first {
            None => first = Some(header),
            Some(first) => same_header(first, &header, source)?,
        }
        let start = byte_order_mark(host, source, info.size)?;
        let reader = SourceReader::new(host, source, start, info.size);
        cut(
            &mut shards,
            reader,
            dialect,
            source,
            info.size,
            shard_bytes.max(1),
        )?;
    }
    Ok(shards)
}

/// The files of one table have one header.
fn same_header(first: &Header, other: &Header, source: u32) -> Result<(), Fault> {
    if first.names == other.names {
        return Ok(());
    }
    let (expected, found) = (first.names.len() as u64, other.names.len() as u64);
    let fault = if expected == found {
        FaultCode::Malformed.into()
    } else {
        Fault::from(FaultCode::RaggedRecord).expected_found(expected, found)
    };
    Err(fault.in_source(source).at_line(1))
}

/// Bytes that are read record by record before it is tried again to pass over more of them.
const SLOW: usize = 64;

/// Cuts one source, which `reader` reads from its header to its end.
fn cut(
    shards: &mut Vec<Shard>,
    mut reader: SourceReader<'_>,
    dialect: Dialect,
    source: u32,
    size: u64,
    shard_bytes: u64,
) -> Result<(), Fault> {
    let fault = |code: FaultCode| Fault::from(code).in_source(source);
    let mut scanner = Scanner::new(dialect, 1);
    // the shard that is being gathered: its first byte and line, once the header is over
    let mut open: Option<(u64, u64)> = None;
    let mut records = 0u64;
    let mut offset = reader.offset();
    let mut held_back = false;
    while let Some(mut chunk) = reader.next_chunk()? {
        if held_back {
            chunk.insert(0, b'\r');
        }
        // a line end is never cut in two: its first half waits for the next chunk
        held_back = chunk.last() == Some(&b'\r') && reader.offset() < size;
        if held_back {
            chunk.pop();
        }
        let mut at = 0;
        // up to where a block was seen that cannot be passed over
        let mut slow = 0;
        loop {
            // where the shard cannot end yet, nobody needs to know where its records do
            if let Some((from, _)) = open
                && at >= slow
            {
                let least =
                    usize::try_from(from.saturating_add(shard_bytes).saturating_sub(offset));
                let least = least.unwrap_or(usize::MAX).min(chunk.len());
                if least > at {
                    let passed = scanner.pass_over(&chunk[at..least]);
                    at += passed;
                    slow = at + SLOW;
                    // only whether there are any is asked
                    let over = &chunk[at - passed..at];
                    records += u64::from(records == 0 && over.iter().any(|byte| *byte != b'\n'));
                }
            }
            at += scanner.skip_blank(&chunk[at..]);
            let Some(end) = scanner.end_of_record(&chunk[at..]) else {
                break;
            };
            at += end.next;
            let here = offset + at as u64;
            match open {
                None => open = Some((here, scanner.line())),
                Some((from, line)) => {
                    records += 1;
                    if here - from >= shard_bytes {
                        shards.push(shard(source, from, here, line));
                        open = Some((here, scanner.line()));
                    }
                }
            }
        }
        offset += chunk.len() as u64;
    }
    if let Some(line) = scanner.open_quote() {
        return Err(fault(FaultCode::UnterminatedQuote).at_line(line));
    }
    // a last record without a line end
    records += u64::from(open.is_some() && !scanner.is_between());
    if records == 0 {
        return Err(fault(FaultCode::EmptyInput));
    }
    if let Some((from, line)) = open
        && from < size
    {
        shards.push(shard(source, from, size, line));
    }
    Ok(())
}

fn shard(source: u32, start: u64, end: u64, first_line: u64) -> Shard {
    Shard {
        source,
        start,
        end,
        first_line,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use autods_sdk::loader::Job;
    use autods_sdk::testkit::MemoryHost;

    #[test]
    fn shards_are_the_same_however_the_file_is_read() {
        let job = Job {
            tables: Vec::new(),
            params: Vec::new(),
        };
        let text = "id,note\r\n1,\"a\r\nb\"\r\n\r\n2,\r3,x\n\n4,\"\"\"\"\r\n5,end";
        let size = text.len() as u64;
        let host = MemoryHost::new(&job).source("a.csv", text);
        for shard_bytes in 1..=size {
            let shards = |chunk| {
                let mut shards = Vec::new();
                let reader = SourceReader::new(&host, 0, 0, size).chunks_of(chunk);
                cut(&mut shards, reader, Dialect::CSV, 0, size, shard_bytes).unwrap();
                shards
            };
            let whole = shards(1 << 20);
            assert_eq!(whole[0].start, 9);
            assert_eq!(whole.last().unwrap().end, size);
            for pair in whole.windows(2) {
                assert_eq!(pair[0].end, pair[1].start);
            }
            for shard in &whole {
                let before = &text[..usize::try_from(shard.start).unwrap()];
                let lines = before.replace("\r\n", "\n").replace('\r', "\n");
                let line = 1 + lines.matches('\n').count() as u64;
                assert_eq!(shard.first_line, line);
            }
            for chunk in 1..20 {
                assert_eq!(shards(chunk), whole, "{chunk}");
            }
        }
    }
}
