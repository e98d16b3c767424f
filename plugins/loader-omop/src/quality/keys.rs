//! Duplicates of a primary key.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use autods_sdk::loader::{Fault, LoaderHost, Shard};

use crate::cdm::Table;
use crate::header::Header;
use crate::options::Options;
use crate::rows::Rows;
use crate::sources::Sources;

/// Keys of a table that are remembered: 2^22, in about 64 MiB.
pub(crate) const MAX_KEYS: usize = 1 << 22;

/// Bytes of a table whose keys are looked at: 1 GiB.
pub(crate) const MAX_BYTES: u64 = 1 << 30;

/// What was found of a table's primary key.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Keys {
    /// Records whose key stood before.
    pub(crate) duplicates: u64,
    /// Records whose key was not remembered, so that another like it may be missed.
    pub(crate) unchecked: u64,
}

impl Keys {
    /// Looks at all of a table if the shard is its first, and at nothing otherwise: whether a key
    /// stands twice is not told by a part. A table of more than [`MAX_BYTES`] is not looked at;
    /// each shard then counts its own records.
    pub(crate) fn of(
        header: &Header,
        shard: &Shard,
        records: u64,
        sources: &Sources<'_>,
        options: Options,
        host: &dyn LoaderHost,
    ) -> Result<Self, Fault> {
        let table = header.table;
        if table.key().is_none() {
            return Ok(Self::default());
        }
        let of_table = || sources.of_table(table.name);
        let bytes = of_table()
            .map(|source| source.size)
            .fold(0, u64::saturating_add);
        if bytes > MAX_BYTES {
            return Ok(Self {
                duplicates: 0,
                unchecked: records,
            });
        }
        if shard.start != header.end || !Self::is_first(shard, table, sources, options, host)? {
            return Ok(Self::default());
        }
        Self::count(table, sources, options, host, MAX_KEYS)
    }

    /// Whether no source before the shard's has a record of the table.
    fn is_first(
        shard: &Shard,
        table: &Table,
        sources: &Sources<'_>,
        options: Options,
        host: &dyn LoaderHost,
    ) -> Result<bool, Fault> {
        let earlier = sources.of_table(table.name);
        for source in earlier.filter(|source| source.index < shard.source) {
            let header = Header::read(host, source, sources.spec(source), options)?;
            let range = (header.end, source.size);
            let mut rows = Rows::new(host, &header, source.index, range, header.next_line);
            if rows.next()?.is_some() {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn count(
        table: &Table,
        sources: &Sources<'_>,
        options: Options,
        host: &dyn LoaderHost,
        max_keys: usize,
    ) -> Result<Self, Fault> {
        let mut keys = Self::default();
        let mut seen = HashSet::new();
        for source in sources.of_table(table.name) {
            let header = Header::read(host, source, sources.spec(source), options)?;
            let place = table.key().and_then(|key| header.place(key.name));
            let range = (header.end, source.size);
            let mut rows = Rows::new(host, &header, source.index, range, header.next_line);
            while let Some(row) = rows.next()? {
                let Some(key) = row.text(place) else { continue };
                let mut hasher = DefaultHasher::new();
                key.hash(&mut hasher);
                let key = hasher.finish();
                if seen.contains(&key) {
                    keys.duplicates += 1;
                } else if seen.len() < max_keys {
                    seen.insert(key);
                } else {
                    keys.unchecked += 1;
                }
            }
        }
        Ok(keys)
    }
}

#[cfg(test)]
mod tests {
    use autods_sdk::loader::{ColumnSpec, Job, TableSpec, ValueKind};
    use autods_sdk::testkit::MemoryHost;

    use super::*;
    use crate::cdm;

    #[test]
    fn keys_that_are_not_remembered_are_counted() {
        let column = ColumnSpec {
            name: "location_id".to_owned(),
            kind: ValueKind::Integer,
            unit: None,
            codings: Vec::new(),
            missing: Vec::new(),
        };
        let job = Job {
            tables: vec![TableSpec {
                name: "location".to_owned(),
                columns: vec![column],
                missing: Vec::new(),
            }],
            params: Vec::new(),
        };
        let options = Options::read(&job.params).unwrap();
        let host = MemoryHost::new(&job)
            .source("location_1.csv", "location_id\n1\n2\n1\n")
            .source("location_2.csv", "location_id\n2\n3\n3\n4\n");
        let sources = Sources::new(&job, options, &host).unwrap();
        let table = cdm::table("location").unwrap();
        for (max_keys, duplicates, unchecked) in [(9, 3, 0), (3, 3, 1), (2, 2, 3), (0, 0, 7)] {
            let keys = Keys::count(table, &sources, options, &host, max_keys).unwrap();
            let expected = Keys {
                duplicates,
                unchecked,
            };
            assert_eq!(keys, expected, "{max_keys}");
        }
    }
}
