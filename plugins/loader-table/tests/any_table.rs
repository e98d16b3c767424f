//! Any valid file gives the same rows in shards of any size, and the rows that the `csv` crate
//! reads.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use arrow_array::cast::AsArray;
use autods_sdk::loader::{Job, Loader, ValueKind};
use autods_sdk::params::param_text;
use autods_sdk::testkit::load_all;
use common::{host, job};
use loader_table::TableLoader;
use proptest::prelude::*;

#[derive(Clone, Debug)]
struct File {
    delimiter: char,
    line_end: &'static str,
    mark: bool,
    last_line_end: bool,
    rows: Vec<Vec<(String, bool)>>,
    blank_after: Vec<bool>,
}

impl File {
    fn text(&self) -> String {
        let mut text = String::new();
        if self.mark {
            text.push('\u{feff}');
        }
        let columns = self.rows[0].len();
        let names: Vec<String> = (0..columns).map(|at| format!("c{at}")).collect();
        text.push_str(&names.join(&self.delimiter.to_string()));
        for (row, blank) in self.rows.iter().zip(&self.blank_after) {
            text.push_str(self.line_end);
            if *blank {
                text.push_str(self.line_end);
            }
            for (at, (field, quoted)) in row.iter().enumerate() {
                if at > 0 {
                    text.push(self.delimiter);
                }
                let needs = field.contains(['"', '\r', '\n', self.delimiter]);
                // a lone empty field would be a blank line
                if *quoted || needs || (columns == 1 && field.is_empty()) {
                    text.push_str(&format!("\"{}\"", field.replace('"', "\"\"")));
                } else {
                    text.push_str(field);
                }
            }
        }
        if self.last_line_end {
            text.push_str(self.line_end);
        }
        text
    }

    fn job(&self) -> Job {
        let names: Vec<String> = (0..self.rows[0].len()).map(|at| format!("c{at}")).collect();
        let columns: Vec<_> = names
            .iter()
            .map(|name| (name.as_str(), ValueKind::Text))
            .collect();
        let mut job = job(&columns);
        job.params = vec![param_text("delimiter", &self.delimiter.to_string())];
        job
    }
}

fn file() -> impl Strategy<Value = File> {
    let cell = ("[ab é,;\"\r\n]{0,5}", any::<bool>());
    (1usize..4, 1usize..12).prop_flat_map(move |(columns, rows)| {
        (
            prop_oneof![Just(','), Just(';'), Just('\t')],
            prop_oneof![Just("\n"), Just("\r\n"), Just("\r")],
            any::<bool>(),
            any::<bool>(),
            proptest::collection::vec(proptest::collection::vec(cell, columns), rows),
            proptest::collection::vec(any::<bool>(), rows),
        )
            .prop_map(
                |(delimiter, line_end, mark, last_line_end, rows, blank_after)| File {
                    delimiter,
                    line_end,
                    mark,
                    last_line_end,
                    rows,
                    blank_after,
                },
            )
    })
}

fn ours(job: &Job, text: &str, shard_bytes: u64) -> Vec<Vec<Option<String>>> {
    let host = host(job).source("a.csv", text);
    load_all::<TableLoader>(job, shard_bytes, &host).unwrap();
    let table = host.table("t").unwrap();
    (0..table.num_rows())
        .map(|row| {
            let cells = table.columns().iter().map(|column| {
                let cell = column.as_string::<i32>().iter().nth(row).flatten();
                cell.map(str::to_owned)
            });
            cells.collect()
        })
        .collect()
}

proptest! {
    #[test]
    fn rows_do_not_depend_on_the_shards(file in file(), shard_bytes in 1u64..80) {
        let (job, text) = (file.job(), file.text());
        let written: Vec<Vec<Option<String>>> = file
            .rows
            .iter()
            .map(|row| row.iter().map(|(cell, _)| Some(cell.clone()).filter(|c| !c.is_empty())).collect())
            .collect();
        prop_assert_eq!(&ours(&job, &text, u64::MAX), &written);
        prop_assert_eq!(&ours(&job, &text, shard_bytes), &written);
    }

    #[test]
    fn the_csv_crate_reads_the_same_rows(file in file()) {
        let text = file.text();
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(file.delimiter as u8)
            .from_reader(text.as_bytes());
        let theirs: Vec<Vec<Option<String>>> = reader
            .records()
            .map(|record| {
                let record = record.unwrap();
                record.iter().map(|cell| Some(cell.to_owned()).filter(|c| !c.is_empty())).collect()
            })
            .collect();
        prop_assert_eq!(ours(&file.job(), &text, 7), theirs);
    }

    #[test]
    fn any_bytes_give_rows_or_a_fault_but_no_panic(
        bytes in proptest::collection::vec(
            prop_oneof![Just(b','), Just(b'"'), Just(b'\n'), Just(b'\r'), Just(b'a'), any::<u8>()],
            0..60,
        ),
        shard_bytes in 1u64..40,
    ) {
        let job = job(&[("a", ValueKind::Text)]);
        let mut text = b"a,b\n".to_vec();
        text.extend(bytes);
        let host = host(&job).source("a.csv", text.clone());
        if let Ok(shards) = TableLoader::plan(&job, shard_bytes, &host) {
            prop_assert_eq!(shards[0].start, 4);
            prop_assert_eq!(shards[shards.len() - 1].end, text.len() as u64);
            for pair in shards.windows(2) {
                prop_assert_eq!(pair[0].end, pair[1].start);
            }
            for shard in &shards {
                let _ = TableLoader::load(&job, shard, &host);
            }
        }
    }
}
